"""Makes the smallest valid herd, animal, medicine and treatment, through the services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, select

from brand.kernel.work import Work
from brand.models.schemes import PolicyValue, Scheme
from tests.make import MONDAY
from trace.formats.carcass_sheet import CarcassRow
from trace.models.care import CareRecord, Medicine
from trace.models.herds import Grazing, Herd
from trace.rules.animals import Coming
from trace.services import animals, care, grazings, herds
from trace.services.newcomers import Newcomer


def a_herd(work: Work, *, enterprise: str = "cooperative", code: str = "A", species: str = "sheep") -> Herd:
    """A herd without animals, kept for a year."""
    return herds.open_herd(
        work,
        enterprise,
        code=code,
        name=f"示范群{code}",
        species=species,
        breed="",
        township_code="150824100",
        since=MONDAY.date() - timedelta(days=365),
    )


def lambs(work: Work, herd: Herd, tags: Sequence[str]) -> list[str]:
    """Animals with these tags, written down a hundred days ago; their ids in the same order."""
    day = MONDAY.date() - timedelta(days=100)
    return animals.bring_in(work, herd.id, Coming.RECORDED, day, [Newcomer(one, "female") for one in tags])


def a_medicine(work: Work, *, scope: str = "cooperative", days: int = 28, **changes: Any) -> Medicine:
    """A medicine for sheep; the name says that it is none of this world."""
    entries = {"kind": "medicine", "name": "示范驱虫药", "maker": "", "species": "sheep", "source": "label"}
    return care.add_medicine(work, scope, withdrawal_days=days, source_note="示范标签", **entries | changes)


def treat(work: Work, herd: Herd, *, days: int = 28, medicine_id: str = "", **changes: Any) -> CareRecord:
    """A treatment of the herd, or of ``animal_ids``, today unless said otherwise."""
    name = changes.pop("name", "示范驱虫药")
    medicine_id = medicine_id or a_medicine(work, scope=herd.enterprise_id, days=days, name=name).id
    given = {"given_on": MONDAY.date(), "dose": "2.5"} | changes
    said = {"lot": "示范批号01", "unit": "ml", "route": "injection", "person": "示范员", "reason": ""}
    return care.record(work, herd.id, medicine_id, **given, **said)


def policy(session: Session, key: str, value: int) -> None:
    """A policy value of the scheme, as if the preset had brought it."""
    scheme = session.exec(select(Scheme)).one()
    row = {
        "scheme_id": scheme.id,
        "key": key,
        "value": value,
        "unit": "yes_no",
        "provenance": "示范",
        "confidence": "D",
    }
    session.add(PolicyValue(**row, valid_from=date(2026, 1, 1)))
    session.flush()


def behind(own: Work, lines: Sequence[CarcassRow], **changes: Any) -> list[str]:
    """The animals of these carcass lines, born so that their age fits."""
    herd = a_herd(own)
    sex = {"ram": "male", "ewe": "female", "wether": "castrated"}
    rows = [
        Newcomer(
            one.ear_tag,
            changes.get("sex", sex[one.sex]),
            breed=changes.get("breed", one.breed),
            born_on=changes.get("born_on", one.slaughtered_at.date() - timedelta(days=round(one.age_months * 30.44))),
        )
        for one in lines
    ]
    return animals.bring_in(own, herd.id, Coming.RECORDED, changes.get("day", date(2026, 9, 1)), rows)


def grazes(own: Work, herd: Herd, place_id: str, day: date) -> Grazing | None:
    """The herd is on that place from the day on."""
    return grazings.go(own, herd.id, version=herd.version, place_id=place_id, day=day)
