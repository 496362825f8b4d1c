"""Compares one laboratory result with its limit.

Source: the writing of results in Chinese test reports: a number, «未检出» (not detected), «<0.5» (below the
quantification limit), «不得检出» (must not be detected); rapid tests say «阴性» or «阳性» (negative, positive);
GB/T 8170 for rounding is left to the laboratory.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum

NOT_DETECTED = frozenset({"未检出", "nd", "n.d.", "notdetected"})
NEGATIVE = frozenset({"阴性", "negative", "(-)"})
POSITIVE = frozenset({"阳性", "positive", "(+)"})
MUST_NOT_BE_DETECTED = frozenset({"不得检出", "阴性", "negative"})
NO_LIMIT = frozenset({"", "/", "-", "—", "--", "——", "无"})
AMOUNT = re.compile(r"(<=|>=|<|>)?([0-9]{1,9}(?:\.[0-9]{1,9})?)")
SPELLINGS = str.maketrans({"≤": "<=", "≥": ">=", "≦": "<=", "≧": ">=", "〈": "<", "〉": ">"})


class Outcome(StrEnum):
    """What a result means beside its limit."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    NO_LIMIT = "no_limit"
    UNDECIDED = "undecided"


def outcome(result: str, limit: str) -> Outcome:
    """Pass or fail by the figures; NO_LIMIT where the report sets none, UNDECIDED where they cannot be compared.

    A bare limit is an upper limit whose edge is allowed. «<x» against a limit below x is undecided: the method was too
    coarse to say. A negative rapid test says nothing about a figure, because its own threshold is not printed; a
    positive one fails whatever the limit.
    """
    measured, allowed = _plain(result), _plain(limit)
    if measured in POSITIVE:
        return Outcome.FAIL
    if allowed in NO_LIMIT:
        return Outcome.NO_LIMIT
    if allowed in MUST_NOT_BE_DETECTED:
        return _against_any_trace(measured)
    bound = AMOUNT.fullmatch(allowed)
    if bound is None:
        return Outcome.UNDECIDED
    sign, edge = bound[1] or "<=", Decimal(bound[2])
    if measured in NOT_DETECTED:
        return Outcome.PASS if sign.startswith("<") else Outcome.FAIL
    found = AMOUNT.fullmatch(measured)
    if found is None:
        return Outcome.UNDECIDED
    return _compare(found[1] or "", Decimal(found[2]), sign, edge)


def _against_any_trace(measured: str) -> Outcome:
    if measured in NOT_DETECTED | NEGATIVE:
        return Outcome.PASS
    found = AMOUNT.fullmatch(measured)
    if found is None or (found[1] or "").startswith("<") or Decimal(found[2]) == 0:
        return Outcome.UNDECIDED
    return Outcome.FAIL


def _compare(mark: str, amount: Decimal, sign: str, edge: Decimal) -> Outcome:
    """A measured amount, or one known only to lie on one side of ``amount``, against the limit."""
    if mark == "":
        return Outcome.PASS if _holds(amount, sign, edge) else Outcome.FAIL
    same_side = mark[0] == sign[0]
    if same_side and (_holds(amount, sign, edge) or (amount == edge and mark == sign)):
        return Outcome.PASS
    if not same_side and amount != edge and not _holds(amount, sign, edge):
        return Outcome.FAIL
    return Outcome.UNDECIDED


def _holds(amount: Decimal, sign: str, edge: Decimal) -> bool:
    return {"<=": amount <= edge, "<": amount < edge, ">=": amount >= edge, ">": amount > edge}[sign]


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold().translate(SPELLINGS)
