"""Reads what is behind the address on a pack or a place: the goods, the batch, the papers that links may lead to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from brand.models.licences import Licence
from brand.models.offerings import OfferingPhoto
from brand.models.schemes import Product
from brand.queries import endorsements, licences, offerings
from trace.models.batches import Batch
from trace.models.gtins import TradeItem
from trace.queries import gtins, recalls


@dataclass(frozen=True)
class Behind:
    """What links may lead to. ``batch`` is None for goods as such, and where the lot is not known here.

    ``licence`` is the number under which the goods or the batch carry the brand, ``endorsements`` the numbers of what
    authorities say of them, ``recall`` that of a recall of the batch.
    """

    product: Product
    goods: str
    gtin: str
    batch: Batch | None
    licence: str
    endorsements: tuple[str, ...]
    recall: str


def of_gtin(session: Session, gtin: str, lot: str, today: date) -> Behind | None:
    """Goods by GTIN and, where it names one of theirs, by lot; None where nobody registered the GTIN."""
    item = gtins.by_gtin(session, gtin)
    if item is None:
        return None
    batch = _lot(session, item, lot) if lot else None
    product = session.get_one(Product, item.product_id)
    if batch is not None:
        return _of_batch(session, batch, product, item.goods, gtin, today)
    licence = licences.valid_for(session, item.enterprise_id, item.product_id, today)
    said = endorsements.for_pack(session, item.enterprise_id, item.product_id, "", today)
    number = licence.number if licence else ""
    return Behind(product, item.goods, gtin, None, number, tuple(one.endorsement.number for one in said), "")


def of_batch(session: Session, code: str, today: date) -> Behind | None:
    """A batch that carries the brand, by its code."""
    batch = session.exec(select(Batch).where(Batch.code == code, col(Batch.licence_id).is_not(None))).first()
    if batch is None:
        return None
    return _of_batch(session, batch, session.get_one(Product, batch.product_id), "", "", today)


def known(session: Session, code: str) -> bool:
    """Whether a batch that carries the brand bears that code; for everybody."""
    return (
        session.exec(select(Batch.id).where(Batch.code == code, col(Batch.licence_id).is_not(None))).first() is not None
    )


def pictured(session: Session, code: str) -> OfferingPhoto | None:
    """A picture of goods like those of a batch that carries the brand, as its licensee lists them; or none."""
    its = select(Batch).where(Batch.code == code, col(Batch.licence_id).is_not(None))
    batch = session.exec(its).first()
    return offerings.pictured(session, batch.licensee_id, batch.product_id) if batch is not None else None


def _of_batch(session: Session, batch: Batch, product: Product, goods: str, gtin: str, today: date) -> Behind:
    licence = session.get_one(Licence, batch.licence_id)
    said = endorsements.for_pack(session, batch.licensee_id, batch.product_id, batch.code, today)
    called_back = recalls.recalled(session, [batch.id]).get(batch.id, "")
    return Behind(
        product, goods, gtin, batch, licence.number, tuple(one.endorsement.number for one in said), called_back
    )


def _lot(session: Session, item: TradeItem, lot: str) -> Batch | None:
    """The branded batch of that lot among the goods of whoever gave the GTIN."""
    its = select(Batch).where(
        Batch.licensee_id == item.enterprise_id,
        Batch.product_id == item.product_id,
        Batch.lot == lot,
        col(Batch.licence_id).is_not(None),
        col(Batch.withdrawn).is_(False),
    )
    return session.exec(its.order_by(col(Batch.registered_at).desc())).first()
