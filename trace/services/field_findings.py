"""Takes in what a device hands in, once and in its order, and lets the office make of it what it asks for."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.clock import local_day
from brand.kernel.errors import AppError, Fault, conflict, invalid
from brand.kernel.numbers import next_number
from brand.kernel.uploads import ENDINGS, JPEG, PNG, Upload
from brand.kernel.work import Work
from brand.rules import complaint_flow
from brand.services import complaints, inspections
from trace.crypto.code_profiles import BatchCode, ContainerCode, GtinCode
from trace.crypto.label_codes import parse
from trace.crypto.readings import own_address, read_any
from trace.models.field_devices import FieldDevice
from trace.models.field_findings import FieldFinding, FieldPhoto, FieldStatement
from trace.queries import batch_codes, container_tags
from trace.queries import field_findings as reading
from trace.queries.verification import verify
from trace.rules.field_devices import DeviceState
from trace.rules.field_findings import FLOW, check_reason, clock_doubtful
from trace.rules.verdicts import Colour, Signature
from trace.services import field_devices

TOPIC = "finding"
_LONGEST_CODE = 300


@dataclass(frozen=True)
class Signed:
    """One finding as it came: the text, the device's signature over it, and the entries read from the text."""

    device_id: str
    payload: str
    signature: str
    entries: Mapping[str, Any]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.payload.encode()).hexdigest()


@dataclass(frozen=True)
class Photo:
    """A photo: SHA-256 of the bytes as they came, and the picture drawn anew."""

    sent_digest: str
    upload: Upload


@dataclass(frozen=True)
class Said:
    """The registry's colour, empty where the text is no code of ours, and the licence the code speaks of.

    A forged code says nothing about the licence whose serial it bears.
    """

    colour: str
    licence_id: str | None


def check_photos(given: Signed, sent: Sequence[str]) -> None:
    """The photos are those the device signed for, in their order; raises ``field_findings.photos``."""
    if [one["sent"] for one in given.entries["photos"]] != list(sent):
        raise _at("photos", "field_findings.photos")


def hand_in(work: Work, origin: str, hosts: Collection[str], given: Signed, photos: Sequence[Photo]) -> FieldFinding:
    """Keep a finding; sent again it answers the same, however often.

    Raises ``field_devices.not_enrolled``, ``field_findings.photos``, ``field_findings.other_sent`` (its number was used
    for something else), ``field_findings.out_of_order`` (one before it is missing), ``field_findings.reason*``.
    """
    device = field_devices.heard(work, origin, TOPIC, given.device_id, given.payload, given.signature)
    named = field_devices.in_the_name_of(work, device)
    entries = given.entries
    check_photos(given, [one.sent_digest for one in photos])
    if any(one.upload.media_type not in (JPEG, PNG) for one in photos):
        raise _at("photos", "uploads.pictures_only")
    check_reason(entries["severity"], entries["reason_code"])
    if not _next_of(work, device, given):
        return _again(work, device, given)
    statement = FieldStatement(
        device_id=device.id,
        sequence=entries["sequence"],
        payload=given.payload,
        signature=given.signature,
        digest=given.digest,
        received_at=work.now,
    )
    work.session.add(statement)
    work.session.flush()
    made = _finding(named, statement, entries, _said(work, origin, hosts, entries["code"]))
    work.session.add(made)
    work.session.flush()
    _keep(work, made, entries, photos)
    _audit(named, "field_findings.hand_in", made, digest=given.digest, device=device.id)
    return made


def step(
    work: Work, number: str, action: str, *, version: int, words: str = "", rectify_by: date | None = None
) -> FieldFinding:
    """Take it up as an inspection of the licence it concerns or make it a case of the office, photos included; or set
    it aside with a reason.

    Raises ``field_findings.stale``, ``field_findings.wrong_state``, ``field_findings.no_licence``,
    ``field_findings.words_missing``, and what ``inspections.record`` raises.
    """
    work.actor.require("licences.inspect")
    found = reading.find(work.session, work.actor, number).finding
    locked = select(FieldFinding).where(FieldFinding.id == found.id).with_for_update()
    found = work.session.exec(locked, execution_options={"populate_existing": True}).one()
    if found.version != version:
        raise conflict("field_findings.stale")
    move = FLOW.apply(found.state, action, {"licence_id": found.licence_id, "words": words})
    if action == "take_up":
        found.inspection_id = _inspect(work, found, words, rectify_by)
    elif action == "report":
        found.complaint_id = _report(work, found, words)
    found.state, found.version = move.next_state, version + 1
    found.decided_at, found.decided_by_name, found.decision_words = work.now, work.actor.name, words
    work.session.add(found)
    work.session.flush()
    _audit(work, move.audit, found)
    return found


def _next_of(work: Work, device: FieldDevice, given: Signed) -> bool:
    """Move the device's chain on by this finding, unless it is not the one that follows."""
    sequence, previous = given.entries["sequence"], given.entries["previous"]
    follows = (
        col(FieldDevice.id) == device.id,
        col(FieldDevice.state) == DeviceState.ACTIVE,
        col(FieldDevice.findings) == sequence - 1,
        col(FieldDevice.head) == previous,
    )
    moved = update(FieldDevice).where(*follows)
    values = {"findings": sequence, "head": given.digest, "seen_at": work.now}
    return work.session.exec(moved.values(**values)).rowcount == 1


def _again(work: Work, device: FieldDevice, given: Signed) -> FieldFinding:
    there = reading.by_sequence(work.session, device.id, given.entries["sequence"])
    if there is None:
        work.session.refresh(device)
        raise conflict("field_findings.out_of_order", expected=device.findings + 1)
    if there[0].digest != given.digest:
        raise conflict("field_findings.other_sent", number=there[1].number)
    return there[1]


def _said(work: Work, origin: str, hosts: Collection[str], code: str) -> Said:
    """What the registry says now of the code of a pack or a tag."""
    try:
        found = read_any(code, hosts)
    except AppError:
        return _said_of_a_tag(work, origin, hosts, code)
    answer = verify(work.session, origin, found, work.today)
    pack = answer.pack if answer.signature is not Signature.BAD else None
    return Said(answer.verdict.colour.value, pack.licence_id if pack else None)


def _said_of_a_tag(work: Work, origin: str, hosts: Collection[str], code: str) -> Said:
    """A case or pallet has goods of several licences: which of them a finding concerns its words say."""
    try:
        scanned = parse(own_address(code.strip(), hosts))
    except AppError:
        return Said("", None)
    if isinstance(scanned.code, ContainerCode):
        one = container_tags.verify(work.session, origin, scanned, work.today)
        return Said((one.colour if one else Colour.RED).value, None)
    if not isinstance(scanned.code, BatchCode | GtinCode):
        return Said("", None)
    answer = batch_codes.verify(work.session, origin, scanned, work.today)
    batch = answer.found if answer.signature is not Signature.BAD else None
    return Said(answer.verdict.colour.value, batch.licence.id if batch else None)


def _finding(named: Work, statement: FieldStatement, entries: Mapping[str, Any], said: Said) -> FieldFinding:
    found_at: datetime = entries["found_at"]
    same = ("code", "list_version", "severity", "reason_code", "compared", "market", "words")
    return FieldFinding(
        number=next_number(named, "field_findings"),
        statement_id=statement.id,
        found_by=named.actor.person_id or "",
        found_by_name=named.actor.name,
        found_at=found_at,
        received_at=named.now,
        clock_doubtful=clock_doubtful(found_at, named.now, entries["clock_back"]),
        licence_id=said.licence_id,
        enterprise_id=reading.holder_of(named.session, said.licence_id) if said.licence_id else None,
        colour=entries["verdict"]["colour"],
        reasons=list(entries["verdict"]["reasons"]),
        registry_colour=said.colour,
        **{one: entries[one] for one in same},
    )


def _keep(work: Work, made: FieldFinding, entries: Mapping[str, Any], photos: Sequence[Photo]) -> None:
    for place, (told, one) in enumerate(zip(entries["photos"], photos, strict=True), start=1):
        kept = FieldPhoto(
            finding_id=made.id,
            position=place,
            original_digest=told["original"],
            sent_digest=one.sent_digest,
            digest=one.upload.digest,
            media_type=one.upload.media_type,
            size=one.upload.size,
            content=one.upload.data,
        )
        work.session.add(kept)
    work.session.flush()


def _uploads(work: Work, found: FieldFinding) -> list[Upload]:
    """Its photos in their order."""
    rows = work.session.exec(select(FieldPhoto).where(FieldPhoto.finding_id == found.id)).all()
    return [
        Upload(f"{found.number}-{one.position}.{ENDINGS[one.media_type]}", one.media_type, one.content, one.digest)
        for one in sorted(rows, key=lambda one: one.position)
    ]


def _report(work: Work, found: FieldFinding, words: str) -> str:
    """As many photos as a case holds; all of them stay with the finding."""
    made = complaints.open_case(
        work,
        what=words,
        place=found.market,
        happened_on=min(local_day(found.found_at), work.today),
        code=found.code[:_LONGEST_CODE],
        origin=found.number,
        pictures=_uploads(work, found)[: complaint_flow.MOST_PICTURES],
    )
    return made.id


def _inspect(work: Work, found: FieldFinding, words: str, rectify_by: date | None) -> str:
    made = inspections.record(
        work,
        found.licence_id or "",
        kind="visit",
        visited_on=min(local_day(found.found_at), work.today),
        severity=found.severity,
        reason_code=found.reason_code,
        words=words,
        rectify_by=rectify_by,
        uploads=_uploads(work, found),
        origin=found.number,
    )
    return made.id


def _audit(work: Work, action: str, found: FieldFinding, **detail: object) -> None:
    told = {"number": found.number, "state": found.state, **detail}
    audit.record(work, action, "field_finding", found.id, enterprise_id=found.enterprise_id, **told)


def _at(field: str, code: str, **params: object) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
