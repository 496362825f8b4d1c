"""Animals come into herds, are named, tagged again, moved, and leave; each act is one event its animals point at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlmodel import col, func, select, update

from brand.kernel import audit
from brand.kernel.errors import AppError, Fault, conflict, invalid, refused, unknown
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from trace.models.herds import Animal, AnimalId, Herd, Stay
from trace.queries import animals as reads
from trace.queries.animals import in_parts
from trace.rules.animals import (
    AFTER,
    EVENTS,
    Coming,
    IdKind,
    Leaving,
    State,
    check_alive,
    check_begun,
    check_since,
    clean_number,
    clean_tag,
)
from trace.rules.ear_tags import Species
from trace.rules.events import EventKind
from trace.services import herds, newcomers
from trace.services.newcomers import Newcomer


def bring_in(
    work: Work,
    herd_id: str,
    coming: Coming,
    day: date,
    arrivals: Sequence[Newcomer],
    *,
    note: str = "",
    import_id: str | None = None,
) -> list[str]:
    """Animals born in the herd, bought, or written down for the first time; gives their ids in the same order.

    A bought animal that its seller recorded as sold is taken over with its whole history. Raises ``herds.closed`` and
    ``animals.faulty`` with every fault at ``/animals/<n>/<field>`` (``/<field>`` for a single animal).
    """
    herd = herds.own(work, herd_id)
    herds.check_open(herd)
    found = newcomers.check(work, herd, coming, day, arrivals)
    if found.faults:
        told = [one.fault(len(arrivals)) for one in found.faults]
        faults = [*{(one.pointer, one.code): one for one in told}.values()]
        raise invalid("animals.faulty", faults=faults, count=len(faults))
    event = herds.happened(work, herd, EVENTS[coming], day, {"head": len(arrivals)})
    ids = newcomers.add(work, herd, coming, day, found, note=note, import_id=import_id)
    _stay(work, ids, herd.id, day, coming, event.id)
    audit.record(
        work, "animals.bring_in", "herd", herd.id, enterprise_id=herd.enterprise_id, how=coming.value, head=len(ids)
    )
    return ids


def move(work: Work, animal_ids: Sequence[str], to_herd_id: str, day: date, *, import_id: str = "") -> Herd:
    """Into another herd of the same enterprise; raises ``animals.not_here``, ``.other_species``, ``herds.closed``."""
    to = herds.own(work, to_herd_id)
    herds.check_open(to)
    groups = _present(work, animal_ids, day, to.enterprise_id)
    check_begun(to.since, to.name, day)
    for herd, ids in groups:
        if herd.id == to.id:
            its = [Fault("animals.there_already", "/to_herd_id", {"name": to.name})]
            raise conflict("animals.there_already", faults=its, name=to.name)
        if herd.species != to.species:
            raise refused("animals.other_species", faults=[Fault("animals.other_species", "/to_herd_id")])
        event = herds.happened(
            work, herd, EventKind.HERD_MOVE, day, {"head": len(ids), "to_herd": to.code} | _sheet(import_id)
        )
        _end_stays(work, ids, day, Coming.MOVE.value, event.id)
        _stay(work, ids, to.id, day, Coming.MOVE, event.id)
        audit.record(work, "animals.move", "herd", herd.id, enterprise_id=herd.enterprise_id, to=to.id, head=len(ids))
    return to


def leave(
    work: Work,
    enterprise_id: str,
    animal_ids: Sequence[str],
    leaving: Leaving,
    day: date,
    *,
    buyer_id: str | None = None,
    note: str = "",
    import_id: str = "",
) -> int:
    """Death, sale or loss of animals of that enterprise; gives the head. All of them or none.

    A sale is refused while a withdrawal period runs (``animals.in_withdrawal``, each animal named). ``buyer_id`` is a
    registered enterprise, the only one that may then write the animal down as bought.
    """
    work.actor.require("herds.write", enterprise_id)
    if buyer_id is not None and work.session.get(Enterprise, buyer_id) is None:
        raise invalid("animals.buyer", faults=[Fault("animals.buyer", "/buyer_id")])
    groups = _present(work, animal_ids, day, enterprise_id)
    if leaving is Leaving.SALE:
        _refuse_in_withdrawal(work, animal_ids, day)
    changed = {"state": AFTER[leaving].value, "state_on": day, "sold_to": buyer_id}
    _take(work, animal_ids, State.ALIVE, **changed)
    for herd, ids in groups:
        said = {"head": len(ids)} | ({"note": note} if note else {}) | _sheet(import_id)
        event = herds.happened(work, herd, EVENTS[leaving], day, said)
        _end_stays(work, ids, day, leaving.value, event.id)
        audit.record(
            work, "animals.leave", "herd", herd.id, enterprise_id=herd.enterprise_id, how=leaving.value, head=len(ids)
        )
    return len(animal_ids)


def _sheet(import_id: str) -> dict[str, str]:
    """The sheet an event came with, so that both can be taken back together."""
    return {"import": import_id} if import_id else {}


def find_again(work: Work, animal_id: str, herd_id: str, day: date) -> Animal:
    """A lost animal is back; raises ``animals.not_lost``."""
    herd = herds.own(work, herd_id)
    herds.check_open(herd)
    animal = _own_last(work, animal_id, herd.enterprise_id)
    if animal.state != State.LOST:
        raise conflict("animals.not_lost")
    check_since(animal.state_on, day)
    check_begun(herd.since, herd.name, day)
    _take(work, [animal_id], State.LOST, state=State.ALIVE.value, state_on=day)
    event = herds.happened(work, herd, EventKind.FOUND, day, {"head": 1})
    _stay(work, [animal_id], herd.id, day, Coming.FOUND, event.id)
    audit.record(work, "animals.find_again", "animal", animal_id, enterprise_id=herd.enterprise_id)
    work.session.refresh(animal)
    return animal


def retag(work: Work, animal_id: str, tag: str, day: date, *, version: int) -> Animal:
    """A new tag in the other ear: the animal and both numbers stay. Raises ``animals.stale``, ``.tag_taken``."""
    herd, animal = present_one(work, animal_id)
    _check_named(work, animal_id, IdKind.EAR_TAG, day)
    try:
        value = clean_tag(tag, Species(animal.species), animal.born_on, work.today)
    except AppError as error:
        its = [Fault(error.code, "/value", error.params)]
        raise invalid(error.code, faults=its, **error.params) from error
    _take_version(work, animal, version)
    _end_number(work, animal_id, IdKind.EAR_TAG, day)
    _name(work, animal_id, IdKind.EAR_TAG, "", value, day)
    herds.happened(work, herd, EventKind.TAGGING, day, {"head": 1, "tag": value})
    audit.record(work, "animals.retag", "animal", animal_id, enterprise_id=herd.enterprise_id, tag=value)
    return animal


def number(work: Work, animal_id: str, kind: IdKind, value: str, day: date, *, version: int) -> Animal:
    """Another number beside the tag; the one of that kind it had until now stays with its dates."""
    herd, animal = present_one(work, animal_id)
    if kind is IdKind.EAR_TAG:
        return retag(work, animal_id, value, day, version=version)
    _check_named(work, animal_id, kind, day)
    _take_version(work, animal, version)
    _end_number(work, animal_id, kind, day)
    _name(work, animal_id, kind, herd.enterprise_id, clean_number(value), day)
    audit.record(work, "animals.number", "animal", animal_id, enterprise_id=herd.enterprise_id, kind=kind.value)
    return animal


def present_one(work: Work, animal_id: str) -> tuple[Herd, Animal]:
    """A living animal of one's own with its herd; what is somebody else's does not exist."""
    animal = work.session.get(Animal, animal_id)
    stay = work.session.exec(select(Stay).where(Stay.animal_id == animal_id, Stay.current == 1)).first()
    if animal is None or stay is None:
        raise unknown()
    herd = herds.own(work, stay.herd_id)
    check_alive(animal.state)
    return herd, animal


def _check_named(work: Work, animal_id: str, kind: IdKind, day: date) -> None:
    """A number is given to an animal that has come, and not before the one it follows."""
    if day > work.today:
        raise _in_future(work, day)
    came = select(func.min(Stay.since)).where(Stay.animal_id == animal_id)
    named = select(func.max(AnimalId.since)).where(AnimalId.animal_id == animal_id, AnimalId.current == kind.value)
    for since in (work.session.exec(came).one(), work.session.exec(named).one()):
        if since is not None:
            check_since(since, day)


def _own_last(work: Work, animal_id: str, enterprise_id: str) -> Animal:
    """An animal whose last stay was in a herd of that enterprise."""
    last = (
        select(Herd.enterprise_id)
        .join(Stay, col(Stay.herd_id) == col(Herd.id))
        .where(Stay.animal_id == animal_id)
        .order_by(col(Stay.since).desc(), col(Stay.until).desc())
    )
    animal = work.session.get(Animal, animal_id)
    if animal is None or work.session.exec(last).first() != enterprise_id:
        raise unknown()
    return animal


def _in_future(work: Work, day: date) -> AppError:
    params = {"day": day.isoformat(), "today": work.today.isoformat()}
    return invalid("animals.in_future", faults=[Fault("animals.in_future", "/day", params)], **params)


def _present(work: Work, animal_ids: Sequence[str], day: date, enterprise_id: str) -> list[tuple[Herd, list[str]]]:
    """The animals by the herd they are in; all of them of that enterprise, alive and there on the day."""
    if not animal_ids or len(set(animal_ids)) != len(animal_ids):
        raise invalid("animals.none_chosen", faults=[Fault("animals.none_chosen", "/animals")])
    if day > work.today:
        raise _in_future(work, day)
    found: dict[str, list[str]] = {}
    for part in in_parts(animal_ids):
        here = (
            select(Stay)
            .join(Herd, col(Herd.id) == col(Stay.herd_id))
            .where(Stay.current == 1, Herd.enterprise_id == enterprise_id, col(Stay.animal_id).in_(part))
        )
        for stay in work.session.exec(here):
            check_since(stay.since, day)
            found.setdefault(stay.herd_id, []).append(stay.animal_id)
    if sum(map(len, found.values())) != len(animal_ids):
        raise unknown("animals.not_here")
    return [(work.session.get_one(Herd, one), sorted(ids)) for one, ids in sorted(found.items())]


def _refuse_in_withdrawal(work: Work, animal_ids: Sequence[str], day: date) -> None:
    faults = [
        Fault("animals.in_withdrawal", "/animals", reads.withdrawal_words(tag, use))
        for tag, use in reads.running_withdrawals(work.session, animal_ids, day)
    ]
    if faults:
        raise refused("animals.withdrawal_runs", faults=faults, count=len(faults))


def _take(work: Work, animal_ids: Sequence[str], was: State, **values: Any) -> None:
    """All of them change from that state, or somebody else was faster (``animals.stale``)."""
    changed = 0
    for part in in_parts(animal_ids):
        its = (col(Animal.id).in_(part), col(Animal.state) == was.value)
        changed += work.session.exec(
            update(Animal).where(*its).values(version=col(Animal.version) + 1, **values)
        ).rowcount
    if changed != len(animal_ids):
        raise conflict("animals.stale")
    work.session.expire_all()


def _take_version(work: Work, animal: Animal, version: int) -> None:
    its = (col(Animal.id) == animal.id, col(Animal.version) == version)
    taken = work.session.exec(update(Animal).where(*its).values(version=version + 1))
    work.session.refresh(animal)
    if taken.rowcount != 1:
        raise conflict("animals.stale")


def _stay(work: Work, animal_ids: Iterable[str], herd_id: str, day: date, coming: Coming, event_id: str) -> None:
    newcomers.bulk(
        work,
        Stay,
        [
            {"animal_id": one, "herd_id": herd_id, "since": day, "current": 1, "came": coming.value}
            | {"came_event_id": event_id}
            for one in animal_ids
        ],
    )


def _end_stays(work: Work, animal_ids: Sequence[str], day: date, left: str, event_id: str) -> None:
    ended = 0
    for part in in_parts(animal_ids):
        its = (col(Stay.animal_id).in_(part), col(Stay.current) == 1)
        values = {"until": day, "current": None, "left": left, "left_event_id": event_id}
        ended += work.session.exec(update(Stay).where(*its).values(**values)).rowcount
    if ended != len(animal_ids):
        raise conflict("animals.stale")


def _end_number(work: Work, animal_id: str, kind: IdKind, day: date) -> None:
    its = (col(AnimalId.animal_id) == animal_id, col(AnimalId.current) == kind.value)
    work.session.exec(update(AnimalId).where(*its).values(until=day, current=None))


def _name(work: Work, animal_id: str, kind: IdKind, scope: str, value: str, day: date) -> None:
    taken = select(AnimalId.id).where(AnimalId.kind == kind.value, AnimalId.scope == scope, AnimalId.value == value)
    if work.session.exec(taken).first():
        raise invalid("animals.tag_taken", faults=[Fault("animals.tag_taken", "/value", {"tag": value})], tag=value)
    row = {"animal_id": animal_id, "kind": kind.value, "scope": scope, "value": value, "since": day}
    newcomers.bulk(work, AnimalId, [row | {"current": kind.value}])
