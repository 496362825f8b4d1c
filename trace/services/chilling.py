"""Takes the logger file of a chilling: readings against the limits, every breach and silence kept and shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from brand.kernel import audit
from brand.kernel.clock import local_day
from brand.kernel.errors import invalid
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.queries import product_rules
from brand.rules.product_rules import RuleKind
from trace.formats.cold_room import ColdRoomSheet
from trace.models.batches import Batch, Carcass
from trace.models.devices import LoggerDevice
from trace.models.events import ChillingLog
from trace.queries import devices
from trace.rules.chilling import Breach, ColdStep, Gap, Limits, Reading, Report, evaluate, limits_of, step_of
from trace.rules.events import CHINA, EventKind, check_time, shown
from trace.services import batches, events


@dataclass(frozen=True)
class Outlook:
    """What a logger file would become."""

    batch: Batch
    step: ColdStep
    limits: Limits
    readings: tuple[Reading, ...]
    report: Report


def look(work: Work, batch_id: str, sheet: ColdRoomSheet) -> Outlook:
    """Hold the file against the batch and the limits, changing nothing.

    Raises ``imports.faulty``, ``events.in_future`` or ``chilling.before_slaughter``: no core is chilled before the
    animal is dead.
    """
    batch = batches.held(work, batch_id)
    batches.refuse_faults(sheet.faults)
    readings = tuple(Reading(row.at, row.room_c, row.core_c) for row in sheet.rows)
    step = step_of(sheet.said.get("step", ColdStep.CHILLING))
    limits = limits_on(work.session, batch, step, local_day(readings[0].at))
    report = evaluate(readings, limits)
    check_time(readings[-1].at, work.now)
    first = _first_slaughter(work, batch)
    if readings[0].at < first:
        raise invalid("chilling.before_slaughter", at=shown(readings[0].at), slaughter=shown(first))
    return Outlook(batch, step, limits, readings, report)


def record(work: Work, batch_id: str, sheet: ColdRoomSheet, file_name: str) -> ChillingLog:
    """Keep the readings with what the limits found, as one chilling event; raises what ``look`` raises."""
    outlook = look(work, batch_id, sheet)
    batch, report, limits = outlook.batch, outlook.report, outlook.limits
    start, end = outlook.readings[0].at, outlook.readings[-1].at
    data = {
        "from": start.isoformat(),
        "until": end.isoformat(),
        "hours": str(report.hours),
        "breaches": len(report.breaches),
        "gaps": len(report.gaps),
        "standard": limits.standard,
    }
    if report.final_core_c is not None:
        data["final_core_c"] = str(report.final_core_c)
    if device := sheet.said.get("device", ""):
        data["device"] = _remember(work, batch, device, sheet)
    event = events.record(work, batch, EventKind(outlook.step.value), event_time=end, data=data)
    log = ChillingLog(
        batch_id=batch.id,
        event_id=event.id,
        file_name=file_name,
        digest=sheet.digest,
        started_at=start,
        readings=[
            [int((one.at - start).total_seconds()), _kept(one.room_c), _kept(one.core_c)] for one in outlook.readings
        ],
        breaches=[breach_record(one) for one in report.breaches],
        gaps=[gap_record(one) for one in report.gaps],
    )
    work.session.add(log)
    audit.record(
        work,
        "batches.record_chilling",
        "batch",
        batch.id,
        enterprise_id=batch.holder_id,
        event=event.id,
        breaches=len(report.breaches),
    )
    return log


def _kept(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _remember(work: Work, batch: Batch, serial: str, sheet: ColdRoomSheet) -> str:
    """The columns of this recorder as they were confirmed now, for its next file."""
    maker = batch.holder_id
    # Two clerks with the first file of one recorder take turns.
    work.session.exec(select(Enterprise.id).where(Enterprise.id == maker).with_for_update()).one()
    device = devices.find(work.session, maker, serial)
    columns = sheet.shape.said() if sheet.shape is not None else {}
    by = work.actor.person_id or ""
    if device is None:
        device = LoggerDevice(enterprise_id=maker, serial=serial, columns=columns, used_at=work.now, used_by=by)
        work.session.add(device)
    elif device.columns != columns:
        audit.record(work, "devices.remap", "logger_device", device.id, enterprise_id=maker, columns=columns)
    device.columns, device.used_at, device.used_by = columns, work.now, by
    work.session.flush()
    return serial


def limits_on(session: Session, batch: Batch, step: ColdStep, day: date) -> Limits:
    """The limits that judged a chilling or ageing which began on that day."""
    return limits_of(product_rules.in_force(session, batch.product_id, RuleKind.CHILLING, day), step)


def _first_slaughter(work: Work, batch: Batch) -> datetime:
    statement = select(Carcass.slaughtered_at).where(Carcass.batch_id == batch.id).order_by("slaughtered_at").limit(1)
    found = work.session.exec(statement).first()
    # What came in as meat, not on the hook, was there from the beginning of its day.
    return found or datetime.combine(batch.made_on, time(0), CHINA)


def breach_record(one: Breach) -> dict[str, Any]:
    """A breach as it is kept."""
    figures = {"worst_c": str(one.worst_c), "limit_c": str(one.limit_c)}
    return {"kind": one.kind.value, "start": one.start.isoformat(), "end": one.end.isoformat(), **figures}


def gap_record(one: Gap) -> dict[str, Any]:
    """A silence as it is kept."""
    return {"start": one.start.isoformat(), "end": one.end.isoformat()}
