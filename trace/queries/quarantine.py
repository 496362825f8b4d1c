"""Reads quarantine certificates within reach, what each went with, and what it may still go with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise
from brand.queries.lookups import by_id
from trace.models.batches import Batch, Carcass
from trace.models.herds import Herd, Stay
from trace.models.quarantine import QuarantineCertificate, QuarantineUse
from trace.models.shipments import Shipment, ShipmentLine
from trace.rules.quarantine import number_key
from trace.rules.shipments import ON_THE_WAY

MOST_TARGETS = 100


@dataclass(frozen=True)
class Entry:
    paper: QuarantineCertificate
    enterprise: Enterprise
    uses: tuple[QuarantineUse, ...] = ()


def listing(session: Session, actor: Actor, *, q: str = "", number: int = 1, size: int = 25) -> Page[Entry]:
    """Those nobody has seen first, then by day of issue, latest first."""
    statement = _within_reach(actor)
    if q:
        statement = statement.where(col(QuarantineCertificate.key).contains(number_key(q)))
    ordered = statement.order_by(
        col(QuarantineCertificate.state) != "declared",
        col(QuarantineCertificate.issued_on).desc(),
        col(QuarantineCertificate.id),
    )
    found = page(session, ordered, number, size)
    holders_of = by_id(session, Enterprise, {one.enterprise_id for one in found.rows})
    rows = [Entry(one, holders_of[one.enterprise_id]) for one in found.rows]
    return Page(rows, found.number, found.size, found.total)


def find(session: Session, actor: Actor, certificate_id: str) -> Entry:
    """One certificate with what it went with; raises ``access.unknown``."""
    found = session.exec(_within_reach(actor).where(QuarantineCertificate.id == certificate_id)).first()
    if found is None:
        raise unknown()
    uses = select(QuarantineUse).where(QuarantineUse.certificate_id == certificate_id)
    return Entry(
        found,
        session.get_one(Enterprise, found.enterprise_id),
        tuple(session.exec(uses.order_by(col(QuarantineUse.used_at)))),
    )


def readable(session: Session, actor: Actor, certificate_id: str) -> bool:
    """Whether the person may open its page."""
    return session.exec(_within_reach(actor).where(QuarantineCertificate.id == certificate_id)).first() is not None


def went_with(session: Session, subject: str, subject_id: str) -> Sequence[tuple[QuarantineUse, QuarantineCertificate]]:
    """The certificates a batch, herd or shipment went with, by day of issue."""
    statement = (
        select(QuarantineUse, QuarantineCertificate)
        .join(QuarantineCertificate, col(QuarantineCertificate.id) == col(QuarantineUse.certificate_id))
        .where(QuarantineUse.subject == subject, QuarantineUse.subject_id == subject_id)
        .order_by(col(QuarantineCertificate.issued_on), col(QuarantineUse.id))
    )
    return session.exec(statement).all()


def batches_of(session: Session, certificate_id: str) -> list[str]:
    """Batches whose history a certificate belongs to: used for them, for a journey, or for a herd before slaughter."""
    found: set[str] = set()
    for one in session.exec(select(QuarantineUse).where(QuarantineUse.certificate_id == certificate_id)).all():
        aboard = select(ShipmentLine.batch_id).where(ShipmentLine.shipment_id == one.subject_id)
        slaughtered = (
            select(Carcass.batch_id)
            .join(Stay, col(Stay.animal_id) == col(Carcass.animal_id))
            .where(Stay.herd_id == one.subject_id, Stay.left == "slaughter")
        )
        if one.subject == "batch":
            found.add(one.subject_id)
        else:
            found.update(session.exec(aboard if one.subject == "shipment" else slaughtered))
    return sorted(found)


def holders(session: Session, actor: Actor) -> list[Enterprise]:
    """Enterprises the actor declares certificates for."""
    own = actor.reach("quarantine.write") or frozenset()
    return sorted(by_id(session, Enterprise, own).values(), key=lambda one: (one.name, one.id))


def targets(session: Session, actor: Actor, enterprise_id: str) -> list[tuple[str, str, str]]:
    """(subject, id, name) of what its certificates may go with: herds, latest batches and journeys."""
    own_herds = select(Herd).where(Herd.enterprise_id == enterprise_id, col(Herd.closed_on).is_(None))
    own_batches = select(Batch).where(or_(Batch.producer_id == enterprise_id, Batch.maker_id == enterprise_id))
    found = [("herd", one.id, one.name) for one in session.exec(own_herds.order_by(Herd.name).limit(MOST_TARGETS))]
    latest = own_batches.order_by(col(Batch.registered_at).desc()).limit(MOST_TARGETS)
    sent = select(Shipment).where(Shipment.from_id == enterprise_id, Shipment.state == ON_THE_WAY)
    on_the_way = session.exec(sent.order_by(col(Shipment.sent_at).desc()).limit(MOST_TARGETS)).all()
    found += [("batch", one.id, one.lot) for one in session.exec(latest)]
    return found + [("shipment", one.id, one.number) for one in on_the_way]


def _within_reach(actor: Actor) -> SelectOfScalar[QuarantineCertificate]:
    reach = actor.reach("quarantine.read")
    statement = select(QuarantineCertificate)
    return statement if reach is None else statement.where(col(QuarantineCertificate.enterprise_id).in_(reach))
