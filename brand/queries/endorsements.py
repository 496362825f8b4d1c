"""Reads endorsements and designations: what an authority says of goods, for the office and for the public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.endorsements import Designation, Endorsement
from brand.models.enterprises import Enterprise, EnterpriseKind
from brand.models.schemes import Product
from brand.models.statement_keys import StatementKey
from brand.queries import statement_keys
from brand.queries.lookups import by_id
from brand.rules import designations
from brand.rules import endorsements as rules
from brand.rules.designations import Mark
from brand.rules.endorsements import Subject

_PUBLIC = ("issued", "revoked")

_IN_FORCE = (
    select(Endorsement)
    .where(
        col(Endorsement.subject).in_(bindparam("subjects", expanding=True)),
        col(Endorsement.state) == "issued",
        col(Endorsement.valid_from) <= bindparam("today"),
        col(Endorsement.valid_until) >= bindparam("today"),
    )
    .order_by(Endorsement.subject, Endorsement.number)
)


@dataclass(frozen=True)
class Statement:
    """One endorsement with the names in it; ``word`` is its state on the day asked for.

    ``intact`` False: the words no longer give the digest that was agreed to, or what was issued does not bear the
    office's signature over them; it counts for nothing.
    """

    endorsement: Endorsement
    word: str
    intact: bool
    enterprise: Enterprise | None
    product: Product | None

    @property
    def batch_code(self) -> str:
        kind, _, rest = self.endorsement.subject.partition(":")
        return rest if kind == Subject.BATCH else ""

    @property
    def holder_is_private(self) -> bool:
        return self.enterprise is not None and self.enterprise.kind == EnterpriseKind.HOUSEHOLD


@dataclass(frozen=True)
class Recognition:
    """One designation with its mark; ``word`` is granted, expired or revoked."""

    designation: Designation
    mark: Mark
    word: str


def for_pack(session: Session, enterprise_id: str, product_id: str, batch_code: str, today: date) -> list[Statement]:
    """What is in force today for a pack: endorsements of its batch, then of its product; no batch code: of goods."""
    wanted = [rules.subject_of(Subject.PRODUCT, enterprise_id=enterprise_id, product_id=product_id)]
    if batch_code:
        wanted.append(rules.subject_of(Subject.BATCH, batch_code=batch_code))
    found = _statements(session, session.exec(_IN_FORCE, params={"subjects": wanted, "today": today}), today)
    return [one for one in found if one.intact]


def of_enterprise(session: Session, enterprise_id: str, today: date) -> list[Statement]:
    """What was issued for products of the enterprise, newest first, revoked and run out ones too."""
    statement = select(Endorsement).where(
        Endorsement.enterprise_id == enterprise_id, col(Endorsement.state).in_(_PUBLIC)
    )
    found = session.exec(statement.order_by(col(Endorsement.number).desc()))
    return [one for one in _statements(session, found, today) if one.intact]


def listing(session: Session, today: date, *, state: str = "", number: int = 1, size: int = 25) -> Page[Statement]:
    """Every endorsement, newest first; for those who write or issue them."""
    statement = select(Endorsement).order_by(col(Endorsement.written_at).desc(), col(Endorsement.id))
    found = page(session, statement.where(Endorsement.state == state) if state else statement, number, size)
    return Page(_statements(session, found.rows, today), found.number, found.size, found.total)


def find(session: Session, actor: Actor, number: str, today: date) -> Statement:
    """One by its number: the public reads what was issued, its people drafts as well; raises ``access.unknown``."""
    found = session.exec(select(Endorsement).where(Endorsement.number == number)).first()
    inside = actor.may("endorsements.write") or actor.may("endorsements.issue")
    if found is None or (found.state not in _PUBLIC and not inside):
        raise unknown()
    return _statements(session, [found], today)[0]


def drafts(session: Session, most: int) -> list[Endorsement]:
    """Those that wait for a second person, oldest first."""
    statement = select(Endorsement).where(Endorsement.state == "draft").order_by(col(Endorsement.written_at))
    return list(session.exec(statement.limit(most)))


def recognitions(session: Session, enterprise_id: str, today: date) -> list[Recognition]:
    """The designation marks of an enterprise, newest first."""
    statement = select(Designation).where(Designation.enterprise_id == enterprise_id)
    rows = session.exec(statement.order_by(col(Designation.granted_on).desc(), col(Designation.id)))
    known = designations.marks()
    return [
        Recognition(one, known[one.mark_code], designations.word(one.revoked_at is not None, one.valid_until, today))
        for one in rows
    ]


def _intact(one: Endorsement, key: StatementKey | None) -> bool:
    words = one.model_dump()
    if rules.digest(words) != one.digest:
        return False
    if one.issued_at is None:
        return True
    trusted = statement_keys.trusted(key, one.issued_at)
    return trusted and statement_keys.signed(key, rules.TOPIC, rules.canonical(words), one.signature)


def _statements(session: Session, rows: object, today: date) -> list[Statement]:
    found: list[Endorsement] = list(rows)  # type: ignore[call-overload]
    enterprises = by_id(session, Enterprise, {one.enterprise_id for one in found if one.enterprise_id})
    products = by_id(session, Product, {one.product_id for one in found if one.product_id})
    keys = statement_keys.known(session, {one.kid for one in found})
    return [
        Statement(
            one,
            rules.holds(one.state, one.valid_from, one.valid_until, today),
            _intact(one, keys.get(one.kid)),
            enterprises.get(one.enterprise_id or ""),
            products.get(one.product_id or ""),
        )
        for one in found
    ]
