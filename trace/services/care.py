"""Keeps the list of medicines and what was given to which animals; the withdrawal period is counted here, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, or_, select, update

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, refused, unknown
from brand.kernel.ids import new_id
from brand.kernel.work import Work
from trace.models.care import CaredAnimal, CareRecord, Medicine
from trace.models.events import Event
from trace.models.herds import Animal, Herd, Stay
from trace.queries import animals as reads
from trace.queries.animals import in_parts
from trace.queries.lineage import portions
from trace.rules.alarms import AlarmKind
from trace.rules.animals import State
from trace.rules.care import check_dates, clean_dose
from trace.rules.events import EventKind
from trace.rules.withdrawal import closed_until
from trace.services import alarms, events, herds, newcomers

#: Which right writes down a medicine: for oneself, and for the whole county.
COUNTY = ""


@dataclass(frozen=True)
class Planned:
    """What a record is about: the medicine, the animals, the last dose, and the last day that is closed."""

    medicine: Medicine
    animals: tuple[str, ...]
    last: date
    closed_until: date | None
    dose: str


def add_medicine(work: Work, scope: str, **entries: Any) -> Medicine:
    """A row of the county's list (``scope`` empty) or of one enterprise's own; raises ``medicines.twice``.

    The period is what the label or prescription says: the writer names which, and nothing is filled in for them.
    """
    if scope == COUNTY:
        work.actor.require("herds.oversee")
    else:
        work.actor.require("herds.write", scope)
    closed_until(work.today, entries["withdrawal_days"])
    same = select(Medicine.id).where(
        Medicine.scope == scope,
        Medicine.name == entries["name"],
        Medicine.maker == entries["maker"],
        Medicine.species == entries["species"],
        col(Medicine.retired_on).is_(None),
    )
    if work.session.exec(same).first():
        raise invalid("medicines.twice", faults=[Fault("medicines.twice", "/name")])
    made = Medicine(scope=scope, written_at=work.now, written_by=work.actor.person_id or "", **entries)
    work.session.add(made)
    work.session.flush()
    detail = {"name": made.name, "days": made.withdrawal_days, "source": made.source}
    audit.record(work, "medicines.add", "medicine", made.id, enterprise_id=scope or None, **detail)
    return made


def retire_medicine(work: Work, medicine_id: str) -> Medicine:
    """No new record names it; what was given keeps the period it was given under. Raises ``medicines.retired``."""
    found = work.session.get(Medicine, medicine_id)
    if found is None:
        raise unknown()
    if found.scope == COUNTY:
        work.actor.require("herds.oversee")
    else:
        work.actor.require("herds.write", found.scope)
    its = (col(Medicine.id) == medicine_id, col(Medicine.retired_on).is_(None))
    if work.session.exec(update(Medicine).where(*its).values(retired_on=work.today)).rowcount != 1:
        raise conflict("medicines.retired")
    work.session.refresh(found)
    audit.record(work, "medicines.retire", "medicine", found.id, enterprise_id=found.scope or None)
    return found


def record(
    work: Work,
    herd_id: str,
    medicine_id: str,
    *,
    given_on: date,
    last_dose_on: date | None = None,
    dose: str,
    animal_ids: Sequence[str] = (),
    import_id: str | None = None,
    **entries: Any,
) -> CareRecord:
    """What was given to these animals, or to the whole herd when none is named.

    The whole herd is every animal that was in it on one of the days. ``entries``: lot, unit, route, person, reason.
    Raises ``care.*``, ``medicines.unknown``, ``medicines.species``, ``care.nobody`` or ``care.not_here``.
    """
    herd = herds.own(work, herd_id)
    planned = check(
        work,
        herd,
        medicine_id=medicine_id,
        given_on=given_on,
        last_dose_on=last_dose_on,
        dose=dose,
        animal_ids=animal_ids,
    )
    medicine, treated, last, until = planned.medicine, planned.animals, planned.last, planned.closed_until
    event = herds.happened(
        work,
        herd,
        EventKind.CARE,
        last,
        {
            "name": medicine.name,
            "lot": entries["lot"],
            "head": len(treated),
            **({"until": str(until)} if until else {}),
        },
    )
    made = CareRecord(
        enterprise_id=herd.enterprise_id,
        herd_id=herd.id,
        event_id=event.id,
        medicine_id=medicine.id,
        kind=medicine.kind,
        name=medicine.name,
        dose=planned.dose,
        given_on=given_on,
        last_dose_on=last,
        withdrawal_days=medicine.withdrawal_days,
        closed_until=until,
        whole_herd=not animal_ids,
        recorded_at=work.now,
        recorded_by=work.actor.person_id or "",
        import_id=import_id,
        **entries,
    )
    work.session.add(made)
    work.session.flush()
    newcomers.bulk(work, CaredAnimal, [{"id": new_id(), "care_id": made.id, "animal_id": one} for one in treated])
    audit.record(
        work, "care.record", "care_record", made.id, enterprise_id=herd.enterprise_id, herd=herd.id, head=len(treated)
    )
    _sound_late(work, made, treated)
    return made


def check(
    work: Work,
    herd: Herd,
    *,
    medicine_id: str,
    given_on: date,
    last_dose_on: date | None,
    dose: str,
    animal_ids: Sequence[str],
) -> Planned:
    """What a record would hold, changing nothing; raises what ``record`` raises."""
    last = last_dose_on or given_on
    check_dates(given_on, last, work.today)
    medicine = medicine_for(work, herd, medicine_id)
    treated = _treated(work, herd, given_on, last, animal_ids)
    return Planned(medicine, tuple(treated), last, closed_until(last, medicine.withdrawal_days), clean_dose(dose))


def strike(work: Work, care_id: str, *, reason: str) -> CareRecord:
    """The office strikes a record that was wrong; the keeper asks for it, because striking one opens slaughter.

    Raises ``care.struck`` or, when the person wrote it down themselves, ``care.same_person``.
    """
    work.actor.require("herds.oversee")
    found = work.session.get(CareRecord, care_id)
    if found is None:
        raise unknown()
    if found.recorded_by == work.actor.person_id:
        raise refused("care.same_person")
    its = (col(CareRecord.id) == care_id, col(CareRecord.struck_at).is_(None))
    values = {"struck_at": work.now, "struck_by": work.actor.person_id, "struck_reason": reason}
    if work.session.exec(update(CareRecord).where(*its).values(**values)).rowcount != 1:
        raise conflict("care.struck")
    work.session.refresh(found)
    events.void(work, work.session.get_one(Event, found.event_id), reason)
    audit.record(work, "care.strike", "care_record", found.id, enterprise_id=found.enterprise_id, reason=reason)
    return found


def medicine_for(work: Work, herd: Herd, medicine_id: str) -> Medicine:
    """A medicine of the county's list or of the herd's enterprise, for its species, not retired."""
    found = work.session.get(Medicine, medicine_id)
    if found is None or found.scope not in (COUNTY, herd.enterprise_id) or found.retired_on is not None:
        raise invalid("medicines.unknown", faults=[Fault("medicines.unknown", "/medicine_id")])
    if found.species != herd.species:
        raise invalid("medicines.species", faults=[Fault("medicines.species", "/medicine_id")])
    return found


def _treated(work: Work, herd: Herd, given_on: date, last: date, animal_ids: Sequence[str]) -> list[str]:
    """Those of the named animals (all, when none is named) that were in the herd on one of the days."""
    on_a_day = (col(Stay.since) <= last, or_(col(Stay.until).is_(None), col(Stay.until) > given_on))
    stayed = select(Stay.animal_id, Stay.herd_id).where(*on_a_day)
    if not animal_ids:
        present = {at for at, _ in work.session.exec(stayed.where(Stay.herd_id == herd.id))}
        if not present:
            raise invalid("care.nobody", faults=[Fault("care.nobody", "/animals")])
        return sorted(present)
    # By animal, not by herd: a long sheet names one of thousands at a time.
    wanted = set(animal_ids)
    found = {row for some in portions(wanted) for row in work.session.exec(stayed.where(col(Stay.animal_id).in_(some)))}
    strange = sorted(wanted - {at for at, home in found if home == herd.id})
    if strange:
        names = reads.tag_names(work.session, strange)
        days = {"first": given_on.isoformat(), "last": last.isoformat()}
        told = [Fault("care.not_here", "/animals", {"tag": names.get(at, "—"), **days}) for at in strange]
        raise invalid("care.not_here", faults=told, **told[0].params)
    return sorted(wanted)


def _sound_late(work: Work, made: CareRecord, treated: Sequence[str]) -> None:
    """A treatment written down after slaughter, with the slaughter inside its withdrawal period: true, and an alarm."""
    if made.closed_until is None:
        return
    for part in in_parts(treated):
        gone = select(Animal).where(
            col(Animal.id).in_(part),
            Animal.state == State.SLAUGHTERED.value,
            col(Animal.state_on) >= made.given_on,
            col(Animal.state_on) <= made.closed_until,
        )
        slaughtered = {one.id: one for one in work.session.exec(gone)}
        names = reads.tag_names(work.session, list(slaughtered))
        for at, one in slaughtered.items():
            data = {"tag": names.get(at, "—"), "medicine": made.name, "medicine_lot": made.lot}
            days = {"until": made.closed_until.isoformat(), "slaughtered": one.state_on.isoformat()}
            alarms.sound(work, AlarmKind.LATE_TREATMENT, at, made.enterprise_id, data | days)
