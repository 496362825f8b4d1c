"""What waits for a person in both halves; the desk shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlmodel import Session, col, func, select

from brand.kernel.actors import Actor
from brand.kernel.clock import local_day
from brand.queries import appeals, brand_marks, brand_moves, desk, inspections_desk, scheme_changes
from brand.queries.desk import MOST, Waiting
from brand.queries.terms import Terms
from brand.rules.terms import CLUE, CONFIRMATION, SECOND_PERSON
from trace.models.batches import Batch, PackLine
from trace.models.events import ChillingLog, Event
from trace.models.imports import ImportState, SheetImport
from trace.models.places import Place
from trace.queries import (
    alarms,
    capacities,
    commitments,
    field_findings,
    flows,
    goods_desk,
    gtins,
    holds,
    places,
    quality_desk,
    recalls,
    scans,
    shipments,
    supply,
)
from trace.queries import imports as sheet_reads
from trace.rules.events import EventKind
from trace.rules.goods import BatchKind, Subject
from trace.rules.weights import plain

#: What an abattoir still owes a batch, in the order of the day, and what the desk calls it.
_OWED = (
    (EventKind.CHILLING, "desk.batch_lacks_chilling"),
    (EventKind.TESTING, "desk.batch_lacks_report"),
    (EventKind.PACKING, "desk.batch_lacks_packing"),
)


def waiting(session: Session, actor: Actor, today: date) -> list[Waiting]:
    """Everything that waits for this person, in no particular order."""
    return [
        *desk.enterprises_waiting(session, actor),
        *desk.agencies_waiting(session, actor, today),
        *desk.assets_waiting(session, actor, today),
        *desk.endorsements_waiting(session, actor),
        *desk.applications_waiting(session, actor, today),
        *appeals.waiting(session, actor),
        *desk.standards_waiting(session, actor, today),
        *desk.rulebooks_waiting(session, actor),
        *desk.renewals_waiting(session, actor, today),
        *inspections_desk.inspections_waiting(session, actor, today),
        *findings_waiting(session, actor),
        *desk.complaints_waiting(session, actor, today),
        *batches_waiting(session, actor),
        *quality_desk.waiting(session, actor, today),
        *goods_desk.waiting(session, actor, today),
        *holds_waiting(session, actor),
        *places_waiting(session, actor),
        *prefixes_waiting(session, actor),
        *supply_waiting(session, actor, today),
        *recalls_waiting(session, actor),
        *alarms_waiting(session, actor),
        *codes_waiting(session, actor),
        *shipments_waiting(session, actor, today),
        *flows_waiting(session, actor),
        *commitments_waiting(session, actor),
        *scheme_changes.waiting(session, actor),
        *brand_marks.waiting(session, actor, today),
        *brand_moves.waiting(session, actor),
    ]


def places_waiting(session: Session, actor: Actor) -> list[Waiting]:
    """Places and capacities to be confirmed (office), raises that wait for a second person, and what was sent back."""
    terms = Terms(session)
    found = [
        _place("desk.place_to_confirm", one, terms.last_day(CONFIRMATION, one.updated_at))
        for one in places.to_confirm(session, actor, MOST)
    ]
    found += [_place("desk.place_returned", one) for one in places.sent_back(session, actor, MOST)]
    for topic, one in capacities.waiting(session, actor, MOST):
        values = {"capacity_id": one.capacity.id}
        asked = one.capacity.wanted_at
        due = terms.last_day(SECOND_PERSON, asked) if asked else terms.last_day(CONFIRMATION, one.capacity.declared_at)
        found.append(Waiting(topic, one.enterprise.name, "capacities.show", values, one.product.name, due))
    return found


def prefixes_waiting(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Company prefixes whose certificate the office has to compare."""
    terms = Terms(session)
    for one in gtins.waiting(session, actor, MOST):
        if any(step.refusal is None for step in one.steps):
            due = terms.last_day(CONFIRMATION, one.prefix.declared_at)
            values = {"enterprise_id": one.enterprise.id}
            yield Waiting("desk.prefix_to_confirm", one.prefix.prefix, "gtins.index", values, one.enterprise.name, due)


def supply_waiting(session: Session, actor: Actor, today: date) -> Iterator[Waiting]:
    """Supply contracts that wait for their supplier's consent (nothing sets a term for it) or for the office."""
    terms = Terms(session)
    for topic, one in supply.waiting(session, actor, MOST, today):
        named = one.buyer.name if topic == "desk.supply_to_consent" else one.supplier.name
        detail = f"{one.product.name} · {plain(one.contract.kg):f} kg"
        asked = one.contract.consented_at
        due = terms.last_day(CONFIRMATION, asked) if asked is not None else None
        yield Waiting(topic, named, "supply.show", {"contract_id": one.contract.id}, detail, due)


def batches_waiting(session: Session, actor: Actor) -> list[Waiting]:
    """Sheets waiting for a yes and batches that lack a step (abattoir); packed batches without a label (producer)."""
    return [
        *_open_sheets(session, actor),
        *_owed(session, actor),
        *_unanswered(session, actor),
        *_unlabelled(session, actor),
    ]


def findings_waiting(session: Session, actor: Actor) -> Iterator[Waiting]:
    """What inspectors handed in from markets, for those who make inspections of it."""
    terms = Terms(session)
    for one in field_findings.waiting(session, actor, MOST):
        title = f"{one.number} · {one.market or one.code[:40]}"
        values, found = {"number": one.number}, local_day(one.found_at).isoformat()
        due = terms.last_day(CLUE, one.received_at)
        yield Waiting("desk.finding_from_market", title, "field_findings.show", values, found, due)


def holds_waiting(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Open holds for those who may let them go."""
    if not actor.may("holds.place"):
        return
    for one in holds.listing(session, actor, size=MOST).rows:
        if holds.liftable(session, one, actor):
            values = {"number": one.hold.number}
            yield Waiting("desk.hold_open", f"{one.hold.number} · {one.subject}", "holds.show", values)


def alarms_waiting(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Second slaughters and the like for those who find out what happened."""
    terms = Terms(session)
    for one in alarms.open_ones(session, actor, MOST):
        title = " · ".join(filter(None, (one.enterprise.name, str(one.alarm.data.get("tag", "")))))
        yield Waiting("desk.alarm_open", title, "alarms.index", due=terms.last_day(CLUE, one.alarm.at))


def codes_waiting(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Codes that may have been copied, for those who look into them."""
    terms = Terms(session)
    for one in scans.open_alarms(session, actor, MOST):
        title, values = f"{one.producer.name} · {one.batch.lot}", {"alarm_id": one.alarm.id}
        topic = "desk.control_label" if one.label.control else "desk.code_copied"
        yield Waiting(topic, title, "scan_alarms.show", values, due=terms.last_day(CLUE, one.alarm.at))


def recalls_waiting(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Notices to answer, for holders; cases to open and to close, for those who decide."""
    for notice, recall in recalls.to_answer(session, actor, MOST):
        topic, due = "desk.drill_to_answer" if recall.drill else "desk.recall_to_answer", local_day(notice.due_at)
        yield Waiting(topic, recall.number, "recall_cases.show", {"number": recall.number}, due=due)
    if actor.may("recalls.decide"):
        for topic, one in recalls.to_decide(session, actor.person_id or "", MOST):
            yield Waiting(topic, one.number, "recall_cases.show", {"number": one.number}, due=one.done_by)


def shipments_waiting(session: Session, actor: Actor, today: date) -> Iterator[Waiting]:
    """Goods on the way for those who carry or receive them; overdue ones for those who sent them and the office."""
    carried = [("desk.shipment_to_carry", one, one.sender) for one in shipments.to_carry(session, actor, MOST)]
    coming = [("desk.shipment_to_receive", one, one.sender) for one in shipments.waiting(session, actor, MOST)]
    late = [("desk.shipment_overdue", one, one.receiver) for one in shipments.overdue(session, actor, today, MOST)]
    for topic, one, other in carried + coming + late:
        values, due = {"number": one.shipment.number}, one.shipment.planned_on
        yield Waiting(topic, f"{one.shipment.number} · {other.name}", "shipments.show", values, due=due)


def commitments_waiting(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Goods that need a commitment certificate or the papers of their sellers, and promises a failed test belies."""
    if not actor.may("commitments.issue"):
        return
    for one in commitments.to_take(session, actor, MOST):
        yield Waiting("desk.commitment_to_take", one.lot, "commitments.papers", {"batch_id": one.id})
    for one in commitments.to_issue(session, actor, MOST):
        yield Waiting("desk.commitment_to_issue", one.lot, "commitments.new", {"batch_id": one.id})
    for promise in commitments.to_withdraw(session, actor, MOST):
        values = {"number": promise.number}
        yield Waiting("desk.commitment_to_withdraw", promise.number, "commitments.show", values, promise.product)


def flows_waiting(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Acts with an unusual yield, for those of the office who may agree and did not state them."""
    if not actor.may("flows.agree"):
        return
    terms = Terms(session)
    for one in flows.listing(session, actor, size=MOST).rows:
        if one.proposal.proposed_by != actor.person_id:
            title = f"{one.enterprise.name} · {one.batch.lot if one.batch else ''}"
            due = terms.last_day(SECOND_PERSON, one.proposal.proposed_at)
            yield Waiting("desk.yield_to_agree", title, "flows.show", {"proposal_id": one.proposal.id}, due=due)


def _place(topic: str, one: Place, due: date | None = None) -> Waiting:
    return Waiting(topic, one.name, "places.show", {"place_id": one.id}, due=due)


def _unanswered(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Breaches of the chilling limits that nobody has answered for yet."""
    answered = select(Event.corrects_id).where(Event.kind == EventKind.ANSWER.value)
    statement = (
        select(Event, Batch)
        .join(Batch, col(Event.batch_id) == col(Batch.id))
        .join(ChillingLog, col(ChillingLog.event_id) == col(Event.id))
        .where(func.json_array_length(ChillingLog.breaches) > 0, col(Event.id).not_in(answered))
    )
    reach = actor.reach("events.record")
    if reach is not None:
        statement = statement.where(col(Batch.holder_id).in_(reach))
    for event, batch in session.exec(statement.order_by(col(Event.event_time)).limit(MOST)):
        yield Waiting(
            "desk.breach_unanswered", batch.lot, "batches.answer", {"batch_id": batch.id, "event_id": event.id}
        )


def _open_sheets(session: Session, actor: Actor) -> Iterator[Waiting]:
    statement = select(SheetImport).where(SheetImport.state == ImportState.PREVIEWED).order_by(col(SheetImport.at))
    reaches = [actor.reach(right) for right in sheet_reads.RIGHTS]
    if None not in reaches:
        mine = {one for reach in reaches for one in reach or ()}
        statement = statement.where(col(SheetImport.enterprise_id).in_(mine))
    for one in session.exec(statement.limit(MOST)):
        yield Waiting("desk.sheet_previewed", one.file_name, "imports.show", {"import_id": one.id})


def _owed(session: Session, actor: Actor) -> Iterator[Waiting]:
    reach = actor.reach("events.record")
    for kind, topic in _OWED:
        had = select(Event.subject_id).where(Event.subject == Subject.BATCH.value, Event.kind == kind)
        slaughtered = Batch.kind == BatchKind.SLAUGHTER.value, col(Batch.withdrawn).is_(False)
        statement = select(Batch).where(*slaughtered, col(Batch.id).not_in(had)).order_by(col(Batch.made_on))
        if reach is not None:
            statement = statement.where(col(Batch.holder_id).in_(reach))
        for one in session.exec(statement.limit(MOST)):
            yield _batch(topic, one)


def _unlabelled(session: Session, actor: Actor) -> Iterator[Waiting]:
    labelled = select(PackLine.batch_id).where(PackLine.ordered > 0)
    packed = select(Batch).where(
        col(Batch.id).in_(select(PackLine.batch_id)), col(Batch.id).not_in(labelled), col(Batch.licence_id).is_not(None)
    )
    reach = actor.reach("labels.order")
    if reach is not None:
        packed = packed.where(col(Batch.licensee_id).in_(reach))
    for one in session.exec(packed.order_by(col(Batch.made_on)).limit(MOST)):
        yield _batch("desk.batch_without_labels", one)


def _batch(topic: str, one: Batch) -> Waiting:
    return Waiting(topic, one.lot, "batches.show", {"batch_id": one.id}, detail=one.made_on.isoformat())
