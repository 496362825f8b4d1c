"""Receipts over the API: what the log tells of a batch, and a signed receipt of each act for a telephone to keep."""

from __future__ import annotations

from typing import Any

from flask import Response

from brand.edge.api import Blueprint
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, house, reading
from trace.parts import parts
from trace.queries import receipts as reads
from trace.schemas.receipts import ToldListOut
from trace.services import receipts

blp = Blueprint("api_receipts", __name__, url_prefix="/api/v1/batches", description="Receipts of acts on batches")
csrf.exempt(blp)


@blp.route("/<batch_id>/acts", methods=["GET"])
@blp.response(200, ToldListOut)
@needs("batches.read")
def index(batch_id: str) -> dict[str, Any]:
    """The acts on a batch the log tells of, each with its place."""
    with reading() as work:
        return {"rows": reads.of_batch(work.session, actor(), batch_id)}


@blp.route("/<batch_id>/acts/<act>/receipt", methods=["GET"])
@blp.response(200, content_type="text/plain", description="A signed note: brandtrace/receipt/v1 and one line of JSON")
@needs("batches.read")
def receipt(batch_id: str, act: str) -> Response:
    """The signed receipt of one act; 409 while the act waits for its place."""
    with reading() as work:
        note = receipts.give(work, parts().signer.keeper, house().settings.origin, batch_id, act)
    return Response(note, content_type="text/plain; charset=utf-8")
