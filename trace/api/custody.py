"""Chains of custody over the API."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading
from trace.queries import custody as reads
from trace.schemas.custody import CustodyOut

blp = Blueprint("api_custody", __name__, url_prefix="/api/v1", description="Chains of custody")
csrf.exempt(blp)


@blp.route("/batches/<batch_id>/custody", methods=["GET"])
@blp.response(200, CustodyOut)
@needs("batches.read")
def show(batch_id: str) -> dict[str, Any]:
    """Who had the goods from when until when, under which seal, in order of time."""
    with reading() as work:
        return {"rows": reads.of_batch(work.session, actor(), batch_id)}
