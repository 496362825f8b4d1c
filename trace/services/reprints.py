"""New labels for ones that were spoilt, misprinted or lost: the old become void, the packs keep their number."""

from __future__ import annotations

from decimal import Decimal

from brand.kernel.errors import refused
from brand.kernel.numbers import next_number
from brand.kernel.work import Work
from brand.rules.product_rules import Stage
from brand.services import licences
from trace.crypto.second_codes import SecondCodes
from trace.models.batches import Batch
from trace.models.labels import LabelOrder
from trace.rules.labels import VoidReason, check_at_once, check_range
from trace.services import gate, keys, label_issues, label_stops, labels
from trace.services.signer import LabelSigner

#: What the new labels have from the old.
_KEPT = {"batch_id", "pack_line_id", "licence_id", "gtin", "gtin_source", "expiry", "signed", "second_code"}


def reprint(
    work: Work,
    signer: LabelSigner,
    order_id: str,
    *,
    first: int,
    last: int,
    reason: VoidReason,
    version: int,
    second: SecondCodes,
) -> LabelOrder:
    """Void labels ``first``…``last`` and issue as many with new serials: a reprint never repeats a code.

    It costs no weight, because the packs have paid for theirs; the licence's public count of labels grows all the same.
    As many control labels as went with them lie among the new ones.
    Raises ``labels.too_many_at_once``, ``labels.nothing_to_replace``, ``label_stops.stopped``, what stands at the
    release gate and what ``labels.void`` raises.
    """
    found = work.session.get(LabelOrder, order_id)
    if found is not None:
        work.actor.require("labels.order", work.session.get_one(Batch, found.batch_id).licensee_id)
        check_range(first, last, found.size)
        check_at_once(first, last)
    apart = labels.controls_within(work, order_id, first, last)
    done = labels.void(work, order_id, first=first, last=last, reason=reason, version=version)
    packs = done.changed - apart
    if packs <= 0:
        raise refused("labels.nothing_to_replace")
    old = work.session.get_one(LabelOrder, order_id)
    batch = work.session.get_one(Batch, old.batch_id)
    gate.release(work, batch, Stage.LABEL)
    key = keys.current(work, signer, batch.licensee_id)
    label_stops.refuse_stopped(work, licence_id=old.licence_id, kid=key.kid, order_id=old.id)
    year = licences.count_labels(work, old.licence_id, work.today.year, packs)
    kept = old.model_dump(include=_KEPT)
    made = LabelOrder(
        **kept,
        number=next_number(work, "labels"),
        licence_year_id=year.id,
        kid=key.kid,
        packs=packs,
        controls=min(apart, packs),
        kg=Decimal(0),
        replaces_id=old.id,
        ordered_at=work.now,
        ordered_by=work.actor.person_id or "",
    )
    work.session.add(made)
    work.session.flush()
    label_issues.issue(work, signer, made, second if made.second_code else None)
    return made
