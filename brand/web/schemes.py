"""Pages of brand schemes: what a county's scheme allows, its brands, and the numbers its procedures rest on."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs, signed_in
from brand.edge.requests import actor, reading, writing
from brand.queries import editions
from brand.queries import scheme_changes as changes
from brand.queries import schemes as reads
from brand.rules import places
from brand.schemas import presets
from brand.schemas.schemes import LoadIn
from brand.services import schemes

bp = Blueprint("schemes", __name__)


@bp.get("/schemes")
@signed_in
def index() -> ResponseReturnValue:
    return _index(Form(LoadIn()))


@bp.post("/schemes")
@needs("schemes.manage")
def load() -> ResponseReturnValue:
    """Load a shipped preset."""
    form = Form(LoadIn())
    with form.catching(), writing() as work:
        scheme = schemes.load_preset(work, presets.read_shipped(form.values()["preset"]))
        return back("schemes.show", "The scheme is loaded.", scheme_id=scheme.id)
    return _index(form)


def _index(form: Form) -> ResponseReturnValue:
    with reading() as work:
        found = [reads.whole(work.session, one.id) for one in reads.schemes(work.session)]
    loaded = {one.scheme.code for one in found}
    waiting = [presets.read_shipped(name) for name in presets.shipped() if name not in loaded]
    return render("schemes/index.html", found=found, waiting=waiting, form=form), form.status


@bp.get("/schemes/<scheme_id>")
@signed_in
def show(scheme_id: str) -> ResponseReturnValue:
    with reading() as work:
        found = reads.whole(work.session, scheme_id)
        every = editions.editions(work.session, scheme_id)
        open_changes = changes.changes(work.session, scheme_id) if actor().may("schemes.changes") else []
        place = places.county(found.scheme.county_code, work.today)
    return render("schemes/show.html", found=found, place=place, every=every, changes=open_changes)
