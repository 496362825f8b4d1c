"""Says which pasture or barn a herd is on: it is on one place at a time, from a day on until it goes elsewhere."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.errors import Fault, invalid
from brand.kernel.work import Work
from trace.models.batches import Carcass
from trace.models.herds import Grazing, Herd, Stay
from trace.models.places import Place
from trace.rules.animals import check_since
from trace.rules.events import EventKind
from trace.rules.places import GRAZED, IN_USE
from trace.services import events
from trace.services.herds import check_open, happened, leave_ground, now_on, own, take_version


def go(work: Work, herd_id: str, *, version: int, place_id: str, day: date) -> Grazing | None:
    """The herd is there from that day on and has left where it was; no place: it has left and is nowhere of its own.

    Raises ``grazings.place`` for what is no pasture or barn of the keeper in use on that day, ``grazings.there``,
    ``grazings.before`` for a day before it came to where it is, ``herds.in_future``, ``herds.closed``, ``herds.stale``.
    """
    herd = own(work, herd_id)
    check_open(herd)
    check_since(herd.since, day)
    if day > work.today:
        raise _at("day", "herds.in_future", day=day.isoformat())
    place = work.session.get(Place, place_id) if place_id else None
    if place_id and (place is None or not _is_ground(place, herd, day)):
        raise _at("place_id", "grazings.place")
    take_version(work, herd, version)
    here = now_on(work, herd)
    if (here.place_id if here else "") == place_id:
        raise _at("place_id", "grazings.there")
    if here is not None and day < here.since:
        raise _at("day", "grazings.before", since=here.since.isoformat())
    leave_ground(work, herd, day)
    made = None
    said = {"place": place.code if place else "–"}
    event = happened(work, herd, EventKind.GRAZING, day, said, place.id if place else None)
    if place is not None:
        made = Grazing(herd_id=herd.id, place_id=place.id, since=day, current=1, event_id=event.id)
        work.session.add(made)
        work.session.flush()
    events.touch(work, _batches_since(work, herd, day))
    detail = {"place": place_id, "day": day}
    audit.record(work, "herds.graze", "herd", herd.id, enterprise_id=herd.enterprise_id, **detail)
    return made


def _is_ground(place: Place, herd: Herd, day: date) -> bool:
    own_ground = place.enterprise_id == herd.enterprise_id and place.kind in GRAZED
    return own_ground and place.state in IN_USE and place.opened_on <= day


def _batches_since(work: Work, herd: Herd, day: date) -> list[str]:
    """Batches of animals that were in the herd on that day or later: a word said late is part of their history."""
    later = col(Stay.until).is_(None) | (col(Stay.until) >= day)
    theirs = select(Carcass.batch_id).join(Stay, col(Stay.animal_id) == col(Carcass.animal_id))
    return sorted(set(work.session.exec(theirs.where(Stay.herd_id == herd.id, later))))


def _at(field: str, code: str, /, **params: object) -> Exception:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
