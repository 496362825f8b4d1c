"""Medicines, what was given to animals, and alarms over the API."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading
from brand.kernel.paging import Page
from brand.kernel.work import Work
from trace.models.alarms import Alarm
from trace.models.care import CareRecord, Medicine
from trace.queries import alarms as alarm_reads
from trace.queries import herds as reads
from trace.schemas.care import (
    AlarmAnswerIn,
    AlarmOut,
    AlarmPageOut,
    CareIn,
    CareOut,
    CarePageOut,
    ListIn,
    MedicineIn,
    MedicineOut,
    MedicinesOut,
    StrikeIn,
)
from trace.services import alarms, care

blp = Blueprint("api_care", __name__, url_prefix="/api/v1", description="Medicines and care of animals")
csrf.exempt(blp)


@blp.route("/medicines", methods=["GET"])
@blp.response(200, MedicinesOut)
@needs("herds.read")
def county() -> Any:
    """The county's list."""
    with reading() as work:
        return {"rows": reads.medicines(work.session, None)}


@blp.route("/medicines", methods=["POST"])
@blp.arguments(MedicineIn)
@blp.response(201, MedicineOut)
@creates(MedicineOut)
@needs("herds.oversee")
def add_county(work: Work, values: dict[str, Any]) -> Medicine:
    """A row of the county's list, by the office."""
    return care.add_medicine(work, care.COUNTY, **values)


@blp.route("/enterprises/<enterprise_id>/medicines", methods=["GET"])
@blp.response(200, MedicinesOut)
@needs("herds.write")
def own(enterprise_id: str) -> Any:
    """The county's list and the enterprise's own."""
    actor().require("herds.write", enterprise_id)
    with reading() as work:
        return {"rows": reads.medicines(work.session, enterprise_id)}


@blp.route("/enterprises/<enterprise_id>/medicines", methods=["POST"])
@blp.arguments(MedicineIn)
@blp.response(201, MedicineOut)
@creates(MedicineOut)
@needs("herds.write")
def add_own(work: Work, values: dict[str, Any], enterprise_id: str) -> Medicine:
    """A row of one's own list."""
    return care.add_medicine(work, enterprise_id, **values)


@blp.route("/medicines/<medicine_id>/retire", methods=["POST"])
@blp.response(200, MedicineOut)
@creates(MedicineOut, status=200)
@needs("herds.read")
def retire(work: Work, medicine_id: str) -> Medicine:
    """Off the list; what was given stays as it was."""
    return care.retire_medicine(work, medicine_id)


@blp.route("/herds/<herd_id>/care", methods=["GET"])
@blp.arguments(ListIn, location="query")
@blp.response(200, CarePageOut)
@needs("herds.read")
def listing(wanted: dict[str, Any], herd_id: str) -> Page[CareRecord]:
    """What was given in a herd, latest first; names of persons are not part of it."""
    with reading() as work:
        reads.find(work.session, actor(), herd_id)
        return reads.care(work.session, herd_id, number=wanted["page"], size=wanted["size"])


@blp.route("/herds/<herd_id>/care", methods=["POST"])
@blp.arguments(CareIn)
@blp.response(201, CareOut)
@creates(CareOut)
@needs("herds.write")
def record(work: Work, values: dict[str, Any], herd_id: str) -> CareRecord:
    """What was given to these animals (none: the whole herd); withdrawal is counted from the last dose."""
    return care.record(work, herd_id, animal_ids=values.pop("animals"), **values)


@blp.route("/care/<care_id>/strike", methods=["POST"])
@blp.arguments(StrikeIn)
@blp.response(200, CareOut)
@creates(CareOut, status=200)
@needs("herds.oversee")
def strike(work: Work, values: dict[str, Any], care_id: str) -> CareRecord:
    """The office strikes a record that was wrong; it stays, struck through."""
    return care.strike(work, care_id, **values)


@blp.route("/alarms", methods=["GET"])
@blp.arguments(ListIn, location="query")
@blp.response(200, AlarmPageOut)
@needs("alarms.answer")
def alarm_list(wanted: dict[str, Any]) -> Page[Alarm]:
    """Open ones first."""
    with reading() as work:
        found = alarm_reads.listing(work.session, number=wanted["page"], size=wanted["size"])
    return Page([one.alarm for one in found.rows], found.number, found.size, found.total)


@blp.route("/alarms/<alarm_id>/answer", methods=["POST"])
@blp.arguments(AlarmAnswerIn)
@blp.response(200, AlarmOut)
@creates(AlarmOut, status=200)
@needs("alarms.answer")
def answer(work: Work, values: dict[str, Any], alarm_id: str) -> Alarm:
    """What was found and done."""
    return alarms.answer(work, alarm_id, values["answer"])
