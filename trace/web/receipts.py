"""Pages of what the log tells of a batch, herd, shipment or container, with a signed receipt of each act to keep."""

from __future__ import annotations

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from brand.edge.pages import render
from brand.edge.policies import needs
from brand.edge.requests import actor, house, reading
from trace.parts import parts
from trace.queries import receipts as reads
from trace.queries.receipts import Kind
from trace.services import receipts
from trace.web.sheets import attachment

bp = Blueprint("receipts", __name__)


@bp.get("/batches/<batch_id>/acts")
@needs("batches.read")
def of_batch(batch_id: str) -> ResponseReturnValue:
    return _acts(Kind.BATCH, batch_id)


@bp.get("/herds/<herd_id>/acts")
@needs("herds.read")
def of_herd(herd_id: str) -> ResponseReturnValue:
    return _acts(Kind.HERD, herd_id)


@bp.get("/shipments/<number>/acts")
@needs("batches.read")
def of_shipment(number: str) -> ResponseReturnValue:
    return _acts(Kind.SHIPMENT, number)


@bp.get("/containers/<code>/acts")
@needs("batches.read")
def of_container(code: str) -> ResponseReturnValue:
    return _acts(Kind.CONTAINER, code)


@bp.get("/batches/<batch_id>/acts/<act>/receipt")
@needs("batches.read")
def batch_receipt(batch_id: str, act: str) -> Response:
    """The receipt as a file; ``brandtrace verify`` checks it off-line."""
    return _receipt(Kind.BATCH, batch_id, act)


@bp.get("/herds/<herd_id>/acts/<act>/receipt")
@needs("herds.read")
def herd_receipt(herd_id: str, act: str) -> Response:
    return _receipt(Kind.HERD, herd_id, act)


@bp.get("/shipments/<number>/acts/<act>/receipt")
@needs("batches.read")
def shipment_receipt(number: str, act: str) -> Response:
    return _receipt(Kind.SHIPMENT, number, act)


@bp.get("/containers/<code>/acts/<act>/receipt")
@needs("batches.read")
def container_receipt(code: str, act: str) -> Response:
    return _receipt(Kind.CONTAINER, code, act)


def _acts(kind: Kind, key: str) -> ResponseReturnValue:
    with reading() as work:
        thing = reads.find(work.session, actor(), kind, key)
        rows = reads.of(work.session, actor(), kind, key)
    return render("receipts/acts.html", kind=kind.value, key=key, thing=thing, rows=rows)


def _receipt(kind: Kind, key: str, act: str) -> Response:
    with reading() as work:
        note = receipts.give(work, parts().signer.keeper, house().settings.origin, kind, key, act)
    return attachment(note.encode("utf-8"), f"receipt-{act}.txt", "text/plain; charset=utf-8")
