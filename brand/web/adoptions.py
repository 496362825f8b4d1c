"""Who works by which edition, adopted in batches, and who came to which training."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs, signed_in
from brand.edge.requests import actor, reading, writing
from brand.queries import adoptions as reads
from brand.queries import standards
from brand.rules.standards import EditionState
from brand.schemas.standards import AdoptIn, AttendanceIn, EnrolmentIn, TrainingIn
from brand.services import adoptions

bp = Blueprint("adoptions", __name__)


@bp.get("/adoptions")
@signed_in
def index() -> ResponseReturnValue:
    return _index(Form(AdoptIn()))


@bp.post("/adoptions/<enrolment_id>")
@needs("standards.adopt")
def adopt(enrolment_id: str) -> ResponseReturnValue:
    """The enterprise works by this edition from today on."""
    form = Form(AdoptIn())
    with form.catching(), writing() as work:
        adoptions.adopt(work, enrolment_id, **form.values())
        return back("adoptions.index", "The edition is adopted.")
    return _index(form)


def _index(form: Form) -> ResponseReturnValue:
    with reading() as work:
        found = reads.enrolments(work.session, actor(), work.today)
    return render("standards/adoptions.html", found=found, form=form), form.status


@bp.route("/adoptions/new", methods=["GET", "POST"])
@needs("standards.write")
def new() -> ResponseReturnValue:
    """A batch in which enterprises adopt a published edition."""
    form = Form(EnrolmentIn())
    if form.posted:
        with form.catching(), writing() as work:
            adoptions.open_enrolment(work, **form.values())
            return back("adoptions.index", "The batch is open.")
    with reading() as work:
        found = standards.drafts(work.session, EditionState.PUBLISHED)
    return render("standards/adoption_new.html", form=form, found=found), form.status


@bp.get("/trainings")
@signed_in
def trainings() -> ResponseReturnValue:
    with reading() as work:
        found = reads.trainings(work.session, actor())
    return render("standards/trainings.html", found=found)


@bp.route("/trainings/new", methods=["GET", "POST"])
@needs("standards.write")
def new_training() -> ResponseReturnValue:
    form = Form(TrainingIn())
    if form.posted:
        with form.catching(), writing() as work:
            made = adoptions.hold_training(work, **form.values())
            return back("adoptions.training", "The training is on record.", training_id=made.id)
    with reading() as work:
        found = standards.published(work.session, work.today)
    return render("standards/training_new.html", form=form, found=found), form.status


@bp.route("/trainings/<training_id>", methods=["GET", "POST"])
@needs("standards.write")
def training(training_id: str) -> ResponseReturnValue:
    """Who came; one line per enterprise."""
    form = Form(AttendanceIn())
    if form.posted:
        with form.catching(), writing() as work:
            adoptions.attend(work, training_id, **form.values())
            return back("adoptions.training", "Saved.", training_id=training_id)
    with reading() as work:
        found = reads.training(work.session, actor(), training_id)
        choices = reads.adopters(work.session, actor())
    return render("standards/training.html", form=form, found=found, choices=choices), form.status
