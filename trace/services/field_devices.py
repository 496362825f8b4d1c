"""Offers, enrols and revokes the telephones of inspectors, and says in whose name one of their calls is made."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import update
from sqlmodel import col

from brand.kernel import audit
from brand.kernel.errors import AppError, Fault, conflict, invalid, not_signed_in, refused, unknown
from brand.kernel.ids import random_text
from brand.kernel.statements import message
from brand.kernel.work import Work
from brand.models.accounts import Account
from brand.queries import accounts
from trace.crypto import device_keys
from trace.models.field_devices import FieldDevice
from trace.queries import field_devices as reading
from trace.rules.field_devices import FLOW, MOST_DEVICES, OFFER_STANDS, DeviceState

#: What a device may do in the name of its account.
SCOPES = frozenset({"field_devices.enrol", "licences.inspect"})
TOKEN_SIZE = 32  # Crockford characters, 160 random bits


def offer(work: Work, *, name: str, days: int, licences: Sequence[str] = ()) -> tuple[FieldDevice, str]:
    """A device of one's own that is to be, and the text that enrols it once within ten minutes; kept as a digest only.

    Raises ``field_devices.licence_unknown`` naming the field.
    """
    work.actor.require("field_devices.enrol")
    chosen = sorted(set(licences))
    for one in reading.unknown_licences(work.session, chosen):
        raise _at("licences", "field_devices.licence_unknown", number=one)
    token = random_text(TOKEN_SIZE)
    made = FieldDevice(
        account_id=str(work.actor.account_id),
        name=name,
        days=days,
        licences=chosen,
        offered_at=work.now,
        offer_digest=digest(token),
    )
    work.session.add(made)
    work.session.flush()
    audit.record(work, "field_devices.offer", "field_device", made.id, name=name, days=days, licences=chosen)
    return made, token


def enrol(work: Work, origin: str, *, token: str, public_key: str, proof: str) -> FieldDevice:
    """Bind the offer to the key of the telephone that read it; ``proof`` is that key's signature over the offer.

    Nobody is signed in there: the offer speaks for the account that made it, if that account still may. Sent again by
    the same key (the answer was lost on the way) it answers the same. Raises ``field_devices.public_key``,
    ``field_devices.proof``, ``field_devices.offer_unknown``, ``field_devices.offer_over``, ``field_devices.too_many``.
    """
    device_keys.check_public(public_key)
    found = reading.by_offer(work.session, digest(token))
    if found is None:
        raise refused("field_devices.offer_unknown")
    if not device_keys.verify(
        public_key, message("field-enrol", origin, found.offer_digest, public_key.encode()), proof
    ):
        raise _at("proof", "field_devices.proof")
    named = in_the_name_of(work, found)
    if found.state == DeviceState.ACTIVE and found.public_key == public_key:
        return found
    if found.state != DeviceState.OFFERED or work.now >= found.offered_at + OFFER_STANDS:
        raise refused("field_devices.offer_over")
    if reading.in_use(work.session, found.account_id) >= MOST_DEVICES:
        raise refused("field_devices.too_many", most=MOST_DEVICES)
    move = FLOW.apply(found.state, "enrol", {})
    _move(named, found, move.next_state, public_key=public_key, enrolled_at=work.now, seen_at=work.now)
    audit.record(named, move.audit, "field_device", found.id, name=found.name)
    return found


def step(work: Work, device_id: str, action: str, *, version: int, words: str = "") -> FieldDevice:
    """Revoke a device: its next call is refused, whatever lies in its queue. Raises ``field_devices.stale``."""
    if action != "revoke":
        raise unknown()
    work.actor.require("field_devices.oversee")
    found = reading.find(work.session, work.actor, device_id).device
    if found.version != version:
        raise conflict("field_devices.stale")
    move = FLOW.apply(found.state, action, {})
    said = {"revoked_at": work.now, "revoked_by": work.actor.person_id, "revoke_words": words}
    _move(work, found, move.next_state, **said)
    audit.record(work, move.audit, "field_device", found.id, name=found.name)
    return found


def call(
    work: Work, origin: str, topic: str, *, device_id: str, counter: int, payload: str, signature: str
) -> tuple[Work, FieldDevice]:
    """The work in the name of whoever holds the device, and the device, for one signed call that is heard once.

    A device that is unknown, not in use or speaks under another's key answers alike: ``field_devices.not_enrolled``. A
    counter not above the last one raises ``field_devices.repeated``.
    """
    found = heard(work, origin, topic, device_id, f"{counter}\n{payload}", signature)
    named = in_the_name_of(work, found)
    later = col(FieldDevice.counter) < counter
    active = col(FieldDevice.state) == DeviceState.ACTIVE
    done = work.session.exec(
        update(FieldDevice)
        .where(col(FieldDevice.id) == found.id, active, later)
        .values(counter=counter, seen_at=work.now)
    ).rowcount
    if done != 1:
        raise conflict("field_devices.repeated")
    work.session.refresh(found)
    return named, found


def heard(work: Work, origin: str, topic: str, device_id: str, statement: str, signature: str) -> FieldDevice:
    """The device in use that signed this; raises ``field_devices.not_enrolled``."""
    found = work.session.get(FieldDevice, device_id)
    signed = message(f"field-{topic}", origin, device_id, statement.encode())
    if found is None or found.state != DeviceState.ACTIVE or found.public_key is None:
        raise not_signed_in("field_devices.not_enrolled")
    if not device_keys.verify(found.public_key, signed, signature):
        raise not_signed_in("field_devices.not_enrolled")
    return found


def in_the_name_of(work: Work, device: FieldDevice) -> Work:
    """The work by whoever holds the device, with the rights held this very moment and no more than a device needs.

    Raises ``field_devices.not_enrolled`` for an account that is closed or may have no device any more.
    """
    account = work.session.get_one(Account, device.account_id)
    actor = replace(accounts.actor_of_account(work.session, account, work.now), scopes=SCOPES)
    if not account.active or not actor.may("field_devices.enrol"):
        raise not_signed_in("field_devices.not_enrolled")
    return replace(work, actor=actor, via="device")


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _move(work: Work, found: FieldDevice, state: str, **values: object) -> None:
    """One step of its life, by whoever comes first; raises ``field_devices.stale``."""
    same = (col(FieldDevice.id) == found.id, col(FieldDevice.version) == found.version)
    moved = update(FieldDevice).where(*same).values(state=state, version=found.version + 1, **values)
    if work.session.exec(moved).rowcount != 1:
        raise conflict("field_devices.stale")
    work.session.refresh(found)


def _at(field: str, code: str, **params: object) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
