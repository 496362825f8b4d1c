"""Trademarks of brands over the API: public to read, entered and renewed by the office."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs, public
from brand.edge.protection import csrf
from brand.edge.requests import reading, writing
from brand.kernel.work import Work
from brand.queries import brand_marks as reads
from brand.queries.brand_marks import Registered
from brand.schemas.brand_marks import TrademarkIn, TrademarkOut, TrademarkRenewalIn
from brand.services import brand_marks

blp = Blueprint("api_brand_marks", __name__, url_prefix="/api/v1/brands", description="Trademarks of brands")
csrf.exempt(blp)


@blp.route("/<brand_id>/trademarks", methods=["GET"])
@blp.response(200, TrademarkOut(many=True))
@public
def index(brand_id: str) -> list[Registered]:
    """The trademarks of a brand, each with its phase today and the day a renewal is due."""
    with reading() as work:
        return reads.registered(work.session, brand_id, work.today)


@blp.route("/<brand_id>/trademarks", methods=["POST"])
@blp.arguments(TrademarkIn)
@blp.response(201, TrademarkOut)
@creates(TrademarkOut)
@needs("brands.manage")
def add(work: Work, values: dict[str, Any], brand_id: str) -> Registered:
    """Enter a registration."""
    one = brand_marks.add_trademark(work, brand_id, **values)
    return reads.standing(one, work.today)


@blp.route("/trademarks/<trademark_id>/renew", methods=["POST"])
@blp.arguments(TrademarkRenewalIn)
@blp.response(200, TrademarkOut)
@needs("brands.manage")
def renew(values: dict[str, Any], trademark_id: str) -> Registered:
    """Note a renewal."""
    with writing() as work:
        return reads.standing(brand_marks.renew(work, trademark_id, **values), work.today)
