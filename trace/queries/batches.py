"""Reads batches: who may see which, what each consists of, and the chain of everything that happened to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import Session, case, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel import rows
from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.accounts import Person
from brand.models.enterprises import Enterprise, EnterpriseKind
from brand.models.schemes import Product
from brand.queries.lookups import by_id
from trace.models.batches import Batch, PackLine, Slaughter
from trace.models.events import ChillingLog, Event
from trace.models.quality import LabItem, LabReport
from trace.queries import events
from trace.rules.events import EventKind
from trace.rules.goods import Subject
from trace.rules.lab_reports import Status

#: Whose enterprise may see a batch: who made it, whose it is, whose licence stands behind it, who has it.
OWNERS = (col(Batch.maker_id), col(Batch.producer_id), col(Batch.licensee_id))
HANDS = (*OWNERS, col(Batch.holder_id))
_ORDER = {kind.value: place for place, kind in enumerate(EventKind)}

_CHILLINGS = (
    select(Event.kind, ChillingLog)
    .join(Event, col(Event.id) == col(ChillingLog.event_id))
    .where(col(ChillingLog.batch_id) == bindparam("batch"), events.counts())
    .order_by(col(ChillingLog.started_at))
)
_REPORTS = (
    select(LabReport)
    .where(col(LabReport.batch_id) == bindparam("batch"), col(LabReport.status) != Status.WITHDRAWN.value)
    .order_by(col(LabReport.tested_on), col(LabReport.number))
)
_ITEMS = (
    select(LabItem)
    .where(col(LabItem.report_id).in_(bindparam("reports", expanding=True)))
    .order_by(col(LabItem.position))
)
#: The values of a ``Step`` in their order, and the event it corrects.
_CHAIN = (
    sqlalchemy.select(
        col(Event.id),
        col(Event.kind),
        col(Event.biz_step),
        col(Event.event_time),
        col(Event.record_time),
        col(Event.enterprise_id),
        col(Enterprise.name),
        col(Enterprise.name_en),
        col(Event.county_code),
        col(Event.data),
        col(Event.late),
        col(Event.on_behalf_of),
        (col(Enterprise.kind) == EnterpriseKind.HOUSEHOLD).label("household"),
        col(Event.corrects_id),
    )
    .join(Enterprise, col(Event.enterprise_id) == col(Enterprise.id))
    .where(col(Event.batch_id).in_(bindparam("batches", expanding=True)))
)


def hands(batch: Batch) -> frozenset[str]:
    """``HANDS`` of one batch."""
    return frozenset((batch.maker_id, batch.producer_id, batch.licensee_id, batch.holder_id))


@dataclass(frozen=True)
class Entry:
    """One batch with its names, the kinds of events it has had and, of carcasses, the figures of the slaughter day.

    ``late``: events that were written down too late.
    """

    batch: Batch
    producer: Enterprise
    licensee: Enterprise
    maker: Enterprise
    holder: Enterprise
    product: Product
    kinds: frozenset[str]
    slaughter: Slaughter | None
    late: int = 0

    @property
    def left_kg(self) -> Decimal:
        """What nobody has taken out of it yet, kg."""
        return self.batch.total_kg - self.batch.used_kg


class Step(NamedTuple):
    """One event of a chain as anybody may read it: the enterprise answers for it, no person is named.

    ``data`` are the stated values (see the services); a key ``day`` means that only the day was stated. ``late``:
    written down later than its kind allows; ``on_behalf_of``: the enterprise for which a station's agent stated it;
    ``household``: the enterprise's name is a person's, which the public does not read.
    ``corrections`` are later events that say otherwise, oldest first.
    """

    id: str
    kind: str
    biz_step: str
    event_time: datetime
    record_time: datetime
    enterprise_id: str
    enterprise: str
    enterprise_en: str
    county_code: str
    data: Mapping[str, Any]
    late: bool = False
    on_behalf_of: str | None = None
    household: bool = False
    corrections: tuple[Step, ...] = ()

    @property
    def withdrawn(self) -> bool:
        """Whether whoever stated it has said that it never was."""
        return any(one.kind == EventKind.WITHDRAWN for one in self.corrections)

    @property
    def answered(self) -> bool:
        """Whether somebody has answered for what went wrong here."""
        return any(one.kind == EventKind.ANSWER for one in self.corrections)

    @property
    def day_only(self) -> bool:
        return "day" in self.data


@dataclass(frozen=True)
class Report:
    report: LabReport
    items: tuple[LabItem, ...]


def listing(
    session: Session,
    actor: Actor,
    *,
    text: str = "",
    lacks: str = "",
    late: str = "",
    number: int = 1,
    size: int = 25,
) -> Page[Entry]:
    """Batches within reach, newest first; ``text`` in lot, code or producer; ``lacks`` names a kind of event; any
    ``late``: only those of which something was written down late.
    """
    statement = _within_reach(actor)
    if text:
        statement = statement.where(_matches(text))
    if lacks:
        had = select(Event.subject_id).where(Event.subject == Subject.BATCH.value, Event.kind == lacks, events.counts())
        statement = statement.where(col(Batch.id).not_in(had))
    if late:
        after = select(Event.batch_id).where(col(Event.late), events.counts())
        statement = statement.where(col(Batch.id).in_(after))
    ordered = statement.order_by(col(Batch.made_on).desc(), col(Batch.registered_at).desc(), col(Batch.id))
    found = page(session, ordered, number, size)
    return Page(entries(session, found.rows), found.number, found.size, found.total)


def known(session: Session, code: str) -> bool:
    """Whether a public code is that of a batch."""
    return session.exec(select(Batch.id).where(Batch.code == code)).first() is not None


def find(session: Session, actor: Actor, batch_id: str) -> Entry:
    """One batch, if it is within reach; raises ``access.unknown``."""
    found = session.exec(_within_reach(actor).where(Batch.id == batch_id)).first()
    if found is None:
        raise unknown()
    return entries(session, [found])[0]


def id_of(session: Session, code: str) -> str:
    """The batch with that public code; raises ``access.unknown``."""
    found = session.exec(select(Batch.id).where(Batch.code == code)).first()
    if found is None:
        raise unknown()
    return found


def entries(session: Session, batches: Iterable[Batch]) -> list[Entry]:
    """The batches with what belongs beside them, four look-ups for any number of them."""
    found = list(batches)
    ids = {one for row in found for one in hands(row)}
    parties = by_id(session, Enterprise, ids)
    products = by_id(session, Product, {row.product_id for row in found})
    slaughters = slaughters_of(session, [row.id for row in found])
    kinds: dict[str, set[str]] = defaultdict(set)
    late: dict[str, int] = defaultdict(int)
    of_these = (col(Event.batch_id).in_([row.id for row in found]), events.counts())
    after = func.sum(case((col(Event.late), 1), else_=0))
    had = select(Event.subject_id, Event.kind, after).where(*of_these).group_by(Event.subject_id, Event.kind)
    for batch_id, kind, count in session.exec(had):
        kinds[batch_id].add(kind)
        late[batch_id] += count
    return [
        Entry(
            row,
            parties[row.producer_id],
            parties[row.licensee_id],
            parties[row.maker_id],
            parties[row.holder_id],
            products[row.product_id],
            frozenset(kinds[row.id]),
            slaughters.get(row.id),
            late[row.id],
        )
        for row in found
    ]


def _within_reach(actor: Actor) -> SelectOfScalar[Batch]:
    reach = actor.reach("batches.read")
    statement = select(Batch)
    if reach is None:
        return statement
    return statement.where(or_(*(one.in_(reach) for one in HANDS)))


def slaughters_of(session: Session, batch_ids: Sequence[str]) -> dict[str, Slaughter]:
    """Batch id → figures of the slaughter day, for those that have one."""
    found = session.exec(select(Slaughter).where(col(Slaughter.batch_id).in_(batch_ids)))
    return {one.batch_id: one for one in found}


def _matches(text: str) -> Any:
    like = f"%{text.replace('%', '').replace('_', '')}%"
    producers = select(Enterprise.id).where(or_(col(Enterprise.name).ilike(like), col(Enterprise.name_en).ilike(like)))
    return or_(col(Batch.lot).ilike(like), col(Batch.code).ilike(like), col(Batch.producer_id).in_(producers))


def pack_lines(session: Session, batch_id: str) -> Sequence[PackLine]:
    statement = select(PackLine).where(PackLine.batch_id == batch_id)
    return session.exec(statement.order_by(col(PackLine.packed_on), col(PackLine.cut), col(PackLine.net_kg))).all()


def chillings(session: Session, batch_id: str) -> Sequence[tuple[str, ChillingLog]]:
    """Logger files of a batch nobody withdrew, with the kind of step each tells of, in the order of their beginning."""
    return session.exec(_CHILLINGS, params={"batch": batch_id}).all()


def reports(session: Session, batch_id: str) -> tuple[Report, ...]:
    """Laboratory reports that were not taken back with their items, in the order of testing."""
    found = session.exec(_REPORTS, params={"batch": batch_id}).all()
    items: dict[str, list[LabItem]] = defaultdict(list)
    if found:
        for item in session.exec(_ITEMS, params={"reports": [one.id for one in found]}):
            items[item.report_id].append(item)
    return tuple(Report(one, tuple(items[one.id])) for one in found)


def chain(session: Session, *batch_ids: str) -> tuple[Step, ...]:
    """Everything that happened to a batch, or several, in the order it happened, corrections with it; one statement."""
    corrections: dict[str, list[Step]] = defaultdict(list)
    first: list[Step] = []
    for *values, corrects_id in rows.ask(session, _CHAIN, batches=list(batch_ids)):
        (first if corrects_id is None else corrections[corrects_id]).append(Step(*values))
    in_order = sorted(first, key=place)
    return tuple(
        one._replace(corrections=tuple(sorted(corrections[one.id], key=place))) if one.id in corrections else one
        for one in in_order
    )


def place(one: Step | Event) -> tuple[datetime, datetime, int, str]:
    """By what happened first; of things stated for the same moment, in the order of the work."""
    return one.event_time, one.record_time, _ORDER[one.kind], one.id


def persons_of_events(session: Session, batch_id: str) -> dict[str, str]:
    """Event id → the person who answers for it; for staff only."""
    statement = select(Event.id, Person.name).join(Person, col(Event.person_id) == col(Person.id))
    return dict(session.exec(statement.where(Event.batch_id == batch_id)).all())


def event(session: Session, actor: Actor, event_id: str) -> tuple[Entry, Step]:
    """One event with its batch, if that is within reach; raises ``access.unknown``."""
    found = session.get(Event, event_id)
    if found is None:
        raise unknown()
    if found.batch_id is None:
        raise unknown()
    entry = find(session, actor, found.batch_id)
    step = next((one for one in chain(session, found.batch_id) if one.id == event_id), None)
    if step is None:
        raise unknown()
    return entry, step
