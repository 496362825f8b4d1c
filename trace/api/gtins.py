"""GTINs over the API: prefixes and goods of an enterprise, the office's word, and the data of goods for everybody."""

from __future__ import annotations

from typing import Any

from flask import Response

from brand.edge import misses
from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs, public
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading
from brand.kernel.work import Work
from trace.models.gtins import CompanyPrefix, TradeItem
from trace.queries import gtins as reads
from trace.schemas.gtins import (
    EnterpriseGtinsOut,
    GtinPrefixIn,
    GtinPrefixOut,
    GtinsIn,
    GtinStepIn,
    PublicItemOut,
    TradeItemOut,
    TradeItemsOut,
    items_of,
    shown_public,
)
from trace.services import gtins
from trace.services.gtins import Goods

blp = Blueprint("api_gtins", __name__, url_prefix="/api/v1", description="GTINs of goods")
csrf.exempt(blp)


@blp.after_request
def _for_everybody(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blp.route("/gtins/<gtin>", methods=["GET"])
@blp.response(200, PublicItemOut)
@public
def everybody(gtin: str) -> dict[str, Any]:
    """The goods under a GTIN of 14 figures: product, net weight, producer, whose prefix it is."""
    with reading() as work, misses.watched():
        return shown_public(reads.public(work.session, gtin, work.today))


@blp.route("/enterprises/<enterprise_id>/gtins", methods=["GET"])
@blp.response(200, EnterpriseGtinsOut)
@needs("enterprises.read")
def index(enterprise_id: str) -> dict[str, Any]:
    """The prefixes of an enterprise and the goods it gave GTINs."""
    with reading() as work:
        prefixes = [one.prefix for one in reads.declared(work.session, actor(), enterprise_id)]
        return {"prefixes": prefixes, "items": items_of(reads.items(work.session, actor(), enterprise_id))}


@blp.route("/enterprises/<enterprise_id>/gtins", methods=["POST"])
@blp.arguments(GtinsIn)
@blp.response(201, TradeItemsOut)
@creates(TradeItemsOut)
@needs("enterprises.edit")
def register(work: Work, values: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """Give goods their GTINs, all or nothing; each must stand under a confirmed prefix of the enterprise."""
    return {"items": gtins.register(work, enterprise_id, [Goods(**one) for one in values["lines"]])}


@blp.route("/enterprises/<enterprise_id>/gtin-prefixes", methods=["POST"])
@blp.arguments(GtinPrefixIn)
@blp.response(201, GtinPrefixOut)
@creates(GtinPrefixOut)
@needs("enterprises.edit")
def declare(work: Work, values: dict[str, Any], enterprise_id: str) -> CompanyPrefix:
    """A company prefix, own or lent; it counts once the office has confirmed it."""
    return gtins.declare(work, enterprise_id, **values)


@blp.route("/gtin-prefixes/<prefix_id>/<any(confirm, refuse, end):action>", methods=["POST"])
@blp.arguments(GtinStepIn)
@blp.response(200, GtinPrefixOut)
@creates(GtinPrefixOut, status=200)
@needs("enterprises.read")
def step(work: Work, values: dict[str, Any], prefix_id: str, action: str) -> CompanyPrefix:
    """The office confirms or refuses, the enterprise ends."""
    return gtins.step(work, prefix_id, action, **values)


@blp.route("/trade-items/<item_id>/retire", methods=["POST"])
@blp.arguments(GtinStepIn)
@blp.response(200, TradeItemOut)
@creates(TradeItemOut, status=200)
@needs("enterprises.edit")
def retire(work: Work, values: dict[str, Any], item_id: str) -> TradeItem:
    """No new labels bear the GTIN; printed ones keep resolving."""
    return gtins.retire(work, item_id, **values)
