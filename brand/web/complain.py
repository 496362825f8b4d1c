"""The public side of complaints: the form anybody may send, and the page behind the secret link."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from brand.edge.files import uploaded_all
from brand.edge.pages import Form, render
from brand.edge.policies import public
from brand.edge.protection import limiter
from brand.edge.requests import house, reading, writing
from brand.edge.tickets import new_token, secret_for
from brand.kernel.errors import unknown
from brand.queries import complaints as reads
from brand.queries import notices
from brand.rules.complaint_flow import ENDED, MOST_PICTURES, Kind
from brand.schemas.complaints import ComplaintPage, DissentIn, ReplyIn
from brand.services import complaints

bp = Blueprint("complain", __name__)

#: What the address may already say, so that nobody has to type it: a pack's code, a notice's number.
_ASKED = ("code", "notice")


@bp.get("/complain")
@public
def complain() -> ResponseReturnValue:
    """The short address people were told before there was a form."""
    return redirect(url_for("complain.new", **_asked()))


@bp.route("/complaints/new", methods=["GET", "POST"])
@limiter.shared_limit("20/hour", scope="complain", methods=["POST"])
@public
def new() -> ResponseReturnValue:
    form = Form(ComplaintPage(), token=new_token(), **_asked())
    if form.posted:
        with form.catching():
            values = form.values()
            values.pop("website")
            secret = secret_for(values.pop("token"))
            pictures = uploaded_all("photo", most=MOST_PICTURES, pictures_only=True)
            with writing() as work:
                complaints.receive(work, secret=secret, pictures=pictures, **values)
            return redirect(url_for("complain.status", secret=secret, sent="yes"), code=303)
    number = str(form.value("notice"))[:30]
    with reading() as work:
        posted = notices.find(work.session, number, work.today)
    if number and posted is None and not form.posted:
        raise unknown()
    kinds = [one for one in Kind if one is not Kind.OBJECTION]
    return render("complaints/new.html", form=form, posted=posted, kinds=kinds, most=MOST_PICTURES), form.status


def _asked() -> dict[str, Any]:
    return {name: request.args[name][:300] for name in _ASKED if request.args.get(name)}


@bp.route("/complaints/mine/<secret>", methods=["GET", "POST"])
@limiter.shared_limit("60/minute", scope="complaint-status")
@public
def status(secret: str) -> ResponseReturnValue:
    """Where it stands, the office's answers, and room for more words; the address itself is the key."""
    form = Form(ReplyIn())
    if form.posted:
        with form.catching(), writing() as work:
            complaints.reply(work, secret, **form.values())
            return redirect(url_for("complain.status", secret=secret, written="yes"), code=303)
    return _status(secret, form)


@bp.post("/complaints/mine/<secret>/dissent")
@limiter.shared_limit("60/minute", scope="complaint-status")
@public
def dissent(secret: str) -> ResponseReturnValue:
    """«Not satisfied»: once, to those who decide."""
    form = Form(DissentIn())
    with form.catching(), writing() as work:
        complaints.dissent(work, secret, words=form.values()["why"])
        return redirect(url_for("complain.status", secret=secret, passed="yes"), code=303)
    return _status(secret, form, dissenting=True)


def _status(secret: str, form: Form, *, dissenting: bool = False) -> ResponseReturnValue:
    with reading() as work:
        found = reads.own(work.session, complaints.digest(secret), work.today)
    address = house().settings.public_url.rstrip("/") + url_for("complain.status", secret=secret)
    ended = found.complaint.state in ENDED
    just = next((one for one in ("sent", "written", "passed") if request.args.get(one)), "")
    page = render(
        "complaints/mine.html",
        form=form,
        dissenting=dissenting,
        found=found,
        secret=secret,
        address=address,
        ended=ended,
        just=just,
    )
    return page, form.status, {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
