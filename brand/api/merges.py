"""Merging of duplicate enterprises over the API: one proposes, another decides."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.work import Work
from brand.models.enterprises import EnterpriseMerge
from brand.queries import merges as reads
from brand.schemas.enterprises import DropIn, MergeIn, MergeOut, StepIn
from brand.services import merges

blp = Blueprint("api_merges", __name__, url_prefix="/api/v1", description="Merging duplicate enterprises")
csrf.exempt(blp)


@blp.route("/enterprises/<duplicate_id>/merge", methods=["POST"])
@blp.arguments(MergeIn)
@blp.response(201, MergeOut)
@creates(MergeOut)
@needs("enterprises.confirm")
def propose(work: Work, values: dict[str, Any], duplicate_id: str) -> EnterpriseMerge:
    """Propose to close this entry in favour of ``kept_id``."""
    return merges.propose(work, duplicate_id, **values)


@blp.route("/merges/<merge_id>", methods=["GET"])
@blp.response(200, MergeOut)
@needs("enterprises.read")
def show(merge_id: str) -> EnterpriseMerge:
    """One proposal; for the office only."""
    with reading() as work:
        return reads.find(work.session, actor(), merge_id).merge


@blp.route("/merges/<merge_id>/approve", methods=["POST"])
@blp.arguments(StepIn)
@blp.response(200, MergeOut)
@needs("enterprises.merge")
def approve(values: dict[str, Any], merge_id: str) -> EnterpriseMerge:
    """The second person's yes: the duplicate's ids lead to the entry that is kept."""
    with writing() as work:
        return merges.decide(work, merge_id, "approve", **values)


@blp.route("/merges/<merge_id>/drop", methods=["POST"])
@blp.arguments(DropIn)
@blp.response(200, MergeOut)
@needs("enterprises.merge")
def drop(values: dict[str, Any], merge_id: str) -> EnterpriseMerge:
    """Both entries stay."""
    with writing() as work:
        return merges.decide(work, merge_id, "drop", **values)
