"""Purchases over the API: goods bought up with the papers of their seller."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.files import uploaded_or_none
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading
from brand.kernel.errors import pointing
from brand.kernel.paging import Page
from brand.kernel.work import Work
from trace.api.batches import row_of
from trace.queries import batches
from trace.queries import purchases as reads
from trace.queries.purchases import Entry
from trace.schemas.batches import BatchOut
from trace.schemas.purchases import PurchaseIn, PurchasePageOut, PurchasesIn
from trace.services import purchases

blp = Blueprint("api_purchases", __name__, url_prefix="/api/v1", description="Purchases")
csrf.exempt(blp)


@blp.route("/enterprises/<enterprise_id>/purchases", methods=["POST"])
@blp.arguments(PurchaseIn, location="form")
@blp.response(201, BatchOut)
@creates(BatchOut)
@needs("flows.record")
def buy(work: Work, values: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """Goods bought up, as multipart/form-data with the parts ``sale`` and ``certificate`` (pictures or PDF)."""
    one = purchases.beginning(values["seller_id"], values)
    papers = purchases.papers(values, uploaded_or_none("sale"), uploaded_or_none("certificate"))
    with pointing({"/seller": "/seller_id", "/producer_id": "/seller_id"}):
        batch = purchases.buy(work, enterprise_id, one, papers)
    return row_of(batches.entries(work.session, [batch])[0])


@blp.route("/purchases", methods=["GET"])
@blp.arguments(PurchasesIn, location="query")
@blp.response(200, PurchasePageOut)
@needs("batches.read")
def index(wanted: dict[str, Any]) -> Page[Entry]:
    """What was bought up, newest first; for both parties and the office."""
    number = wanted.pop("page")
    with reading() as work:
        return reads.listing(work.session, actor(), number=number, **wanted)
