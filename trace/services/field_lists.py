"""Makes and signs the list a telephone takes along, and says what an earlier one lacks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, select

from brand.kernel import audit, numbers
from brand.kernel.audit import AuditEntry
from brand.kernel.statements import StatementSigner
from brand.kernel.work import Work
from trace.crypto.canonical import canonical
from trace.models.field_devices import FieldDevice
from trace.models.field_lists import FieldList
from trace.queries import field_lists as reading
from trace.queries.field_lists import Composed
from trace.rules.field_lists import FRESH_FOR, GOOD_FOR, MOST_KEPT, OVERTAKING, TOPIC, Change, change, digest


@dataclass(frozen=True)
class Handed:
    """A list as a telephone gets it: the signed head, and what its earlier list (``since``, 0 for none) lacks."""

    list: FieldList
    since: int
    change: Change


def choice_of(device: FieldDevice) -> str:
    """The name of what the device chose to carry."""
    return hashlib.sha256(canonical([device.days, list(device.licences)])).hexdigest()


def fresh(work: Work, device: FieldDevice) -> FieldList | None:
    """A list made a moment ago for the same choice, good enough to hand out again while nothing overtook it."""
    found = reading.newest(work.session, choice_of(device))
    if found is None or work.now - found.made_at >= FRESH_FOR:
        return None
    since = select(AuditEntry.id).where(AuditEntry.at >= found.made_at, col(AuditEntry.action).in_(OVERTAKING))
    return found if work.session.exec(since.limit(1)).first() is None else None


def publish(
    work: Work, signer: StatementSigner, origin: str, device: FieldDevice, composed: Composed, read_at: datetime
) -> FieldList:
    """Sign what was read at ``read_at`` under the next version; older lists of this choice are let go.

    Whoever makes a list waits here for the others: what was read earlier never gets the higher version.
    """
    work.actor.require("field_devices.enrol")
    version = numbers.count_up(work, "field_lists")
    there = reading.newest(work.session, choice_of(device))
    if there is not None and there.made_at >= read_at:
        return there
    head = canonical(
        {
            "origin": origin,
            "version": version,
            "made_at": read_at.isoformat(timespec="seconds"),
            "good_until": (read_at + GOOD_FOR).isoformat(timespec="seconds"),
            "days": device.days,
            "chosen": list(device.licences),
            "keys": composed.keys,
            "stops": composed.stops,
            "licences": composed.licences,
            "batches": len(composed.entries),
            "digest": digest(composed.entries),
        }
    )
    signature = signer.sign(work, TOPIC, head)
    made = FieldList(
        version=version,
        choice=choice_of(device),
        made_at=read_at,
        head=head.decode(),
        kid=signature.kid,
        signature=signature.text,
        entries=reading.packed(composed.entries),
    )
    work.session.add(made)
    work.session.flush()
    gone: Sequence[int] = reading.older(work.session, made.choice, MOST_KEPT)
    work.session.exec(delete(FieldList).where(col(FieldList.version).in_(gone)))
    audit.record(work, "field_lists.publish", "field_list", str(version), digest=digest(composed.entries))
    return made


def hand_out(work: Work, device: FieldDevice, found: FieldList, since: int) -> Handed:
    """What the device lacks; an earlier list that is not kept any more counts for nothing, and everything is sent."""
    earlier = reading.entries_of(work.session, found.choice, since)
    mine = update(FieldDevice).where(col(FieldDevice.id) == device.id)
    work.session.exec(mine.values(list_version=found.version))
    return Handed(found, since if earlier else 0, change(earlier, reading.unpacked(found.entries)))
