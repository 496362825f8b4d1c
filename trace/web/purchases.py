"""Pages of purchases: goods bought up become a batch that keeps its seller and the papers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.files import saved, uploaded_or_none
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import pointing, unknown
from brand.kernel.uploads import ENDINGS
from brand.queries import enterprises
from trace.queries import flows as goods
from trace.queries import purchases as reads
from trace.queries import supply
from trace.rules import commitments
from trace.rules.flows import commissioned
from trace.rules.goods import Unit
from trace.rules.supply import WITHOUT
from trace.schemas.purchases import PurchasePage, PurchasesIn
from trace.services import purchases

bp = Blueprint("purchases", __name__)


@bp.get("/purchases")
@needs("batches.read")
def index() -> ResponseReturnValue:
    """What was bought up, newest first."""
    wanted = PurchasesIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        found = reads.listing(work.session, actor(), q=wanted["q"], number=wanted["page"], size=wanted["size"])
        mine = goods.makers(work.session, actor())
    return render("purchases/index.html", found=found, mine=mine, q=wanted["q"])


@bp.route("/enterprises/<enterprise_id>/purchases/new", methods=["GET", "POST"])
@needs("flows.record")
def buy(enterprise_id: str) -> ResponseReturnValue:
    """Goods bought up become a batch that keeps its seller and the papers."""
    with reading() as work:
        actor().require("flows.record", enterprise_id)
        enterprise = enterprises.one(work.session, actor(), enterprise_id)
        shown: dict[str, Any] = {
            "stations": goods.stores(work.session, enterprise_id),
            "products": goods.products(work.session),
        }
        shown["contracts"] = supply.usable(work.session, enterprise_id, work.today)
        today = work.today.isoformat()
    form = Form(PurchasePage(), day=today, unit=Unit.KG.value)
    if form.posted:
        with form.catching():
            given = form.values()
            sale, certificate = uploaded_or_none("sale"), uploaded_or_none("certificate")
            with writing() as work:
                seller = reads.seller(work.session, given.pop("seller"))
                one = purchases.beginning(seller.id, given)
                with pointing({"/producer_id": "/seller"}):
                    made = purchases.buy(work, enterprise_id, one, purchases.papers(given, sale, certificate))
                return back("batches.show", "Bought and in the books; the papers are kept.", batch_id=made.id)
    choices: dict[str, Any] = {
        "without": WITHOUT,
        "forms": commissioned(),
        "units": list(Unit),
        "order": commitments.order(),
    }
    page = render("purchases/new.html", form=form, enterprise=enterprise, **shown, **choices)
    return page, form.status


@bp.get("/purchases/<purchase_id>/paper")
@needs("batches.read")
def paper(purchase_id: str) -> ResponseReturnValue:
    """The picture of the paper of sale."""
    with reading() as work:
        one = reads.find(work.session, actor(), purchase_id)
    if one.content is None:
        raise unknown()
    return saved(one.content, f"{one.id}.{ENDINGS[one.media_type]}", one.media_type)
