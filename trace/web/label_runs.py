"""The page of long work on a label order: how many labels are signed or laid out, and the files once they are made."""

from __future__ import annotations

from flask import Blueprint, make_response, send_file
from flask.typing import ResponseReturnValue

from brand.edge.languages import explain
from brand.edge.pages import render
from brand.edge.policies import needs
from brand.edge.requests import actor, house, reading
from brand.kernel.errors import Fault
from trace.models.jobs import JobState
from trace.parts import label_tools, parts
from trace.queries import labels as reads
from trace.services import label_jobs, labels
from trace.web.labels import AGAIN

bp = Blueprint("label_runs", __name__, url_prefix="/labels")


@bp.get("/<order_id>/runs/<job_id>")
@needs("labels.read")
def show(order_id: str, job_id: str) -> ResponseReturnValue:
    with reading() as work:
        entry = reads.find(work.session, actor(), order_id)
        job = label_jobs.find(work, order_id, job_id)
    working = job.state in (JobState.WAITING, JobState.RUNNING)
    if working:
        parts().jobs.wake()
    refused = Fault(job.result.get("code", ""), "", job.result.get("params", {}))
    files = label_jobs.files(label_tools(house().settings), job)
    may_print = actor().may("labels.print", entry.batch.licensee_id)
    page = render(
        "labels/run.html",
        entry=entry,
        job=job,
        working=working,
        refused=refused,
        explain=explain,
        files=files,
        may_print=may_print,
        kept_days=label_jobs.KEPT_FOR.days,
    )
    answer = make_response(page)
    if working:
        answer.headers["Refresh"] = str(AGAIN)
    return answer


@bp.get("/<order_id>/runs/<job_id>/<int:number>")
@needs("labels.print")
def file(order_id: str, job_id: str, number: int) -> ResponseReturnValue:
    """One of the files; that they were made is in the print log."""
    with reading() as work:
        order = labels.check_print(work, order_id, first=1, last=1)
        job = label_jobs.find(work, order_id, job_id)
        path = label_jobs.part(label_tools(house().settings), job, number)
        made = label_jobs.printing_of(job)
    name = f"{order.number}-{number:03d}.{made.ending}"
    return send_file(path, mimetype=made.media_type, as_attachment=True, download_name=name)
