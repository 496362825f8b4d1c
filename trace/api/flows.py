"""Acts on goods over the API: begin, split, merge, transform, take out, store; proposals and their decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import pointing
from brand.kernel.paging import Page
from brand.kernel.work import Work
from trace.api.batches import row_of
from trace.models.batches import Batch
from trace.models.flows import BatchStay, FlowProposal, Operation
from trace.queries import batches
from trace.queries import flows as reads
from trace.queries.flows import Act, Waiting
from trace.rules.goods import BatchKind
from trace.schemas.batches import BatchOut
from trace.schemas.flows import (
    BatchMergeIn,
    BatchStayOut,
    BeginningIn,
    GoodsActOut,
    LeavingIn,
    MadeOut,
    OperationOut,
    SplitIn,
    StoreIn,
    TransformIn,
    YieldDecisionIn,
    YieldProposalOut,
    YieldProposalPageOut,
    YieldProposalsIn,
    YieldStepIn,
)
from trace.services import agreements, flow_beginnings, flows, seats, storing
from trace.services.flow_beginnings import Beginning
from trace.services.flow_parts import Output, Part, Transformation

blp = Blueprint("api_flows", __name__, url_prefix="/api/v1", description="Acts on goods")
csrf.exempt(blp)


@blp.route("/enterprises/<enterprise_id>/batches", methods=["POST"])
@blp.arguments(BeginningIn)
@blp.response(201, BatchOut)
@creates(BatchOut)
@needs("flows.record")
def commission(work: Work, given: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """Begin a batch: a harvest from its plot, or goods collected from their producer."""
    output, kind = Output(**given.pop("output")), BatchKind(given.pop("kind"))
    whose: dict[str, Any] = {
        "producer_id": given.pop("producer_id") or enterprise_id,
        "place_id": given.pop("place_id") or None,
    }
    one = Beginning(kind=kind, output=output, **whose, **given)
    with pointing({f"/{name}": f"/output/{name}" for name in ("lot", "kg", "quantity", "unit")}):
        return _rows(work, [flow_beginnings.commission(work, enterprise_id, one)])[0]


@blp.route("/enterprises/<enterprise_id>/batches/<batch_id>/split", methods=["POST"])
@blp.arguments(SplitIn)
@blp.response(201, MadeOut)
@creates(MadeOut)
@needs("flows.record")
def split(work: Work, given: dict[str, Any], enterprise_id: str, batch_id: str) -> dict[str, Any]:
    """Parts of a batch become batches of their own."""
    with seats.here(work, enterprise_id, given["place_id"]):
        made = flows.split(work, enterprise_id, batch_id, _outputs(given), given["day"])
    return {"batches": _rows(work, made), "proposal": None}


@blp.route("/enterprises/<enterprise_id>/merges", methods=["POST"])
@blp.arguments(BatchMergeIn)
@blp.response(201, BatchOut)
@creates(BatchOut)
@needs("flows.record")
def merge(work: Work, given: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """Batches of one product and stage are put together."""
    with seats.here(work, enterprise_id, given["place_id"]):
        return _rows(work, [flows.merge(work, enterprise_id, _inputs(given), given["lot"], given["day"])])[0]


@blp.route("/enterprises/<enterprise_id>/transformations", methods=["POST"])
@blp.arguments(TransformIn)
@blp.response(201, MadeOut)
@creates(MadeOut)
@needs("flows.record")
def transform(work: Work, given: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """Goods of one stage become goods of the next; an unusual yield waits as a proposal."""
    said = {name: given[name] for name in ("process", "loss_kg", "day", "words", "place_id")}
    one = Transformation(inputs=_inputs(given), outputs=_outputs(given), **said)
    made = flows.transform(work, enterprise_id, one)
    if isinstance(made, FlowProposal):
        return {"batches": [], "proposal": reads.find(work.session, work.actor, made.id)}
    return {"batches": _rows(work, made), "proposal": None}


@blp.route("/enterprises/<enterprise_id>/batches/<batch_id>/leave", methods=["POST"])
@blp.arguments(LeavingIn)
@blp.response(201, OperationOut)
@creates(OperationOut)
@needs("flows.record")
def leave(work: Work, given: dict[str, Any], enterprise_id: str, batch_id: str) -> Operation:
    """Loose weight leaves the books: sold, destroyed or lost."""
    part = Part(batch_id, given.pop("kg"))
    with seats.here(work, enterprise_id, given.pop("place_id")):
        return flows.take_out(work, enterprise_id, given.pop("kind"), part, given.pop("day"), **given)


@blp.route("/enterprises/<enterprise_id>/batches/<batch_id>/store", methods=["POST"])
@blp.arguments(StoreIn)
@blp.response(201, BatchStayOut)
@creates(BatchStayOut)
@needs("flows.record")
def store(work: Work, given: dict[str, Any], enterprise_id: str, batch_id: str) -> BatchStay:
    """The batch lies in that store from now on."""
    return storing.store(work, enterprise_id, batch_id, given["place_id"], work.now)


@blp.route("/batches/<batch_id>/books", methods=["GET"])
@blp.response(200, GoodsActOut(many=True))
@needs("batches.read")
def acts(batch_id: str) -> list[Act]:
    """What the books hold of a batch, oldest first."""
    with reading() as work:
        return reads.acts(work.session, batches.find(work.session, actor(), batch_id).batch)


@blp.route("/flow-proposals", methods=["GET"])
@blp.arguments(YieldProposalsIn, location="query")
@blp.response(200, YieldProposalPageOut)
@needs("batches.read")
def index(wanted: dict[str, Any]) -> Page[Waiting]:
    """Acts with an unusual yield, the oldest first."""
    with reading() as work:
        return reads.listing(work.session, actor(), state=wanted["state"], number=wanted["page"], size=wanted["size"])


@blp.route("/flow-proposals/<proposal_id>/agree", methods=["POST"])
@blp.arguments(YieldDecisionIn)
@blp.response(200, YieldProposalOut)
@needs("flows.agree")
def agree(given: dict[str, Any], proposal_id: str) -> Waiting:
    """The second person's yes: the act is done now."""
    with writing() as work:
        return reads.find(work.session, actor(), agreements.agree(work, proposal_id, **given).id)


@blp.route("/flow-proposals/<proposal_id>/refuse", methods=["POST"])
@blp.arguments(YieldDecisionIn)
@blp.response(200, YieldProposalOut)
@needs("flows.agree")
def refuse(given: dict[str, Any], proposal_id: str) -> Waiting:
    """The second person's no: nothing was taken, nothing is done."""
    with writing() as work:
        return reads.find(work.session, actor(), agreements.refuse(work, proposal_id, **given).id)


@blp.route("/flow-proposals/<proposal_id>/withdraw", methods=["POST"])
@blp.arguments(YieldStepIn)
@blp.response(200, YieldProposalOut)
@needs("flows.record")
def withdraw(given: dict[str, Any], proposal_id: str) -> Waiting:
    """Its enterprise takes it back."""
    with writing() as work:
        return reads.find(work.session, actor(), agreements.withdraw(work, proposal_id, **given).id)


def _rows(work: Work, made: Sequence[Batch]) -> list[dict[str, Any]]:
    return [row_of(one) for one in batches.entries(work.session, made)]


def _outputs(given: Mapping[str, Any]) -> tuple[Output, ...]:
    return tuple(Output(**one) for one in given["outputs"])


def _inputs(given: Mapping[str, Any]) -> tuple[Part, ...]:
    return tuple(Part(**one) for one in given["inputs"])
