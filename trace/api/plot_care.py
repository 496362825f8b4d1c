"""Care for plots over the API: treatments noted, read, and struck by the office."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading
from brand.kernel.paging import Page
from brand.kernel.work import Work
from trace.models.plot_care import PlotTreatment
from trace.queries import plot_care as reads
from trace.schemas.care import ListIn, StrikeIn
from trace.schemas.plot_care import PlotCareIn, PlotCareOut, PlotCarePageOut
from trace.services import plot_care

blp = Blueprint("api_plot_care", __name__, url_prefix="/api/v1", description="Care for plots")
csrf.exempt(blp)


@blp.route("/places/<place_id>/care", methods=["GET"])
@blp.arguments(ListIn, location="query")
@blp.response(200, PlotCarePageOut)
@needs("herds.read")
def listing(wanted: dict[str, Any], place_id: str) -> Page[PlotTreatment]:
    """What was put on a plot, the latest first."""
    with reading() as work:
        return reads.listing(work.session, actor(), place_id, number=wanted["page"], size=wanted["size"])


@blp.route("/places/<place_id>/care", methods=["POST"])
@blp.arguments(PlotCareIn)
@blp.response(201, PlotCareOut)
@creates(PlotCareOut)
@needs("flows.record")
def record(work: Work, values: dict[str, Any], place_id: str) -> PlotTreatment:
    """One treatment; its safe interval closes harvests from the plot."""
    return plot_care.record(work, place_id, **values)


@blp.route("/plot-care/<treatment_id>/strike", methods=["POST"])
@blp.arguments(StrikeIn)
@blp.response(200, PlotCareOut)
@creates(PlotCareOut, status=200)
@needs("herds.oversee")
def strike(work: Work, values: dict[str, Any], treatment_id: str) -> PlotTreatment:
    """The office strikes a record that was wrong; it stays, struck through."""
    return plot_care.strike(work, treatment_id, **values)
