"""Reads the telephones of inspectors: whose they are, in use or not, and when each was heard of last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.models.accounts import Account, Person
from brand.models.licences import Licence
from trace.models.field_devices import FieldDevice
from trace.rules.field_devices import OFFER_STANDS, DeviceState


@dataclass(frozen=True)
class Entry:
    """A device with the name of whoever holds it."""

    device: FieldDevice
    holder: str

    def standing(self, now: datetime) -> str:
        """Its state, or ``lapsed`` where nobody read the offer in time."""
        late = self.device.state == DeviceState.OFFERED and now >= self.device.offered_at + OFFER_STANDS
        return "lapsed" if late else self.device.state


_ENTRY = (
    select(FieldDevice, Person.name)
    .join(Account, col(FieldDevice.account_id) == col(Account.id))
    .join(Person, col(Account.person_id) == col(Person.id))
)


def listing(session: Session, actor: Actor) -> list[Entry]:
    """Every device, newest first, for those who watch over them; nobody else sees one."""
    if not actor.may("field_devices.oversee"):
        return []
    rows = session.exec(_ENTRY.order_by(col(FieldDevice.offered_at).desc(), col(FieldDevice.id)))
    return [Entry(*one) for one in rows]


def find(session: Session, actor: Actor, device_id: str) -> Entry:
    """One device; raises ``access.unknown``."""
    row = session.exec(_ENTRY.where(FieldDevice.id == device_id)).first()
    if row is None or not actor.may("field_devices.oversee"):
        raise unknown()
    return Entry(*row)


def holder(session: Session, device: FieldDevice) -> str:
    """The name of whoever holds it."""
    return session.exec(_ENTRY.where(FieldDevice.id == device.id)).one()[1]


def by_offer(session: Session, digest: str) -> FieldDevice | None:
    return session.exec(select(FieldDevice).where(FieldDevice.offer_digest == digest)).first()


def in_use(session: Session, account_id: str) -> int:
    """How many devices of the account may speak."""
    statement = select(func.count()).where(
        col(FieldDevice.account_id) == account_id, col(FieldDevice.state) == DeviceState.ACTIVE
    )
    return session.exec(statement).one()


def unknown_licences(session: Session, numbers: list[str]) -> list[str]:
    """Those of the numbers under which no licence stands."""
    there = set(session.exec(select(Licence.number).where(col(Licence.number).in_(numbers))))
    return [one for one in numbers if one not in there]
