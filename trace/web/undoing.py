"""The page that takes an act on goods back: what comes back, what stands in the way, and why."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import unknown
from trace.queries import batches
from trace.queries import undoing as reads
from trace.schemas.flows import UndoIn
from trace.services import undoing

bp = Blueprint("undoing", __name__)


@bp.route("/batches/<batch_id>/acts/<operation_id>/undo", methods=["GET", "POST"])
@needs("flows.record")
def undo(batch_id: str, operation_id: str) -> ResponseReturnValue:
    """An act on goods is taken back; the page names what stands in the way before anybody asks."""
    with reading() as work:
        entry = batches.find(work.session, actor(), batch_id)
        done = reads.find(work.session, actor(), operation_id)
        if entry.batch.id not in {one.id for one in done.goods}:
            raise unknown()
        standing = [] if done.undone else reads.in_the_way(work.session, done)
    form = Form(UndoIn())
    if form.posted:
        with form.catching():
            with writing() as work:
                undoing.undo(work, operation_id, **form.values())
            return back("batches.show", "Taken back.", batch_id=batch_id)
    page = render("flows/undo.html", form=form, one=entry.batch, done=done, its=done.operation, standing=standing)
    return page, form.status
