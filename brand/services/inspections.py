"""Writes down visits and yearly reviews, moves findings to their end, and keeps the papers of a licence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import select

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, unknown
from brand.kernel.uploads import Upload
from brand.kernel.work import Work
from brand.models.inspections import Inspection, InspectionStep, LicenceFile
from brand.models.licences import Licence
from brand.models.schemes import Brand
from brand.queries import calendar as calendars
from brand.queries import inspections as reading
from brand.queries import office_tables, rulebooks, schemes
from brand.rules import inspections
from brand.rules.inspections import FLOW, InspectionKind, Severity
from brand.rules.working_days import add_working_days


def record(
    work: Work,
    licence_id: str,
    *,
    kind: str,
    visited_on: date,
    severity: str,
    words: str,
    reason_code: str = "",
    rectify_by: date | None = None,
    uploads: Sequence[Upload] = (),
    origin: str = "",
) -> Inspection:
    """What was found; the measure follows from severity, reason and repeat, never from the writer.

    ``origin``: the number of the finding from a market that it is made of.

    Raises ``inspections.*`` naming the field. The party must know the result by ``result_due``.
    """
    work.actor.require("licences.inspect")
    licence = _licence(work, licence_id)
    brand = work.session.get_one(Brand, licence.brand_id)
    if visited_on > work.today:
        raise invalid("inspections.day_ahead", faults=[Fault("inspections.day_ahead", "/visited_on")])
    earlier = reading.earlier(work.session, licence.enterprise_id, reason_code) if reason_code else 0
    measure = inspections.measure(
        office_tables.sanctions(work.session, brand.scheme_id), Severity(severity), reason_code, earlier
    )
    months = schemes.policy(work.session, brand.scheme_id, "rectification_months")
    inspections.check_rectify_by(measure, rectify_by, work.today, months)
    inspections.check_papers(InspectionKind(kind), Severity(severity), len(uploads))
    days = schemes.policy(work.session, brand.scheme_id, "inspection_feedback_working_days")
    due = add_working_days(calendars.calendar(work.session), visited_on, days)
    rulebook = rulebooks.in_force(work.session, brand.scheme_id, work.today)
    row = Inspection(
        licence_id=licence.id,
        enterprise_id=licence.enterprise_id,
        kind=kind,
        visited_on=visited_on,
        severity=severity,
        reason_code=reason_code,
        earlier=earlier,
        measure=measure.value,
        rectify_by=rectify_by,
        result_due=due.end,
        result_provisional=due.provisional,
        rulebook=str(rulebook.edition) if rulebook and reason_code else "",
        clause=rulebook.clause(reason_code) if rulebook and reason_code else "",
        words=words,
        origin=origin,
        recorded_at=work.now,
        recorded_by=work.actor.person_id or "",
        recorded_by_name=work.actor.name,
    )
    work.session.add(row)
    work.session.flush()
    for one in uploads:
        _keep(work, licence, "inspection", one, inspection_id=row.id)
    _audit(work, "inspections.record", row, severity=severity, reason_code=reason_code)
    return row


def step(work: Work, inspection_id: str, action: str, *, version: int, comment: str = "") -> Inspection:
    """Tell the party, close, accept or fail a rectification, or note that the measure is carried out.

    Raises ``inspections.stale``, ``inspections.wrong_state`` or what a guard refuses.
    """
    permission = next((one.permission for one in FLOW.steps if one.action == action), None)
    if permission is None:
        raise unknown()
    work.actor.require(permission)
    statement = select(Inspection).where(Inspection.id == inspection_id).with_for_update()
    row = work.session.exec(statement, execution_options={"populate_existing": True}).first()
    if row is None:
        raise unknown()
    if row.version != version:
        raise conflict("inspections.stale")
    facts = reading.facts(work.session, row, work.actor.person_id or "") | {"comment": comment}
    move = FLOW.apply(row.state, action, facts)
    row.state, row.version = move.next_state, version + 1
    work.session.add(
        InspectionStep(
            inspection_id=row.id,
            position=row.version,
            action=action,
            at=work.now,
            person_id=work.actor.person_id or "",
            person_name=work.actor.name,
            comment=comment,
        )
    )
    work.session.flush()
    _audit(work, move.audit, row)
    return row


def keep_contract(work: Work, licence_id: str, *, signed_on: date, upload: Upload) -> LicenceFile:
    """The signed contract of a licence; a later one stands beside it, none is ever taken away."""
    work.actor.require("licences.inspect")
    licence = _licence(work, licence_id)
    if signed_on > work.today:
        raise invalid("inspections.day_ahead", faults=[Fault("inspections.day_ahead", "/signed_on")])
    if any(one.digest == upload.digest for one in reading.contracts(work.session, licence.id)):
        raise conflict("materials.twice")
    row = _keep(work, licence, "contract", upload, signed_on=signed_on)
    audit.record(
        work,
        "licences.contract",
        "licence",
        licence.id,
        enterprise_id=licence.enterprise_id,
        digest=row.digest,
        signed_on=signed_on,
    )
    return row


def _licence(work: Work, licence_id: str) -> Licence:
    found = work.session.get(Licence, licence_id)
    if found is None:
        raise unknown()
    work.actor.require("licences.inspect", found.enterprise_id)
    return found


def _keep(
    work: Work,
    licence: Licence,
    kind: str,
    upload: Upload,
    *,
    inspection_id: str | None = None,
    signed_on: date | None = None,
) -> LicenceFile:
    row = LicenceFile(
        licence_id=licence.id,
        inspection_id=inspection_id,
        kind=kind,
        signed_on=signed_on,
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        digest=upload.digest,
        content=upload.data,
        added_at=work.now,
        added_by_name=work.actor.name,
    )
    work.session.add(row)
    work.session.flush()
    return row


def _audit(work: Work, action: str, row: Inspection, **detail: object) -> None:
    audit.record(
        work,
        action,
        "inspection",
        row.id,
        enterprise_id=row.enterprise_id,
        licence=row.licence_id,
        measure=row.measure,
        state=row.state,
        **detail,
    )
