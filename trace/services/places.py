"""Changes places: written, edited, drawn on the land, confirmed or sent back by the office, closed and opened again."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import col, delete, select, update

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, unknown
from brand.kernel.work import Work
from brand.models.assets import Site
from brand.models.enterprises import Enterprise
from brand.rules import enterprise_entries
from trace.crypto.place_codes import fresh_place_code
from trace.formats.geojson import Outline, as_geojson
from trace.models.places import Place, PlaceOutline
from trace.queries import places as reads
from trace.rules import areas
from trace.rules.places import CLOSED, FLOW, check_drawn, check_opened


def write(work: Work, enterprise_id: str, **entries: Any) -> Place:
    """A place as its enterprise declares it.

    Raises ``enterprises.entries`` (county, township), ``places.name_taken``, ``places.site``, ``places.opening_day``.
    """
    work.actor.require("enterprises.edit", enterprise_id)
    if work.session.get(Enterprise, enterprise_id) is None:
        raise unknown()
    checked = check(work, enterprise_id, entries)
    move = FLOW.apply("new", "write", {})
    made = Place(
        enterprise_id=enterprise_id,
        code=_free_code(work),
        state=move.next_state,
        written_by=work.actor.person_id or "",
        created_at=work.now,
        updated_at=work.now,
        **checked,
    )
    work.session.add(made)
    work.session.flush()
    _record(work, move.audit, made, kind=made.kind)
    return made


def edit(work: Work, place_id: str, *, version: int, **entries: Any) -> Place:
    """Other entries; what was confirmed is declared again. Raises as ``write``, ``places.stale``."""
    found = _take(work, place_id, version, "enterprises.edit")
    checked = check(work, found.enterprise_id, entries, found.id)
    _declare_again(work, found, "edit")
    found.sqlmodel_update(checked)
    work.session.flush()
    _record(work, "places.edit", found)
    return found


def draw(work: Work, place_id: str, *, version: int, outline: Outline, valid_from: date | None = None) -> PlaceOutline:
    """A new outline from that day on (today unless said); the one before it ends there and is kept.

    Raises ``places.stale``, ``places.outline_same``, ``places.outline_day``.
    """
    found = _take(work, place_id, version, "enterprises.edit")
    before = reads.outline(work.session, place_id)
    day = valid_from or work.today
    check_drawn(day, work.today, before.valid_from if before else None)
    if before is not None and before.digest == outline.digest:
        raise _at("outline", "places.outline_same")
    _declare_again(work, found, "draw")
    if before is not None:
        before.valid_until = day
    made = PlaceOutline(
        place_id=place_id,
        position=before.position + 1 if before else 1,
        geometry=as_geojson(outline),
        digest=outline.digest,
        points=outline.points,
        area_m2=areas.square_metres(outline.rings),
        valid_from=day,
        drawn_by=work.actor.person_id or "",
        drawn_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    _record(work, "places.draw", found, digest=made.digest, area_m2=made.area_m2, position=made.position)
    return made


def rub_out(work: Work, outline_id: str) -> None:
    """The newest outline of a place goes again while the office has not confirmed it; the one before holds on.

    Raises ``places.outline_touched`` with the name of the place.
    """
    made = work.session.get(PlaceOutline, outline_id)
    if made is None:
        raise unknown()
    place = work.session.get_one(Place, made.place_id, populate_existing=True)
    _take(work, place.id, place.version, "enterprises.edit")
    before = select(PlaceOutline).where(PlaceOutline.place_id == place.id, PlaceOutline.position == made.position - 1)
    later = select(PlaceOutline.id).where(PlaceOutline.place_id == place.id, PlaceOutline.position > made.position)
    open_one = delete(PlaceOutline).where(col(PlaceOutline.id) == made.id, col(PlaceOutline.confirmed_at).is_(None))
    if work.session.exec(later).first() or work.session.exec(open_one).rowcount != 1:
        raise conflict("places.outline_touched", name=place.name)
    earlier = work.session.exec(before).first()
    if earlier is not None:
        earlier.valid_until = None
    work.session.flush()
    _record(work, "places.rub_out", place, digest=made.digest, position=made.position)


def step(
    work: Work,
    place_id: str,
    action: str,
    *,
    version: int,
    reason_code: str = "",
    comment: str = "",
    day: date | None = None,
) -> Place:
    """``confirm``, ``return`` (the office), ``close``, ``reopen`` (its enterprise); raises what a guard refuses.

    Confirming a place confirms the outline it has that day.
    """
    if action not in ("confirm", "return", "close", "reopen"):
        raise unknown()
    permission = next(one.permission for one in FLOW.steps if one.action == action)
    found = _take(work, place_id, version, permission)
    facts = reads.facts(found, work.actor, work.today) | {"reason_code": reason_code, "day": day}
    move = FLOW.apply(found.state, action, facts)
    found.state, found.updated_at = move.next_state, work.now
    found.closed_on = day if move.next_state == CLOSED else None
    found.reason_code, found.reason = (reason_code, comment) if move.reason else ("", "")
    if move.permission == "places.confirm":
        found.decided_by, found.decided_at = work.actor.person_id, work.now
    if action == "confirm":
        _confirm_outline(work, found)
    work.session.flush()
    _record(work, move.audit, found, reason_code=reason_code)
    return found


def _confirm_outline(work: Work, found: Place) -> None:
    now = reads.outline(work.session, found.id)
    if now is not None and now.confirmed_at is None:
        now.confirmed_by, now.confirmed_at = work.actor.person_id, work.now


def _declare_again(work: Work, found: Place, action: str) -> None:
    """Whoever writes last is not the one who confirms."""
    found.state = FLOW.apply(found.state, action, {}).next_state
    found.written_by, found.updated_at = work.actor.person_id or "", work.now


def _take(work: Work, place_id: str, version: int, permission: str) -> Place:
    """The place for somebody who may act on it; one statement decides who of two comes first (``places.stale``)."""
    found = work.session.get(Place, place_id)
    if found is None:
        raise unknown()
    work.actor.require(permission, found.enterprise_id)
    its = (col(Place.id) == place_id, col(Place.version) == version)
    taken = work.session.exec(update(Place).where(*its).values(version=version + 1))
    work.session.refresh(found)
    if taken.rowcount != 1:
        raise conflict("places.stale", name=found.name)
    return found


def check(work: Work, enterprise_id: str, entries: dict[str, Any], place_id: str = "") -> dict[str, Any]:
    """The entries as they may be kept, for a new place or the one named; raises what ``write`` raises."""
    where = {name: entries[name] for name in ("county_code", "township_code")}
    checked = entries | enterprise_entries.check(where, work.today)
    check_opened(checked["opened_on"], work.today)
    twin = select(Place.id).where(Place.enterprise_id == enterprise_id, Place.name == checked["name"])
    if work.session.exec(twin.where(Place.id != place_id)).first():
        raise _at("name", "places.name_taken", name=checked["name"])
    if checked["site_id"] is not None:
        site = work.session.get(Site, checked["site_id"])
        if site is None or site.enterprise_id != enterprise_id:
            raise _at("site_id", "places.site")
    return checked


def _free_code(work: Work) -> str:
    """35 random bits may repeat within a long life; the unique key would refuse, so ask first."""
    while work.session.exec(select(Place.id).where(Place.code == (code := fresh_place_code()))).first():
        pass
    return code


def _at(field: str, code: str, **params: object) -> Exception:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)


def _record(work: Work, action: str, one: Place, **detail: Any) -> None:
    audit.record(work, action, "place", one.id, enterprise_id=one.enterprise_id, state=one.state, **detail)
