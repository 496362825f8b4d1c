"""Alarms about codes over the API, sales over the counter and areas of sale."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from trace.crypto.readings import read_all
from trace.models.scans import SalesArea
from trace.parts import parts
from trace.queries import scans as reads
from trace.rules.scans import Outcome
from trace.schemas.labels import ChangeOut
from trace.schemas.scans import (
    AlarmsIn,
    AreaIn,
    CloseIn,
    SalesAreaOut,
    ScanAlarmPage,
    ScanCaseOut,
    SoldIn,
    shown_alarm,
    shown_case,
)
from trace.services import sales, scan_alarms
from trace.services.labels import Change

blp = Blueprint("api_scans", __name__, url_prefix="/api/v1", description="Looks at codes")


@blp.route("/scan-alarms", methods=["GET"])
@blp.arguments(AlarmsIn, location="query")
@blp.response(200, ScanAlarmPage)
@needs("scans.watch")
def index(wanted: dict[str, Any]) -> dict[str, Any]:
    """Codes that may have been copied, open ones first."""
    with reading() as work:
        found = reads.listing(work.session, actor(), number=wanted["page"], size=wanted["size"])
        items = [shown_alarm(one) for one in found.rows]
    return {"items": items, "page": found.number, "pages": found.pages, "total": found.total}


@blp.route("/scan-alarms/<alarm_id>", methods=["GET"])
@blp.response(200, ScanCaseOut)
@needs("scans.watch")
def show(alarm_id: str) -> dict[str, Any]:
    """One alarm with the places its code was looked at from."""
    with reading() as work:
        return shown_case(reads.case(work.session, actor(), alarm_id))


@blp.route("/scan-alarms/<alarm_id>/close", methods=["POST"])
@blp.arguments(CloseIn)
@blp.response(200, ScanCaseOut)
@needs("scans.watch")
def close(given: dict[str, Any], alarm_id: str) -> dict[str, Any]:
    """Say what was found; an innocent reason takes the warning from the page of the code."""
    with writing() as work:
        scan_alarms.close(work, alarm_id, outcome=Outcome(given["outcome"]), words=given["words"])
        return shown_case(reads.case(work.session, actor(), alarm_id))


@blp.route("/labels/sold", methods=["POST"])
@blp.arguments(SoldIn)
@blp.response(200, ChangeOut)
@needs("labels.activate")
def sold(given: dict[str, Any]) -> Change:
    """Packs sold over the counter; one that is not yours stops all, and the first day stands."""
    found = read_all(given["codes"], parts().hosts)
    with writing() as work:
        return sales.report(work, found, sold_on=given["sold_on"])


@blp.route("/labels/<order_id>/area", methods=["POST"])
@blp.arguments(AreaIn)
@blp.response(200, SalesAreaOut)
@needs("labels.order")
def area(given: dict[str, Any], order_id: str) -> SalesArea:
    """Where the packs of an order are meant to be sold, by codes of GB/T 2260."""
    with writing() as work:
        return sales.state_area(work, order_id, given["places"])
