"""Which grade of a carcass stands: two different hands must agree on it, and the table read by the sheet is the first.

Source: the plan's «two graders and re-grade with reason, manual grade for the uncovered region»; domain notes B1.3 trap
3: what the table does not cover, over-fat among it, never becomes «special». The rule of two hands is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from fractions import Fraction

from brand.kernel.errors import Fault, conflict, invalid, refused
from brand.rules.grade_tables import Grade

GRAM = Decimal("0.001")


class Method(StrEnum):
    """How a person came to a grade."""

    TABLE = "table"
    EYE = "eye"
    INSTRUMENT = "instrument"


@dataclass(frozen=True)
class Decision:
    """One grade by one person, by the id of the person."""

    grade: Grade
    person: str


@dataclass(frozen=True)
class Standing:
    """The grade that counts, the hands behind it, and grades proposed since that nobody has agreed to yet."""

    grade: Grade
    behind: frozenset[str]
    proposed: tuple[Decision, ...] = ()

    @property
    def disputed(self) -> bool:
        """Two graders differ. One proposal where no grade stands is no dispute; it waits for its second hand."""
        return len(self.proposed) > (1 if self.grade is Grade.MANUAL else 0)

    @property
    def hands(self) -> frozenset[str]:
        """Everybody who gave a grade that still counts; none of them is a third hand."""
        return self.behind | {one.person for one in self.proposed}

    @property
    def given(self) -> tuple[Grade, ...]:
        """The grades between which graders differ; that none stands is no grade."""
        stands = () if self.grade is Grade.MANUAL else (self.grade,)
        return tuple(dict.fromkeys((*stands, *(one.grade for one in self.proposed))))

    @property
    def waiting(self) -> bool:
        return bool(self.proposed) and not self.disputed


def start(table_grade: Grade, person: str) -> Standing:
    """Where every carcass begins: the table's grade, with whoever took the sheet in as its first hand."""
    return Standing(table_grade, frozenset({person}))


def decide(now: Standing, made: Decision, *, covered: bool, reason: str) -> Standing:
    """What stands after one more decision.

    Agreeing with a proposal settles for it, agreeing with the standing grade settles for that; anything else is one
    more proposal. ``covered``: the table itself gave a grade. Raises ``grade_decisions.same_hand`` (nobody agrees with
    themselves), ``.never_special`` or ``.reason_needed`` (wherever the decision is not plain agreement).
    """
    if made.grade is Grade.SPECIAL and not covered:
        raise invalid("grade_decisions.never_special", faults=[Fault("grade_decisions.never_special", "/grade")])
    agrees = made.grade is now.grade
    if not reason and (now.proposed or not agrees):
        raise invalid("grade_decisions.reason_needed", faults=[Fault("grade_decisions.reason_needed", "/reason")])
    if made.person in {one.person for one in now.proposed} or (agrees and made.person in now.behind):
        raise refused("grade_decisions.same_hand")
    if agrees:
        return replace(now, behind=now.behind | {made.person}, proposed=())
    same = [one.person for one in now.proposed if one.grade is made.grade]
    if same:
        return Standing(made.grade, frozenset({*same, made.person}))
    return replace(now, proposed=(*now.proposed, made))


def settle(now: Standing, made: Decision, *, reason: str) -> Standing:
    """What stands after a third hand from outside decided between graders who differ: one of the grades they gave.

    Raises ``grade_decisions.not_disputed``, ``.same_hand`` (whoever graded decides nothing here), ``.not_given`` or
    ``.reason_needed``.
    """
    if not now.disputed:
        raise conflict("grade_decisions.not_disputed")
    if made.person in now.hands:
        raise refused("grade_decisions.same_hand")
    if made.grade not in now.given:
        params = {"grade": f"grading.grades.{made.grade}"}
        raise invalid(
            "grade_decisions.not_given", faults=[Fault("grade_decisions.not_given", "/grade", params)], **params
        )
    return decide(now, made, covered=True, reason=reason)


def replay(first: Standing, decisions: Iterable[Decision]) -> Standing:
    """The standing after decisions that were all taken as ``decide`` allows, oldest first."""
    for one in decisions:
        first = decide(first, one, covered=True, reason="kept")
    return first


def check_chosen(wanted: Iterable[str], found: Iterable[str]) -> None:
    """Every carcass asked for is one of the batch; raises ``grade_decisions.no_such_carcass`` naming the first."""
    missing = sorted(set(wanted) - set(found))
    if missing:
        params = {"number": missing[0]}
        fault = Fault("grade_decisions.no_such_carcass", "/carcasses", params)
        raise invalid("grade_decisions.no_such_carcass", faults=[fault], **params)


def check_seen(version: int, seen: int) -> None:
    """Raise ``batches.stale`` when the batch has moved on since the person looked."""
    if version != seen:
        raise conflict("batches.stale")


@dataclass(frozen=True)
class Weighed:
    """A batch in the genealogy, kg: of its own carcasses those at or above a grade, all of it, what flowed out."""

    total_kg: Decimal
    out_kg: Decimal
    good_kg: Decimal | None = None


def allowed_kg(batch: str, weights: Mapping[str, Weighed], inputs: Mapping[str, Mapping[str, Decimal]]) -> Decimal:
    """How much of what is left in a batch may carry a brand tied to a grade, kg, rounded down to the gram.

    A batch of carcasses has the share of those that reach the grade; whatever is made of batches has the mean of their
    shares by the weight that went in, because goods once mixed are not told apart. What flowed out took its share
    along, so no two descendants can both use it. ``inputs``: batch → {input: kg}; there are no loops.
    """
    here = weights[batch]
    left = here.total_kg - here.out_kg
    return (left * Decimal((share := _shares(batch, weights, inputs)).numerator) / share.denominator).quantize(
        GRAM, ROUND_FLOOR
    )


def _shares(batch: str, weights: Mapping[str, Weighed], inputs: Mapping[str, Mapping[str, Decimal]]) -> Fraction:
    """The share of a batch, its past settled first; no recursion, chains may be long."""
    known: dict[str, Fraction] = {}
    waiting = [batch]
    while waiting:
        one = waiting[-1]
        here = weights[one]
        before = inputs.get(one, {}) if here.good_kg is None else {}
        unknown = [each for each in before if each not in known]
        if unknown:
            waiting.extend(unknown)
            continue
        waiting.pop()
        if here.good_kg is not None:
            known[one] = Fraction(here.good_kg) / Fraction(here.total_kg)
            continue
        went_in = sum((Fraction(kg) for kg in before.values()), Fraction(0))
        good = sum((Fraction(kg) * known[each] for each, kg in before.items()), Fraction(0))
        known[one] = good / went_in if went_in else Fraction(0)
    return known[batch]
