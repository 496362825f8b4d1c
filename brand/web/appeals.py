"""Appeals as pages: the list, a new one against a decision, one with its answer, and its papers."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from brand.edge.files import saved, uploaded_all
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.clock import local_day
from brand.kernel.errors import unknown
from brand.kernel.uploads import ENDINGS
from brand.queries import appeals as reads
from brand.rules.appeals import ANSWER_POLICY, FILE_POLICY, AppealState
from brand.schemas.appeals import AppealAnswerIn, AppealIn, AppealsIn
from brand.services import appeals

bp = Blueprint("appeals", __name__, url_prefix="/appeals")
MOST_FILES = 8


@bp.get("")
@needs("applications.read")
def index() -> ResponseReturnValue:
    """Every appeal within reach, and the decisions one may still appeal against."""
    wanted = AppealsIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        asked = {"state": wanted["state"], "number": wanted["page"], "size": wanted["size"]}
        found = reads.listing(work.session, actor(), **asked)
        open_to = reads.open_to(work.session, actor(), work.today)
        today = work.today
    states = [one for one in AppealState if one is not AppealState.NEW]
    return render("appeals/index.html", found=found, open_to=open_to, wanted=wanted, states=states, today=today)


@bp.route("/new/<decision_id>", methods=["GET", "POST"])
@needs("appeals.write")
def new(decision_id: str) -> ResponseReturnValue:
    form = Form(AppealIn())
    if form.posted:
        with form.catching():
            values, files = form.values(), uploaded_all("files", most=MOST_FILES)
            with writing() as work:
                made = appeals.file(work, decision_id, uploads=files, **values)
                return back("appeals.show", "The appeal is sent.", appeal_id=made.id)
    with reading() as work:
        decided = reads.find_decision(work.session, actor(), "appeals.write", decision_id)
        if reads.of_decision(work.session, decision_id) and form.error is None:
            raise unknown()
        last = reads.term(work.session, decided, FILE_POLICY, local_day(decided.at))[1]
        rules = [reads.rule(work.session, decided, one) for one in (FILE_POLICY, ANSWER_POLICY)]
    page = render("appeals/new.html", form=form, decided=decided, last=last, rules=rules, most_files=MOST_FILES)
    return page, form.status


@bp.get("/<appeal_id>")
@needs("applications.read")
def show(appeal_id: str) -> ResponseReturnValue:
    return _show(appeal_id, Form(AppealAnswerIn()))


@bp.post("/<appeal_id>/<any(uphold, change):action>")
@needs("appeals.answer")
def step(appeal_id: str, action: str) -> ResponseReturnValue:
    """The answer, in writing."""
    form = Form(AppealAnswerIn())
    with form.catching(), writing() as work:
        appeals.step(work, appeal_id, action, **form.values())
        return back("appeals.show", f"appeal.done.{action}", appeal_id=appeal_id)
    return _show(appeal_id, form)


def _show(appeal_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        found = reads.find(work.session, actor(), appeal_id)
        rule = reads.term_rule(work.session, found)
        today = work.today
    return render("appeals/show.html", found=found, form=form, rule=rule, today=today), form.status


@bp.get("/<appeal_id>/files/<file_id>")
@needs("applications.read")
def save(appeal_id: str, file_id: str) -> Response:
    with reading() as work:
        number = reads.find(work.session, actor(), appeal_id).appeal.number
        file = reads.file(work.session, actor(), appeal_id, file_id)
    return saved(file.content, f"{number}-{file.id}.{ENDINGS[file.media_type]}", file.media_type)
