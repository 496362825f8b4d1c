"""Keeps a brand's trademarks and files, and hands a file out only to those who may use it, on record."""

from __future__ import annotations

from datetime import date

from sqlmodel import select

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, unknown
from brand.kernel.uploads import Upload
from brand.kernel.work import Work
from brand.models.brand_marks import BrandFile, BrandFileTaking, Trademark
from brand.models.schemes import Brand, Tier
from brand.queries import brand_marks as reading
from brand.rules import brand_files, trademarks


def add_trademark(
    work: Work,
    brand_id: str,
    *,
    number: str,
    nice_class: int,
    kind: str,
    holder: str,
    registered_on: date,
    valid_until: date | None = None,
) -> Trademark:
    """A registration of the brand; without ``valid_until`` the term of the law from the day of registration.

    Raises ``brand_marks.number``, ``brand_marks.twice`` or ``brand_marks.term`` at the field.
    """
    work.actor.require("brands.manage")
    _brand(work, brand_id)
    until = valid_until or trademarks.last_day(registered_on)
    if not trademarks.is_number(number):
        raise _at("number", "brand_marks.number")
    if until <= registered_on:
        raise _at("valid_until", "brand_marks.term")
    twin = select(Trademark.id).where(Trademark.number == number, Trademark.nice_class == nice_class)
    if work.session.exec(twin).first():
        raise _at("number", "brand_marks.twice")
    one = Trademark(
        brand_id=brand_id,
        number=number,
        nice_class=nice_class,
        kind=kind,
        holder=holder,
        registered_on=registered_on,
        valid_until=until,
        entered_at=work.now,
    )
    work.session.add(one)
    work.session.flush()
    audit.record(work, "brands.add_trademark", "brand", brand_id, number=number, nice_class=nice_class, until=until)
    return one


def renew(work: Work, trademark_id: str, *, version: int, brand_id: str = "") -> Trademark:
    """Note a renewal: one more term; a ``brand_id`` must be the mark's own.

    Raises ``brand_marks.not_renewable`` outside the window, ``brand_marks.stale``.
    """
    work.actor.require("brands.manage")
    locked = select(Trademark).where(Trademark.id == trademark_id).with_for_update()
    one = work.session.exec(locked, execution_options={"populate_existing": True}).first()
    if one is None or brand_id not in ("", one.brand_id):
        raise unknown()
    if one.version != version:
        raise conflict("brand_marks.stale", number=one.number)
    trademarks.check_renewable(one.valid_until, work.today)
    one.valid_until, one.version = trademarks.renewed(one.valid_until), version + 1
    work.session.flush()
    audit.record(work, "brands.renew_trademark", "brand", one.brand_id, number=one.number, until=one.valid_until)
    return one


def add_file(work: Work, brand_id: str, *, upload: Upload, file_kind: str, title: str, licensees: bool) -> BrandFile:
    """A logo or manual as the next edition of its kind; ``upload`` was told by its content at the door."""
    work.actor.require("brands.manage")
    _brand(work, brand_id)
    file = BrandFile(
        brand_id=brand_id,
        kind=file_kind,
        edition=reading.newest_edition(work.session, brand_id, file_kind) + 1,
        title=title,
        licensees=licensees,
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        digest=upload.digest,
        content=upload.data,
        added_at=work.now,
        added_by=work.actor.person_id or "",
        added_by_name=work.actor.name,
    )
    work.session.add(file)
    work.session.flush()
    audit.record(
        work, "brands.add_file", "brand", brand_id, kind=file_kind, edition=file.edition, digest=file.digest,
        licensees=licensees,
    )  # fmt: skip
    return file


def take_file(work: Work, file_id: str, *, use: str, brand_id: str = "") -> BrandFile:
    """Hand a file out for one use of the brand's tier and the licence, and note who took it under which licence.

    What a person may not take is not there for them; a ``brand_id`` must be the file's own.
    Raises ``brand_files.use_not_allowed``.
    """
    work.actor.require("brands.read")
    file = work.session.get(BrandFile, file_id)
    if file is None or brand_id not in ("", file.brand_id):
        raise unknown()
    held = reading.licences_under(work.session, work.actor, file.brand_id, work.today)
    if not reading.may_take(work.actor, file, held):
        raise unknown()
    tier = work.session.get_one(Tier, _brand(work, file.brand_id).tier_id)
    brand_files.check_use(reading.uses_open(work.actor, tier, held), use)
    licence = next((one for one in held if use in one.uses), None)
    work.session.add(
        BrandFileTaking(
            file_id=file.id,
            use=use,
            person_id=work.actor.person_id or "",
            person_name=work.actor.name,
            enterprise_id=licence.enterprise_id if licence else None,
            licence_number=licence.number if licence else "",
            taken_at=work.now,
        )
    )
    audit.record(
        work, "brands.take_file", "brand", file.brand_id, kind=file.kind, edition=file.edition, use=use,
        enterprise_id=licence.enterprise_id if licence else None,
    )  # fmt: skip
    return file


def _brand(work: Work, brand_id: str) -> Brand:
    brand = work.session.get(Brand, brand_id)
    if brand is None:
        raise unknown()
    return brand


def _at(field: str, code: str) -> Exception:
    return invalid(code, faults=[Fault(code, f"/{field}")])
