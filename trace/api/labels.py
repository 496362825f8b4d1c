"""Label orders over the API: order once however often sent, fetch codes and sheets, activate, make void."""

from __future__ import annotations

from typing import Any

from flask import Response, after_this_request, send_file

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs, public
from brand.edge.protection import csrf
from brand.edge.requests import actor, house, reading, writing
from brand.kernel.work import Work
from trace.crypto.readings import read_all
from trace.crypto.typed_codes import human_readable
from trace.formats.label_files import printing
from trace.models.jobs import Job
from trace.models.label_stops import LabelStop
from trace.parts import label_tools, parts
from trace.queries import control_labels, label_totals
from trace.queries import label_releases as releases_read
from trace.queries import label_stops as stop_reads
from trace.queries import labels as reads
from trace.queries.labels import Entry
from trace.queries.sheets import sheets
from trace.rules.labels import AT_ONCE, LabelState, VoidReason, check_at_once
from trace.schemas.labels import (
    CHOICES,
    ChangeOut,
    CodePage,
    CodesIn,
    CodesListIn,
    ControlsOut,
    LabelLiftIn,
    LabelReleaseIn,
    LabelReleasesOut,
    LabelRunOut,
    LabelRunsOut,
    LabelStopIn,
    LabelStopOut,
    LabelStopsOut,
    LabelTotalsOut,
    ListIn,
    OrderIn,
    OrderOut,
    OrderPage,
    PrintIn,
    RangeIn,
    VoidIn,
    shown_code,
    shown_order,
    shown_run,
)
from trace.services import label_jobs, label_releases, label_stops, labels, reprints
from trace.services.labels import Change

blp = Blueprint("api_labels", __name__, url_prefix="/api/v1/label-orders", description="Labels")
csrf.exempt(blp)


@blp.route("", methods=["GET"])
@blp.arguments(ListIn, location="query")
@blp.response(200, OrderPage)
@needs("labels.read")
def index(wanted: dict[str, Any]) -> dict[str, Any]:
    """Orders within reach, newest first."""
    with reading() as work:
        found = reads.listing(
            work.session, actor(), batch_id=wanted["batch_id"], number=wanted["page"], size=wanted["size"]
        )
        items = [shown_order(one) for one in found.rows]
    return {"items": items, "page": found.number, "pages": found.pages, "total": found.total}


@blp.route("", methods=["POST"])
@blp.arguments(OrderIn)
@blp.response(201, OrderOut)
@needs("labels.order")
@creates(OrderOut)
def order(work: Work, given: dict[str, Any]) -> dict[str, Any]:
    """Issue signed labels for packs of one line, all or nothing; send an ``Idempotency-Key``.

    More than 20,000 are reserved at once and signed by a job: ``state`` is ``reserved`` until then (see its runs).
    """
    second = parts().second if given.pop("second_code") else None
    if given["packs"] + given["controls"] > AT_ONCE:
        made = labels.reserve(work, parts().signer, **given, second=second)
        label_jobs.begin_sign(work, made)
        _wake()
    else:
        made = labels.order(work, parts().signer, **given, second=second)
    return shown_order(reads.entries(work.session, [made])[0])


@blp.route("/<order_id>", methods=["GET"])
@blp.response(200, OrderOut)
@needs("labels.read")
def show(order_id: str) -> dict[str, Any]:
    """One order with its labels counted by state."""
    with reading() as work:
        return shown_order(_find(work, order_id))


@blp.route("/<order_id>/release", methods=["POST"])
@blp.arguments(LabelReleaseIn)
@blp.response(200, OrderOut)
@needs("labels.print")
def release(given: dict[str, Any], order_id: str) -> dict[str, Any]:
    """Give the order to whoever prints it; before that no file is made. ``version`` is the order's as last read."""
    with writing() as work:
        made = label_releases.release(work, order_id, **given)
        return shown_order(reads.entries(work.session, [made])[0])


@blp.route("/<order_id>/releases", methods=["GET"])
@blp.response(200, LabelReleasesOut)
@needs("labels.read")
def releases(order_id: str) -> dict[str, Any]:
    """To whom the order was released, newest first."""
    with reading() as work:
        return {"items": [one for one, _ in releases_read.of_order(work.session, _find(work, order_id).order.id)]}


@blp.route("/<order_id>/codes", methods=["GET"])
@blp.arguments(CodesListIn, location="query")
@blp.response(200, CodePage)
@needs("labels.print")
def codes(wanted: dict[str, Any], order_id: str) -> dict[str, Any]:
    """The codes of a released order, for a printer of your own. They carry no right until activated."""
    public_url = house().settings.public_url
    with reading() as work:
        labels.check_file(work, order_id, first=1, last=1)
        entry = _find(work, order_id)
        found = reads.codes(work.session, entry, state=wanted["state"], number=wanted["page"], size=wanted["size"])
        items = [shown_code(one, public_url, human_readable(one.unit)) for one in found.rows]
    return {"items": items, "page": found.number, "pages": found.pages, "total": found.total}


@blp.route("/<order_id>/controls", methods=["GET"])
@blp.response(200, ControlsOut)
@needs("scans.watch")
def controls(order_id: str) -> dict[str, Any]:
    """Which labels of an order never go onto a pack; for the brand office alone."""
    with reading() as work:
        found = control_labels.of_order(work.session, actor(), _find(work, order_id).order.id)
    return {"items": [vars(one) for one in found]}


@blp.route("/<order_id>/sheet", methods=["POST"])
@blp.arguments(PrintIn)
@blp.response(200, content_type="application/pdf", description="The file asked for; its media type is that of its kind")
@needs("labels.print")
def sheet(given: dict[str, Any], order_id: str) -> Response:
    """A range as PDF, ZPL, TSPL, pictures or a list; every call is written into the print log.

    At most 20,000 labels; larger ranges are runs.
    """
    check_at_once(given["first"], given["last"])
    wanted = printing(**{one: given.pop(one) for one in CHOICES})
    with reading() as work:
        found = labels.check_file(work, order_id, **given)
        span = (given["first"], given["last"])
        file = sheets(work.session, found, *span, house().settings.public_url, wanted, parts().second)
    with writing() as work:
        labels.record_print(work, order_id, **given, layout=wanted.name)
    return Response(file, mimetype=wanted.media_type)


@blp.route("/<order_id>/runs", methods=["GET"])
@blp.response(200, LabelRunsOut)
@needs("labels.read")
def runs(order_id: str) -> dict[str, Any]:
    """Long work on an order, newest first: ``done_labels`` of ``labels`` is how far it is."""
    with reading() as work:
        _find(work, order_id)
        return {"items": [_run(one) for one in label_jobs.of_order(work, order_id)]}


@blp.route("/<order_id>/runs", methods=["POST"])
@blp.arguments(PrintIn)
@blp.response(201, LabelRunOut)
@needs("labels.print")
@creates(LabelRunOut)
def begin_run(work: Work, given: dict[str, Any], order_id: str) -> dict[str, Any]:
    """Files of a range of any length, 20,000 labels each, made by a job; it is written into the print log when done."""
    choices = {one: given.pop(one) for one in CHOICES}
    job = label_jobs.begin_print(work, order_id, **given, wanted=choices)
    _wake()
    return _run(job)


@blp.route("/<order_id>/runs/<job_id>/files/<int:number>", methods=["GET"])
@blp.response(200, content_type="application/octet-stream", description="A file of the run")
@needs("labels.print")
def run_file(order_id: str, job_id: str, number: int) -> Response:
    """One file of a run that is done; files are kept for a week."""
    with reading() as work:
        labels.check_print(work, order_id, first=1, last=1)
        job = label_jobs.find(work, order_id, job_id)
        path = label_jobs.part(label_tools(house().settings), job, number)
    return send_file(path, mimetype=label_jobs.printing_of(job).media_type)


def _wake() -> None:
    """Once the answer is made the job is there for the runner to see; before that it would look and find nothing."""

    @after_this_request
    def _afterwards(answer: Response) -> Response:
        parts().jobs.wake()
        return answer


def _run(job: Job) -> dict[str, Any]:
    return shown_run(job, label_jobs.files(label_tools(house().settings), job))


@blp.route("/<order_id>/activate", methods=["POST"])
@blp.arguments(RangeIn)
@blp.response(200, ChangeOut)
@needs("labels.activate")
def activate(given: dict[str, Any], order_id: str) -> Change:
    """Declare a range to be on packs; repeating it changes nothing."""
    with writing() as work:
        return labels.activate(work, order_id, **given)


@blp.route("/activate", methods=["POST"])
@blp.arguments(CodesIn)
@blp.response(200, ChangeOut)
@needs("labels.activate")
def activate_codes(given: dict[str, Any]) -> Change:
    """Activate single labels as scanned or typed; one that is not yours stops all."""
    found = read_all(given["codes"], parts().hosts)
    with writing() as work:
        return labels.activate_codes(work, found)


@blp.route("/<order_id>/void", methods=["POST"])
@blp.arguments(VoidIn)
@blp.response(200, ChangeOut)
@needs("labels.void")
def void(given: dict[str, Any], order_id: str) -> Change:
    """Withdraw a range for good; ``version`` is the order's as you last read it."""
    reason = VoidReason(given.pop("reason"))
    with writing() as work:
        return labels.void(work, order_id, **given, reason=reason)


@blp.route("/<order_id>/reprint", methods=["POST"])
@blp.arguments(VoidIn)
@blp.response(201, OrderOut)
@creates(OrderOut)
@needs("labels.order")
def reprint(work: Work, given: dict[str, Any], order_id: str) -> dict[str, Any]:
    """Make a range void and issue as many new labels; it costs no weight, and no code is ever repeated."""
    reason = VoidReason(given.pop("reason"))
    made = reprints.reprint(work, parts().signer, order_id, **given, reason=reason, second=parts().second)
    return shown_order(reads.entries(work.session, [made])[0])


@blp.route("/stops", methods=["GET"])
@blp.response(200, LabelStopsOut)
@needs("labels.read")
def stops() -> dict[str, Any]:
    """Stop switches within reach, open ones first."""
    with reading() as work:
        return {"items": stop_reads.listing(work.session, actor())}


@blp.route("/stops", methods=["POST"])
@blp.arguments(LabelStopIn)
@blp.response(201, LabelStopOut)
@creates(LabelStopOut)
@needs("labels.void")
def stop(work: Work, given: dict[str, Any]) -> LabelStop:
    """Stop the labels of a licence, an order or a key at once."""
    return label_stops.place(work, **given)


@blp.route("/stops/<stop_id>/lift", methods=["POST"])
@blp.arguments(LabelLiftIn)
@blp.response(200, LabelStopOut)
@creates(LabelStopOut, status=200)
@needs("licences.sanction")
def lift(work: Work, given: dict[str, Any], stop_id: str) -> LabelStop:
    """Let them run again; never the person who stopped them."""
    return label_stops.lift(work, stop_id, **given)


@blp.route("/totals/<number>", methods=["GET"])
@blp.response(200, LabelTotalsOut)
@public
def totals(number: str) -> dict[str, Any]:
    """How many labels a licence has, by state; for everybody."""
    with reading() as work:
        found = label_totals.of_licence(work.session, number, work.today)
        states = {one.value: found.states[one] for one in LabelState}
        told = {"licence": number, "replacing": found.replacing, "void_reasons": found.reasons, "years": found.years}
        return {**states, **told}


def _find(work: Work, order_id: str) -> Entry:
    return reads.find(work.session, actor(), order_id)
