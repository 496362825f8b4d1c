"""Acts on goods taken back over the API, once however often sent."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.kernel.work import Work
from trace.models.flows import Operation
from trace.schemas.flows import OperationOut, UndoIn
from trace.services import undoing

blp = Blueprint("api_undoing", __name__, url_prefix="/api/v1", description="Acts on goods")
csrf.exempt(blp)


@blp.route("/acts/<operation_id>/undo", methods=["POST"])
@blp.arguments(UndoIn)
@blp.response(201, OperationOut)
@creates(OperationOut)
@needs("flows.record")
def undo(work: Work, given: dict[str, Any], operation_id: str) -> Operation:
    """Take an act back while nobody has gone on with what it made: a new act with the same figures below zero."""
    return undoing.undo(work, operation_id, words=given["words"])
