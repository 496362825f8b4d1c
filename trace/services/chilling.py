"""Takes the logger file of a chilling, a journey or a store: readings against the limits, breaches kept and shown."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from brand.kernel import audit
from brand.kernel.clock import local_day
from brand.kernel.errors import Fault, conflict, invalid, pointing
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.queries import product_rules
from brand.rules.product_rules import RuleKind
from trace.formats import curves
from trace.formats.cold_room import ColdRoomSheet
from trace.models.batches import Batch, Carcass
from trace.models.devices import LoggerDevice
from trace.models.events import ChillingLog
from trace.queries import cold_ways, devices
from trace.rules.chilling import (
    Breach,
    ColdStep,
    Gap,
    Limits,
    Reading,
    Report,
    Span,
    evaluate,
    limits_of,
    step_of,
    within,
)
from trace.rules.events import CHINA, EventKind, check_time, shown
from trace.services import batches, events, seats


@dataclass(frozen=True)
class Outlook:
    """What a logger file would become."""

    batch: Batch
    step: ColdStep
    limits: Limits
    readings: tuple[Reading, ...]
    report: Report
    span: Span | None = None


def look(work: Work, batch_id: str, sheet: ColdRoomSheet) -> Outlook:
    """Hold the file against the batch and the limits, changing nothing.

    Of a journey or a stay in a store only the readings taken meanwhile are looked at. Raises ``imports.faulty``,
    ``events.in_future``, ``chilling.no_span``, ``chilling.span_has_file``, or ``chilling.before_slaughter``: no core
    is chilled before the animal is dead.
    """
    batch = batches.held(work, batch_id)
    batches.refuse_faults(sheet.faults)
    readings = tuple(Reading(row.at, row.room_c, row.core_c) for row in sheet.rows)
    step = step_of(sheet.said.get("step", ColdStep.CHILLING))
    span = None
    if step in cold_ways.SPANS:
        span, readings = within(readings, cold_ways.spans(work.session, step, batch_id))
        if cold_ways.has_file(work.session, batch_id, span, sheet.digest):
            raise conflict("chilling.span_has_file", faults=[Fault("chilling.span_has_file", "/file")])
    limits = limits_on(work.session, batch, step, local_day(readings[0].at))
    report = evaluate(readings, limits)
    with pointing({"": "/file"}):
        check_time(readings[-1].at, work.now)
    first = _first_slaughter(work, batch)
    if readings[0].at < first:
        params = {"at": shown(readings[0].at), "slaughter": shown(first)}
        raise invalid(
            "chilling.before_slaughter", faults=[Fault("chilling.before_slaughter", "/file", params)], **params
        )
    seats.said(work, batch.holder_id, EventKind(step.value), local_day(readings[-1].at))
    return Outlook(batch, step, limits, readings, report, span)


def record(work: Work, batch_id: str, sheet: ColdRoomSheet, file_name: str) -> ChillingLog:
    """Keep the readings with what the limits found, as one event; raises what ``look`` raises.

    The file of a journey speaks for everything that was on board, each batch by the limits of its own product.
    """
    outlook = look(work, batch_id, sheet)
    device = sheet.said.get("device", "")
    if device:
        _remember(work, outlook.batch, device, sheet)
    log = _keep(work, outlook, sheet.digest, file_name, device)
    if outlook.step is ColdStep.COLD_TRANSPORT and outlook.span is not None:
        for other in cold_ways.others_aboard(work.session, outlook.span.key, outlook.batch):
            day = local_day(outlook.readings[0].at)
            limits = limits_on(work.session, other, outlook.step, day)
            told = replace(outlook, batch=other, limits=limits, report=evaluate(outlook.readings, limits))
            _keep(work, told, sheet.digest, file_name, device)
    return log


def _keep(work: Work, outlook: Outlook, digest: str, file_name: str, device: str) -> ChillingLog:
    batch, report, span = outlook.batch, outlook.report, outlook.span
    start, end = outlook.readings[0].at, outlook.readings[-1].at
    event = events.record(
        work, batch, EventKind(outlook.step.value), event_time=end, data=_stated(work, outlook, device)
    )
    bound = {cold_ways.SPANS[outlook.step]: span.key} if span is not None else {}
    readings = [
        [int((one.at - start).total_seconds()), _kept(one.room_c), _kept(one.core_c)] for one in outlook.readings
    ]
    breaches = [breach_record(one) for one in report.breaches]
    drawn = curves.of_record(start, readings, breaches)
    log = ChillingLog(
        batch_id=batch.id,
        event_id=event.id,
        file_name=file_name,
        digest=digest,
        started_at=start,
        readings=readings,
        breaches=breaches,
        gaps=[gap_record(one) for one in report.gaps],
        curve=asdict(drawn) if drawn else None,
        **bound,
    )
    work.session.add(log)
    audit.record(
        work,
        "batches.record_chilling",
        "batch",
        batch.id,
        enterprise_id=batch.holder_id,
        batch=batch.code,
        event=event.id,
        breaches=len(report.breaches),
    )
    return log


def _stated(work: Work, outlook: Outlook, device: str) -> dict[str, Any]:
    report = outlook.report
    data: dict[str, Any] = {
        "from": outlook.readings[0].at.isoformat(),
        "until": outlook.readings[-1].at.isoformat(),
        "hours": str(report.hours),
        "breaches": len(report.breaches),
        "gaps": len(report.gaps),
        "standard": outlook.limits.standard,
    }
    if outlook.span is not None:
        data |= cold_ways.named(work.session, outlook.step, outlook.span.key)
    if report.final_core_c is not None:
        data["final_core_c"] = str(report.final_core_c)
    return data | ({"device": device} if device else {})


def _kept(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _remember(work: Work, batch: Batch, serial: str, sheet: ColdRoomSheet) -> None:
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
