"""Reads signed codes of cases and pallets, judges one that was scanned, and lays their labels out in words.

Labels are in Chinese, like those of packs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO

from sqlmodel import Session, col, select

from brand.kernel.texts import say
from brand.models.licences import Licence
from brand.models.schemes import Brand
from trace.crypto.code_profiles import ContainerCode
from trace.crypto.label_codes import ScannedCode, signed_address
from trace.formats.label_drawing import Fact, LabelText
from trace.formats.label_files import Printing, write
from trace.models.batches import Batch
from trace.models.container_tags import ContainerTag
from trace.models.containers import Container
from trace.models.labels import SigningKey
from trace.queries import container_pages, tag_trust
from trace.queries.container_pages import PublicContainer
from trace.rules.containers import ContainerKind
from trace.rules.verdicts import Colour, Facts, Signature, decide
from trace.rules.weights import plain

_LANGUAGE = "zh"


def verify(session: Session, origin: str, scanned: ScannedCode, today: date) -> PublicContainer | None:
    """What one reading of ``/c/…`` names on ``today`` (a day in China); none for a code nobody gave out."""
    assert isinstance(scanned.code, ContainerCode)
    one = session.exec(select(Container).where(Container.code == scanned.code.container)).first()
    key = session.get(SigningKey, scanned.kid) if scanned.kid else None
    signature = tag_trust.signature(origin, scanned, key, one.maker_id if one else None)
    if one is None:
        return None
    tag = _of(session, one.id, key.kid) if key is not None else None
    state = tag_trust.key_state(session, key, f"container_tag:{tag.id}" if tag is not None else "")
    # A good signature the registry knows nothing of was made outside the house: nobody issued this label.
    outside = signature is Signature.OK and tag is None
    verdict = decide(Facts(today, signature, state, None, looked_up=outside))
    against = tuple(each for each in verdict.reasons if each.weight is Colour.RED)
    kid = scanned.kid or "" if signature is Signature.OK else ""
    return replace(container_pages.of(session, one, today, kid), signature=signature, against=against)


def newest(session: Session, container_id: str) -> ContainerTag | None:
    """The code signed last, if any."""
    its = select(ContainerTag).where(ContainerTag.container_id == container_id)
    return session.exec(its.order_by(col(ContainerTag.issued_at).desc(), col(ContainerTag.id).desc())).first()


def path(code: str, tag: ContainerTag | None) -> str:
    """The address on a label without its host: signed where it was."""
    one = ContainerCode(code)
    return signed_address(one, tag.kid, tag.signature) if tag is not None else one.address


def file(session: Session, tag: ContainerTag, wanted: Printing, public_url: str, *, copies: int, today: date) -> bytes:
    """So many labels of one case or pallet as a file, every symbol read back; raises what ``write`` raises."""
    one = session.get_one(Container, tag.container_id)
    text = _text(session, container_pages.of(session, one, today), tag, public_url)
    out = BytesIO()
    write((text for _ in range(copies)), wanted, out)
    return out.getvalue()


def _of(session: Session, container_id: str, kid: str) -> ContainerTag | None:
    its = (ContainerTag.container_id == container_id, ContainerTag.kid == kid)
    return session.exec(select(ContainerTag).where(*its)).first()


def _text(session: Session, one: PublicContainer, tag: ContainerTag, public_url: str) -> LabelText:
    brands, licences = _papers(session, [row.batch for row in one.rows])
    pallet = one.kind == ContainerKind.PALLET
    inside = _fact("cases", str(len(one.cases))) if pallet else _fact("packs", str(one.packs) if one.packs else "–")
    return LabelText(
        address=f"{public_url}{path(one.code, tag)}",
        code=f"{one.code[:4]}-{one.code[4:]}",
        brand=_joined(brands),
        product=_joined([row.product.name for row in one.rows]),
        cut=say(_LANGUAGE, f"container_tags.what.{one.kind}"),
        net_weight=_fact("weight", f"{plain(one.kg)} kg"),
        packed=_fact("packed_on", one.packed_on.isoformat()),
        best_before=inside,
        lot=_fact("lot", _joined([row.lot for row in one.rows])),
        producer=_fact("packer", container_pages.packer_name(one)),
        credit_code=_fact("licence", _joined(licences)),
    )


def _papers(session: Session, batches: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names of the brands and numbers of the licences under which what is inside carries them."""
    its = select(Brand.name, Licence.number).join(Licence, col(Licence.brand_id) == col(Brand.id))
    its = its.join(Batch, col(Batch.licence_id) == col(Licence.id)).where(col(Batch.code).in_(set(batches)))
    rows = session.exec(its.distinct().order_by(Licence.number)).all()
    return [name for name, _ in rows], [number for _, number in rows]


def _joined(words: Sequence[str]) -> str:
    """One word, or the first and how many there are; the page behind the symbol has them all."""
    each = list(dict.fromkeys(words))
    return say(_LANGUAGE, "container_tags.several", first=each[0], count=len(each)) if len(each) > 1 else each[0]


def _fact(caption: str, value: str) -> Fact:
    return Fact(say(_LANGUAGE, f"container_tags.caption.{caption}"), value)
