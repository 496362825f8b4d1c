"""Changes the product catalogue: an offering written and edited, its pictures, listed, withdrawn, taken off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, refused, unknown
from brand.kernel.uploads import PDF, Upload
from brand.kernel.work import Work
from brand.models.assets import Asset
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.models.offerings import Offering, OfferingPhoto
from brand.models.schemes import Product
from brand.queries import offerings as reading
from brand.rules import offerings as rules
from brand.rules.asset_flow import LIVE
from brand.rules.offerings import FLOW, LISTED, MOST_PHOTOS


def write(work: Work, enterprise_id: str, **entries: Any) -> Offering:
    """A draft; raises ``offerings.product`` or ``offerings.certificates`` at the field that names a thing not there."""
    work.actor.require("enterprises.edit", enterprise_id)
    _check(work, enterprise_id, entries)
    made = Offering(
        enterprise_id=enterprise_id,
        written_by=work.actor.person_id or "",
        created_at=work.now,
        updated_at=work.now,
        **entries,
    )
    work.session.add(made)
    work.session.flush()
    _record(work, "offerings.write", made)
    return made


def edit(work: Work, offering_id: str, *, version: int, **entries: Any) -> Offering:
    """Other entries; one that is listed stays complete. Raises ``offerings.stale``, ``offerings.incomplete``."""
    found = _own(work, offering_id)
    _take_version(work, found, version)
    _check(work, found.enterprise_id, entries)
    found.sqlmodel_update(entries | {"updated_at": work.now})
    if found.state == LISTED:
        rules.complete(reading.gate(found, work.session.get_one(Enterprise, found.enterprise_id)))
    work.session.flush()
    _record(work, "offerings.edit", found)
    return found


def step(
    work: Work, offering_id: str, action: str, *, version: int, reason_code: str = "", comment: str = ""
) -> Offering:
    """``list``, ``withdraw`` (its owner), ``hold``, ``release`` (the office); raises what a guard refuses."""
    permission = next((one.permission for one in FLOW.steps if one.action == action), None)
    found = work.session.get(Offering, offering_id)
    if permission is None or found is None:
        raise unknown()
    work.actor.require(permission, found.enterprise_id)
    _take_version(work, found, version)
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    move = FLOW.apply(found.state, action, reading.gate(found, enterprise) | {"reason_code": reason_code})
    if move.next_state == LISTED:
        _check_confirmed(enterprise)
        found.listed_at = work.now
    found.state, found.updated_at = move.next_state, work.now
    found.reason_code, found.reason = (reason_code, comment) if move.reason else ("", "")
    work.session.flush()
    _record(work, move.audit, found, reason_code=reason_code)
    return found


def move_all(work: Work, from_id: str, to: Enterprise) -> None:
    """The offerings of an entry that is merged away go to the one that is kept, without certificates closed with it.

    One whose producer could no longer be told is withdrawn.
    """
    for found in work.session.exec(select(Offering).where(Offering.enterprise_id == from_id)).all():
        found.enterprise_id, found.certificates = to.id, []
        found.version, found.updated_at = found.version + 1, work.now
        if found.state == LISTED and rules.missing(reading.gate(found, to)):
            found.state = "withdrawn"
        work.session.flush()
        _record(work, "offerings.move", found, was=from_id)


def add_photo(work: Work, offering_id: str, *, version: int, upload: Upload, alt: str, alt_en: str) -> OfferingPhoto:
    """One picture more; raises ``uploads.pictures_only``, ``offerings.photos_full``, ``offerings.photo_twice``."""
    found = _own(work, offering_id)
    _take_version(work, found, version)
    if upload.media_type == PDF:
        raise _at("file", "uploads.pictures_only")
    held = reading.photos(work.session, [offering_id]).get(offering_id, [])
    if len(held) >= MOST_PHOTOS:
        raise _at("file", "offerings.photos_full", most=MOST_PHOTOS)
    if upload.digest in {one.digest for one in held}:
        raise _at("file", "offerings.photo_twice")
    photo = OfferingPhoto(
        offering_id=offering_id,
        alt=alt,
        alt_en=alt_en,
        media_type=upload.media_type,
        size=upload.size,
        digest=upload.digest,
        content=upload.data,
        added_at=work.now,
        added_by=work.actor.person_id or "",
    )
    work.session.add(photo)
    work.session.flush()
    _record(work, "offerings.add_photo", found, digest=upload.digest)
    return photo


def remove_photo(work: Work, offering_id: str, photo_id: str, *, version: int) -> Offering:
    """The picture is taken away for good; the audit trail keeps its digest."""
    found = _own(work, offering_id)
    photo = work.session.get(OfferingPhoto, photo_id)
    if photo is None or photo.offering_id != offering_id:
        raise unknown()
    _take_version(work, found, version)
    _record(work, "offerings.remove_photo", found, digest=photo.digest)
    work.session.delete(photo)
    work.session.flush()
    return found


def _own(work: Work, offering_id: str) -> Offering:
    found = work.session.get(Offering, offering_id)
    if found is None:
        raise unknown()
    work.actor.require("enterprises.edit", found.enterprise_id)
    return found


def _take_version(work: Work, found: Offering, version: int) -> None:
    """One statement decides who of two comes first; raises ``offerings.stale``."""
    its = (col(Offering.id) == found.id, col(Offering.version) == version)
    taken = work.session.exec(update(Offering).where(*its).values(version=version + 1))
    work.session.refresh(found)
    if taken.rowcount != 1:
        raise conflict("offerings.stale", name=found.name)


def _check(work: Work, enterprise_id: str, entries: dict[str, Any]) -> None:
    if work.session.get(Product, entries["product_id"]) is None:
        raise _at("product_id", "offerings.product")
    if set(entries["certificates"]) - _shown(work, enterprise_id, entries["certificates"]):
        raise _at("certificates", "offerings.certificates")


def _shown(work: Work, enterprise_id: str, wanted: Iterable[str]) -> set[str]:
    live = select(Asset.id).where(Asset.enterprise_id == enterprise_id, col(Asset.state).in_(LIVE))
    return set(work.session.exec(live.where(col(Asset.id).in_(set(wanted)))))


def _check_confirmed(enterprise: Enterprise) -> None:
    if enterprise.state != EnterpriseState.CONFIRMED:
        raise refused("offerings.enterprise_state")


def _at(field: str, code: str, **params: object) -> Exception:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)


def _record(work: Work, action: str, one: Offering, **detail: Any) -> None:
    audit.record(work, action, "offering", one.id, enterprise_id=one.enterprise_id, state=one.state, **detail)
