"""Herds and their animals over the API; the same actions and refusals as on the pages."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading
from brand.kernel.errors import Fault, invalid, pointing
from brand.kernel.paging import Page
from brand.kernel.work import Work
from trace.models.herds import Animal, Herd
from trace.queries import animals as animal_reads
from trace.queries import herds as reads
from trace.queries import slaughter as answers
from trace.queries.animals import Life, Shown
from trace.rules.animals import IdKind, Leaving
from trace.schemas.herds import (
    MOST_AT_ONCE,
    AnimalPageOut,
    AnimalWhole,
    AnswerOut,
    ArrivalsIn,
    ArrivedOut,
    AskIn,
    CountOut,
    FoundIn,
    HerdAnimalsIn,
    HerdCloseIn,
    HerdEditIn,
    HerdEventsOut,
    HerdIn,
    HerdOut,
    HerdPageOut,
    HerdsIn,
    HerdWithdrawIn,
    LeaveIn,
    MoveIn,
    NumberIn,
)
from trace.services import animals, herd_undoing, herds
from trace.services.newcomers import Newcomer, coming_of

blp = Blueprint("api_herds", __name__, url_prefix="/api/v1", description="Herds and animals")
csrf.exempt(blp)


@blp.route("/herds", methods=["GET"])
@blp.arguments(HerdsIn, location="query")
@blp.response(200, HerdPageOut)
@needs("herds.read")
def index(wanted: dict[str, Any]) -> Page[Any]:
    """Herds within reach with their head, counted from what came and left."""
    with reading() as work:
        found = reads.listing(work.session, actor(), q=wanted["q"], number=wanted["page"], size=wanted["size"])
    return Page([reads.as_facts(one) for one in found.rows], found.number, found.size, found.total)


@blp.route("/enterprises/<enterprise_id>/herds", methods=["POST"])
@blp.arguments(HerdIn)
@blp.response(201, HerdOut)
@creates(HerdOut)
@needs("herds.write")
def new(work: Work, values: dict[str, Any], enterprise_id: str) -> Any:
    """A herd without animals."""
    return _herd(work, herds.open_herd(work, enterprise_id, **values))


@blp.route("/herds/<herd_id>", methods=["GET"])
@blp.response(200, HerdOut)
@needs("herds.read")
def show(herd_id: str) -> Any:
    with reading() as work:
        return reads.as_facts(reads.find(work.session, actor(), herd_id))


@blp.route("/herds/<herd_id>", methods=["PUT"])
@blp.arguments(HerdEditIn)
@blp.response(200, HerdOut)
@creates(HerdOut, status=200)
@needs("herds.write")
def edit(work: Work, values: dict[str, Any], herd_id: str) -> Any:
    return _herd(work, herds.edit(work, herd_id, **values))


@blp.route("/herds/<herd_id>/close", methods=["POST"])
@blp.arguments(HerdCloseIn)
@blp.response(200, HerdOut)
@creates(HerdOut, status=200)
@needs("herds.write")
def close(work: Work, values: dict[str, Any], herd_id: str) -> Any:
    """End a herd that has no animal left."""
    return _herd(work, herds.close(work, herd_id, **values))


@blp.route("/herds/<herd_id>/animals", methods=["GET"])
@blp.arguments(HerdAnimalsIn, location="query")
@blp.response(200, AnimalPageOut)
@needs("herds.read")
def listing(wanted: dict[str, Any], herd_id: str) -> Page[Any]:
    """The animals now in the herd, with what closes slaughter today."""
    with reading() as work:
        reads.find(work.session, actor(), herd_id)
        asked = {"q": wanted["q"], "number": wanted["page"], "size": wanted["size"]}
        found = animal_reads.listing(work.session, herd_id, work.today, **asked)
    return Page([_animal(one) for one in found.rows], found.number, found.size, found.total)


@blp.route("/herds/<herd_id>/animals", methods=["POST"])
@blp.arguments(ArrivalsIn)
@blp.response(201, ArrivedOut)
@creates(ArrivedOut)
@needs("herds.write")
def arrive(work: Work, values: dict[str, Any], herd_id: str) -> Any:
    """Animals born, bought or written down for the first time: all of them or none."""
    _check_count(values["animals"])
    arrivals = [Newcomer(**one) for one in values["animals"]]
    coming = coming_of(values["coming"])
    alone = {f"/{name}": f"/animals/0/{name}" for name in vars(arrivals[0])}
    with pointing(alone):
        return {"animals": animals.bring_in(work, herd_id, coming, values["day"], arrivals, note=values["note"])}


@blp.route("/herds/<herd_id>/events", methods=["GET"])
@blp.response(200, HerdEventsOut)
@needs("herds.read")
def events(herd_id: str) -> Any:
    """What happened to the herd and its animals, the last fifty."""
    with reading() as work:
        reads.find(work.session, actor(), herd_id)
        return {"rows": reads.happenings(work.session, herd_id)}


@blp.route("/herds/<herd_id>/events/<event_id>/withdrawals", methods=["POST"])
@blp.arguments(HerdWithdrawIn)
@blp.response(200, HerdOut)
@creates(HerdOut, status=200)
@needs("herds.write")
def withdraw(work: Work, values: dict[str, Any], herd_id: str, event_id: str) -> Any:
    """Say that an arrival, a move or a leaving never was, while nothing was recorded of its animals since."""
    herd_undoing.take_back(work, herd_id, event_id, values["reason"])
    return _herd(work, work.session.get_one(Herd, herd_id))


@blp.route("/herds/<herd_id>/slaughter-answer", methods=["GET"])
@blp.arguments(AskIn, location="query")
@blp.response(200, AnswerOut)
@needs("herds.read")
def ask(wanted: dict[str, Any], herd_id: str) -> Any:
    """May these animals (none named: the whole herd) go to slaughter on that day, and if not, why."""
    with reading() as work:
        reads.find(work.session, actor(), herd_id)
        found = answers.for_herd(work.session, herd_id, wanted["numbers"], wanted["day"] or work.today)
    judged = [*((one, ()) for one in found.open), *found.closed]
    return {
        "day": found.day,
        "rows": [
            {
                "animal_id": one.animal.id,
                "number": one.name,
                "may_go": not reasons,
                "reasons": [{"code": each.code, **each.params} for each in reasons],
            }
            for one, reasons in judged
        ],
    }


@blp.route("/animals/move", methods=["POST"])
@blp.arguments(MoveIn)
@blp.response(200, HerdOut)
@creates(HerdOut, status=200)
@needs("herds.write")
def move(work: Work, values: dict[str, Any]) -> Any:
    """Into another herd of the same keeper."""
    _check_count(values["animals"])
    return _herd(work, animals.move(work, values["animals"], values["to_herd_id"], values["day"]))


@blp.route("/enterprises/<enterprise_id>/animals/leave", methods=["POST"])
@blp.arguments(LeaveIn)
@blp.response(200, CountOut)
@creates(CountOut, status=200)
@needs("herds.write")
def leave(work: Work, values: dict[str, Any], enterprise_id: str) -> Any:
    """Death, sale or loss; a sale is refused while a withdrawal period runs."""
    _check_count(values["animals"])
    said = {"buyer_id": herds.buyer(work, values["buyer_code"]), "note": values["note"]}
    leaving = Leaving(values["leaving"])
    return {"head": animals.leave(work, enterprise_id, values["animals"], leaving, values["day"], **said)}


@blp.route("/animals/<animal_id>", methods=["GET"])
@blp.response(200, AnimalWhole)
@needs("herds.read")
def animal(animal_id: str) -> Any:
    """Everything recorded of one animal: numbers, herds over time, what closes slaughter, its carcass."""
    with reading() as work:
        return _whole(animal_reads.find(work.session, actor(), animal_id, work.today))


@blp.route("/animals/<animal_id>/numbers", methods=["POST"])
@blp.arguments(NumberIn)
@blp.response(201, AnimalWhole)
@creates(AnimalWhole)
@needs("herds.write")
def number(work: Work, values: dict[str, Any], animal_id: str) -> Any:
    """A new ear tag or another number; the old one stays with its dates."""
    kind = IdKind(values["kind"])
    made = animals.number(work, animal_id, kind, values["value"], values["day"], version=values["version"])
    return _again(work, made)


@blp.route("/animals/<animal_id>/found", methods=["POST"])
@blp.arguments(FoundIn)
@blp.response(200, AnimalWhole)
@creates(AnimalWhole, status=200)
@needs("herds.write")
def found(work: Work, values: dict[str, Any], animal_id: str) -> Any:
    """A lost animal is back."""
    return _again(work, animals.find_again(work, animal_id, values["herd_id"], values["day"]))


def _check_count(many: list[Any]) -> None:
    if not 0 < len(many) <= MOST_AT_ONCE:
        params = {"most": MOST_AT_ONCE}
        raise invalid("animals.too_many", faults=[Fault("animals.too_many", "/animals", params)], **params)


def _herd(work: Work, herd: Herd) -> Any:
    return reads.as_facts(reads.entries(work.session, [herd])[0])


def _again(work: Work, animal: Animal) -> Any:
    return _whole(animal_reads.find(work.session, work.actor, animal.id, work.today))


def _animal(one: Shown) -> dict[str, Any]:
    return one.animal.model_dump() | {"numbers": one.numbers, "closed_by": one.closed}


def _whole(life: Life) -> dict[str, Any]:
    stays = [stay.model_dump() | {"herd": herd.name, "enterprise": keeper.name} for stay, herd, keeper in life.stays]
    return _animal(life.shown) | {
        "ids": life.numbers,
        "stays": stays,
        "batch_id": life.batch.id if life.batch else None,
        "carcass_no": life.carcass.carcass_no if life.carcass else None,
    }
