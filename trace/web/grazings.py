"""The page on which a keeper says where the herd is."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from trace.queries import grazings as reads
from trace.queries import herds
from trace.schemas.grazings import GrazingIn
from trace.services import grazings

bp = Blueprint("grazings", __name__)


@bp.route("/herds/<herd_id>/grazings", methods=["GET", "POST"])
@needs("herds.write")
def go(herd_id: str) -> ResponseReturnValue:
    """The herd goes to another pasture or barn, or leaves the one it is on."""
    with reading() as work:
        entry = herds.find(work.session, actor(), herd_id)
        actor().require("herds.write", entry.enterprise.id)
        found = reads.of_herd(work.session, actor(), herd_id)
        grounds = reads.grounds(work.session, entry.enterprise.id)
        today = work.today
    form = Form(GrazingIn(), day=today.isoformat(), version=entry.herd.version)
    if form.posted:
        with form.catching(), writing() as work:
            grazings.go(work, herd_id, **form.values())
            return back("herds.show", "Noted.", herd_id=herd_id)
    return render("herds/graze.html", form=form, entry=entry, found=found, grounds=grounds), form.status
