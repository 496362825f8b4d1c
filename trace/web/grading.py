"""The page of a batch's grades: the scatter against the table, what is open, the six axes, a grade by a person."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.languages import language
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.queries import standards
from brand.rules.grade_tables import Grade
from trace.queries import axes as axis_reads
from trace.queries import batches as batch_reads
from trace.queries import events as event_reads
from trace.queries import grading as reads
from trace.rules.carcass_classes import cattle_source
from trace.rules.events import EventKind
from trace.rules.grading import Method
from trace.schemas.grading import AxisIn, GradeIn, SettleIn
from trace.services import axes, grading
from trace.web import grading_parts as parts

bp = Blueprint("grading", __name__)


@bp.get("/batches/<batch_id>/grading")
@needs("batches.read")
def show(batch_id: str) -> ResponseReturnValue:
    """``?carcass=`` begins the form with these numbers."""
    return _show(batch_id, Form(GradeIn(), carcasses=request.args.get("carcass", ""), method="eye"), Form(AxisIn()))


@bp.post("/batches/<batch_id>/grading")
@needs("events.record")
def grade(batch_id: str) -> ResponseReturnValue:
    """One person's grade for the carcasses named."""
    form = Form(GradeIn())
    with form.catching():
        given = form.values()
        with writing() as work:
            grading.grade(work, batch_id, grading.Said(**given))
        return back("grading.show", "The grade stands with your name.", batch_id=batch_id)
    return _show(batch_id, form, Form(AxisIn()))


@bp.post("/batches/<batch_id>/grading/settlement")
@needs("grading.settle")
def settle(batch_id: str) -> ResponseReturnValue:
    """The office's third hand where graders differ."""
    form = Form(SettleIn())
    with form.catching():
        given = form.values()
        with writing() as work:
            grading.settle(work, batch_id, grading.Said(**given))
        return back("grading.show", "Settled. The grade stands with your name.", batch_id=batch_id)
    return _show(batch_id, form, Form(AxisIn()))


@bp.post("/batches/<batch_id>/axes")
@needs("events.record")
def state(batch_id: str) -> ResponseReturnValue:
    """What is stated on one of the six axes."""
    form = Form(AxisIn())
    with form.catching():
        given = form.values()
        with writing() as work:
            axes.state(work, batch_id, **given)
        return back("grading.show", "Stated.", batch_id=batch_id)
    return _show(batch_id, Form(GradeIn()), form)


def _show(batch_id: str, form: Form, axis_form: Form) -> ResponseReturnValue:
    with reading() as work:
        entry = batch_reads.find(work.session, actor(), batch_id)
        batch, day = entry.batch, entry.slaughter
        carcasses = reads.every_carcass(work.session, batch_id)
        history = reads.history(work.session, batch_id)
        names = reads.graders(work.session, batch_id)
        found = axis_reads.of(work.session, batch)
        places = event_reads.offered(work.session, batch.holder_id, EventKind.REGRADING)
        table = standards.published_table(work.session, day.grade_table, day.grade_edition) if day else None
    may_grade = actor().may("events.record", batch.holder_id)
    sees_names = may_grade or actor().reach("batches.read") is None
    page = render(
        "batches/grading.html",
        one=batch,
        entry=entry,
        form=form,
        axis_form=axis_form,
        scatters=parts.scatters(carcasses, table) if table else [],
        kinds=parts.kinds(),
        shown=parts.MOST_DOTS,
        total=len(carcasses),
        disputed=[one for one in carcasses if one.disputed],
        waiting=[one for one in carcasses if one.waiting],
        ungraded=[one for one in carcasses if one.grade == Grade.MANUAL and not one.waiting and not one.disputed],
        history=[parts.told(carcass, made, names if sees_names else {}) for carcass, made in history],
        axes=parts.axes(found),
        shown_axes=found.shown,
        grades=list(Grade),
        methods=list(Method),
        places=places,
        cattle_source=cattle_source(language()),
        may_grade=may_grade,
        may_settle=actor().may("grading.settle"),
    )
    return page, max(form.status, axis_form.status)
