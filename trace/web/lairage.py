"""Pages of animals before slaughter: lots that come, tags read at the gate, the examination, what does not agree."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.languages import explain, say
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import Fault
from brand.queries import enterprises
from trace.queries import lairage as reads
from trace.queries import producers
from trace.schemas.lairage import CallOffIn, ExamineIn, LairageIn, LairagesIn, ReadIn
from trace.services import alarms, lairage

bp = Blueprint("lairage", __name__)


@bp.get("/lairage")
@needs("batches.read")
def index() -> ResponseReturnValue:
    wanted = LairagesIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        found = reads.listing(work.session, actor(), number=wanted["page"], size=wanted["size"])
        mine = reads.abattoirs(work.session, actor())
    return render("lairage/index.html", found=found, mine=mine)


@bp.route("/enterprises/<enterprise_id>/lairage/new", methods=["GET", "POST"])
@needs("batches.register")
def new(enterprise_id: str) -> ResponseReturnValue:
    """A lot that is to come."""
    with reading() as work:
        actor().require("batches.register", enterprise_id)
        abattoir = enterprises.one(work.session, actor(), enterprise_id)
        choices = producers.choices(work.session, actor(), work.today)
        today = work.today.isoformat()
    form = Form(LairageIn(), expected_on=today)
    if form.posted:
        with form.catching():
            given = form.values()
            with alarms.watching(writing, enterprise_id), writing() as work:
                made = lairage.announce(work, enterprise_id, **given)
            return back("lairage.show", "Announced. Now the tags are read.", lairage_id=made.id)
    return render("lairage/new.html", form=form, abattoir=abattoir, choices=choices), form.status


@bp.get("/lairage/<lairage_id>")
@needs("batches.read")
def show(lairage_id: str) -> ResponseReturnValue:
    return _show(lairage_id, Form(ReadIn()))


@bp.post("/lairage/<lairage_id>/tags")
@needs("batches.register")
def read(lairage_id: str) -> ResponseReturnValue:
    """Tags read at the gate."""
    form = Form(ReadIn())
    with form.catching():
        given = form.values()
        with writing() as work:
            lairage.read(work, lairage_id, **given)
        return back("lairage.show", "Tags taken in.", lairage_id=lairage_id)
    return _show(lairage_id, form)


@bp.post("/lairage/<lairage_id>/examination")
@needs("batches.register")
def examine(lairage_id: str) -> ResponseReturnValue:
    """The examination before slaughter."""
    form = Form(ExamineIn())
    with form.catching():
        given = form.values()
        with writing() as work:
            lairage.examine(work, lairage_id, **given)
        return back("lairage.show", "Examined. The carcass sheet may follow.", lairage_id=lairage_id)
    return _show(lairage_id, form)


@bp.post("/lairage/<lairage_id>/calling-off")
@needs("batches.register")
def call_off(lairage_id: str) -> ResponseReturnValue:
    """A lot of which nothing came."""
    form = Form(CallOffIn())
    with form.catching():
        given = form.values()
        with writing() as work:
            lairage.call_off(work, lairage_id, **given)
        return back("lairage.show", "Called off. Its number is free again.", lairage_id=lairage_id)
    return _show(lairage_id, form)


def _show(lairage_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        entry = reads.find(work.session, actor(), lairage_id)
        one = entry.lairage
        found = reads.tags(work.session, lairage_id)
        differences: Any = _kept(one.differences) if one.examined_at else reads.compared(work.session, one, work.today)
        paper = reads.paper_of(work.session, one)
    page = render(
        "lairage/show.html",
        form=form,
        entry=entry,
        one=one,
        tags=found,
        paper=paper,
        differences=[_told(each) for each in differences],
        may_write=actor().may("batches.register", one.abattoir_id) and one.state in ("announced", "read"),
        may_slaughter=actor().may("batches.register", one.abattoir_id) and one.state == "examined",
    )
    return page, form.status


def _told(one: Fault) -> str:
    """A difference in words; what stands against an animal begins with its tag."""
    words = explain(one)
    return (
        words if one.code.startswith("lairage.") else say("Tag %(tag)s: %(words)s", tag=one.params["tag"], words=words)
    )


def _kept(differences: list[Any]) -> list[Fault]:
    """Differences as the examiner saw them."""
    return [Fault(one["code"], "", one["params"]) for one in differences]
