"""Pages of GTINs: an enterprise's prefixes and goods, the office's word on a prefix, and goods for everybody."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge import misses
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs, public
from brand.edge.requests import actor, house, reading, writing
from brand.kernel.errors import AppError, Fault, invalid
from brand.queries import enterprises, offerings
from trace.queries import gtins as reads
from trace.rules.gtins import SOURCES
from trace.schemas.gtins import GtinPrefixIn, GtinStepIn, TradeItemIn
from trace.services import gtins
from trace.services.gtins import Goods
from trace.web import link_lists
from trace.web.pack_card import data_of_goods, producer_name

bp = Blueprint("gtins", __name__)


@bp.get("/enterprises/<enterprise_id>/gtins")
@needs("enterprises.read")
def index(enterprise_id: str) -> ResponseReturnValue:
    """The prefixes of an enterprise, and its goods under them."""
    return _index(enterprise_id)


@bp.post("/enterprises/<enterprise_id>/gtins/prefixes")
@needs("enterprises.edit")
def declare(enterprise_id: str) -> ResponseReturnValue:
    form = Form(GtinPrefixIn())
    with form.catching(), writing() as work:
        gtins.declare(work, enterprise_id, **form.values())
        return back(
            "gtins.index", "Declared. The office compares it with the certificate.", enterprise_id=enterprise_id
        )
    return _index(enterprise_id, prefix_form=form)


@bp.post("/enterprises/<enterprise_id>/gtins/prefixes/<prefix_id>/<any(confirm, refuse, end):action>")
@needs("enterprises.read")
def step(enterprise_id: str, prefix_id: str, action: str) -> ResponseReturnValue:
    form = Form(GtinStepIn())
    with form.catching(), writing() as work:
        gtins.step(work, prefix_id, action, **form.values())
        return back("gtins.index", "Noted.", enterprise_id=enterprise_id)
    return _index(enterprise_id, step_form=form)


@bp.post("/enterprises/<enterprise_id>/gtins")
@needs("enterprises.edit")
def register(enterprise_id: str) -> ResponseReturnValue:
    form = Form(TradeItemIn())
    with form.catching():
        given = form.values()
        with writing() as work:
            _one(lambda: gtins.register(work, enterprise_id, [Goods(**given)]))
        return back(
            "gtins.index",
            "Registered. Label orders for these goods may now bear the GTIN.",
            enterprise_id=enterprise_id,
        )
    return _index(enterprise_id, goods_form=form)


@bp.post("/enterprises/<enterprise_id>/gtins/<item_id>/retire")
@needs("enterprises.edit")
def retire(enterprise_id: str, item_id: str) -> ResponseReturnValue:
    form = Form(GtinStepIn())
    with form.catching(), writing() as work:
        gtins.retire(work, item_id, **form.values())
        return back(
            "gtins.index", "No new labels bear this GTIN; printed ones still lead here.", enterprise_id=enterprise_id
        )
    return _index(enterprise_id, step_form=form)


@bp.get("/gtin/<gtin>")
@public
def everybody(gtin: str) -> ResponseReturnValue:
    """The goods under a GTIN, for everybody; it speaks of no single pack."""
    with reading() as work, misses.watched():
        found = reads.public(work.session, gtin, work.today)
    data = data_of_goods(found)
    page = render("gtins/public.html", one=found, producer=producer_name(found.producer), data=data)
    return link_lists.opened(page, f"{house().settings.public_url}/01/{gtin}")


def _one(act: Callable[[], object]) -> None:
    """The fault of the only line stands at the form's own field."""
    try:
        act()
    except AppError as error:
        if error.code != "gtins.registering":
            raise
        told = [Fault(one.code, "/" + one.pointer.rpartition("/")[2], one.params) for one in error.faults]
        raise invalid(told[0].code, faults=told, **told[0].params) from error


def _index(enterprise_id: str, **forms: Form) -> ResponseReturnValue:
    with reading() as work:
        one = enterprises.one(work.session, actor(), enterprise_id)
        prefixes = reads.declared(work.session, actor(), enterprise_id)
        items = reads.items(work.session, actor(), enterprise_id)
        counting = reads.counting(work.session, enterprise_id, work.today)
        choices = offerings.choices(work.session)
    refused = next((each for each in forms.values() if each.error), None)
    page = render(
        "gtins/index.html",
        one=one,
        prefixes=prefixes,
        items=items,
        counting=counting,
        choices=choices,
        sources=SOURCES,
        may_edit=actor().may("enterprises.edit", enterprise_id),
        prefix_form=forms.get("prefix_form") or Form(GtinPrefixIn(), source="producer"),
        goods_form=forms.get("goods_form") or Form(TradeItemIn()),
        refused=refused,
    )
    return page, refused.status if refused else 200
