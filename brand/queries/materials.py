"""Reads the papers of an application: what is asked for, what is there, and one file to be saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.errors import unknown
from brand.models.assets import Asset
from brand.models.licences import Application
from brand.models.materials import ApplicationFile
from brand.models.schemes import Brand
from brand.queries import assets, schemes
from brand.rules import materials
from brand.rules.materials import MaterialKind, Need


@dataclass(frozen=True)
class Paper:
    """What the page shows of one kind: how many are needed, and those that are there.

    ``assets`` are certificates of the register that count although no paper was added here.
    """

    need: Need
    files: tuple[ApplicationFile, ...]
    assets: tuple[Asset, ...] = ()


def _held(application_id: str) -> SelectOfScalar[ApplicationFile]:
    """The applicant's files that still stand, without their bytes."""
    statement = select(ApplicationFile).where(ApplicationFile.application_id == application_id)
    return statement.where(col(ApplicationFile.removed_at).is_(None)).options(
        defer(ApplicationFile.content)  # type: ignore[arg-type]
    )


def files(session: Session, application_id: str) -> list[ApplicationFile]:
    """The applicant's papers in the order they came."""
    statement = _held(application_id).where(col(ApplicationFile.review_id).is_(None))
    return list(session.exec(statement.order_by(col(ApplicationFile.added_at), col(ApplicationFile.id))))


def of_reviews(session: Session, application_id: str) -> dict[str, list[ApplicationFile]]:
    """The files of the office's records, by record."""
    found: dict[str, list[ApplicationFile]] = {}
    statement = _held(application_id).where(col(ApplicationFile.review_id).is_not(None))
    for one in session.exec(statement.order_by(col(ApplicationFile.added_at), col(ApplicationFile.id))):
        found.setdefault(one.review_id or "", []).append(one)
    return found


def hands(session: Session, application_id: str) -> set[str]:
    """Everybody who ever added a paper, taken back or not."""
    return set(session.exec(select(ApplicationFile.added_by).where(ApplicationFile.application_id == application_id)))


def needs(session: Session, application: Application, scheme_id: str, day: date) -> list[Need]:
    """Every kind with what the scheme's policy asks for and what counts on that day.

    A certificate the office has compared in the register counts like a paper: it was seen once already.
    """
    wanted = {one.key: one.value for one in schemes.policies(session, scheme_id)}
    counted: list[tuple[str, date | None]] = [(one.kind, one.valid_until) for one in files(session, application.id)]
    registered = assets.certificates(session, application.enterprise_id, day)
    counted += [(MaterialKind.CERTIFICATE, one.valid_until) for one in registered]
    return materials.needs(wanted, counted, day, goods=application.product_id is not None)


def papers(session: Session, application: Application, brand: Brand, day: date) -> list[Paper]:
    """The check list of the page: needed kinds first, then those that may be added."""
    held = files(session, application.id)
    registered = tuple(assets.certificates(session, application.enterprise_id, day))
    found = [
        Paper(
            need,
            tuple(one for one in held if one.kind == need.kind),
            registered if need.kind is MaterialKind.CERTIFICATE else (),
        )
        for need in needs(session, application, brand.scheme_id, day)
    ]
    order = list(MaterialKind)
    return sorted(found, key=lambda one: (not one.need.needed, order.index(one.need.kind)))


def file(session: Session, application_id: str, file_id: str) -> ApplicationFile:
    """One file with its bytes; the caller has checked the reach of the application. Raises ``access.unknown``."""
    found = session.get(ApplicationFile, file_id)
    if found is None or found.application_id != application_id or found.removed_at is not None:
        raise unknown()
    return found
