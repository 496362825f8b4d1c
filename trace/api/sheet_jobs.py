"""Long sheets over the API: jobs that look at one, take it in or take it back, with their progress and their end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, after_this_request, url_for

from brand.edge.api import Blueprint, creates
from brand.edge.languages import explain, say
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import reading
from brand.kernel.errors import Fault, unknown
from brand.kernel.work import Work
from trace.models.imports import SheetImport, SheetKind
from trace.models.jobs import Job, JobState
from trace.parts import parts
from trace.schemas.batches import SheetJobOut
from trace.services import imports, job_refusals, jobs
from trace.services.intakes import Target
from trace.services.sent_back_sheets import XLSX, mended

blp = Blueprint("api_sheet_jobs", __name__, url_prefix="/api/v1/sheet-jobs", description="Long work on sheets")
csrf.exempt(blp)
#: Words of every call that may answer with a job.
ACCEPTED = "A long sheet: a job works on it, and ``Location`` tells how far it is."
#: Seconds after which it is worth asking again.
AGAIN = "2"
_AT_WORK = (JobState.WAITING, JobState.RUNNING)


@blp.route("/<job_id>", methods=["GET"])
@blp.response(200, SheetJobOut)
@needs("enterprises.read")
def show(job_id: str) -> Any:
    """How far a job is, or what came of it; ``Retry-After`` while it is at work."""
    with reading() as work:
        job = jobs.find(work, job_id)
        told = _told(job, imports.kept(work, job.import_id or ""))
    if job.state not in _AT_WORK:
        return told
    parts().jobs.wake()
    return told, 200, {"Retry-After": AGAIN}


@blp.route("/<job_id>/reasons", methods=["GET"])
@blp.response(200, content_type=XLSX, description="The sheet as it was sent, a reason beside each bad row")
@needs("enterprises.read")
def reasons(job_id: str) -> Response:
    """The sheet a job refused, to be mended; until the sheet is sent again and taken in."""
    with reading() as work:
        job = jobs.find(work, job_id)
        row = imports.kept(work, job.import_id or "")
    if not _is_sent_back(job, row):
        raise unknown()
    sheet, faults = (SheetKind(row.kind), row.file_name, row.content or b""), job_refusals.faults_of(job.result)
    back = mended(*sheet, faults, explain=explain, heading=say("What is wrong"))
    answer = Response(back.data, mimetype=back.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=back.name)
    return answer


def begin(
    kind: SheetKind,
    name: str,
    data: bytes,
    target: Target,
    *,
    dry_run: bool,
    said: Mapping[str, str] | None = None,
    place_id: str = "",
) -> Response:
    """Put a long sheet into the queue and say where to ask for it; once, however often it is sent with one key."""

    def start(work: Work) -> Job:
        return jobs.begin_look(work, kind, name, data, target, said, place_id=place_id, take=not dry_run)

    return accepted(start)


def accepted(start: Callable[[Work], Job]) -> Response:
    """Answer 202 with the job that ``start`` begins."""

    def run(work: Work) -> dict[str, Any]:
        job = start(work)
        return _told(job, work.session.get_one(SheetImport, job.import_id))

    answer = creates(SheetJobOut, status=202)(run)()
    if answer.status_code == 202:
        answer.headers["Location"] = url_for("api_sheet_jobs.show", job_id=answer.get_json()["id"])

    @after_this_request
    def _afterwards(final: Response) -> Response:
        # The job is there for the runner to see once the answer is made.
        parts().jobs.wake()
        return final

    return answer


def _told(job: Job, row: SheetImport) -> dict[str, Any]:
    """A job under the names of SheetJobOut."""
    told: dict[str, Any] = {"id": job.id, "kind": job.kind, "state": job.state, "rows": job.rows, "sheet": row}
    told["done_rows"] = parts().jobs.done_rows(job)
    if job.state != JobState.REFUSED:
        return told | {"result": job.result, "code": "", "title": "", "errors": [], "reasons": ""}
    refused = Fault(job.result.get("code", ""), "", job.result.get("params", {}))
    faults = [vars(one) | {"detail": explain(one)} for one in job_refusals.faults_of(job.result)]
    back = url_for("api_sheet_jobs.reasons", job_id=job.id) if _is_sent_back(job, row) else ""
    return told | {"result": {}, "code": refused.code, "title": explain(refused), "errors": faults, "reasons": back}


def _is_sent_back(job: Job, row: SheetImport) -> bool:
    return job.state == JobState.REFUSED and bool(job.result.get("faults")) and row.content is not None
