"""Editions of standards for the office: writing words and grade table, trying it out, submitting, publishing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.languages import explain
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs, signed_in
from brand.edge.requests import actor, reading, writing
from brand.kernel import uploads
from brand.kernel.errors import unknown
from brand.kernel.work import Work
from brand.queries import standards as reads
from brand.queries.standards import Draft
from brand.rules import grade_table_forms
from brand.rules.grade_table_checks import NAMED_WORDS
from brand.rules.grade_tables import NAMED, SHIPPED_SCALES, CarcassClass
from brand.rules.presets import Confidence
from brand.rules.standards import LARGEST_DOCUMENT, EditionState, Section, StandardKind
from brand.schemas import standards as shapes
from brand.services import standards
from brand.web import standard_tables
from brand.web.standards import attachment

bp = Blueprint("standard_drafts", __name__, url_prefix="/standard-drafts")

#: Words a criterion may be given, best first.
WORDS = {one.value: (NAMED_WORDS if one in NAMED else SHIPPED_SCALES)[one] for one in (*SHIPPED_SCALES, *NAMED)}


@bp.get("")
@needs("standards.read")
def index() -> ResponseReturnValue:
    asked = {name: text for name, text in request.args.items() if text and name != "lang"}
    wanted = shapes.EditionsIn().take(asked)
    with reading() as work:
        found = reads.drafts(work.session, wanted["state"])
    states = [one for one in EditionState if one is not EditionState.NEW]
    return render("standards/drafts.html", found=found, wanted=wanted, states=states)


@bp.route("/new", methods=["GET", "POST"])
@needs("standards.write")
def new() -> ResponseReturnValue:
    """A new edition, from nothing or from the words of another."""
    form = Form(shapes.EditionNewIn(), based_on=request.args.get("based_on", ""), code=request.args.get("code", ""))
    if form.posted:
        with form.catching(), writing() as work:
            made = standards.draft(work, **form.values())
            return back("standard_drafts.show", "The draft is saved.", edition_id=made.id)
    with reading() as work:
        found = reads.drafts(work.session)
    return render("standards/new.html", form=form, found=found), form.status


@bp.get("/<edition_id>")
@needs("standards.read")
def show(edition_id: str) -> ResponseReturnValue:
    with reading() as work:
        found = _draft(work, edition_id)
    return render(
        "standards/draft.html",
        found=found,
        one=found.shown,
        table=standard_tables.shown(found.shown.content["grade_table"]),
        sections=list(Section),
        classes=list(CarcassClass),
        explain=explain,
    )


@bp.route("/<edition_id>/words", methods=["GET", "POST"])
@needs("standards.write")
def words(edition_id: str) -> ResponseReturnValue:
    """Title, issuer, effective day, the five sections."""
    with reading() as work:
        found = _editable(work, edition_id)
    one = found.shown
    form = Form(shapes.words_shape(), version=one.edition.version, **shapes.typed_words(one.content))
    if form.posted:
        with form.catching(), writing() as work:
            given = form.values()
            standards.edit(work, edition_id, version=given["version"], **shapes.words_of(given))
            return back("standard_drafts.show", "Saved.", edition_id=edition_id)
    page = render("standards/words.html", form=form, one=one, sections=list(Section), kinds=list(StandardKind))
    return page, form.status


@bp.route("/<edition_id>/table", methods=["GET", "POST"])
@needs("standards.write")
def table(edition_id: str) -> ResponseReturnValue:
    """Where the grade table was read and how it is measured."""
    with reading() as work:
        found = _editable(work, edition_id)
    one = found.shown
    head: dict[str, Any] = grade_table_forms.head_of(one.content["grade_table"])
    form = Form(shapes.table_shape(), version=one.edition.version, **head)
    if form.posted:
        with form.catching(), writing() as work:
            standards.edit_table(work, edition_id, **form.values())
            return back("standard_drafts.show", "Saved.", edition_id=edition_id)
    return render("standards/table.html", form=form, one=one, marks=list(Confidence)), form.status


@bp.route("/<edition_id>/table/<carcass_class>", methods=["GET", "POST"])
@needs("standards.write")
def rows(edition_id: str, carcass_class: str) -> ResponseReturnValue:
    """The rows of one class."""
    with reading() as work:
        found = _editable(work, edition_id)
    one, kind = found.shown, _class(carcass_class)
    raw = one.content["grade_table"]
    if raw is None:
        raise unknown()
    cells: dict[str, Any] = grade_table_forms.cells_of(raw, kind)
    form = Form(shapes.class_shape(), version=one.edition.version, **cells)
    if form.posted:
        with form.catching(), writing() as work:
            standards.edit_class(work, edition_id, kind, **form.values())
            return back("standard_drafts.show", "Saved.", edition_id=edition_id)
    page = render(
        "standards/rows.html",
        form=form,
        one=one,
        kind=kind,
        grades=grade_table_forms.GRADES,
        words=WORDS,
        marks=list(Confidence),
    )
    return page, form.status


@bp.post("/<edition_id>/table/remove")
@needs("standards.write")
def drop_table(edition_id: str) -> ResponseReturnValue:
    with writing() as work:
        standards.drop_table(work, edition_id, **Form(shapes.VersionIn()).values())
    return back("standard_drafts.show", "The grade table is taken out.", edition_id=edition_id)


@bp.get("/<edition_id>/try")
@needs("standards.read")
def trial(edition_id: str) -> ResponseReturnValue:
    """A carcass on the table, before anybody is graded by it."""
    with reading() as work:
        found = _draft(work, edition_id)
    raw = found.shown.content["grade_table"]
    if raw is None or not all(raw["classes"].get(one.value) for one in CarcassClass):
        raise unknown()
    asked: dict[str, Any] = {
        name: text.strip() for name, text in request.args.items() if text.strip() and name != "lang"
    }
    form = Form(shapes.TrialIn(), **asked)
    made = None
    if asked:
        with form.catching():
            made = standard_tables.trial(raw, shapes.TrialIn().take(asked))
    page = render(
        "standards/try.html",
        form=form,
        one=found.shown,
        made=made,
        edges=standard_tables.edges(raw),
        words=WORDS,
        classes=list(CarcassClass),
    )
    return page, form.status


@bp.route("/<edition_id>/documents", methods=["GET", "POST"])
@needs("standards.write")
def documents(edition_id: str) -> ResponseReturnValue:
    """Documents beside the words: the printed text, a handbook."""
    with reading() as work:
        found = _editable(work, edition_id)
    one = found.shown
    form = Form(shapes.VersionIn(), version=one.edition.version)
    if form.posted:
        with form.catching():
            given = form.values()
            sent = request.files.get("file")
            data = sent.stream.read(LARGEST_DOCUMENT + 1) if sent else b""
            upload = uploads.take((sent.filename if sent else "") or "", data, most=LARGEST_DOCUMENT)
            with writing() as work:
                standards.add_document(work, edition_id, upload=upload, **given)
            return back("standard_drafts.show", "The document is kept.", edition_id=edition_id)
    return render("standards/documents.html", form=form, one=one), form.status


@bp.post("/<edition_id>/documents/<sha256>/remove")
@needs("standards.write")
def remove_document(edition_id: str, sha256: str) -> ResponseReturnValue:
    with writing() as work:
        standards.remove_document(work, edition_id, sha256=sha256, **Form(shapes.VersionIn()).values())
    return back("standard_drafts.show", "The document is taken out.", edition_id=edition_id)


@bp.get("/<edition_id>/files/<sha256>")
@needs("standards.read")
def document(edition_id: str, sha256: str) -> ResponseReturnValue:
    with reading() as work:
        return attachment(*reads.document(work.session, _draft(work, edition_id).shown, sha256))


@bp.route("/<edition_id>/steps/<action>", methods=["GET", "POST"])
@signed_in
def step(edition_id: str, action: str) -> ResponseReturnValue:
    """One step: what it means, what has to be said with it, and the button."""
    form = Form(shapes.CommentedStepIn())
    if form.posted:
        with form.catching(), writing() as work:
            standards.step(work, edition_id, action, **form.values())
            return back("standard_drafts.show", f"standard.done.{action}", edition_id=edition_id)
    with reading() as work:
        context = _step_page(work, edition_id, action, form)
    return render("standards/step.html", form=form, **context), form.status


def _step_page(work: Work, edition_id: str, action: str, form: Form) -> dict[str, Any]:
    """What the page of one step shows; a step that is not open to this person is not there."""
    found = _draft(work, edition_id)
    for one in found.open_steps:
        if one.step.action == action and action not in ("edit", "supersede"):
            return {"one": found.shown, "step": one.step, "refusal": one.refusal, "explain": explain}
    raise form.error or unknown()


def _draft(work: Work, edition_id: str) -> Draft:
    return reads.draft(work.session, actor(), edition_id, work.today)


def _editable(work: Work, edition_id: str) -> Draft:
    """An edition that can still be written; what is published answers like what is not there."""
    found = _draft(work, edition_id)
    if request.method == "GET" and not any(one.step.action == "edit" for one in found.open_steps):
        raise unknown()
    return found


def _class(name: str) -> CarcassClass:
    if name not in list(CarcassClass):
        raise unknown()
    return CarcassClass(name)
