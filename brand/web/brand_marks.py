"""A brand's page: trademarks with their renewal, logo and manual for those who may use them, and the log."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.files import saved, uploaded
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.uploads import ENDINGS
from brand.queries import brand_marks as reads
from brand.queries import brand_moves as lives
from brand.rules import trademarks
from brand.rules.brand_files import FileKind
from brand.rules.brand_flow import BrandReason
from brand.rules.trademarks import MarkKind
from brand.schemas.brand_marks import BrandFileIn, BrandFileTakingIn, TrademarkIn, TrademarkRenewalIn
from brand.schemas.brand_moves import BrandMoveDecisionIn, BrandMoveIn
from brand.services import brand_marks, brand_moves

bp = Blueprint("brand_marks", __name__, url_prefix="/brands")


@bp.get("/<brand_id>")
@needs("brands.read")
def show(brand_id: str) -> ResponseReturnValue:
    return _show(brand_id, Form(TrademarkIn()))


@bp.post("/<brand_id>/trademarks")
@needs("brands.manage")
def add_trademark(brand_id: str) -> ResponseReturnValue:
    form = Form(TrademarkIn())
    with form.catching(), writing() as work:
        brand_marks.add_trademark(work, brand_id, **form.values())
        return back("brand_marks.show", "The trademark is entered.", brand_id=brand_id)
    return _show(brand_id, form)


@bp.post("/<brand_id>/trademarks/<trademark_id>/renew")
@needs("brands.manage")
def renew(brand_id: str, trademark_id: str) -> ResponseReturnValue:
    form = Form(TrademarkRenewalIn())
    with form.catching(), writing() as work:
        brand_marks.renew(work, trademark_id, brand_id=brand_id, **form.values())
        return back("brand_marks.show", "The renewal is noted.", brand_id=brand_id)
    return _show(brand_id, form)


@bp.post("/<brand_id>/files")
@needs("brands.manage")
def add_file(brand_id: str) -> ResponseReturnValue:
    form = Form(BrandFileIn())
    with form.catching():
        values, upload = form.values(), uploaded()
        with writing() as work:
            brand_marks.add_file(work, brand_id, upload=upload, **values)
        return back("brand_marks.show", "The file is kept.", brand_id=brand_id)
    return _show(brand_id, form)


@bp.post("/<brand_id>/files/<file_id>")
@needs("brands.read")
def take(brand_id: str, file_id: str) -> ResponseReturnValue:
    """Save a file; a POST, because it is noted who took it."""
    form = Form(BrandFileTakingIn())
    with form.catching():
        with writing() as work:
            file = brand_marks.take_file(work, file_id, brand_id=brand_id, **form.values())
        return saved(file.content, f"{file.kind}-{file.edition}.{ENDINGS[file.media_type]}", file.media_type)
    return _show(brand_id, form)


@bp.post("/<brand_id>/moves")
@needs("schemes.propose")
def propose_move(brand_id: str) -> ResponseReturnValue:
    """Ask to suspend, resume or end the brand."""
    form = Form(BrandMoveIn())
    with form.catching(), writing() as work:
        brand_moves.propose(work, brand_id, **form.values())
        return back("brand_marks.show", "Proposed: a second person decides.", brand_id=brand_id)
    return _show(brand_id, form)


@bp.post("/<brand_id>/moves/<move_id>/<any(approve, drop):action>")
@needs("schemes.approve")
def decide_move(brand_id: str, move_id: str, action: str) -> ResponseReturnValue:
    form = Form(BrandMoveDecisionIn())
    with form.catching(), writing() as work:
        brand_moves.decide(work, move_id, action, brand_id=brand_id, **form.values())
        return back("brand_marks.show", "Saved.", brand_id=brand_id)
    return _show(brand_id, form)


def _show(brand_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        found = reads.whole(work.session, actor(), brand_id, work.today)
        life = lives.life(work.session, actor(), brand_id)
        log = reads.takings(work.session, brand_id) if reads.is_office(actor()) else None
    page = render(
        "schemes/brand.html",
        found=found,
        log=log,
        life=life,
        reasons=list(BrandReason),
        form=form,
        terms=trademarks.terms(),
        mark_kinds=list(MarkKind),
        file_kinds=list(FileKind),
    )
    return page, form.status
