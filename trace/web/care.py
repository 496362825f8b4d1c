"""Pages of care: the list of medicines with their withdrawal periods, and a treatment noted in under a minute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import Fault, invalid, pointing
from brand.models.enterprises import Enterprise
from trace.models.care import Medicine
from trace.queries import herds as reads
from trace.rules.care import CareKind, Route, Source
from trace.rules.ear_tags import Species
from trace.schemas.care import CarePage, MedicineIn, StrikeIn
from trace.services import care

bp = Blueprint("care", __name__)


@bp.get("/medicines")
@needs("herds.read")
def medicines() -> ResponseReturnValue:
    """The county's list and those of one's own enterprises."""
    with reading() as work:
        mine = reads.keepers(work.session, actor())
        lists: list[tuple[Enterprise | None, Sequence[Medicine]]] = [(None, reads.medicines(work.session, None))]
        lists += [(one, [row for row in reads.medicines(work.session, one.id) if row.scope]) for one in mine]
    return render("herds/medicines.html", lists=lists, mine=mine, may_county=actor().may("herds.oversee"))


@bp.route("/medicines/new", methods=["GET", "POST"])
@needs("herds.oversee")
def new_for_county() -> ResponseReturnValue:
    """A row of the county's list, by the office."""
    return _new(care.COUNTY)


@bp.route("/enterprises/<enterprise_id>/medicines/new", methods=["GET", "POST"])
@needs("herds.write")
def new(enterprise_id: str) -> ResponseReturnValue:
    """A row of one's own list."""
    actor().require("herds.write", enterprise_id)
    return _new(enterprise_id)


def _new(scope: str) -> ResponseReturnValue:
    form = Form(MedicineIn(), species=Species.SHEEP.value, kind=CareKind.MEDICINE.value)
    if form.posted:
        with form.catching(), writing() as work:
            care.add_medicine(work, scope, **form.values())
            return back("care.medicines", "It is on the list.")
    choices = {"kinds": list(CareKind), "species": list(Species), "sources": list(Source)}
    return render("herds/medicine.html", form=form, county=not scope, **choices), form.status


@bp.post("/medicines/<medicine_id>/retire")
@needs("herds.read")
def retire(medicine_id: str) -> ResponseReturnValue:
    with writing() as work:
        care.retire_medicine(work, medicine_id)
    return back("care.medicines", "It is off the list; what was given stays as it was.")


@bp.route("/herds/<herd_id>/care/new", methods=["GET", "POST"])
@needs("herds.write")
def record(herd_id: str) -> ResponseReturnValue:
    """What was given to the herd, or to some of its animals named by their last digits."""
    with reading() as work:
        entry = reads.find(work.session, actor(), herd_id)
        actor().require("herds.write", entry.enterprise.id)
        listed = reads.medicines(work.session, entry.enterprise.id, entry.herd.species)
        today = work.today.isoformat()
    start: dict[str, Any] = {"given_on": today, "person": actor().name, "unit": "ml", "route": Route.INJECTION.value}
    form = Form(CarePage(), numbers=request.args.get("numbers", ""), **start)
    if form.posted:
        with form.catching():
            _record(herd_id, form.values())
            return back("herds.show", "Noted. Withdrawal is counted from the last dose.", herd_id=herd_id)
    return render("herds/care.html", form=form, entry=entry, medicines=listed, routes=list(Route)), form.status


def _record(herd_id: str, given: dict[str, Any]) -> None:
    whole, numbers = given.pop("whole_herd"), given.pop("numbers")
    if bool(whole) == bool(numbers.strip()):
        raise invalid("care.whole_or_some", faults=[Fault("care.whole_or_some", "/numbers")])
    with writing() as work:
        ids = reads.named(work.session, herd_id, numbers)
        with pointing({"/animals": "/numbers"}):
            care.record(work, herd_id, animal_ids=ids, **given)


@bp.post("/herds/<herd_id>/care/<care_id>/strike")
@needs("herds.oversee")
def strike(herd_id: str, care_id: str) -> ResponseReturnValue:
    """The office strikes a record that was wrong."""
    with writing() as work:
        care.strike(work, care_id, **Form(StrikeIn()).values())
    return back("herds.show", "Struck; the reason stays beside it.", herd_id=herd_id)
