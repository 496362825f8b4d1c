"""The page of what the log tells of a batch, with a signed receipt of each act to keep."""

from __future__ import annotations

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from brand.edge.pages import render
from brand.edge.policies import needs
from brand.edge.requests import actor, house, reading
from trace.parts import parts
from trace.queries import batches
from trace.queries import receipts as reads
from trace.services import receipts
from trace.web.sheets import attachment

bp = Blueprint("receipts", __name__, url_prefix="/batches")


@bp.get("/<batch_id>/acts")
@needs("batches.read")
def index(batch_id: str) -> ResponseReturnValue:
    with reading() as work:
        batch = batches.find(work.session, actor(), batch_id).batch
        rows = reads.of_batch(work.session, actor(), batch_id)
    return render("batches/acts.html", one=batch, rows=rows)


@bp.get("/<batch_id>/acts/<act>/receipt")
@needs("batches.read")
def receipt(batch_id: str, act: str) -> Response:
    """The receipt as a file; ``brandtrace verify`` checks it off-line."""
    with reading() as work:
        note = receipts.give(work, parts().signer.keeper, house().settings.origin, batch_id, act)
    return attachment(note.encode("utf-8"), f"receipt-{act}.txt", "text/plain; charset=utf-8")
