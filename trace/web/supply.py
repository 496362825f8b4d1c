"""Pages of supply contracts: declared by a licence holder, agreed to by the supplier, confirmed by the office."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.files import saved, uploaded_or_none
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import unknown
from brand.kernel.uploads import ENDINGS
from brand.queries import audit, enterprises, licences
from brand.rules.licence_terms import LicenceStatus
from trace.queries import supply as reads
from trace.rules.supply import RefusalReason, plot_codes
from trace.rules.weights import plain
from trace.schemas.supply import SupplyPage, SupplyPaper, SupplyRefuseIn, SupplyStepIn
from trace.services import supply
from trace.services.supply import Paper
from trace.web import supply_words

bp = Blueprint("supply", __name__)


@bp.get("/enterprises/<enterprise_id>/supply")
@needs("enterprises.read")
def index(enterprise_id: str) -> ResponseReturnValue:
    """Every contract of one enterprise, as buyer or supplier."""
    with reading() as work:
        one = enterprises.one(work.session, actor(), enterprise_id)
        found = reads.listing(work.session, actor(), enterprise_id, work.today)
    may_edit = actor().may("enterprises.edit", enterprise_id)
    return render("supply/index.html", one=one, found=found, may_edit=may_edit, colour=supply_words.colour)


@bp.route("/enterprises/<enterprise_id>/supply/new", methods=["GET", "POST"])
@needs("enterprises.edit")
def new(enterprise_id: str) -> ResponseReturnValue:
    """A licence holder declares a contract with one supplier."""
    with reading() as work:
        actor().require("enterprises.edit", enterprise_id)
        one = enterprises.one(work.session, actor(), enterprise_id)
        held = licences.entries(work.session, licences.held_by(work.session, [enterprise_id], work.today), work.today)
    form = Form(SupplyPage())
    if form.posted:
        with form.catching():
            given, paper = form.values(), Paper(uploaded_or_none("paper"))
            given["plots"] = plot_codes(given["plots"])
            with writing() as work:
                supplier = reads.supplier(work.session, given.pop("supplier"))
                made = supply.declare(work, enterprise_id, supplier_id=supplier.id, paper=paper, **given)
                said = (
                    "Declared; now the supplier has to agree." if made.digest else "Declared; its paper is to follow."
                )
                return back("supply.show", said, contract_id=made.id)
    usable = [each for each in held if each.product is not None and each.status is LicenceStatus.VALID]
    page = render("supply/new.html", form=form, one=one, held=usable)
    return page, form.status


@bp.get("/supply/<contract_id>")
@needs("enterprises.read")
def show(contract_id: str) -> ResponseReturnValue:
    """One contract with what was bought under it, for both parties and the office."""
    return _show(contract_id, Form(SupplyStepIn()))


@bp.post("/supply/<contract_id>/<any(consent, record, decline, withdraw, confirm, refuse, end, stop):action>")
@needs("enterprises.read")
def step(contract_id: str, action: str) -> ResponseReturnValue:
    form = Form((SupplyRefuseIn if action == "refuse" else SupplyStepIn)())
    with form.catching(), writing() as work:
        supply.step(work, contract_id, action, **form.values())
        return back("supply.show", f"supply.done.{action}", contract_id=contract_id)
    return _show(contract_id, form, action)


@bp.post("/supply/<contract_id>/attach")
@needs("enterprises.read")
def attach(contract_id: str) -> ResponseReturnValue:
    """Its buyer brings the paper of a contract that was declared without."""
    form = Form(SupplyPaper())
    with form.catching():
        given, file = form.values(), Paper(uploaded_or_none("paper"))
        with writing() as work:
            supply.attach(work, contract_id, paper=file, **given)
            return back("supply.show", "supply.done.attach", contract_id=contract_id)
    return _show(contract_id, form, "attach")


@bp.get("/supply/<contract_id>/paper")
@needs("enterprises.read")
def paper(contract_id: str) -> ResponseReturnValue:
    """The paper of the contract."""
    with reading() as work:
        one = reads.paper(work.session, actor(), contract_id)
    if one.content is None:
        raise unknown()
    return saved(one.content, f"{one.id}.{ENDINGS[one.media_type]}", one.media_type)


def _show(contract_id: str, form: Form, tried: str = "") -> ResponseReturnValue:
    with reading() as work:
        whole = reads.find(work.session, actor(), contract_id, work.today)
        history = audit.trail(work.session, object_id=contract_id).rows
        steps = reads.steps_open_to(whole.entry.contract, actor(), work.today)
    shown: dict[str, Any] = {"whole": whole, "entry": whole.entry, "one": whole.entry.contract, "history": history}
    page = render(
        "supply/show.html",
        form=form,
        tried=tried,
        steps=steps,
        reasons=list(RefusalReason),
        office=supply_words.office_of(whole.entry),
        colour=supply_words.colour,
        plain=plain,
        **shown,
    )
    return page, form.status
