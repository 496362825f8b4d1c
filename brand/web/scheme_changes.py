"""Pages for changing a scheme with two persons: propose, compare, decide, and read the editions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs, signed_in
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import unknown
from brand.models.schemes import Brand, Scheme
from brand.queries import editions, schemes
from brand.queries import scheme_changes as reads
from brand.rules.office_tables import GRADES
from brand.rules.presets import Confidence, Use
from brand.schemas.scheme_changes import (
    BrandIn,
    BrandMarkIn,
    ChangeDecisionIn,
    ExtraPlaceIn,
    HeadIn,
    HeroIn,
    PolicyChangeIn,
    ProductIn,
    TierChangeIn,
)
from brand.services import scheme_changes

bp = Blueprint("scheme_changes", __name__)


@bp.route("/schemes/<scheme_id>/policies/<key>", methods=["GET", "POST"])
@needs("schemes.propose")
def policy(scheme_id: str, key: str) -> ResponseReturnValue:
    """Propose another number for a policy value."""
    with reading() as work:
        scheme = schemes.whole(work.session, scheme_id).scheme
        now = schemes.policy_row(work.session, scheme_id, key)
    if now is None:
        raise unknown()
    form = Form(PolicyChangeIn(), value=now.value, confidence=now.confidence)
    if form.posted:
        with form.catching(), writing() as work:
            change = scheme_changes.propose_policy(work, scheme_id, key, **form.values())
            return _proposed(change.id)
    page = render("schemes/propose_policy.html", form=form, scheme=scheme, now=now, confidences=list(Confidence))
    return page, form.status


@bp.route("/schemes/<scheme_id>/tiers/<int:level>", methods=["GET", "POST"])
@needs("schemes.propose")
def tier(scheme_id: str, level: int) -> ResponseReturnValue:
    """Propose another frame for a tier."""
    scheme, now = _tier(scheme_id, level)
    shown = now.model_dump() | {"source": "", "source_en": ""}
    form = Form(TierChangeIn(), lists=("allowed_uses",), **shown)
    if form.posted:
        with form.catching(), writing() as work:
            change = scheme_changes.propose_tier(work, scheme_id, level, **form.values())
            return _proposed(change.id)
    page = render(
        "schemes/propose_tier.html", form=form, scheme=scheme, now=now, uses=list(Use), confidences=list(Confidence)
    )
    return page, form.status


@bp.route("/schemes/<scheme_id>/tiers/<int:level>/place", methods=["GET", "POST"])
@needs("schemes.propose")
def place(scheme_id: str, level: int) -> ResponseReturnValue:
    """Ask for one place beyond the limit of a full tier."""
    scheme, now = _tier(scheme_id, level)
    form = Form(ExtraPlaceIn())
    if form.posted:
        with form.catching(), writing() as work:
            change = scheme_changes.ask_place(work, scheme_id, level, **form.values())
            return _proposed(change.id)
    return render("schemes/propose_place.html", form=form, scheme=scheme, now=now), form.status


@bp.route("/schemes/<scheme_id>/tiers/<int:level>/hero-place", methods=["GET", "POST"])
@needs("schemes.propose")
def hero_place(scheme_id: str, level: int) -> ResponseReturnValue:
    """Ask for one hero product beyond the limit of a tier."""
    scheme, now = _tier(scheme_id, level)
    form = Form(ExtraPlaceIn())
    if form.posted:
        with form.catching(), writing() as work:
            change = scheme_changes.ask_hero_place(work, scheme_id, level, **form.values())
            return _proposed(change.id)
    return render("schemes/propose_place.html", form=form, scheme=scheme, now=now, hero=True), form.status


@bp.route("/schemes/<scheme_id>/tiers/<int:level>/brands/new", methods=["GET", "POST"])
@needs("schemes.propose")
def brand(scheme_id: str, level: int) -> ResponseReturnValue:
    """Propose one more brand in a tier."""
    form = Form(BrandIn(), confidence=Confidence.DESIGN)
    if form.posted:
        with form.catching(), writing() as work:
            change = scheme_changes.propose_brand(work, scheme_id, level, **form.values())
            return _proposed(change.id)
    scheme, now = _tier(scheme_id, level)
    return _brand(form, scheme, now, None), form.status


@bp.route("/schemes/brands/<brand_id>/name", methods=["GET", "POST"])
@needs("schemes.propose")
def mark(brand_id: str) -> ResponseReturnValue:
    """Propose another name of a brand, or another brand above it."""
    with reading() as work:
        held = schemes.brand(work.session, brand_id)
        now = reads.mark(work.session, held.brand)
    shown = {name: now[name] for name in ("name", "name_en", "name_mn", "parent", "confidence")}
    form = Form(BrandMarkIn(), **shown)
    if form.posted:
        with form.catching(), writing() as work:
            return _proposed(scheme_changes.propose_mark(work, brand_id, **form.values()).id)
    return _brand(form, held.scheme, held.tier, held.brand), form.status


def _brand(form: Form, scheme: Scheme, tier: Any, now: Brand | None) -> str:
    with reading() as work:
        parents = reads.parents(work.session, scheme.id, tier.level)
    confidences = list(Confidence)
    return render(
        "schemes/propose_brand.html",
        form=form, scheme=scheme, tier=tier, now=now, parents=parents, confidences=confidences,
    )  # fmt: skip


@bp.route("/schemes/<scheme_id>/head", methods=["GET", "POST"])
@needs("schemes.propose")
def head(scheme_id: str) -> ResponseReturnValue:
    """Propose another name, owner or county code of the scheme."""
    with reading() as work:
        now = schemes.scheme(work.session, scheme_id)
    names = ("name", "name_en", "owner", "owner_en", "county_code", "confidence")
    form = Form(HeadIn(), **{name: getattr(now, name) for name in names})
    if form.posted:
        with form.catching(), writing() as work:
            return _proposed(scheme_changes.propose_head(work, scheme_id, **form.values()).id)
    return render("schemes/propose_head.html", form=form, now=now, confidences=list(Confidence)), form.status


@bp.route("/schemes/brands/<brand_id>/products/new", methods=["GET", "POST"])
@needs("schemes.propose")
def product(brand_id: str) -> ResponseReturnValue:
    """Propose one more product of a brand."""
    form = Form(ProductIn(), confidence=Confidence.DESIGN)
    if form.posted:
        with form.catching(), writing() as work:
            change = scheme_changes.propose_product(work, brand_id, **form.values())
            return _proposed(change.id)
    with reading() as work:
        held = schemes.brand(work.session, brand_id)
    return render("schemes/propose_product.html", form=form, held=held, confidences=list(Confidence)), form.status


@bp.route("/schemes/products/<product_id>/hero", methods=["GET", "POST"])
@needs("schemes.propose")
def hero(product_id: str) -> ResponseReturnValue:
    """Propose that a product becomes a hero product, or no longer is one."""
    form = Form(HeroIn(), confidence=Confidence.DESIGN)
    if form.posted:
        with form.catching(), writing() as work:
            change = scheme_changes.propose_hero(work, product_id, **form.values())
            return _proposed(change.id)
    with reading() as work:
        now = schemes.product(work.session, product_id)
        held = schemes.brand(work.session, now.brand_id)
    page = render("schemes/propose_hero.html", form=form, now=now, held=held, confidences=list(Confidence))
    return page, form.status


def _tier(scheme_id: str, level: int) -> tuple[Scheme, Any]:
    with reading() as work:
        return schemes.whole(work.session, scheme_id).scheme, reads.tier(work.session, scheme_id, level)


def _proposed(change_id: str) -> ResponseReturnValue:
    return back("scheme_changes.show", "Proposed. A second person decides.", change_id=change_id)


@bp.get("/schemes/changes/<change_id>")
@needs("schemes.changes")
def show(change_id: str) -> ResponseReturnValue:
    return _show(change_id, Form(ChangeDecisionIn()))


@bp.post("/schemes/changes/<change_id>/<any(approve, refuse, withdraw):action>")
@needs("schemes.changes")
def step(change_id: str, action: str) -> ResponseReturnValue:
    form = Form(ChangeDecisionIn())
    with form.catching(), writing() as work:
        scheme_changes.step(work, change_id, action, **form.values())
        return back("scheme_changes.show", f"scheme_change.done.{action}", change_id=change_id)
    return _show(change_id, form)


def _show(change_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        found = reads.show(work.session, actor(), change_id)
    return render("schemes/change.html", found=found, form=form), form.status


@bp.get("/schemes/<scheme_id>/editions/<int:number>")
@signed_in
def edition(scheme_id: str, number: int) -> ResponseReturnValue:
    with reading() as work:
        kept = editions.kept(work.session, scheme_id, number)
        scheme = schemes.whole(work.session, scheme_id).scheme
        every = editions.editions(work.session, scheme_id)
    return render("schemes/edition.html", kept=kept, scheme=scheme, every=every, grades=GRADES)
