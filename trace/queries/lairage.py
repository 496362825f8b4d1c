"""Reads animals waiting for slaughter: what was announced, which tags were read, and where things do not agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.clock import local_day
from brand.kernel.errors import Fault, unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise
from brand.models.schemes import Product
from brand.queries.lookups import by_id
from trace.models.batches import Carcass
from trace.models.lairage import Lairage, LairageTag
from trace.models.quarantine import QuarantineCertificate
from trace.queries import animals, slaughter
from trace.rules.lairage import Announced, LairageState, Paper, ReadTag, differences
from trace.rules.quarantine import Form, number_key


@dataclass(frozen=True)
class Entry:
    """One lot of animals with its names."""

    lairage: Lairage
    abattoir: Enterprise
    producer: Enterprise
    product: Product


def listing(session: Session, actor: Actor, *, number: int = 1, size: int = 25) -> Page[Entry]:
    """Lots within reach, those that still wait first, the next expected first among them."""
    done = col(Lairage.state).in_([LairageState.SLAUGHTERED.value, LairageState.CALLED_OFF.value])
    ordered = _within_reach(actor).order_by(done, col(Lairage.expected_on).desc(), col(Lairage.id))
    found = page(session, ordered, number, size)
    return Page(_entries(session, found.rows), found.number, found.size, found.total)


def find(session: Session, actor: Actor, lairage_id: str) -> Entry:
    """One lot, for its abattoir, its producer and the county; raises ``access.unknown``."""
    found = session.exec(_within_reach(actor).where(Lairage.id == lairage_id)).first()
    if found is None:
        raise unknown()
    return _entries(session, [found])[0]


def _entries(session: Session, rows: Sequence[Lairage]) -> list[Entry]:
    parties = by_id(session, Enterprise, {one for row in rows for one in (row.abattoir_id, row.producer_id)})
    products = by_id(session, Product, {row.product_id for row in rows})
    return [Entry(one, parties[one.abattoir_id], parties[one.producer_id], products[one.product_id]) for one in rows]


def _within_reach(actor: Actor) -> SelectOfScalar[Lairage]:
    reach = actor.reach("batches.read")
    statement = select(Lairage)
    if reach is None:
        return statement
    return statement.where(or_(col(Lairage.abattoir_id).in_(reach), col(Lairage.producer_id).in_(reach)))


def tags(session: Session, lairage_id: str) -> Sequence[LairageTag]:
    statement = select(LairageTag).where(LairageTag.lairage_id == lairage_id)
    return session.exec(statement.order_by(col(LairageTag.tag))).all()


def of_lot(session: Session, abattoir_id: str, lot: str) -> Lairage | None:
    """The lot that stands under that number; one that was called off has left it to another."""
    its = (Lairage.abattoir_id == abattoir_id, Lairage.lot == lot)
    standing = col(Lairage.state) != LairageState.CALLED_OFF.value
    return session.exec(select(Lairage).where(*its, standing)).first()


def compared(session: Session, one: Lairage, today: date) -> tuple[Fault, ...]:
    """Where announcement, animals, herd and paper do not agree; the day of the last reading counts, else today."""
    on = local_day(one.read_at) if one.read_at else today
    read = [row.tag for row in tags(session, one.id)]
    paper = session.get(QuarantineCertificate, one.certificate_id) if one.certificate_id else None
    said = Announced(one.announced_head, frozenset(one.announced_tags))
    return differences(said, _read(session, one.producer_id, read, on), _paper(paper), on)


def _read(session: Session, producer_id: str, read: Sequence[str], on: date) -> list[ReadTag]:
    known = animals.tags_with(session, read)
    ids = [animal.id for _, animal in known.values()]
    stays, uses = animals.stays_of(session, ids), animals.uses_of(session, ids)
    borne = slaughtered(session, read)
    found = []
    for tag in read:
        if tag not in known:
            borne_by = (Fault("lairage.carcass_already", "", {}),) if tag in borne else ()
            found.append(ReadTag(tag, known=False, against=borne_by))
            continue
        animal = known[tag][1]
        home = next((herd for stay, herd in stays.get(animal.id, []) if stay.current), None)
        against = tuple(slaughter.against(animal, uses.get(animal.id, []), on))
        mine = home is None or home.enterprise_id == producer_id
        found.append(ReadTag(tag, of_producer=mine, against=against))
    return found


def slaughtered(session: Session, read: Sequence[str]) -> frozenset[str]:
    """Tags that a carcass bears already."""
    found: set[str] = set()
    for part in animals.in_parts(read):
        borne = select(Carcass.ear_tag).where(col(Carcass.ear_tag).in_(part), col(Carcass.withdrawn).is_(False))
        found.update(session.exec(borne))
    return frozenset(found)


def _paper(one: QuarantineCertificate | None) -> Paper | None:
    if one is None:
        return None
    return Paper(one.state, one.quantity - one.used, Form(one.form).of_animals, one.issued_on, one.valid_until)


def abattoirs(session: Session, actor: Actor) -> list[Enterprise]:
    """Enterprises the actor takes animals in for."""
    own = actor.reach("batches.register") or frozenset()
    return sorted(by_id(session, Enterprise, own).values(), key=lambda one: (one.name, one.id))


def paper_of(session: Session, one: Lairage) -> QuarantineCertificate | None:
    return session.get(QuarantineCertificate, one.certificate_id) if one.certificate_id else None


def paper_by_number(session: Session, enterprise_ids: Sequence[str], number: str) -> QuarantineCertificate | None:
    """A certificate of animals that one of them holds, by the number printed on it; of several the newest."""
    forms = [one.value for one in Form if one.of_animals]
    statement = select(QuarantineCertificate).where(
        col(QuarantineCertificate.enterprise_id).in_(enterprise_ids),
        col(QuarantineCertificate.form).in_(forms),
        QuarantineCertificate.key == number_key(number),
    )
    return session.exec(statement.order_by(col(QuarantineCertificate.issued_on).desc())).first()
