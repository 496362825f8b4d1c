"""The family of a batch over the API: where it came from and what became of it, at any moment; where a code leads."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading
from trace.parts import parts
from trace.queries import container_genealogy, containers
from trace.queries import genealogy as reads
from trace.queries.genealogy import Genealogy
from trace.rules.genealogy import check_moment
from trace.schemas.genealogy import GenealogyIn, GenealogyOut, StartIn, StartsOut

blp = Blueprint("api_genealogy", __name__, url_prefix="/api/v1", description="Genealogy")
csrf.exempt(blp)


@blp.route("/batches/<batch_id>/genealogy", methods=["GET"])
@blp.arguments(GenealogyIn, location="query")
@blp.response(200, GenealogyOut)
@needs("batches.read")
def show(wanted: dict[str, Any], batch_id: str) -> Genealogy:
    """Back to tags, herds, land and sellers, forward to packs, cases, journeys and buyers, as far as one may read."""
    with reading() as work:
        at = check_moment(wanted["at"] or work.now, work.now)
        return reads.find(work.session, actor(), batch_id, at)


@blp.route("/containers/<code>/genealogy", methods=["GET"])
@blp.arguments(GenealogyIn, location="query")
@blp.response(200, GenealogyOut)
@needs("batches.read")
def container(wanted: dict[str, Any], code: str) -> Genealogy:
    """The same of a case or pallet: back from what was put in, forward to pallets, journeys and buyers."""
    with reading() as work:
        at = check_moment(wanted["at"] or work.now, work.now)
        return container_genealogy.find(work.session, actor(), code, at)


@blp.route("/genealogy", methods=["GET"])
@blp.arguments(StartIn, location="query")
@blp.response(200, StartsOut)
@needs("batches.read")
def starts(wanted: dict[str, str]) -> dict[str, Any]:
    """The batches within reach that a tag, code or label names, and the case or pallet with that code."""
    start = reads.start(wanted["q"], parts().hosts)
    with reading() as work:
        boxes = [one.code for one in containers.named(work.session, actor(), start.key)]
        return {"batches": reads.starts(work.session, actor(), start), "containers": boxes}
