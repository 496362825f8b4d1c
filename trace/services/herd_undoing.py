"""Takes back what was said of the animals of a herd by mistake, while nothing came of it; the event stays, struck."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, delete, select, update

from brand.kernel import audit
from brand.kernel.errors import AppError, conflict
from brand.kernel.work import Work
from trace.models.care import CaredAnimal, CareRecord
from trace.models.events import Event
from trace.models.herds import Animal, AnimalId, Stay
from trace.queries import herds as reads
from trace.queries.animals import in_parts
from trace.rules.animals import ARRIVALS, State
from trace.rules.events import EventKind
from trace.services import events, herds


def take_back(work: Work, herd_id: str, event_id: str, reason: str) -> None:
    """An arrival, a move or a leaving of that herd's animals never was.

    Raises ``herds.closed``, ``events.withdrawn_already``, ``herds.of_a_sheet`` for what came with a sheet, which is
    taken back whole, or ``herds.act_touched`` once anything was recorded of one of the animals since.
    """
    herd = herds.own(work, herd_id)
    herds.check_open(herd)
    event = reads.happening(work.session, herd_id, event_id)
    if work.session.exec(select(Event.id).where(Event.corrects_id == event.id)).first():
        raise conflict("events.withdrawn_already")
    if event.kind in ARRIVALS:
        ids = list(work.session.exec(select(Stay.animal_id).where(Stay.came_event_id == event.id)))
        sheet = select(Animal.id).where(col(Animal.id).in_(ids[:1]), col(Animal.import_id).is_not(None))
        if work.session.exec(sheet).first():
            raise conflict("herds.of_a_sheet")
        came_not(work, [event], ids, conflict("herds.act_touched"), reason)
    else:
        if "import" in event.data:
            raise conflict("herds.of_a_sheet")
        left_not(work, event, conflict("herds.act_touched"), reason)
    told = {"event": event.id, "kind": event.kind, "head": event.data["head"]}
    audit.record(work, "animals.take_back", "herd", herd.id, enterprise_id=herd.enterprise_id, **told)


def came_not(work: Work, came: Sequence[Event], ids: Sequence[str], touched: AppError, reason: str) -> None:
    """The animals of these arrivals are taken out again, and their numbers with them.

    One that was taken over from its seller was there before: then nothing is taken out.
    """
    if not ids or sum(one.data["head"] for one in came) != len(ids) or _recorded_since(work, ids):
        raise touched
    for part in in_parts(ids):
        for model in (Stay, AnimalId):
            work.session.exec(delete(model).where(col(model.animal_id).in_(part)))
        work.session.exec(delete(Animal).where(col(Animal.id).in_(part)))
    events.void_all(work, came, reason)


def left_not(work: Work, event: Event, touched: AppError, reason: str) -> None:
    """The animals are where they were, alive."""
    ids = list(work.session.exec(select(Stay.animal_id).where(Stay.left_event_id == event.id)))
    if len(ids) != event.data["head"] or _cared_since(work, ids, event.data["day"]):
        raise touched
    undone = _come_back(work, event, ids) if event.kind == EventKind.HERD_MOVE else _live(work, event, ids)
    if undone != len(ids) or _reopen(work, event, ids) != len(ids):
        raise touched
    events.void(work, event, reason)
    work.session.expire_all()


def _recorded_since(work: Work, ids: Sequence[str]) -> bool:
    """Whether anything was recorded of one of them since: a new number, a move, a treatment, slaughter."""
    for part in in_parts(ids):
        among = col(Animal.id).in_(part)
        changed = select(Animal.id).where(among, col(Animal.version) > 1)
        cared = select(CaredAnimal.id).where(col(CaredAnimal.animal_id).in_(part))
        moved = select(Stay.id).where(col(Stay.animal_id).in_(part), col(Stay.current).is_(None))
        if any(work.session.exec(one.limit(1)).first() for one in (changed, cared, moved)):
            return True
    return False


def _cared_since(work: Work, ids: Sequence[str], day: str) -> bool:
    """Whether one of them was given anything from that day on."""
    since = col(CareRecord.given_on) >= date.fromisoformat(day)
    for part in in_parts(ids):
        given = select(CaredAnimal.id).join(CareRecord, col(CareRecord.id) == col(CaredAnimal.care_id))
        if work.session.exec(given.where(since, col(CaredAnimal.animal_id).in_(part)).limit(1)).first():
            return True
    return False


def _come_back(work: Work, event: Event, ids: Sequence[str]) -> int:
    """Out of the herd they went to, where they still are and alive."""
    alive = select(Animal.id).where(Animal.state == State.ALIVE.value)
    there = delete(Stay).where(col(Stay.came_event_id) == event.id, col(Stay.current) == 1)
    return sum(
        work.session.exec(there.where(col(Stay.animal_id).in_(part), col(Stay.animal_id).in_(alive))).rowcount
        for part in in_parts(ids)
    )


def _live(work: Work, event: Event, ids: Sequence[str]) -> int:
    """Alive again, unless a buyer wrote them down or they were found meanwhile."""
    since = select(col(Stay.since)).where(col(Stay.animal_id) == col(Animal.id), col(Stay.left_event_id) == event.id)
    values = {"state": State.ALIVE.value, "state_on": since.scalar_subquery(), "sold_to": None}
    gone = col(Animal.state) != State.ALIVE.value
    return sum(
        work.session.exec(
            update(Animal).where(col(Animal.id).in_(part), gone).values(version=col(Animal.version) + 1, **values)
        ).rowcount
        for part in in_parts(ids)
    )


def _reopen(work: Work, event: Event, ids: Sequence[str]) -> int:
    """They never left the herd they were in."""
    here = {"until": None, "current": 1, "left": None, "left_event_id": None}
    left = update(Stay).where(col(Stay.left_event_id) == event.id)
    return sum(work.session.exec(left.where(col(Stay.animal_id).in_(p)).values(**here)).rowcount for p in in_parts(ids))
