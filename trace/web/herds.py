"""Pages of herds, for a keeper on a phone: my herds, animals come, move and leave, may these go to slaughter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.languages import explain
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import pointing
from brand.kernel.work import Work
from brand.queries import enterprises
from brand.rules.places import townships
from trace.formats.herd_sheets import ANIMALS
from trace.formats.tables import write_xlsx
from trace.queries import animals as animal_reads
from trace.queries import events as event_reads
from trace.queries import grazings
from trace.queries import herds as reads
from trace.queries import slaughter as answers
from trace.rules.animals import WITHDRAWABLE, Birth, Coming, IdKind, Leaving, Sex, policy
from trace.rules.ear_tags import Species
from trace.rules.events import EventKind
from trace.schemas.herds import (
    ArrivalsPage,
    AskIn,
    HerdAnimalsIn,
    HerdCloseIn,
    HerdEditIn,
    HerdIn,
    HerdsIn,
    HerdWithdrawIn,
    LeavePage,
    MovePage,
)
from trace.services import animals, herd_undoing, herds, newcomers
from trace.services.sent_back_sheets import XLSX
from trace.web import event_words, sheets

bp = Blueprint("herds", __name__)
#: How a page may bring animals in; moving and finding have pages of their own.
COMINGS = (Coming.BIRTH, Coming.PURCHASE, Coming.RECORDED)


@bp.get("/herds")
@needs("herds.read")
def index() -> ResponseReturnValue:
    """Herds within reach, and any animal by its digits."""
    wanted = HerdsIn().take(_asked())
    with reading() as work:
        found = reads.listing(work.session, actor(), q=wanted["q"], number=wanted["page"], size=wanted["size"])
        hits = []
        if wanted["q"] and any(one.isdigit() for one in wanted["q"]):
            hits = animal_reads.by_number(work.session, actor(), wanted["q"], work.today)
        mine = reads.keepers(work.session, actor())
    return render("herds/index.html", found=found, hits=hits, mine=mine, q=wanted["q"])


@bp.route("/enterprises/<enterprise_id>/herds/new", methods=["GET", "POST"])
@needs("herds.write")
def new(enterprise_id: str) -> ResponseReturnValue:
    with reading() as work:
        actor().require("herds.write", enterprise_id)
        enterprise = enterprises.one(work.session, actor(), enterprise_id)
        today = work.today
    form = Form(HerdIn(), since=today.isoformat(), species="sheep", township_code=enterprise.township_code)
    if form.posted:
        with form.catching(), writing() as work:
            made = herds.open_herd(work, enterprise_id, **form.values())
            return back("herds.show", "The herd is there. Now add its animals.", herd_id=made.id)
    page = render(
        "herds/edit.html",
        form=form,
        enterprise=enterprise,
        one=None,
        species=list(Species),
        towns=townships(enterprise.county_code),
    )
    return page, form.status


@bp.route("/herds/<herd_id>/edit", methods=["GET", "POST"])
@needs("herds.write")
def edit(herd_id: str) -> ResponseReturnValue:
    entry = _own(herd_id)
    form = Form(HerdEditIn(), **entry.herd.model_dump())
    if form.posted:
        with form.catching(), writing() as work:
            herds.edit(work, herd_id, **form.values())
            return back("herds.show", "Saved.", herd_id=herd_id)
    page = render(
        "herds/edit.html",
        form=form,
        enterprise=entry.enterprise,
        one=entry.herd,
        species=[],
        towns=townships(entry.enterprise.county_code),
    )
    return page, form.status


@bp.get("/herds/<herd_id>")
@needs("herds.read")
def show(herd_id: str) -> ResponseReturnValue:
    return _show(herd_id, Form(HerdCloseIn()))


@bp.post("/herds/<herd_id>/close")
@needs("herds.write")
def close(herd_id: str) -> ResponseReturnValue:
    """End a herd that has no animal left."""
    form = Form(HerdCloseIn())
    with form.catching(), writing() as work:
        herds.close(work, herd_id, **form.values())
        return back("herds.show", "The herd is closed.", herd_id=herd_id)
    return _show(herd_id, form)


@bp.route("/herds/<herd_id>/arrivals", methods=["GET", "POST"])
@needs("herds.write")
def arrive(herd_id: str) -> ResponseReturnValue:
    """Animals born, bought or written down for the first time; numbers one on a line."""
    entry = _own(herd_id)
    form = Form(
        ArrivalsPage(), coming=Coming.BIRTH.value, breed=entry.herd.breed, day=_today(), number_kind="ear_tag_15"
    )
    if form.posted:
        with form.catching():
            given = form.values()
            coming, day, arrivals = _arrivals(given)
            with pointing(_shown(len(arrivals))), writing() as work:
                brought = animals.bring_in(work, herd_id, coming, day, arrivals, note=given["note"])
            return back("herds.show", f"herds.done.{given['coming']}", herd_id=herd_id, q="", added=len(brought))
    choices = {"comings": COMINGS, "sexes": list(Sex), "births": list(Birth), "kinds": list(IdKind)[:3]}
    return render("herds/arrive.html", form=form, entry=entry, **choices), form.status


#: Animals a refusal points at stand on the page as their numbers, and the buyer as a credit code.
_TYPED = {"/animals": "/numbers", "/buyer_id": "/buyer_code"}


@bp.route("/herds/<herd_id>/move", methods=["GET", "POST"])
@needs("herds.write")
def move(herd_id: str) -> ResponseReturnValue:
    """Animals into another herd of the same keeper."""
    entry = _own(herd_id)
    with reading() as work:
        others = [one for one in reads.of_enterprise(work.session, entry.enterprise.id) if one.id != herd_id]
    form = Form(MovePage(), day=_today(), numbers=request.args.get("numbers", ""))
    if form.posted:
        with form.catching():
            given = form.values()
            with writing() as work:
                ids = reads.named(work.session, herd_id, given["numbers"])
                with pointing(_TYPED):
                    animals.move(work, ids, given["to_herd_id"], given["day"])
            return back("herds.show", "Moved.", herd_id=herd_id)
    return render("herds/move.html", form=form, entry=entry, others=others), form.status


@bp.route("/herds/<herd_id>/leave", methods=["GET", "POST"])
@needs("herds.write")
def leave(herd_id: str) -> ResponseReturnValue:
    """Animals that died, were sold or are lost."""
    entry = _own(herd_id)
    form = Form(LeavePage(), day=_today(), numbers=request.args.get("numbers", ""))
    if form.posted:
        with form.catching():
            given = form.values()
            with writing() as work:
                ids = reads.named(work.session, herd_id, given["numbers"])
                buyer = herds.buyer(work, given["buyer_code"])
                said = {"buyer_id": buyer, "note": given["note"]}
                with pointing(_TYPED):
                    animals.leave(work, entry.enterprise.id, ids, Leaving(given["leaving"]), given["day"], **said)
            return back("herds.show", f"herds.done.{given['leaving']}", herd_id=herd_id)
    return render("herds/leave.html", form=form, entry=entry, leavings=list(Leaving)), form.status


@bp.route("/herds/<herd_id>/events/<event_id>/withdraw", methods=["GET", "POST"])
@needs("herds.write")
def withdraw(herd_id: str, event_id: str) -> ResponseReturnValue:
    """What was said of animals by mistake never was; the event stays, struck."""
    entry = _own(herd_id)
    form = Form(HerdWithdrawIn())
    if form.posted:
        with form.catching(), writing() as work:
            herd_undoing.take_back(work, herd_id, event_id, form.values()["reason"])
            return back("herds.show", "Withdrawn. Record it again as it was, if it happened.", herd_id=herd_id)
    with reading() as work:
        (said,) = _story(event_reads.told(work.session, [reads.happening(work.session, herd_id, event_id)]))
    return render("herds/withdraw.html", form=form, entry=entry, said=said), form.status


@bp.get("/herds/<herd_id>/slaughter")
@needs("herds.read")
def ask(herd_id: str) -> ResponseReturnValue:
    """May these animals go to slaughter? Asking changes nothing."""
    typed: dict[str, Any] = _asked()
    form = Form(AskIn(), **typed)
    answer = None
    with reading() as work:
        entry = reads.find(work.session, actor(), herd_id)
        if request.args.get("ask"):
            with form.catching():
                given = AskIn().take({name: text for name, text in _asked().items() if name != "ask"})
                answer = answers.for_herd(work.session, herd_id, given["numbers"], given["day"] or work.today)
    return render("herds/slaughter.html", form=form, entry=entry, answer=answer, explain=explain), form.status


@bp.get("/herds/<herd_id>/animals.xlsx")
@needs("herds.read")
def export(herd_id: str) -> ResponseReturnValue:
    """Every animal of the herd in the columns of the sheet: importing that changes nothing."""
    with reading() as work:
        entry = reads.find(work.session, actor(), herd_id)
        found = animal_reads.everyone(work.session, herd_id)
    rows = ({"herd": entry.herd.code, **one} for one in found)
    return sheets.attachment(write_xlsx(ANIMALS.export_rows(rows)), f"{entry.herd.code}.xlsx", XLSX)


def _arrivals(given: dict[str, Any]) -> tuple[Any, ...]:
    """What was typed as newcomers; every line is one number."""
    kind = next(name for name, one in newcomers.NUMBERS.items() if one.value == given["number_kind"])
    shared = {name: given[name] for name in ("sex", "breed", "born_on", "birth")}
    lines = [one for one in given["numbers"].replace(",", " ").replace("，", " ").split() if one]
    return (
        newcomers.coming_of(given["coming"]),
        given["day"],
        [newcomers.Newcomer(**({"ear_tag": "", kind: one} | shared)) for one in lines],
    )


def _shown(count: int) -> dict[str, str]:
    """Where on the page stands what a refusal says of one of so many animals: all share what is no number."""
    numbers = dict.fromkeys(("/animals", *(f"/{name}" for name in newcomers.NUMBERS)), "/numbers")
    shared = {f"/animals/{at}/{name}": f"/{name}" for at in range(count) for name in ("sex", "breed", "born_on")}
    return numbers | shared


def _show(herd_id: str, form: Form) -> ResponseReturnValue:
    wanted = HerdAnimalsIn().take({name: text for name, text in _asked().items() if name in ("q", "page", "size")})
    with reading() as work:
        context = _whole(work, herd_id, wanted)
    return render("herds/show.html", form=form, q=wanted["q"], **context), form.status


def _whole(work: Work, herd_id: str, wanted: dict[str, Any]) -> dict[str, Any]:
    entry = reads.find(work.session, actor(), herd_id)
    page = {"number": wanted["page"], "size": wanted["size"]}
    return {
        "entry": entry,
        "found": animal_reads.listing(work.session, herd_id, work.today, q=wanted["q"], **page),
        "events": _story(event_reads.told(work.session, reads.happenings(work.session, herd_id))),
        "care": reads.care(work.session, herd_id),
        "grounds": grazings.of_herd(work.session, actor(), herd_id),
        "untagged": reads.untagged(work.session, herd_id, work.today),
        "tag_rule": policy()["tag_within_days"],
        "may_write": actor().may("herds.write", entry.enterprise.id),
        "may_strike": actor().may("herds.oversee"),
        "today": work.today,
    }


def _story(told: Sequence[event_reads.Told]) -> list[dict[str, Any]]:
    """What happened, with what took it back beside it."""
    back = {one.event.corrects_id: one for one in told if one.event.kind == EventKind.WITHDRAWN}
    there = {one.event.id for one in told}
    return [
        {
            "event": one.event,
            **event_words.answers(one),
            "back": event_words.taken_back(back.get(one.event.id)),
            "withdrawable": one.event.kind in WITHDRAWABLE and one.event.id not in back,
        }
        for one in told
        if one.event.corrects_id not in there
    ]


def _own(herd_id: str) -> reads.Entry:
    """A herd the person writes for; anything else is nothing."""
    with reading() as work:
        entry = reads.find(work.session, actor(), herd_id)
    actor().require("herds.write", entry.enterprise.id)
    return entry


def _today() -> str:
    with reading() as work:
        return work.today.isoformat()


def _asked() -> dict[str, str]:
    return {name: text for name, text in request.args.items() if text and name != "lang"}
