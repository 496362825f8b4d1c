"""Opens, edits and closes herds; how many head one has is counted from stays, never stated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import col, delete, func, select, update

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, refused, unknown
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.rules.places import county, townships
from trace.models.events import Event
from trace.models.herds import Grazing, Herd, Stay
from trace.models.quarantine import QuarantineUse
from trace.rules.animals import check_since
from trace.rules.events import EventKind, moment_of_day
from trace.rules.goods import Subject
from trace.services import events


def open_herd(work: Work, enterprise_id: str, **entries: Any) -> Herd:
    """A herd without animals; raises ``herds.enterprise_state``, ``.code_taken``, ``.township`` or ``.in_future``."""
    work.actor.require("herds.write", enterprise_id)
    enterprise = work.session.get_one(Enterprise, enterprise_id)
    if enterprise.state != EnterpriseState.CONFIRMED:
        raise refused("herds.enterprise_state")
    taken = select(Herd.id).where(Herd.enterprise_id == enterprise_id, Herd.code == entries["code"])
    if work.session.exec(taken).first():
        raise _at("code", "herds.code_taken", code=entries["code"])
    if entries["since"] > work.today:
        raise _at("since", "herds.in_future", day=entries["since"].isoformat())
    _check_township(entries["township_code"], work.today)
    herd = Herd(enterprise_id=enterprise_id, written_at=work.now, written_by=work.actor.person_id or "", **entries)
    work.session.add(herd)
    work.session.flush()
    _record(work, "herds.open", herd, code=herd.code)
    return herd


def edit(work: Work, herd_id: str, *, version: int, **entries: Any) -> Herd:
    """Another name, breed or place; raises ``herds.stale`` or ``herds.township``."""
    herd = own(work, herd_id)
    _check_township(entries["township_code"], work.today)
    take_version(work, herd, version)
    herd.sqlmodel_update(entries)
    work.session.flush()
    _record(work, "herds.edit", herd)
    return herd


def close(work: Work, herd_id: str, *, version: int, day: date) -> Herd:
    """End a herd without animals; raises ``herds.not_empty`` with the head, ``.in_future``, ``.closed_before``."""
    herd = own(work, herd_id)
    check_open(herd)
    check_since(herd.since, day)
    head = len(work.session.exec(select(Stay.id).where(Stay.herd_id == herd_id, Stay.current == 1)).all())
    if head:
        raise refused("herds.not_empty", head=head)
    if day > work.today:
        raise _at("day", "herds.in_future", day=day.isoformat())
    last = work.session.exec(select(func.max(Stay.until)).where(Stay.herd_id == herd_id)).one()
    if last is not None and day < last:
        raise _at("day", "herds.closed_before", day=day.isoformat(), left=last.isoformat())
    take_version(work, herd, version)
    leave_ground(work, herd, day)
    herd.closed_on = day
    work.session.flush()
    _record(work, "herds.close", herd, day=day)
    return herd


def take_back(work: Work, herd_id: str) -> None:
    """A herd written down by mistake goes again, while nothing was ever recorded of it; raises ``herds.touched``."""
    herd = own(work, herd_id)
    its = (
        select(Stay.id).where(Stay.herd_id == herd_id),
        select(Grazing.id).where(Grazing.herd_id == herd_id),
        select(Event.id).where(Event.subject == Subject.HERD.value, Event.subject_id == herd_id),
        select(QuarantineUse.id).where(QuarantineUse.subject == "herd", QuarantineUse.subject_id == herd_id),
    )
    used = any(work.session.exec(one.limit(1)).first() for one in its)
    untouched = delete(Herd).where(col(Herd.id) == herd_id, col(Herd.version) == 1)
    if used or work.session.exec(untouched).rowcount != 1:
        raise conflict("herds.touched", name=herd.name)
    _record(work, "herds.take_back", herd, code=herd.code)


def buyer(work: Work, credit_code: str) -> str | None:
    """The registered enterprise with that credit code; raises ``animals.buyer``. Empty: somebody outside."""
    if not credit_code:
        return None
    wanted = select(Enterprise.id).where(Enterprise.credit_code == credit_code.strip().upper())
    found = work.session.exec(wanted.where(Enterprise.state == EnterpriseState.CONFIRMED)).first()
    if found is None:
        raise _at("buyer_code", "animals.buyer")
    return found


def own(work: Work, herd_id: str) -> Herd:
    """The herd, for somebody who writes for its enterprise."""
    herd = work.session.get(Herd, herd_id)
    if herd is None:
        raise unknown()
    work.actor.require("herds.write", herd.enterprise_id)
    return herd


def check_open(herd: Herd) -> None:
    """Raises ``herds.closed``."""
    if herd.closed_on is not None:
        raise conflict("herds.closed", day=herd.closed_on.isoformat())


def take_version(work: Work, herd: Herd, version: int) -> None:
    """One statement decides who of two comes first; raises ``herds.stale``."""
    its = (col(Herd.id) == herd.id, col(Herd.version) == version)
    taken = work.session.exec(update(Herd).where(*its).values(version=version + 1))
    work.session.refresh(herd)
    if taken.rowcount != 1:
        raise conflict("herds.stale", name=herd.name)


def now_on(work: Work, herd: Herd) -> Grazing | None:
    """The place the herd is on, if any."""
    return work.session.exec(select(Grazing).where(Grazing.herd_id == herd.id, Grazing.current == 1)).first()


def leave_ground(work: Work, herd: Herd, day: date) -> None:
    """Wherever the herd is, it has left on that day; one that came later than that was there no day at all."""
    here = now_on(work, herd)
    if here is not None:
        here.until, here.current = max(day, here.since), None
        work.session.flush()


def happened(
    work: Work, herd: Herd, kind: EventKind, day: date, data: Mapping[str, Any], place_id: str | None = None
) -> Event:
    """One event of the herd on that day; its animals point at it. It happened on the ground the herd is on, unless
    ``place_id`` says otherwise.
    """
    here = now_on(work, herd)
    ground = here.place_id if here is not None and here.since <= day else None
    return events.record_for(
        work,
        Subject.HERD,
        herd.id,
        herd.enterprise_id,
        kind,
        event_time=moment_of_day(day, work.now),
        data={"day": day.isoformat(), **data},
        place_id=place_id or ground,
    )


def _check_township(code: str, today: date) -> None:
    known = {one.code for one in townships(code[:6])}
    shaped = re.fullmatch(r"[0-9]{9}", code) is not None
    if not shaped or county(code[:6], today) is None or (known and code not in known):
        raise _at("township_code", "herds.township")


def _record(work: Work, action: str, herd: Herd, **detail: Any) -> None:
    audit.record(work, action, "herd", herd.id, enterprise_id=herd.enterprise_id, **detail)


def _at(field: str, code: str, /, **params: object) -> Exception:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
