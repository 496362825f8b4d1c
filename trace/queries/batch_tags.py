"""Reads signed codes of batches, and lays their tags out in words. Tags are in Chinese, like labels."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from sqlmodel import Session, col, func, select

from brand.kernel.errors import Fault, invalid
from brand.kernel.texts import say
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.models.schemes import Brand, Product
from trace.crypto.code_profiles import BatchCode, GtinCode
from trace.crypto.label_codes import signed_address
from trace.formats.label_drawing import Fact, LabelText
from trace.formats.label_files import Printing, write
from trace.models.batch_tags import BatchTag
from trace.models.batches import Batch, Carcass
from trace.queries import grading, gtins
from trace.rules.weights import plain

_LANGUAGE = "zh"


def coded(batch: Batch, gtin: str) -> BatchCode | GtinCode:
    """What the symbol of a tag says: goods of the lot by their GTIN, or the batch."""
    return GtinCode(gtin, batch.lot) if gtin else BatchCode(batch.code)


def of_batch(session: Session, batch_id: str, kid: str, gtin: str = "") -> BatchTag | None:
    """The code issued for a batch under that key, if any."""
    its = (BatchTag.batch_id == batch_id, BatchTag.kid == kid, BatchTag.gtin == gtin)
    return session.exec(select(BatchTag).where(*its)).first()


def carcasses(session: Session, batch_id: str) -> int:
    """How many carcasses of a batch can have a tag."""
    asked = select(func.count()).where(col(Carcass.batch_id) == batch_id, col(Carcass.withdrawn).is_(False))
    return session.exec(asked).one()


def file(session: Session, tag: BatchTag, wanted: Printing, public_url: str, *, what: str, copies: int) -> bytes:
    """The tags as a file, every symbol read back: ``batch``, so many of the same, or ``carcass``, one of each.

    Raises ``batch_tags.no_carcasses`` and what ``write`` raises.
    """
    batch = session.get_one(Batch, tag.batch_id)
    one = _of_batch(session, tag, batch, public_url)
    if what == "carcass" and not carcasses(session, batch.id):
        code = "batch_tags.no_carcasses"
        raise invalid(code, faults=[Fault(code, "/what")])
    texts = _of_carcasses(session, batch, one) if what == "carcass" else (one for _ in range(copies))
    out = BytesIO()
    write(texts, wanted, out)
    return out.getvalue()


def _of_batch(session: Session, tag: BatchTag, batch: Batch, public_url: str) -> LabelText:
    licence = session.get_one(Licence, batch.licence_id)
    goods = gtins.by_gtin(session, tag.gtin) if tag.gtin else None
    licensee, maker = (session.get_one(Enterprise, one) for one in (batch.licensee_id, batch.maker_id))
    return LabelText(
        address=f"{public_url}{signed_address(coded(batch, tag.gtin), tag.kid, tag.signature)}",
        code=f"{batch.code[:4]}-{batch.code[4:]}",
        brand=session.get_one(Brand, licence.brand_id).name,
        product=session.get_one(Product, licence.product_id).name,
        cut=goods.goods if goods is not None else say(_LANGUAGE, "batch_tags.whole"),
        net_weight=_fact("gtin", tag.gtin) if tag.gtin else _fact("weight", f"{plain(batch.total_kg)} kg"),
        packed=_fact("made", batch.made_on.isoformat()),
        best_before=_fact("maker", maker.name),
        lot=_fact("lot", batch.lot),
        producer=_fact("producer", licensee.name),
        credit_code=_fact("licence", licence.number),
    )


def _of_carcasses(session: Session, batch: Batch, one: LabelText) -> Iterator[LabelText]:
    """A tag says which carcass it hangs on; the code is the batch's, because a carcass has no page of its own."""
    rows = select(Carcass, grading.standing()).where(Carcass.batch_id == batch.id, col(Carcass.withdrawn).is_(False))
    for carcass, grade in session.exec(rows.order_by(col(Carcass.slaughtered_at), col(Carcass.carcass_no))):
        said = {"number": carcass.carcass_no, "grade": say(_LANGUAGE, f"grading.grades.{grade}")}
        yield LabelText(
            address=one.address,
            code=one.code,
            brand=one.brand,
            product=one.product,
            cut=say(_LANGUAGE, "batch_tags.carcass", **said),
            net_weight=_fact("cold", f"{plain(carcass.cold_kg)} kg"),
            packed=one.packed,
            best_before=_fact("ear_tag", carcass.ear_tag),
            lot=one.lot,
            producer=one.producer,
            credit_code=one.credit_code,
        )


def _fact(caption: str, value: str) -> Fact:
    return Fact(say(_LANGUAGE, f"batch_tags.caption.{caption}"), value)
