"""Pages of labels: orders, ordering for a batch, one order with its states and log, activation by scanning."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from brand.edge.languages import explain, say
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, house, reading, writing
from trace.crypto.readings import read_all
from trace.crypto.typed_codes import human_readable
from trace.formats.symbol_pictures import symbol_svg
from trace.models.jobs import Job
from trace.models.label_stops import LabelStop
from trace.parts import parts
from trace.queries import control_labels, label_stops
from trace.queries import label_releases as releases_read
from trace.queries import labels as reads
from trace.queries.labels import Entry, Offers
from trace.rules.label_flow import OrderState, PrinterKind
from trace.rules.labels import AT_ONCE, VoidReason
from trace.schemas.labels import (
    MOST_CODES,
    CodeLinesIn,
    LabelReleaseIn,
    ListIn,
    OrderIn,
    PositionIn,
    RangeIn,
    VoidIn,
)
from trace.services import label_jobs, label_releases, labels, reprints
from trace.web.label_words import changed

bp = Blueprint("labels", __name__, url_prefix="/labels")

#: What nobody may do with an order while a stop bears on it; labels are made void all the same.
BARRED = frozenset({"order", "print", "activate"})
#: Seconds until a page that waits for something asks again.
AGAIN = 2


@bp.get("")
@needs("labels.read")
def index() -> ResponseReturnValue:
    wanted = ListIn().take(asked())
    with reading() as work:
        found = reads.listing(
            work.session, actor(), batch_id=wanted["batch_id"], number=wanted["page"], size=wanted["size"]
        )
    kept = {"batch_id": wanted["batch_id"]} if wanted["batch_id"] else {}
    return render("labels/index.html", found=found, kept=kept)


@bp.get("/new")
@needs("labels.order")
def new() -> ResponseReturnValue:
    """Without a batch: choose one. With ``?batch=``: choose pack line and number."""
    batch_id = request.args.get("batch", "")
    if not batch_id:
        with reading() as work:
            return render("labels/choose.html", batches=reads.batches_to_label(work.session, actor()))
    offers = _offers(batch_id)
    return _new(offers, Form(OrderIn(), packs=next((one.most for one in offers.lines if one.most), ""), controls=0))


@bp.post("/new")
@needs("labels.order")
def order() -> ResponseReturnValue:
    offers = _offers(request.args.get("batch", ""))
    form = Form(OrderIn())
    with form.catching():
        given = form.values()
        second = parts().second if given.pop("second_code") else None
        if given["packs"] + given["controls"] > AT_ONCE:
            with writing() as work:
                made = labels.reserve(work, parts().signer, **given, second=second)
                job = label_jobs.begin_sign(work, made)
            return to_run(made.id, job)
        with writing() as work:
            made = labels.order(work, parts().signer, **given, second=second)
        return back("labels.show", "Labels issued. They count on goods only once activated.", order_id=made.id)
    return _new(offers, form)


def to_run(order_id: str, job: Job) -> ResponseReturnValue:
    """To the page of the long work that begins with this."""
    parts().jobs.wake()
    return redirect(url_for("label_runs.show", order_id=order_id, job_id=job.id), 303)


def _offers(batch_id: str) -> Offers:
    with reading() as work:
        return reads.offers(work.session, actor(), batch_id, work.today)


def _new(offers: Offers, form: Form) -> ResponseReturnValue:
    closed = [explain(one) for one in offers.against]
    return render("labels/new.html", offers=offers, closed=closed, form=form), form.status


@bp.get("/<order_id>")
@needs("labels.read")
def show(order_id: str) -> ResponseReturnValue:
    return _show(order_id)


def _show(order_id: str, **forms: Form) -> ResponseReturnValue:
    position = PositionIn().take(asked())["position"]
    with reading() as work:
        entry = reads.find(work.session, actor(), order_id)
        sample = reads.any_code(work.session, entry, min(position, entry.order.size))
        stop = label_stops.on_order(work.session, entry.order)
        runs = label_jobs.of_order(work, order_id)
        prints = reads.prints(work.session, order_id)
        releases = releases_read.of_order(work.session, order_id)
        controls = control_labels.of_order(work.session, actor(), order_id) if actor().may("scans.watch") else []
    shown = {
        "activate_form": forms.get("activate_form") or Form(RangeIn(), first=1, last=entry.order.size),
        "void_form": forms.get("void_form") or Form(VoidIn()),
        "release_form": forms.get("release_form") or Form(LabelReleaseIn(), printer=PrinterKind.OWN.value),
    }
    refused = next((one for one in forms.values() if one.error), None)
    page = render(
        "labels/show.html",
        entry=entry,
        sample=sample,
        typed=human_readable(sample.unit) if sample is not None else "",
        runs=runs,
        prints=prints,
        releases=releases,
        controls=controls,
        released=entry.order.state == OrderState.RELEASED,
        printers=list(PrinterKind),
        reasons=list(VoidReason),
        stopped=_stopped(stop) if stop else "",
        may=_rights(entry) - (BARRED if stop else set()),
        refused=refused,
        **shown,
    )
    return page, refused.status if refused else 200


def _stopped(stop: LabelStop) -> str:
    told = {"scope": say(f"label_stop.scope.{stop.scope}"), "why": say(f"label_stop.reason.{stop.reason_code}")}
    return say("label_stops.stopped", name=stop.name, **told)


def _rights(entry: Entry) -> set[str]:
    """What this person may do with the order; the services ask again."""
    licensee, holder = entry.batch.licensee_id, entry.batch.holder_id
    held = {one for one in ("order", "print", "activate", "void") if actor().may(f"labels.{one}", licensee)}
    return held | ({"activate"} if actor().may("labels.activate", holder) else set())


@bp.post("/<order_id>/release")
@needs("labels.print")
def release(order_id: str) -> ResponseReturnValue:
    """The order is given to whoever prints it; from now on files can be made."""
    form = Form(LabelReleaseIn())
    with form.catching():
        given = form.values()
        with writing() as work:
            label_releases.release(work, order_id, **given)
        return back(
            "labels.show", "Released. Files can be made now, and every file is written into the log.", order_id=order_id
        )
    return _show(order_id, release_form=form)


@bp.post("/<order_id>/activate")
@needs("labels.activate")
def activate(order_id: str) -> ResponseReturnValue:
    form = Form(RangeIn())
    with form.catching():
        given = form.values()
        with writing() as work:
            done = labels.activate(work, order_id, **given)
        return back("labels.show", changed("activated", done), order_id=order_id)
    return _show(order_id, activate_form=form)


@bp.post("/<order_id>/void")
@needs("labels.void")
def void(order_id: str) -> ResponseReturnValue:
    form = Form(VoidIn())
    with form.catching():
        given = form.values()
        reason = VoidReason(given.pop("reason"))
        with writing() as work:
            done = labels.void(work, order_id, **given, reason=reason)
        return back("labels.show", changed("voided", done), order_id=order_id)
    return _show(order_id, void_form=form)


@bp.post("/<order_id>/reprint")
@needs("labels.order")
def reprint(order_id: str) -> ResponseReturnValue:
    """New labels for spoilt ones: the old become void."""
    form = Form(VoidIn())
    with form.catching():
        given = form.values()
        reason = VoidReason(given.pop("reason"))
        with writing() as work:
            made = reprints.reprint(work, parts().signer, order_id, **given, reason=reason, second=parts().second)
        return back("labels.show", "New labels issued; the old ones are void.", order_id=made.id)
    return _show(order_id, void_form=form)


@bp.route("/activate", methods=["GET", "POST"])
@needs("labels.activate")
def activate_codes() -> ResponseReturnValue:
    """Codes as a scanner types them, one per line."""
    form = Form(CodeLinesIn())
    if form.posted:
        with form.catching():
            found = read_all(form.values()["codes"], parts().hosts)
            with writing() as work:
                done = labels.activate_codes(work, found)
            return back("labels.activate_codes", changed("activated", done))
    return render("labels/activate.html", form=form, most=MOST_CODES), form.status


@bp.get("/<order_id>/symbol.svg")
@needs("labels.read")
def symbol(order_id: str) -> ResponseReturnValue:
    """The symbol of one label, for the eye: ``?position=``."""
    position = PositionIn().take(asked())["position"]
    with reading() as work:
        one = reads.one_code(work.session, reads.find(work.session, actor(), order_id), position)
    return Response(symbol_svg(f"{house().settings.public_url}{one.address}"), mimetype="image/svg+xml")


def asked() -> dict[str, str]:
    """What the address asks for, without the language and what was left empty."""
    return {name: value for name, value in request.args.items() if name != "lang" and value}
