"""Answers the code of a batch: what everybody may know of it, and the verdict by the same rule as that of a pack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.models.schemes import Product
from brand.queries import licences
from trace.crypto.code_profiles import BatchCode, GtinCode
from trace.crypto.label_codes import ScannedCode
from trace.models.batches import Batch, PackLine
from trace.models.labels import SigningKey
from trace.queries import (
    batch_tags,
    completeness,
    gate,
    holds,
    label_stops,
    lineage,
    recalls,
    resolving,
    supply_goods,
    tag_trust,
)
from trace.queries.batches import pack_lines
from trace.queries.packs import Party, party
from trace.queries.supply_goods import Grown
from trace.queries.verification import halt_of, licence_word
from trace.rules.completeness import Line
from trace.rules.verdicts import CodeRecord, Facts, Signature, Verdict, decide


@dataclass(frozen=True)
class PublicBatch:
    """A batch that carries the brand, as everybody may read it. ``lines`` are its packs, none before packing.

    ``asked``: what its product must have, there or missing.
    """

    batch: Batch
    product: Product
    licensee: Party
    maker: Party
    licence: Licence
    lines: tuple[PackLine, ...]
    recall: str
    asked: tuple[Line, ...]
    contracts: tuple[Grown, ...]


@dataclass(frozen=True)
class BatchAnswer:
    """The verdict on one reading of a batch's code; ``found`` is None where nobody issued such a code."""

    signature: Signature
    verdict: Verdict
    found: PublicBatch | None


def verify(session: Session, origin: str, scanned: ScannedCode, today: date) -> BatchAnswer:
    """The verdict on a batch's code on ``today`` (a day in China); ``scanned`` names a batch, or goods of a lot."""
    code = scanned.code
    assert isinstance(code, BatchCode | GtinCode)
    batch, gtin = _named(session, code, today), code.gtin if isinstance(code, GtinCode) else ""
    key = session.get(SigningKey, scanned.kid) if scanned.kid else None
    signature = tag_trust.signature(origin, scanned, key, batch.licensee_id if batch else None)
    tag = batch_tags.of_batch(session, batch.id, key.kid, gtin) if batch is not None and key is not None else None
    state = tag_trust.key_state(session, key, f"batch_tag:{tag.id}" if tag is not None else "")
    if batch is None or (signature is Signature.OK and tag is None):  # signed, but outside the house: nobody issued it
        return BatchAnswer(signature, decide(Facts(today, signature, state, None)), None)
    found = _public(session, batch, today)
    record = _record(session, found, scanned.kid if signature is Signature.OK else None, today)
    return BatchAnswer(signature, decide(Facts(today, signature, state, record)), found)


def _named(session: Session, code: BatchCode | GtinCode, today: date) -> Batch | None:
    if isinstance(code, GtinCode):
        behind = resolving.of_gtin(session, code.gtin, code.lot, today)
        return behind.batch if behind is not None else None
    return session.exec(select(Batch).where(Batch.code == code.batch, col(Batch.licence_id).is_not(None))).first()


def _public(session: Session, batch: Batch, today: date) -> PublicBatch:
    return PublicBatch(
        batch,
        session.get_one(Product, batch.product_id),
        party(session.get_one(Enterprise, batch.licensee_id), today),
        party(session.get_one(Enterprise, batch.maker_id), today),
        session.get_one(Licence, batch.licence_id),
        tuple(pack_lines(session, batch.id)),
        recalls.recalled(session, [batch.id]).get(batch.id, ""),
        completeness.lines(session, batch),
        supply_goods.grown(session, lineage.back(session, [batch.id])),
    )


def _record(session: Session, found: PublicBatch, kid: str | None, today: date) -> CodeRecord:
    """``kid`` is that of the key under which this very code was issued, none where the text says nothing of one."""
    batch, licence = found.batch, found.licence
    now = licences.standing_on(session, licence, today)
    then = licences.standing_on(session, licence, packed_on(session, batch))
    return CodeRecord(
        batch=batch.code,
        enterprise=found.licensee.name,
        signed=kid is not None,
        one_pack=False,
        activated=True,
        void=batch.withdrawn,
        recalled=bool(found.recall),
        licence_today=licence_word(now),
        licence_at_packing=licence_word(then),
        shelf_life_ends=None,
        breaches_open=gate.breaches_open(session, batch.id),
        scans_before=0,
        steps_missing=sum(one.needed and not one.there for one in found.asked),
        brand_halt_today=halt_of(now),
        brand_halt_at_packing=halt_of(then),
        held=bool(holds.bearing_on(session, [batch.id])[batch.id]),
        stopped=label_stops.bearing_on(session, licence_id=licence.id, kid=kid or "") is not None,
        some_stopped=bool(label_stops.stopped_orders(session, [one.id for one in found.lines])),
    )


def packed_on(session: Session, batch: Batch) -> date:
    """The last day on which packs were made of it, or it itself: that of the licence its code speaks of."""
    return max((one.packed_on for one in pack_lines(session, batch.id)), default=batch.made_on)
