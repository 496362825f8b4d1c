"""Pages of commitment certificates: issued per batch, replaced, withdrawn, papers of sellers, and one for everybody."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from brand.edge.files import saved, uploaded
from brand.edge.pages import Form, back, public_address, render
from brand.edge.policies import needs, public
from brand.edge.requests import actor, house, reading, writing
from brand.kernel.uploads import ENDINGS, PDF
from brand.kernel.work import Work
from trace.formats.papers import commitment_pdf
from trace.queries import batches, commitment_grounds
from trace.queries import commitments as reads
from trace.queries.batches import Entry
from trace.queries.commitment_papers import paper
from trace.rules import commitments as rules
from trace.rules.commitments import Basis, State, Style
from trace.rules.weights import plain
from trace.schemas.commitments import (
    CommitmentIn,
    CommitmentReplaceIn,
    CommitmentsIn,
    CommitmentTakenIn,
    CommitmentWithdrawIn,
)
from trace.services import commitments
from trace.services.commitments import Said

bp = Blueprint("commitments", __name__)


@bp.get("/commitments")
@needs("batches.read")
def index() -> ResponseReturnValue:
    """Certificates within reach, newest first."""
    asked = {name: text for name, text in request.args.items() if text and name != "lang"}
    wanted = CommitmentsIn().take(asked)
    kept = {name: wanted[name] for name in ("q", "state") if wanted[name]}
    with reading() as work:
        found = reads.listing(work.session, actor(), number=wanted["page"], size=wanted["size"], **kept)
    return render("commitments/index.html", found=found, wanted=wanted, kept=kept, states=list(State))


@bp.route("/batches/<batch_id>/commitments/new", methods=["GET", "POST"])
@needs("commitments.issue")
def new(batch_id: str) -> ResponseReturnValue:
    with reading() as work:
        entry = _held(work, batch_id)
        grounds = commitment_grounds.of(work.session, entry.batch)
    total = plain(entry.batch.total_kg)
    known = {"style": grounds.style, "bases": [], "quantity_kg": f"{total:f}"}
    contact = entry.holder.contact_phone if actor().may("enterprises.contact", entry.holder.id) else ""
    form = Form(CommitmentIn(), lists=("bases",), **known, contact=contact)
    if form.posted:
        with form.catching(), writing() as work:
            made = commitments.issue(work, batch_id, Said(**form.values()))
            return back("commitments.show", "Issued.", number=made.number)
    return _edit(form, entry, grounds, None), form.status


@bp.route("/commitments/<number>/replace", methods=["GET", "POST"])
@needs("commitments.issue")
def replace(number: str) -> ResponseReturnValue:
    with reading() as work:
        found = reads.find(work.session, actor(), number)
        actor().require("commitments.issue", found.commitment.enterprise_id)
        entry = batches.find(work.session, actor(), found.batch.id)
        grounds = commitment_grounds.of(work.session, entry.batch)
    old = found.commitment
    form = Form(
        CommitmentReplaceIn(),
        lists=("bases",),
        **old.model_dump() | {"style": grounds.style, "quantity_kg": f"{plain(old.quantity_kg):f}"},
    )
    if form.posted:
        with form.catching(), writing() as work:
            given = form.values()
            version = given.pop("version")
            made = commitments.replace(work, number, Said(**given), version=version)
            return back("commitments.show", "Issued anew; the old one is marked replaced.", number=made.number)
    return _edit(form, entry, grounds, old), form.status


@bp.get("/commitments/<number>")
@needs("batches.read")
def show(number: str) -> ResponseReturnValue:
    return _show(number, Form(CommitmentWithdrawIn()))


@bp.post("/commitments/<number>/withdraw")
@needs("commitments.issue")
def withdraw(number: str) -> ResponseReturnValue:
    form = Form(CommitmentWithdrawIn())
    with form.catching(), writing() as work:
        commitments.withdraw(work, number, **form.values())
        return back("commitments.show", "Withdrawn; whoever reads the symbol sees it at once.", number=number)
    return _show(number, form)


@bp.get("/commitments/<number>/certificate.pdf")
@needs("batches.read")
def pdf(number: str) -> Response:
    """Drawn outside the transaction: composing takes a tenth of a second."""
    with reading() as work:
        one = paper(reads.find(work.session, actor(), number).commitment, house().settings.public_url)
    return saved(commitment_pdf(one), f"{number}.pdf", PDF)


@bp.route("/batches/<batch_id>/commitments/taken", methods=["GET", "POST"])
@needs("batches.read")
def papers(batch_id: str) -> ResponseReturnValue:
    """The papers taken from sellers for a batch, and one more."""
    with reading() as work:
        entry = batches.find(work.session, actor(), batch_id)
        may_take = actor().may("commitments.issue", entry.batch.holder_id)
    form = Form(CommitmentTakenIn(), product=entry.product.name)
    if form.posted:
        with form.catching():
            given = form.values()
            upload = uploaded()
            with writing() as work:
                commitments.take(work, batch_id, upload=upload, **given)
            return back("commitments.papers", "Kept.", batch_id=batch_id)
    with reading() as work:
        taken = reads.taken_of(work.session, actor(), batch_id)
        spoken = sum((one.quantity_kg for one in taken), rules.NOTHING)
    page = render(
        "commitments/papers.html",
        form=form,
        entry=entry,
        one=entry.batch,
        taken=taken,
        spoken=plain(min(spoken, entry.batch.total_kg)),
        plain=plain,
        may_take=may_take and rules.applies(entry.batch.form),
        order=rules.order(),
    )
    return page, form.status


@bp.get("/commitments/taken/<taken_id>/file")
@needs("batches.read")
def file(taken_id: str) -> ResponseReturnValue:
    with reading() as work:
        one = reads.taken(work.session, actor(), taken_id)
    return saved(one.content, f"{one.id}.{ENDINGS[one.media_type]}", one.media_type)


@bp.get("/q/<code>")
@public
def everybody(code: str) -> ResponseReturnValue:
    """A certificate for everybody: what it says, whether it stands, and no contact."""
    with reading() as work:
        found = reads.public(work.session, code)
        today = work.today
    return render("commitments/public.html", found=found, one=found.commitment, today=today, order=rules.order())


@bp.get("/q/<code>.json")
@public
def everybody_as_data(code: str) -> Response:
    """The same as a file of data."""
    with reading() as work:
        found = reads.data(reads.public(work.session, code))
    text = json.dumps(found, ensure_ascii=False, sort_keys=True, indent=1, default=str)
    return saved(text.encode(), f"{found['words']['number']}.json", "application/json")


def _held(work: Work, batch_id: str) -> Entry:
    entry = batches.find(work.session, actor(), batch_id)
    actor().require("commitments.issue", entry.batch.holder_id)
    return entry


def _edit(form: Form, entry: Entry, grounds: commitment_grounds.Grounds, old: Any) -> str:
    return render(
        "commitments/edit.html",
        form=form,
        entry=entry,
        one=entry.batch,
        grounds=grounds,
        old=old,
        styles=list(Style),
        bases=list(Basis),
        order=rules.order(),
        applies=rules.applies(entry.batch.form),
        must=rules.required(entry.batch.form, entry.holder.kind, entry.batch.made_on),
    )


def _show(number: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        entry = reads.find(work.session, actor(), number)
        shown = reads.public(work.session, entry.commitment.code)
    page = render(
        "commitments/show.html",
        form=form,
        entry=entry,
        one=entry.commitment,
        shown=shown,
        order=rules.order(),
        address=public_address("commitments.everybody", code=entry.commitment.code),
        may_issue=actor().may("commitments.issue", entry.commitment.enterprise_id)
        and entry.commitment.state == "valid",
    )
    return page, form.status
