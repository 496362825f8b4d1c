"""Keeps what was put on plots; the safe interval is counted here, once, and closes harvests from there."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import col, update

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, pointing, refused, unknown
from brand.kernel.work import Work
from trace.models.events import Event
from trace.models.places import Place
from trace.models.plot_care import PlotTreatment
from trace.queries import plot_care as reading
from trace.rules import plot_care as rules
from trace.rules.alarms import AlarmKind
from trace.rules.care import check_dates, clean_dose
from trace.rules.events import EventKind, moment_of_day
from trace.rules.goods import Subject
from trace.rules.places import BEARING, IN_USE
from trace.rules.plot_care import PlotCareKind
from trace.rules.withdrawal import closed_until
from trace.services import alarms, events


def record(
    work: Work,
    place_id: str,
    *,
    kind: str,
    used_on: date,
    last_used_on: date | None = None,
    safe_days: int,
    dose: str,
    **entries: Any,
) -> PlotTreatment:
    """What was put on a plot. ``entries``: name, approval, lot, unit, person, reason; the dose is per mu.

    Raises ``plot_care.place`` for a place that bears nothing, is closed or was not open then,
    ``plot_care.approval_needed``, ``care.in_future``, ``.order``, ``.too_long``, ``.dose`` and ``withdrawal.days``.
    A harvest already taken inside the interval stays, is told by the release gate and raises an alarm.
    """
    place = _own(work, place_id)
    last = last_used_on or used_on
    with pointing({"/given_on": "/used_on", "/last_dose_on": "/last_used_on"}):
        check_dates(used_on, last, work.today)
    if place.kind not in BEARING or place.state not in IN_USE or place.opened_on > used_on:
        raise invalid("plot_care.place", faults=[Fault("plot_care.place", "/used_on")])
    rules.check_label(PlotCareKind(kind), entries["approval"])
    clean, until = clean_dose(dose), closed_until(last, safe_days)
    data = {"day": last.isoformat(), "name": entries["name"], "lot": entries["lot"]}
    event = events.record_for(
        work,
        Subject.PLACE,
        place.id,
        place.enterprise_id,
        EventKind.CARE,
        event_time=moment_of_day(last, work.now),
        data=data | ({"until": until.isoformat()} if until else {}),
        place_id=place.id,
    )
    made = PlotTreatment(
        enterprise_id=place.enterprise_id,
        place_id=place.id,
        event_id=event.id,
        kind=kind,
        dose=clean,
        used_on=used_on,
        last_used_on=last,
        safe_days=safe_days,
        closed_until=until,
        recorded_at=work.now,
        recorded_by=work.actor.person_id or "",
        **entries,
    )
    work.session.add(made)
    work.session.flush()
    _audit(work, "plot_care.record", made)
    _sound_late(work, made)
    return made


def strike(work: Work, treatment_id: str, *, reason: str) -> PlotTreatment:
    """The office strikes a record that was wrong; the grower asks for it, because striking one opens the harvest.

    Raises ``care.struck`` or, when the person wrote it down themselves, ``care.same_person``.
    """
    work.actor.require("herds.oversee")
    found = work.session.get(PlotTreatment, treatment_id)
    if found is None:
        raise unknown()
    if found.recorded_by == work.actor.person_id:
        raise refused("care.same_person")
    its = (col(PlotTreatment.id) == treatment_id, col(PlotTreatment.struck_at).is_(None))
    values = {"struck_at": work.now, "struck_by": work.actor.person_id, "struck_reason": reason}
    if work.session.exec(update(PlotTreatment).where(*its).values(**values)).rowcount != 1:
        raise conflict("care.struck")
    work.session.refresh(found)
    events.void(work, work.session.get_one(Event, found.event_id), reason)
    _audit(work, "plot_care.strike", found, reason=reason)
    return found


def check_harvest(work: Work, place_id: str, day: date) -> None:
    """Raises ``plot_care.safe_interval`` while the interval of something used on the place runs."""
    rules.check_harvest(reading.uses(work.session, place_id), day)


def _sound_late(work: Work, made: PlotTreatment) -> None:
    """A treatment written down after a harvest inside its interval: true, and an alarm."""
    if made.closed_until is None:
        return
    for one in reading.touched(work.session, made.id):
        data = {"tag": one.lot, "medicine": made.name, "medicine_lot": made.lot, "until": made.closed_until.isoformat()}
        alarms.sound(work, AlarmKind.LATE_PLOT_TREATMENT, one.id, made.enterprise_id, data)


def _own(work: Work, place_id: str) -> Place:
    found = work.session.get(Place, place_id)
    if found is None:
        raise unknown()
    work.actor.require("flows.record", found.enterprise_id)
    return found


def _audit(work: Work, action: str, one: PlotTreatment, **detail: object) -> None:
    audit.record(work, action, "plot_treatment", one.id, enterprise_id=one.enterprise_id, place=one.place_id, **detail)
