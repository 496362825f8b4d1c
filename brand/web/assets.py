"""Pages of what an enterprise brings: its sites, marks and certificates, comparing them, and its public page."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from brand.edge.files import saved, uploaded_or_none
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs, public
from brand.edge.requests import actor, reading, writing
from brand.models.assets import SiteKind
from brand.queries import assets as reads
from brand.queries import enterprises, profiles
from brand.rules import places
from brand.rules.asset_flow import AssetRefusal
from brand.rules.asset_kinds import kinds
from brand.schemas.assets import AssetIn, AssetRefuseIn, AssetStepIn, SitePage
from brand.schemas.enterprises import ELSEWHERE
from brand.services import assets

bp = Blueprint("assets", __name__)


@bp.get("/enterprises/<enterprise_id>/assets")
@needs("enterprises.read")
def index(enterprise_id: str) -> ResponseReturnValue:
    """Everything an enterprise brings."""
    return _index(enterprise_id, Form(SitePage()))


@bp.post("/enterprises/<enterprise_id>/sites")
@needs("enterprises.edit")
def add_site(enterprise_id: str) -> ResponseReturnValue:
    form = Form(SitePage())
    with form.catching(), writing() as work:
        assets.add_site(work, enterprise_id, **form.values())
        return back("assets.index", "Saved.", enterprise_id=enterprise_id)
    return _index(enterprise_id, form)


@bp.post("/sites/<site_id>/close")
@needs("enterprises.edit")
def close_site(site_id: str) -> ResponseReturnValue:
    with writing() as work:
        closed = assets.close_site(work, site_id)
    return back("assets.index", "The site is closed.", enterprise_id=closed.enterprise_id)


def _index(enterprise_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        one = enterprises.one(work.session, actor(), enterprise_id)
        held = reads.of(work.session, actor(), enterprise_id, work.today)
        sites = reads.sites(work.session, enterprise_id)
        home = places.county(one.county_code, work.today)
    page = render(
        "assets/index.html",
        form=form,
        one=one,
        held=held,
        sites=sites,
        site_kinds=list(SiteKind),
        towns=places.townships(one.county_code),
        home=home,
        elsewhere=ELSEWHERE,
        may_edit=actor().may("enterprises.edit", enterprise_id),
    )
    return page, form.status


@bp.route("/enterprises/<enterprise_id>/assets/new", methods=["GET", "POST"])
@needs("enterprises.edit")
def new(enterprise_id: str) -> ResponseReturnValue:
    """Declare a mark or certificate; its scan is kept for those who compare it."""
    with reading() as work:
        actor().require("enterprises.edit", enterprise_id)
        one = enterprises.one(work.session, actor(), enterprise_id)
    form = Form(AssetIn())
    if form.posted:
        with form.catching():
            upload = uploaded_or_none("file")
            with writing() as work:
                made = assets.declare(work, enterprise_id, upload=upload, **form.values())
            return back("assets.show", "Declared: the office compares it.", asset_id=made.id)
    return render("assets/new.html", form=form, one=one, kinds=kinds()), form.status


@bp.get("/assets/<asset_id>/scan")
@needs("enterprises.read")
def scan(asset_id: str) -> ResponseReturnValue:
    """The scan, saved and never shown inside a page."""
    with reading() as work:
        found = reads.scan(work.session, actor(), asset_id)
    return saved(found.content, found.name, found.media_type)


@bp.get("/assets/<asset_id>")
@needs("enterprises.read")
def show(asset_id: str) -> ResponseReturnValue:
    return _show(asset_id, Form(AssetRefuseIn()))


@bp.post("/assets/<asset_id>/<any(confirm, refuse, withdraw):action>")
@needs("enterprises.read")
def step(asset_id: str, action: str) -> ResponseReturnValue:
    form = Form(AssetRefuseIn() if action == "refuse" else AssetStepIn())
    with form.catching(), writing() as work:
        assets.step(work, asset_id, action, **form.values())
        return back("assets.show", "Saved.", asset_id=asset_id)
    return _show(asset_id, form)


def _show(asset_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        found, enterprise = reads.find(work.session, actor(), asset_id, work.today)
        scan = reads.has_scan(work.session, asset_id)
    page = render(
        "assets/show.html",
        form=form,
        found=found,
        one=found.asset,
        enterprise=enterprise,
        scan=scan,
        may=reads.actions_open_to(found, actor()),
        reasons=list(AssetRefusal),
    )
    return page, form.status


@bp.get("/register/enterprises/<enterprise_id>")
@public
def profile(enterprise_id: str) -> ResponseReturnValue:
    """An enterprise as the public may see it; a merged one's address leads on."""
    with reading() as work:
        found = profiles.profile(work.session, enterprise_id, work.today)
        today = work.today
    if found.id != enterprise_id:
        return redirect(url_for("assets.profile", enterprise_id=found.id), code=301)
    return render("assets/profile.html", one=found, today=today)
