"""Pages of one animal: its life from tag to carcass, a new tag or number, and finding a lost one again."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from trace.queries import animals as reads
from trace.queries import herds as herd_reads
from trace.queries import quarantine
from trace.rules.animals import IdKind, State
from trace.schemas.herds import FoundIn, NumberIn
from trace.services import animals
from trace.web import animal_words

bp = Blueprint("animals", __name__)


@bp.get("/animals/<animal_id>")
@needs("herds.read")
def show(animal_id: str) -> ResponseReturnValue:
    return _show(animal_id, Form(NumberIn()))


@bp.post("/animals/<animal_id>/numbers")
@needs("herds.write")
def number(animal_id: str) -> ResponseReturnValue:
    """A new ear tag, or another number; the old one stays with its dates."""
    form = Form(NumberIn())
    with form.catching():
        given = form.values()
        kind = IdKind(given["kind"])
        with writing() as work:
            animals.number(work, animal_id, kind, given["value"], given["day"], version=given["version"])
        return back("animals.show", "The number is noted; the old one stays with its dates.", animal_id=animal_id)
    return _show(animal_id, form)


@bp.post("/animals/<animal_id>/found")
@needs("herds.write")
def found(animal_id: str) -> ResponseReturnValue:
    form = Form(FoundIn())
    with form.catching():
        given = form.values()
        with writing() as work:
            animals.find_again(work, animal_id, given["herd_id"], given["day"])
        return back("animals.show", "It is back in the herd.", animal_id=animal_id)
    return _show(animal_id, form)


def _show(animal_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        life = reads.find(work.session, actor(), animal_id, work.today)
        last = life.stays[-1][1]
        mine = actor().may("herds.write", last.enterprise_id)
        homes = herd_reads.of_enterprise(work.session, last.enterprise_id) if mine else ()
        today = work.today
        readable = {one.id: quarantine.readable(work.session, actor(), one.id) for _, one in life.papers}
    alive, lost = life.shown.animal.state == State.ALIVE, life.shown.animal.state == State.LOST
    page = render(
        "herds/animal.html",
        form=form,
        life=life,
        one=life.shown.animal,
        history=animal_words.history(life, today),
        readable=readable,
        kinds=list(IdKind),
        may_number=mine and alive,
        may_find=mine and lost,
        homes=homes,
        today=today,
    )
    return page, form.status
