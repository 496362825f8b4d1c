"""Reads herds: which are within reach, how many head each has, what happened to it, and the animals people name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.errors import Fault, invalid, unknown
from brand.kernel.paging import Page, page
from brand.kernel.remembered import remembered
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.queries.lookups import by_id
from brand.rules.places import townships
from trace.models.care import CareRecord, Medicine
from trace.models.events import Event
from trace.models.herds import Animal, AnimalId, Herd, Stay
from trace.queries.lineage import portions
from trace.rules.animals import WITHDRAWABLE, IdKind, policy
from trace.rules.last_digits import Endings

#: Fewer digits name too many animals.
SHORTEST = 2


@dataclass(frozen=True)
class Entry:
    """One herd with its keeper; ``head`` is counted from the stays."""

    herd: Herd
    enterprise: Enterprise
    head: int
    township: str


def listing(session: Session, actor: Actor, *, q: str = "", number: int = 1, size: int = 25) -> Page[Entry]:
    """Herds within reach, open ones first."""
    statement = _within_reach(actor)
    if q:
        like = f"%{q.replace('%', '').replace('_', '')}%"
        keepers = select(Enterprise.id).where(col(Enterprise.name).ilike(like))
        statement = statement.where(
            or_(col(Herd.name).ilike(like), col(Herd.code).ilike(like), col(Herd.enterprise_id).in_(keepers))
        )
    ordered = statement.order_by(col(Herd.closed_on).is_not(None), col(Herd.name), col(Herd.id))
    found = page(session, ordered, number, size)
    return Page(entries(session, found.rows), found.number, found.size, found.total)


def find(session: Session, actor: Actor, herd_id: str) -> Entry:
    """One herd within reach; raises ``access.unknown``."""
    found = session.exec(_within_reach(actor).where(Herd.id == herd_id)).first()
    if found is None:
        raise unknown()
    return entries(session, [found])[0]


def entries(session: Session, herds: Sequence[Herd]) -> list[Entry]:
    keepers = by_id(session, Enterprise, {one.enterprise_id for one in herds})
    counted = (
        select(Stay.herd_id, func.count())
        .where(col(Stay.herd_id).in_([one.id for one in herds]), Stay.current == 1)
        .group_by(Stay.herd_id)
    )
    heads = dict(session.exec(counted).all())
    return [Entry(one, keepers[one.enterprise_id], heads.get(one.id, 0), township(one.township_code)) for one in herds]


def township(code: str) -> str:
    """The name of a township, where we hold its county's list."""
    return next((one.name for one in townships(code[:6]) if one.code == code), "")


def of_enterprise(session: Session, enterprise_id: str) -> Sequence[Herd]:
    """Its open herds, by name."""
    statement = select(Herd).where(Herd.enterprise_id == enterprise_id, col(Herd.closed_on).is_(None))
    return session.exec(statement.order_by(col(Herd.name), col(Herd.id))).all()


def keepers(session: Session, actor: Actor) -> list[Enterprise]:
    """Confirmed enterprises the actor writes herds for; who writes for the whole county has none of their own."""
    own = actor.reach("herds.write") or frozenset()
    found = by_id(session, Enterprise, own).values()
    return sorted((one for one in found if one.state == EnterpriseState.CONFIRMED), key=lambda one: (one.name, one.id))


def happenings(session: Session, herd_id: str, *, most: int = 50) -> Sequence[Event]:
    """What happened to a herd, latest first."""
    statement = select(Event).where(Event.subject == "herd", Event.subject_id == herd_id)
    return session.exec(statement.order_by(col(Event.event_time).desc(), col(Event.id).desc()).limit(most)).all()


def happening(session: Session, herd_id: str, event_id: str) -> Event:
    """An arrival, a move or a leaving of that herd's animals; raises ``access.unknown``."""
    found = session.get(Event, event_id)
    if found is None or (found.subject, found.subject_id) != ("herd", herd_id) or found.kind not in WITHDRAWABLE:
        raise unknown()
    return found


def care(session: Session, herd_id: str, *, number: int = 1, size: int = 25) -> Page[CareRecord]:
    """What was given in a herd, latest first, struck records among it."""
    statement = select(CareRecord).where(CareRecord.herd_id == herd_id)
    return page(session, statement.order_by(col(CareRecord.given_on).desc(), col(CareRecord.id)), number, size)


def medicines(session: Session, enterprise_id: str | None, species: str = "") -> Sequence[Medicine]:
    """The county's list and the enterprise's own, in force, by name; None: the county's only."""
    scopes = [""] if enterprise_id is None else ["", enterprise_id]
    statement = select(Medicine).where(col(Medicine.scope).in_(scopes), col(Medicine.retired_on).is_(None))
    if species:
        statement = statement.where(Medicine.species == species)
    return session.exec(statement.order_by(col(Medicine.kind), col(Medicine.name), col(Medicine.id))).all()


def untagged(session: Session, herd_id: str, today: date) -> int:
    """Animals in the herd past the days within which the law wants a tag, without one."""
    limit = today - timedelta(days=policy()["tag_within_days"]["value"])
    tagged = select(AnimalId.animal_id).where(AnimalId.current == IdKind.EAR_TAG.value)
    statement = (
        select(func.count())
        .select_from(Stay)
        .join(Animal, col(Animal.id) == col(Stay.animal_id))
        .where(Stay.herd_id == herd_id, Stay.current == 1, col(Animal.born_on) < limit)
        .where(col(Animal.id).not_in(tagged))
    )
    return session.exec(statement).one()


def named(session: Session, herd_id: str, text: str) -> list[str]:
    """Ids of the animals in the herd that people name by whole numbers or last digits, one or many.

    Raises ``animals.named`` with a fault for each number that names none or several: ``animals.number_unknown``,
    ``animals.number_ambiguous``, ``animals.number_short``.
    """
    wanted = list(dict.fromkeys(text.upper().replace(",", " ").replace("，", " ").replace("、", " ").split()))
    borne = (
        select(AnimalId.value, AnimalId.animal_id, Stay.herd_id)
        .join(Stay, col(Stay.animal_id) == col(AnimalId.animal_id))
        .where(Stay.current == 1, col(AnimalId.current).is_not(None))
    )
    whole: dict[str, set[str]] = defaultdict(set)
    for some in portions(wanted):  # by number, not by herd: a long sheet names one animal of thousands at a time
        for value, at, home in session.exec(borne.where(col(AnimalId.value).in_(some))):
            if home == herd_id:
                whole[value].add(at)
    # The last digits alone are looked for in all numbers of the herd, and only where they are what was typed.
    borne_here = _borne_in(session, herd_id) if set(wanted) - set(whole) else Endings[str](())
    found: list[str] = []
    faults: list[Fault] = []
    for one in wanted:
        hits = whole.get(one) or set(borne_here.of(one) if len(one) >= SHORTEST else ())
        if len(hits) == 1:
            found.extend(hits)
        else:
            faults.append(Fault(_misnamed(one, len(hits)), "/numbers", {"number": one, "count": len(hits)}))
    if faults:
        raise invalid("animals.named", faults=faults, count=len(faults))
    return list(dict.fromkeys(found))


@remembered
def _borne_in(session: Session, herd_id: str) -> Endings[str]:
    """Every number borne in the herd now, and by which animal."""
    borne = (
        select(AnimalId.value, AnimalId.animal_id)
        .join(Stay, col(Stay.animal_id) == col(AnimalId.animal_id))
        .where(Stay.current == 1, col(AnimalId.current).is_not(None), Stay.herd_id == herd_id)
    )
    return Endings((value, animal_id) for value, animal_id in session.exec(borne))


def _misnamed(number: str, hits: int) -> str:
    if len(number) < SHORTEST:
        return "animals.number_short"
    return "animals.number_ambiguous" if hits else "animals.number_unknown"


def _within_reach(actor: Actor) -> SelectOfScalar[Herd]:
    reach = actor.reach("herds.read")
    statement = select(Herd)
    return statement if reach is None else statement.where(col(Herd.enterprise_id).in_(reach))


def as_facts(entry: Entry) -> Mapping[str, Any]:
    """A herd as the API gives it."""
    return entry.herd.model_dump() | {
        "head": entry.head,
        "enterprise": entry.enterprise.name,
        "township": entry.township,
    }
