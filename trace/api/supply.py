"""Supply contracts over the API: declared, agreed to, confirmed, ended; and what is left of each."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.files import uploaded_or_none
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import pointing
from brand.kernel.work import Work
from trace.models.supply import SupplyContract
from trace.queries import supply as reads
from trace.rules.supply import plot_codes
from trace.schemas.supply import SupplyIn, SupplyOut, SupplyPaperIn, SupplyRefuseIn, SupplyStepIn
from trace.services import supply
from trace.services.supply import Paper

blp = Blueprint("api_supply", __name__, url_prefix="/api/v1", description="Supply contracts")
csrf.exempt(blp)


@blp.route("/enterprises/<enterprise_id>/supply-contracts", methods=["GET"])
@blp.response(200, SupplyOut(many=True))
@needs("enterprises.read")
def index(enterprise_id: str) -> list[SupplyContract]:
    """Every contract of an enterprise, as buyer or supplier, the latest first."""
    with reading() as work:
        return [one.contract for one in reads.listing(work.session, actor(), enterprise_id, work.today)]


@blp.route("/enterprises/<enterprise_id>/supply-contracts", methods=["POST"])
@blp.arguments(SupplyIn, location="form")
@blp.response(201, SupplyOut)
@creates(SupplyOut)
@needs("enterprises.edit")
def declare(work: Work, values: dict[str, Any], enterprise_id: str) -> SupplyContract:
    """A contract of a licence holder, as multipart/form-data with the part ``paper``, or with the paper's digest.

    Without either the paper follows; the supplier agrees once it is there.
    """
    paper = Paper(uploaded_or_none("paper"), values.pop("paper_sha256"))
    values["plots"] = plot_codes(values["plots"])
    with pointing({"/supplier": "/supplier_id"}):
        return supply.declare(work, enterprise_id, paper=paper, **values)


@blp.route("/supply-contracts/<contract_id>", methods=["GET"])
@blp.response(200, SupplyOut)
@needs("enterprises.read")
def show(contract_id: str) -> SupplyContract:
    """One contract with what was bought under it."""
    with reading() as work:
        return reads.find(work.session, actor(), contract_id, work.today).entry.contract


@blp.route("/supply-contracts/<contract_id>/paper", methods=["POST"])
@blp.arguments(SupplyPaperIn, location="form")
@blp.response(200, SupplyOut)
@needs("enterprises.edit")
def attach(values: dict[str, Any], contract_id: str) -> SupplyContract:
    """The paper of a contract declared without, as multipart/form-data with the part ``paper``, or its digest."""
    paper = Paper(uploaded_or_none("paper"), values.pop("paper_sha256"))
    with writing() as work:
        return supply.attach(work, contract_id, paper=paper, **values)


@blp.route("/supply-contracts/<contract_id>/<any(consent, decline, withdraw, end):action>", methods=["POST"])
@blp.arguments(SupplyStepIn)
@blp.response(200, SupplyOut)
@needs("enterprises.edit")
def party(values: dict[str, Any], contract_id: str, action: str) -> SupplyContract:
    """A step of one of the parties: the supplier agrees or declines, the buyer withdraws, either ends it."""
    return _step(contract_id, action, values)


@blp.route("/supply-contracts/<contract_id>/record", methods=["POST"])
@blp.arguments(SupplyStepIn)
@blp.response(200, SupplyOut)
@needs("consents.record")
def record(values: dict[str, Any], contract_id: str) -> SupplyContract:
    """The office records a supplier's consent given on paper: who gave it, where the paper is kept."""
    return _step(contract_id, "record", values)


@blp.route("/supply-contracts/<contract_id>/confirm", methods=["POST"])
@blp.arguments(SupplyStepIn)
@blp.response(200, SupplyOut)
@needs("supply.confirm")
def confirm(values: dict[str, Any], contract_id: str) -> SupplyContract:
    """The office of the supplier's place confirms a contract."""
    return _step(contract_id, "confirm", values)


@blp.route("/supply-contracts/<contract_id>/stop", methods=["POST"])
@blp.arguments(SupplyStepIn)
@blp.response(200, SupplyOut)
@needs("supply.confirm")
def stop(values: dict[str, Any], contract_id: str) -> SupplyContract:
    """The office stops a contract that runs."""
    return _step(contract_id, "stop", values)


@blp.route("/supply-contracts/<contract_id>/refuse", methods=["POST"])
@blp.arguments(SupplyRefuseIn)
@blp.response(200, SupplyOut)
@needs("supply.confirm")
def refuse(values: dict[str, Any], contract_id: str) -> SupplyContract:
    """The office does not confirm it, and says why."""
    return _step(contract_id, "refuse", values)


def _step(contract_id: str, action: str, values: dict[str, Any]) -> SupplyContract:
    with writing() as work:
        return supply.step(work, contract_id, action, **values)
