"""A proof that somebody can keep and check without us: entry, place, path and signed checkpoint in one text.

Source: C2SP tlog-proof, version 1. ``extra`` carries the entry itself and, for one pack, its path under the root that
the entry names; neither is trusted, both are checked against the tree.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from brand.kernel.errors import AppError, invalid
from trace.crypto import canonical, checkpoints, merkle, notes
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.log_policies import Policy
from trace.crypto.notes import Verifier

FIRST_LINE = "c2sp.org/tlog-proof@v1"
LONGEST = 200_000  # characters
_INDEX = re.compile("index (0|[1-9][0-9]{0,18})")
#: A path has a hash for each level of the tree, and a tree of 2⁶³ entries has 63.
_MOST_HASHES = 63


@dataclass(frozen=True, slots=True)
class UnitPath:
    """One pack under the root of a code issue: its element string, its place among the units, and the path."""

    element: str
    index: int
    size: int
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class LogProof:
    """``note`` is the checkpoint as signed; ``entry`` the bytes of the entry."""

    entry: bytes
    index: int
    path: tuple[bytes, ...]
    note: str
    unit: UnitPath | None = None


@dataclass(frozen=True, slots=True)
class Proven:
    """What a good proof shows: the statement, the checkpoint, and the names of the witnesses who cosigned it."""

    statement: dict[str, Any]
    checkpoint: Checkpoint
    witnesses: tuple[str, ...]


def write(proof: LogProof) -> str:
    """The text of the file, ``.tlog-proof``."""
    extra: dict[str, Any] = {"entry": proof.entry.decode("utf-8")}
    if proof.unit is not None:
        unit = proof.unit
        extra["unit"] = {
            "element": unit.element,
            "index": unit.index,
            "size": unit.size,
            "path": [_text(one) for one in unit.path],
        }
    lines = [FIRST_LINE, f"extra {_text(canonical.canonical(extra))}", f"index {proof.index}"]
    return "\n".join([*lines, *map(_text, proof.path), "", proof.note])


def parse(text: str) -> LogProof:
    """Read a proof; raises ``proofs.shape`` with the line that is wrong, or what ``canonical.parse`` raises."""
    if len(text) > LONGEST:
        raise invalid("proofs.too_long", most=LONGEST)
    head, empty, note = text.partition("\n\n")
    lines = head.split("\n")
    if not empty or lines[0] != FIRST_LINE:
        raise _wrong(1)
    extra = _extra(lines[1]) if len(lines) > 1 and lines[1].startswith("extra ") else None
    if extra is None:
        raise _wrong(2)
    found = _INDEX.fullmatch(lines[2]) if len(lines) > 2 else None
    if found is None:
        raise _wrong(3)
    return LogProof(extra[0], int(found[1]), _hashes(lines[3:], 4), note, extra[1])


def verify(proof: LogProof, log: Verifier, witnesses: Sequence[Verifier] = (), quorum: int = 0) -> Proven:
    """Check everything against the log's key and the witnesses one trusts.

    Raises what ``notes.verified`` and ``merkle.check_inclusion`` raise, ``proofs.other_log``, ``proofs.unsigned``,
    ``proofs.quorum`` when fewer than ``quorum`` of the witnesses cosigned, and ``proofs.unit`` when the entry names no
    root or another for the pack.
    """
    note = notes.parse(proof.note)
    signatures = {(one.name, one.key_id) for one in notes.verified(note, [log, *witnesses])}
    checkpoint = checkpoints.parse(note.text)
    if (log.name, log.key_id) not in signatures:
        raise invalid("proofs.unsigned", name=log.name)
    if checkpoint.origin != log.name:
        raise invalid("proofs.other_log", origin=checkpoint.origin, expected=log.name)
    cosigned = tuple(dict.fromkeys(one.name for one in witnesses if (one.name, one.key_id) in signatures))
    if len(cosigned) < quorum:
        raise invalid("proofs.quorum", given=len(cosigned), needed=quorum)
    leaf = merkle.leaf_hash(proof.entry)
    merkle.check_inclusion(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root)
    statement = canonical.parse(proof.entry.decode("utf-8"))
    if proof.unit is not None:
        _check_unit(proof.unit, statement)
    return Proven(statement, checkpoint, cosigned)


def verify_by(proof: LogProof, policy: Policy) -> Proven:
    """Check everything against the logs and the witnesses of a policy.

    Raises what ``verify`` raises, and ``proofs.quorum`` where the policy is not satisfied.
    """
    origin = proof.note.partition("\n")[0]
    logs = [one for one in policy.logs if one.name == origin]
    if not logs:
        raise invalid("proofs.other_log", origin=origin, expected=", ".join(one.name for one in policy.logs))
    found = None
    for last, log in ((one is logs[-1], one) for one in logs):
        try:
            found = verify(proof, log, policy.verifiers)
            break
        except AppError as error:
            if last or error.code not in ("proofs.unsigned", "notes.no_known_signature"):
                raise
    assert found is not None
    names = policy.cosigners(notes.parse(proof.note))
    if not policy.satisfied(names):
        raise invalid("proofs.quorum", given=len(names), needed=policy.least())
    return replace(found, witnesses=names)


def unit_hash(element: str) -> bytes:
    """The leaf of one pack under the root of its issue."""
    return merkle.leaf_hash(element.encode("ascii"))


def _check_unit(unit: UnitPath, statement: dict[str, Any]) -> None:
    facts = statement.get("facts", {})
    root = notes.decode64(str(facts.get("units_root", "")))
    if statement.get("type") != "code.issue" or root is None or _units(facts) != unit.size:
        raise invalid("proofs.unit")
    merkle.check_inclusion(unit_hash(unit.element), unit.index, unit.size, unit.path, root)


def _units(facts: Mapping[str, Any]) -> int | None:
    """How many units the root of an issue is over: its packs, and control labels that never go onto one."""
    packs, controls = facts.get("packs"), facts.get("controls", 0)
    return packs + controls if isinstance(packs, int) and isinstance(controls, int) else None


def _extra(line: str) -> tuple[bytes, UnitPath | None] | None:
    data = notes.decode64(line.removeprefix("extra "))
    try:
        told = canonical.parse((data or b"").decode("utf-8"))
        unit = told.get("unit")
        # A name we do not know may be one of ours with a letter changed, and would drop what it named without a word.
        if told.keys() - {"entry", "unit"} or (unit or {}).keys() - {"element", "index", "size", "path"}:
            return None
        if unit is not None:
            unit = UnitPath(unit["element"], unit["index"], unit["size"], _hashes(unit["path"], 2))
            if not isinstance(unit.index, int) or not isinstance(unit.size, int) or not unit.element.isascii():
                return None
        return told["entry"].encode("utf-8"), unit
    except (UnicodeError, AttributeError, KeyError, TypeError):
        return None


def _hashes(lines: Sequence[str], first: int) -> tuple[bytes, ...]:
    if len(lines) > _MOST_HASHES:
        raise _wrong(first + _MOST_HASHES)
    found = [notes.decode64(one) for one in lines]
    for place, one in enumerate(found):
        if one is None or len(one) != merkle.HASH_SIZE:
            raise _wrong(first + place)
    return tuple(one for one in found if one is not None)


def _wrong(line: int) -> Exception:
    return invalid("proofs.shape", line=line)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
