"""Reads commitment certificates: of whom and for what, what stands behind one, what the public may read of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise, EnterpriseKind
from brand.queries.lookups import by_id
from trace.models.batches import Batch
from trace.models.commitments import Commitment, CommitmentInput, CommitmentTaken
from trace.queries import batches, holds, quality, recalls
from trace.rules import commitments as rules


@dataclass(frozen=True)
class Entry:
    """One certificate with its party, its goods and what went before and after it."""

    commitment: Commitment
    party: Enterprise
    batch: Batch
    inputs: tuple[Commitment, ...] = ()
    replaces: Commitment | None = None
    replaced_by: Commitment | None = None


@dataclass(frozen=True)
class Shown:
    """What everybody may read: no contact; ``party`` is empty for a household, whose name is a person's."""

    commitment: Commitment
    party: str
    party_en: str
    words: dict[str, Any]
    replaced_by: str
    intact: bool
    held: bool
    recall: str
    failing: bool


def words(one: Commitment) -> dict[str, Any]:
    """What a certificate says, as data; its digest is that of these words."""
    names = ("number", "style", "bases", "product", "quantity_kg", "origin", "party", "issued_on")
    return rules.words(**{name: getattr(one, name) for name in names})


def listing(
    session: Session, actor: Actor, *, q: str = "", state: str = "", number: int = 1, size: int = 25
) -> Page[Entry]:
    """Certificates within reach, newest first; ``q`` is a piece of a number, a product or a lot."""
    statement = _within_reach(actor)
    if q:
        named = [col(one).icontains(q, autoescape=True) for one in (Commitment.number, Commitment.product, Batch.lot)]
        statement = statement.where(or_(*named))
    if state:
        statement = statement.where(Commitment.state == state)
    found = page(session, statement.order_by(col(Commitment.issued_at).desc(), col(Commitment.id)), number, size)
    parties = by_id(session, Enterprise, {one.enterprise_id for one in found.rows})
    goods = by_id(session, Batch, {one.batch_id for one in found.rows})
    rows = [Entry(one, parties[one.enterprise_id], goods[one.batch_id]) for one in found.rows]
    return Page(rows, found.number, found.size, found.total)


def find(session: Session, actor: Actor, number: str) -> Entry:
    """One certificate for its party and for whoever has to do with the batch; raises ``access.unknown``."""
    found = session.exec(_within_reach(actor).where(Commitment.number == number)).first()
    if found is None:
        raise unknown()
    behind = select(Commitment).join(CommitmentInput, col(CommitmentInput.input_id) == col(Commitment.id))
    inputs = session.exec(behind.where(CommitmentInput.commitment_id == found.id).order_by(Commitment.number))
    return Entry(
        found,
        session.get_one(Enterprise, found.enterprise_id),
        session.get_one(Batch, found.batch_id),
        tuple(inputs),
        session.get(Commitment, found.replaces_id) if found.replaces_id else None,
        _successor(session, found),
    )


def public(session: Session, code: str) -> Shown:
    """A certificate by its public address; raises ``access.unknown``."""
    found = session.exec(select(Commitment).where(Commitment.code == code)).first()
    if found is None:
        raise unknown()
    party = session.get_one(Enterprise, found.enterprise_id)
    person = party.kind == EnterpriseKind.HOUSEHOLD
    successor = _successor(session, found)
    said = words(found)
    intact = rules.digest(said) == found.digest
    if person:
        del said["party"]
    return Shown(
        found,
        "" if person else found.party,
        "" if person else party.name_en or found.party,
        said,
        successor.code if successor else "",
        intact,
        bool(holds.bearing_on(session, [found.batch_id])[found.batch_id]),
        recalls.recalled(session, [found.batch_id]).get(found.batch_id, ""),
        bool(quality.failing(session, [found.batch_id])),
    )


def data(one: Shown) -> dict[str, Any]:
    """The same as data for programs; ``sha256`` is that of the words with the party in them."""
    return {
        "words": one.words,
        "sha256": one.commitment.digest,
        "intact": one.intact,
        "state": one.commitment.state,
        "keep_until": one.commitment.keep_until,
        "replaced_by": one.replaced_by or None,
        "being_checked": one.held,
        "recalled": one.recall or None,
        "test_failed": one.failing,
    }


def of_batch(session: Session, batch_id: str) -> Sequence[Commitment]:
    """Every certificate a batch ever had, the one in force first; for whoever may see the batch."""
    statement = select(Commitment).where(Commitment.batch_id == batch_id)
    return session.exec(statement.order_by(col(Commitment.state) != "valid", col(Commitment.issued_at).desc())).all()


def in_force(session: Session, batch_id: str) -> Commitment | None:
    """The one certificate of a batch that counts."""
    statement = select(Commitment).where(Commitment.batch_id == batch_id, Commitment.state == "valid")
    return session.exec(statement).first()


def taken_of(session: Session, actor: Actor, batch_id: str) -> list[CommitmentTaken]:
    """Papers taken for a batch within reach, without their bytes; those of others stay theirs."""
    batches.find(session, actor, batch_id)
    statement = select(CommitmentTaken).where(CommitmentTaken.batch_id == batch_id)
    reach = actor.reach("batches.read")
    if reach is not None:
        statement = statement.where(col(CommitmentTaken.enterprise_id).in_(reach))
    ordered = statement.order_by(col(CommitmentTaken.issued_on), col(CommitmentTaken.id))
    return list(session.exec(ordered.options(defer(CommitmentTaken.content))))  # type: ignore[arg-type]


def taken(session: Session, actor: Actor, taken_id: str) -> CommitmentTaken:
    """One paper with its bytes, for those who took it and the office; raises ``access.unknown``."""
    found = session.get(CommitmentTaken, taken_id)
    if found is None:
        raise unknown()
    actor.require("batches.read", found.enterprise_id)
    return found


def to_issue(session: Session, actor: Actor, most: int) -> list[Batch]:
    """Goods of one's own that must have a certificate and have none, oldest first; what was used up needs none."""
    order = rules.order()
    certified_ids = select(Commitment.batch_id).where(Commitment.state == "valid")
    statement = (
        _in_hand(actor)
        .join(Enterprise, col(Enterprise.id) == col(Batch.holder_id))
        .where(
            col(Enterprise.kind).in_(order.must),
            col(Batch.id).not_in(certified_ids),
            col(Batch.used_kg) < col(Batch.total_kg),
        )
    )
    return list(session.exec(statement.order_by(col(Batch.made_on), col(Batch.id)).limit(most)))


def to_take(session: Session, actor: Actor, most: int) -> list[Batch]:
    """Goods bought up whose sellers' papers do not speak for all of them yet, oldest first."""
    papers = (
        select(func.coalesce(func.sum(CommitmentTaken.quantity_kg), 0))
        .where(CommitmentTaken.batch_id == Batch.id)
        .scalar_subquery()
    )
    statement = _in_hand(actor).where(Batch.kind == "collected", papers < col(Batch.total_kg))
    return list(session.exec(statement.order_by(col(Batch.made_on), col(Batch.id)).limit(most)))


def to_withdraw(session: Session, actor: Actor, most: int) -> list[Commitment]:
    """Certificates in force whose goods failed a test meanwhile, oldest first."""
    statement = select(Commitment).where(Commitment.state == "valid")
    reach = actor.reach("commitments.issue")
    if reach is not None:
        statement = statement.where(col(Commitment.enterprise_id).in_(reach))
    failed = quality.failed_batches()
    ordered = statement.where(col(Commitment.batch_id).in_(failed)).order_by(col(Commitment.issued_at)).limit(most)
    return list(session.exec(ordered))


def papers_kg(session: Session, batch_ids: Collection[str]) -> dict[str, Decimal]:
    """Batch id → for how much of it sellers' papers were taken, kg."""
    statement = select(CommitmentTaken.batch_id, func.sum(CommitmentTaken.quantity_kg))
    found = session.exec(statement.where(col(CommitmentTaken.batch_id).in_(batch_ids)).group_by("batch_id"))
    return dict(found.all())


def _in_hand(actor: Actor) -> SelectOfScalar[Batch]:
    """Batches of listed goods, made since the order is in force, that this person's enterprises hold."""
    order = rules.order()
    statement = select(Batch).where(
        col(Batch.form).in_(order.forms), Batch.made_on >= order.in_force_from, col(Batch.withdrawn).is_(False)
    )
    reach = actor.reach("commitments.issue")
    return statement if reach is None else statement.where(col(Batch.holder_id).in_(reach))


def _successor(session: Session, one: Commitment) -> Commitment | None:
    return session.exec(select(Commitment).where(Commitment.replaces_id == one.id)).first()


def _within_reach(actor: Actor) -> SelectOfScalar[Commitment]:
    reach = actor.reach("batches.read")
    statement = select(Commitment).join(Batch, col(Batch.id) == col(Commitment.batch_id))
    if reach is None:
        return statement
    return statement.where(or_(*(one.in_(reach) for one in (col(Commitment.enterprise_id), *batches.HANDS))))
