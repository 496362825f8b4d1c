"""The demo county's herd: the animals of the carcass sheet by their tags, on the summer pasture until slaughter."""

from __future__ import annotations

from datetime import date

from sqlmodel import select

from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from trace.formats.carcass_sheet import CarcassSheet
from trace.models.places import Place
from trace.rules.animals import CARCASS_SEX, Coming
from trace.rules.ear_tags import Species
from trace.services import animals, grazings, herds
from trace.services.newcomers import Newcomer


def grazed(work: Work, enterprise: Enterprise, sheet: CarcassSheet) -> None:
    """So the page of a pack can show where its animals were: the land by its outline, at the township."""
    herd = herds.open_herd(
        work,
        enterprise.id,
        code="示范1",
        name="示范夏营盘羊群",
        species=Species.SHEEP,
        breed="",
        township_code="150824201",
        since=date(2026, 4, 1),
    )
    arrivals = [Newcomer(one.ear_tag, CARCASS_SEX[one.sex].value, breed=one.breed) for one in sheet.rows]
    animals.bring_in(work, herd.id, Coming.RECORDED, work.today, arrivals)
    land = select(Place.id).where(Place.enterprise_id == enterprise.id, Place.kind == "pasture")
    grazings.go(work, herd.id, version=herd.version, place_id=work.session.exec(land).one(), day=work.today)
