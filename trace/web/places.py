"""Pages of places: declared and drawn by their enterprise, confirmed by the office, and the public page of one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge import misses
from brand.edge.files import saved
from brand.edge.languages import say
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs, public
from brand.edge.requests import actor, house, reading, writing
from brand.kernel.errors import AppError, Fault, invalid
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.queries import assets, audit, enterprises
from brand.queries.offerings import own_enterprises
from brand.rules import places as counties
from brand.schemas.enterprises import ELSEWHERE
from trace.formats.geojson import MEDIA_TYPE, read_outline, written
from trace.queries import capacities, grazings
from trace.queries import places as reads
from trace.rules import areas
from trace.rules.links import DEFAULT, Link
from trace.rules.places import CLOSED, IN_USE, PlaceKind, ReturnReason
from trace.schemas.places import (
    OutlinePage,
    PlaceCloseIn,
    PlaceEditPage,
    PlacePage,
    PlaceReturnIn,
    PlacesIn,
    PlaceStepIn,
)
from trace.services import places
from trace.web import link_lists
from trace.web.ownership import ownership_file

bp = Blueprint("places", __name__)
_STEP_SHAPES = {"return": PlaceReturnIn, "close": PlaceCloseIn}


@bp.get("/places")
@needs("enterprises.read")
def index() -> ResponseReturnValue:
    """Every place within reach."""
    asked = {name: text for name, text in request.args.items() if text and name != "lang"}
    wanted = PlacesIn().take(asked)
    with reading() as work:
        found = reads.listing(
            work.session,
            actor(),
            q=wanted["q"],
            kind=wanted["kind"],
            state=wanted["state"],
            number=wanted["page"],
            size=wanted["size"],
        )
        mine = own_enterprises(work.session, actor())
    kept = {name: wanted[name] for name in ("q", "kind", "state") if wanted[name]}
    return render(
        "places/index.html",
        found=found,
        wanted=wanted,
        kept=kept,
        mine=mine,
        kinds=list(PlaceKind),
        states=[*IN_USE, CLOSED],
        areas=areas,
    )


@bp.route("/enterprises/<enterprise_id>/places/new", methods=["GET", "POST"])
@needs("enterprises.edit")
def new(enterprise_id: str) -> ResponseReturnValue:
    with reading() as work:
        actor().require("enterprises.edit", enterprise_id)
        one = enterprises.one(work.session, actor(), enterprise_id)
        frame = _frame(work, one)
        today = work.today
    form = Form(PlacePage(), opened_on=today.isoformat(), township_code=one.township_code)
    if form.posted:
        with form.catching(), writing() as work:
            made = places.write(work, enterprise_id, **form.values())
            return back("places.show", "Declared. Add the outline if you have one.", place_id=made.id)
    return render("places/edit.html", form=form, place=None, enterprise=one, **frame), form.status


@bp.route("/places/<place_id>/edit", methods=["GET", "POST"])
@needs("enterprises.edit")
def edit(place_id: str) -> ResponseReturnValue:
    with reading() as work:
        held = reads.find(work.session, actor(), place_id).held
        actor().require("enterprises.edit", held.enterprise.id)
        frame = _frame(work, held.enterprise)
    known = held.place.model_dump()
    known["township_code"] = known["township_code"] or ELSEWHERE
    form = Form(PlaceEditPage(), **known)
    if form.posted:
        with form.catching(), writing() as work:
            places.edit(work, place_id, **form.values())
            return back("places.show", "Saved.", place_id=place_id)
    return render("places/edit.html", form=form, place=held.place, enterprise=held.enterprise, **frame), form.status


@bp.get("/places/<place_id>")
@needs("enterprises.read")
def show(place_id: str) -> ResponseReturnValue:
    return _show(place_id, Form(PlaceStepIn()))


@bp.post("/places/<place_id>/<any(confirm, return, close, reopen):action>")
@needs("enterprises.read")
def step(place_id: str, action: str) -> ResponseReturnValue:
    form = Form(_STEP_SHAPES.get(action, PlaceStepIn)())
    with form.catching(), writing() as work:
        places.step(work, place_id, action, **form.values())
        return back("places.show", f"place.done.{action}", place_id=place_id)
    return _show(place_id, form)


@bp.route("/places/<place_id>/outline", methods=["GET", "POST"])
@needs("enterprises.edit")
def draw(place_id: str) -> ResponseReturnValue:
    """A new outline, from a file or pasted."""
    with reading() as work:
        whole = reads.find(work.session, actor(), place_id)
        actor().require("enterprises.edit", whole.held.enterprise.id)
        today = work.today
    form = Form(OutlinePage(), version=whole.held.place.version, valid_from=today.isoformat())
    if form.posted:
        with form.catching():
            given = form.values()
            outline = read_outline(_sent(given.pop("outline")))
            with writing() as work:
                places.draw(work, place_id, outline=outline, **given)
            return back("places.show", "The outline is kept; the office confirms it.", place_id=place_id)
    return render("places/draw.html", form=form, whole=whole, place=whole.held.place, areas=areas), form.status


@bp.get("/places/<place_id>/outlines/<int:position>.geojson")
@needs("enterprises.contact")
def outline(place_id: str, position: int) -> ResponseReturnValue:
    """The exact corners, for those who may see where people live."""
    with reading() as work:
        place, drawn = reads.drawn(work.session, actor(), place_id, position)
    return saved(written(drawn.geometry), f"{place.code}-{position}.geojson", MEDIA_TYPE)


@bp.route("/f/<code>", methods=link_lists.METHODS, provide_automatic_options=False)
@public
def place(code: str) -> ResponseReturnValue:
    """A place for everybody: its page, or its links."""
    file = ownership_file(code)
    if file is not None:
        return file
    address = f"{house().settings.public_url}/f/{code}"
    try:
        with reading() as work, misses.watched():
            found, today = reads.public(work.session, code), work.today
    except AppError as error:  # programs of other sites read this answer too
        seconds = error.params.get("seconds")
        return link_lists.too_many(seconds) if seconds else link_lists.opened(link_lists.refusal(404, error))
    if request.method == "OPTIONS":
        return link_lists.options(address)
    if link_lists.asks_for_links():
        title = say(f"place.kind.{found.kind}")
        links = [Link(DEFAULT, address, title), Link("locationInfo", address, title, (), "text/html")]
        return link_lists.answer(address, title, links)
    return link_lists.opened(render("places/public.html", one=found, today=today, areas=areas), address)


def _sent(pasted: str) -> bytes:
    """The file chosen, else the text pasted."""
    file = request.files.get("file")
    data = file.read() if file is not None and file.filename else pasted.encode("utf-8", "surrogatepass")
    if not data.strip():
        raise invalid("places.no_outline", faults=[Fault("places.no_outline", "/file")])
    return data


def _frame(work: Work, one: Enterprise) -> dict[str, Any]:
    return {
        "kinds": list(PlaceKind),
        "sites": assets.sites(work.session, one.id),
        "towns": counties.townships(one.county_code),
        "home": counties.county(one.county_code, work.today),
        "elsewhere": ELSEWHERE,
    }


def _show(place_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        whole = reads.find(work.session, actor(), place_id)
        seasons = capacities.of_place(work.session, whole.held.place)
        grazed = grazings.of_place(work.session, actor(), place_id)
        history = audit.trail(work.session, object_id=place_id).rows
        today = work.today
    held = whole.held
    page = render(
        "places/show.html",
        form=form,
        whole=whole,
        held=held,
        place=held.place,
        steps=reads.steps_open_to(held.place, actor(), today),
        history=history,
        seasons=seasons,
        grazed=grazed,
        reasons=list(ReturnReason),
        today=today,
        areas=areas,
        may_edit=actor().may("enterprises.edit", held.enterprise.id) and held.place.state != CLOSED,
        may_survey=actor().may("enterprises.contact", held.enterprise.id),
    )
    return page, form.status
