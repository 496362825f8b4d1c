"""Reads what a commitment certificate for a batch would rest on: style, tests, papers behind it, where it grew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select

from brand.models.enterprises import Enterprise
from brand.queries.lookups import by_id
from brand.rules import places as counties
from trace.models.batches import Batch
from trace.models.commitments import Commitment
from trace.models.places import Place
from trace.queries import commitments, lineage, quality
from trace.queries.quality import TestFact
from trace.rules import commitments as rules
from trace.rules.commitments import Style
from trace.rules.goods import BatchKind
from trace.rules.lab_reports import TestKind
from trace.rules.lineage import reach
from trace.rules.look_alikes import one_spelling


@dataclass(frozen=True)
class Grounds:
    """What holds for one batch and the party that would promise; ``inputs`` are ids of certificates behind it.

    ``papers_kg``: for how much of what went in sellers' certificates on paper were taken.
    """

    style: Style
    own_test: bool
    commissioned_test: bool
    failing: tuple[str, ...]
    missing: tuple[str, ...]
    inputs: tuple[str, ...]
    origin: str
    papers_kg: Decimal


@dataclass(frozen=True)
class _Past:
    """A batch with everything it was made from; ``steps``: batch id → ids of what went into it."""

    session: Session
    batch: Batch
    party: Enterprise
    rows: Mapping[str, Batch]
    steps: Mapping[str, Sequence[str]]

    def bought(self, one: Batch) -> bool:
        """Whether a beginning came from somebody else."""
        return one.kind == BatchKind.COLLECTED or one.producer_id != self.party.id


def of(session: Session, batch: Batch) -> Grounds:
    """What a certificate of the holder's for this batch rests on now."""
    steps = lineage.edges(session, [batch.id], onward=False)
    rows = by_id(session, Batch, reach(steps, [batch.id]))
    past = _Past(session, batch, session.get_one(Enterprise, batch.holder_id), rows, steps)
    tests = quality.tests_of(session, rows)
    party = one_spelling(past.party.name)
    missing, inputs = _papers(past)
    return Grounds(
        Style.COLLECTOR if any(map(past.bought, rows.values())) else Style.PRODUCER,
        _covered(past, tests, lambda one: one.kind == TestKind.RAPID or one_spelling(one.laboratory) == party),
        _covered(past, tests, lambda one: one.kind != TestKind.RAPID and one_spelling(one.laboratory) != party),
        tuple(sorted(one.number for facts in tests.values() for one in facts if one.counts_against)),
        missing,
        inputs,
        rules.origin(_townships(past)),
        sum(commitments.papers_kg(session, rows).values(), rules.NOTHING),
    )


def _covered(past: _Past, tests: Mapping[str, Sequence[TestFact]], kind: Callable[[TestFact], bool]) -> bool:
    """Whether passing tests of that kind speak for the whole: of the batch itself, or of everything that went in."""

    def whole(batch_id: str) -> bool:
        if any(one.counts_for and kind(one) for one in tests.get(batch_id, ())):
            return True
        before = past.steps.get(batch_id, ())
        return bool(before) and all(map(whole, before))

    return whole(past.batch.id)


def _papers(past: _Past) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lots whose certificate is missing, and ids of the certificates that were found, on the way back."""
    wanted = select(Commitment).where(col(Commitment.batch_id).in_(past.rows), Commitment.state == "valid")
    held = {one.batch_id: one.id for one in past.session.exec(wanted)}
    taken = commitments.papers_kg(past.session, past.rows)
    missing: dict[str, None] = {}
    inputs: dict[str, None] = {}
    waiting, seen = [past.batch.id], {past.batch.id}
    while waiting:
        one = past.rows[waiting.pop()]
        before = past.steps.get(one.id, ())
        if one.id in held and one.id != past.batch.id:
            inputs[held[one.id]] = None
        elif before:
            waiting += [each for each in before if each not in seen]
            seen.update(before)
        elif past.bought(one) and rules.needed_to_buy(one.form, one.made_on):
            missing[rules.lacking(one.lot, one.total_kg, taken.get(one.id, rules.NOTHING))] = None
    return tuple(sorted(filter(None, missing))), tuple(sorted(inputs))


def _townships(past: _Past) -> Iterable[str]:
    """County and township of every beginning: of its place, else of its producer's seat."""
    first = sorted((one for one in past.rows.values() if not past.steps.get(one.id)), key=lambda one: (one.lot, one.id))
    places = by_id(past.session, Place, {one.place_id for one in first if one.place_id})
    seats = by_id(past.session, Enterprise, {one.producer_id for one in first})
    for one in first:
        at = places.get(one.place_id or "") or seats[one.producer_id]
        yield _where(at.county_code, at.township_code, one.made_on)


def _where(county_code: str, township_code: str, day: date) -> str:
    county = counties.county(county_code, day)
    towns = {one.code: one.name for one in counties.townships(county_code)}
    return f"{county.name if county else ''}{towns.get(township_code, '')}"
