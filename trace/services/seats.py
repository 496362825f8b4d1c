"""Where acts of an enterprise happen when its people say so: one of its places, of a kind at which such steps are done.

Where nobody says anything the records do: the store the goods lie in, else the one place of the enterprise for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from brand.kernel.errors import AppError, Fault, invalid
from brand.kernel.work import Work
from trace.models.places import Place
from trace.rules.events import EventKind, seats_of
from trace.rules.places import IN_USE

#: Where a session keeps what was said.
_SAID = "brandtrace.seat"


@contextmanager
def here(work: Work, enterprise_id: str, place_id: str | None) -> Iterator[None]:
    """Events of that enterprise inside happened at that place, where such a step is done there; none: nothing is said.

    Another's place answers like one that is not there. Raises ``events.place``, and by ``said`` on the first step
    ``events.place_not_open`` or ``events.place_kind``, at ``/place_id``.
    """
    place = check(work, enterprise_id, place_id)
    if place is None:
        yield
        return
    before = work.session.info.get(_SAID)
    work.session.info[_SAID] = (enterprise_id, place.id, place.kind, place.opened_on, place.name)
    try:
        yield
    finally:
        work.session.info[_SAID] = before


def check(work: Work, enterprise_id: str, place_id: str | None) -> Place | None:
    """The place said, if any; raises ``events.place`` where the enterprise has none such in use."""
    if not place_id:
        return None
    place = work.session.get(Place, place_id)
    if place is None or place.enterprise_id != enterprise_id or place.state not in IN_USE:
        raise _at("events.place")
    return place


def said(work: Work, enterprise_id: str, kind: EventKind, on: date) -> str | None:
    """The place said for such a step of that enterprise on that day."""
    told = work.session.info.get(_SAID)
    if told is None or told[0] != enterprise_id:
        return None
    _, place_id, place_kind, opened_on, name = told
    if place_kind not in seats_of(kind):
        raise _at("events.place_kind", name=name)
    if opened_on > on:
        raise _at("events.place_not_open", name=name, opened=opened_on.isoformat(), day=on.isoformat())
    return str(place_id)


def _at(code: str, **params: str) -> AppError:
    return invalid(code, faults=[Fault(code, "/place_id", params)], **params)
