"""The page of a job: how far it is; leave it and come back, or let it look again by itself without any script."""

from __future__ import annotations

from flask import Blueprint, make_response
from flask.typing import ResponseReturnValue

from brand.edge.languages import explain
from brand.edge.pages import render
from brand.edge.policies import needs
from brand.edge.requests import reading
from brand.kernel.errors import Fault, unknown
from trace.models.imports import SheetKind
from trace.models.jobs import JobState
from trace.parts import parts
from trace.services import imports, job_refusals, jobs
from trace.web import sheets

bp = Blueprint("jobs", __name__)
#: Seconds until the page asks again.
AGAIN = 2


@bp.get("/jobs/<job_id>")
@needs("enterprises.read")
def show(job_id: str) -> ResponseReturnValue:
    with reading() as work:
        job = jobs.find(work, job_id)
        row = imports.kept(work, job.import_id or "")
    working = job.state in (JobState.WAITING, JobState.RUNNING)
    if working:
        parts().jobs.wake()
    refused = Fault(job.result.get("code", ""), "", job.result.get("params", {}))
    faults = job_refusals.faults_of(job.result)
    done = parts().jobs.done_rows(job)
    page = render("jobs/show.html", job=job, done=done, row=row, refused=refused, faults=faults, explain=explain)
    answer = make_response(page)
    if working:
        answer.headers["Refresh"] = str(AGAIN)
    return answer


@bp.get("/jobs/<job_id>/reasons.xlsx")
@needs("enterprises.read")
def reasons(job_id: str) -> ResponseReturnValue:
    """The sheet a job refused, with the reasons beside its rows."""
    with reading() as work:
        job = jobs.find(work, job_id)
        row = imports.kept(work, job.import_id or "")
    if row.content is None or job.state != JobState.REFUSED:
        raise unknown()
    return sheets.sent_back(SheetKind(row.kind), row.file_name, row.content, job_refusals.faults_of(job.result))
