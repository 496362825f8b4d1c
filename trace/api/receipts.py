"""Receipts over the API: what the log tells of a thing, and a signed receipt of each act for a telephone to keep."""

from __future__ import annotations

from typing import Any

from flask import Response

from brand.edge.api import Blueprint
from brand.edge.policies import needs, signed_in
from brand.edge.protection import csrf
from brand.edge.requests import actor, house, reading
from brand.kernel import clock
from trace.parts import parts
from trace.queries import receipts as reads
from trace.queries.receipts import Kind
from trace.schemas.receipts import MOST, MineIn, MineOut, ToldListOut
from trace.services import receipts

blp = Blueprint("api_receipts", __name__, url_prefix="/api/v1", description="Receipts of acts the log tells of")
csrf.exempt(blp)

_FILE = "A signed note: brandtrace/receipt/v1 and one line of JSON"


@blp.route("/batches/<batch_id>/acts", methods=["GET"])
@blp.response(200, ToldListOut)
@needs("batches.read")
def of_batch(batch_id: str) -> dict[str, Any]:
    """The acts on a batch the log tells of, each with its place."""
    return _acts(Kind.BATCH, batch_id)


@blp.route("/herds/<herd_id>/acts", methods=["GET"])
@blp.response(200, ToldListOut)
@needs("herds.read")
def of_herd(herd_id: str) -> dict[str, Any]:
    """The acts on a herd the log tells of, each with its place."""
    return _acts(Kind.HERD, herd_id)


@blp.route("/shipments/<number>/acts", methods=["GET"])
@blp.response(200, ToldListOut)
@needs("batches.read")
def of_shipment(number: str) -> dict[str, Any]:
    """The acts on a shipment the log tells of, each with its place."""
    return _acts(Kind.SHIPMENT, number)


@blp.route("/containers/<code>/acts", methods=["GET"])
@blp.response(200, ToldListOut)
@needs("batches.read")
def of_container(code: str) -> dict[str, Any]:
    """The acts on a case or pallet the log tells of, each with its place."""
    return _acts(Kind.CONTAINER, code)


@blp.route("/batches/<batch_id>/acts/<act>/receipt", methods=["GET"])
@blp.response(200, content_type="text/plain", description=_FILE)
@needs("batches.read")
def batch_receipt(batch_id: str, act: str) -> Response:
    """The signed receipt of one act on a batch; 409 while the act waits for its place."""
    return _receipt(Kind.BATCH, batch_id, act)


@blp.route("/herds/<herd_id>/acts/<act>/receipt", methods=["GET"])
@blp.response(200, content_type="text/plain", description=_FILE)
@needs("herds.read")
def herd_receipt(herd_id: str, act: str) -> Response:
    """The signed receipt of one act on a herd; 409 while the act waits for its place."""
    return _receipt(Kind.HERD, herd_id, act)


@blp.route("/shipments/<number>/acts/<act>/receipt", methods=["GET"])
@blp.response(200, content_type="text/plain", description=_FILE)
@needs("batches.read")
def shipment_receipt(number: str, act: str) -> Response:
    """The signed receipt of one act on a shipment; 409 while the act waits for its place."""
    return _receipt(Kind.SHIPMENT, number, act)


@blp.route("/containers/<code>/acts/<act>/receipt", methods=["GET"])
@blp.response(200, content_type="text/plain", description=_FILE)
@needs("batches.read")
def container_receipt(code: str, act: str) -> Response:
    """The signed receipt of one act on a case or pallet; 409 while the act waits for its place."""
    return _receipt(Kind.CONTAINER, code, act)


@blp.route("/receipts", methods=["GET"])
@blp.arguments(MineIn, location="query")
@blp.response(200, MineOut)
@signed_in
def mine(given: dict[str, Any]) -> dict[str, Any]:
    """The receipts of what the token's person did since a day, the earliest first; acts that wait are left out."""
    with reading() as work:
        found = reads.mine(work.session, actor(), clock.day_begins(given["since"]), given["page"], MOST)
        rows = list(receipts.give_several(work, parts().signer.keeper, house().settings.origin, found.rows))
    return {"rows": rows, "page": found.number, "pages": found.pages, "total": found.total}


def _acts(kind: Kind, key: str) -> dict[str, Any]:
    with reading() as work:
        return {"rows": reads.of(work.session, actor(), kind, key)}


def _receipt(kind: Kind, key: str, act: str) -> Response:
    with reading() as work:
        note = receipts.give(work, parts().signer.keeper, house().settings.origin, kind, key, act)
    return Response(note, content_type="text/plain; charset=utf-8")
