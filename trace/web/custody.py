"""The page of a batch's chain of custody."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading
from trace.queries import batches
from trace.queries import custody as reads

bp = Blueprint("custody", __name__)


@bp.get("/batches/<batch_id>/custody")
@needs("batches.read")
def show(batch_id: str) -> ResponseReturnValue:
    """Whose hands the goods went through, with seals and journeys."""
    with reading() as work:
        entry = batches.find(work.session, actor(), batch_id)
        found = reads.of_batch(work.session, actor(), batch_id)
    return render("batches/custody.html", one=entry.batch, entry=entry, found=found)
