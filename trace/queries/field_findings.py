"""Reads what came from markets: the queue for those who inspect licences, one finding with its photos."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.complaints import Complaint
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.queries.open_steps import OpenStep, open_steps
from trace.models.field_devices import FieldDevice
from trace.models.field_findings import FieldFinding, FieldPhoto, FieldStatement
from trace.rules import field_findings
from trace.rules.field_findings import FLOW, FindingState


@dataclass(frozen=True)
class Detail:
    """One finding with what it concerns, the device that signed it, its photos, and what this person may do with it."""

    finding: FieldFinding
    statement: FieldStatement
    device: FieldDevice
    licence: Licence | None
    enterprise: Enterprise | None
    case: Complaint | None
    photos: tuple[FieldPhoto, ...]
    open_steps: tuple[OpenStep, ...]


def _reach(actor: Actor) -> bool:
    return actor.may("licences.inspect")


def listing(
    session: Session, actor: Actor, *, state: str = "received", number: int = 1, size: int = 25
) -> Page[FieldFinding]:
    """Findings, newest first, for those who inspect; nobody else sees one. ``state`` is one of them or ``all``."""
    statement = select(FieldFinding).order_by(col(FieldFinding.received_at).desc(), col(FieldFinding.id))
    if state != "all":
        statement = statement.where(FieldFinding.state == state)
    if not _reach(actor):
        raise unknown()
    return page(session, statement, number, size)


def waiting(session: Session, actor: Actor, most: int) -> list[FieldFinding]:
    """What nobody has dealt with yet, the oldest first."""
    if not _reach(actor):
        return []
    statement = select(FieldFinding).where(FieldFinding.state == FindingState.RECEIVED)
    return list(session.exec(statement.order_by(col(FieldFinding.received_at)).limit(most)))


def find(session: Session, actor: Actor, number: str) -> Detail:
    """One finding; raises ``access.unknown``."""
    found = session.exec(select(FieldFinding).where(FieldFinding.number == number)).first()
    if found is None or not _reach(actor):
        raise unknown()
    statement = session.get_one(FieldStatement, found.statement_id)
    typed = (field_findings.is_explained,)
    return Detail(
        found,
        statement,
        session.get_one(FieldDevice, statement.device_id),
        session.get(Licence, found.licence_id) if found.licence_id else None,
        session.get(Enterprise, found.enterprise_id) if found.enterprise_id else None,
        session.get(Complaint, found.complaint_id) if found.complaint_id else None,
        tuple(photos(session, found.id)),
        tuple(open_steps(FLOW, found.state, actor, None, {"licence_id": found.licence_id, "words": ""}, typed)),
    )


def photos(session: Session, finding_id: str) -> list[FieldPhoto]:
    """The photos of a finding without their bytes."""
    mine = select(FieldPhoto).where(FieldPhoto.finding_id == finding_id).order_by(col(FieldPhoto.position))
    return list(session.exec(mine.options(defer(FieldPhoto.content))))  # type: ignore[arg-type]


def photo(session: Session, actor: Actor, number: str, position: int) -> FieldPhoto:
    """One photo with its bytes; raises ``access.unknown``."""
    detail = find(session, actor, number)
    found = next((one for one in detail.photos if one.position == position), None)
    if found is None:
        raise unknown()
    return found


def by_sequence(session: Session, device_id: str, sequence: int) -> tuple[FieldStatement, FieldFinding] | None:
    """What a device handed in under that number."""
    statement = (
        select(FieldStatement, FieldFinding)
        .join(FieldFinding, col(FieldFinding.statement_id) == col(FieldStatement.id))
        .where(FieldStatement.device_id == device_id, FieldStatement.sequence == sequence)
    )
    row = session.exec(statement).first()
    return (row[0], row[1]) if row is not None else None


def holder_of(session: Session, licence_id: str) -> str:
    """The enterprise that holds the licence."""
    return session.get_one(Licence, licence_id).enterprise_id
