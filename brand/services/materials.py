"""Changes the papers of an application while it is still with the applicant."""

from __future__ import annotations

from datetime import date

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, refused, unknown
from brand.kernel.uploads import Upload
from brand.kernel.work import Work
from brand.models.licences import Application
from brand.models.materials import ApplicationFile
from brand.queries import materials as reading
from brand.rules import materials
from brand.rules.licence_flow import APPLICATION
from brand.rules.materials import MaterialKind


def add(
    work: Work, application_id: str, *, kind: str, upload: Upload, valid_until: date | None = None
) -> ApplicationFile:
    """One more paper; the same bytes twice in one application are recognised.

    Raises ``applications.wrong_state`` once it is with the office, ``materials.kind``, ``materials.twice``,
    ``materials.too_many``, ``materials.expired`` or ``materials.until_missing``.
    """
    application = _own(work, application_id)
    if kind not in set(MaterialKind):
        raise invalid("materials.kind", faults=[Fault("materials.kind", "/kind")])
    materials.check_term(MaterialKind(kind), valid_until, work.today)
    held = reading.files(work.session, application_id)
    if len(held) >= materials.MOST:
        raise refused("materials.too_many", most=materials.MOST)
    if any(one.digest == upload.digest and one.kind == kind for one in held):
        raise conflict("materials.twice")
    return keep(work, application, kind, upload, valid_until=valid_until)


def keep(
    work: Work,
    application: Application,
    kind: str,
    upload: Upload,
    *,
    valid_until: date | None = None,
    review_id: str | None = None,
) -> ApplicationFile:
    """Write a checked file down; what it is for has been decided by the caller."""
    row = ApplicationFile(
        application_id=application.id,
        review_id=review_id,
        kind=kind,
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        digest=upload.digest,
        content=upload.data,
        valid_until=valid_until,
        added_at=work.now,
        added_by=work.actor.person_id or "",
        added_by_name=work.actor.name,
    )
    work.session.add(row)
    work.session.flush()
    audit.record(
        work,
        "materials.add",
        "application",
        application.id,
        enterprise_id=application.enterprise_id,
        file=row.id,
        kind=kind,
        digest=row.digest,
        size=row.size,
    )
    return row


def remove(work: Work, application_id: str, file_id: str) -> ApplicationFile:
    """Take a paper back before sending; its row stays, so that its hand still counts."""
    application = _own(work, application_id)
    row = reading.file(work.session, application_id, file_id)
    if row.review_id is not None:
        raise unknown()
    row.removed_at = work.now
    audit.record(
        work,
        "materials.remove",
        "application",
        application.id,
        enterprise_id=application.enterprise_id,
        file=row.id,
        digest=row.digest,
    )
    return row


def _own(work: Work, application_id: str) -> Application:
    """The applicant's own application in a state in which it may be changed."""
    work.actor.require("applications.write")
    application = work.session.get(Application, application_id, with_for_update=True, populate_existing=True)
    if application is None:
        raise unknown()
    work.actor.require("applications.write", application.enterprise_id)
    APPLICATION.step(application.state, "edit")
    return application
