"""Stops a batch at the release gate; packing, label orders and activation all ask here."""

from __future__ import annotations

from decimal import Decimal

from brand.kernel.work import Work
from brand.rules.product_rules import Stage
from trace.models.batches import Batch
from trace.queries import gate as reads
from trace.rules import gate
from trace.services import holds


def check(work: Work, batch: Batch, stage: Stage, asked_kg: Decimal = Decimal(0)) -> None:
    """Refuse while anything stands in the way; needs no permission of its own, its callers have asked for theirs.

    For those who only look. Raises the one reason, or ``gate.closed`` with a fault for each.
    """
    gate.check(reads.facts(work.session, batch, work.today, asked_kg), stage)


def release(work: Work, batch: Batch, stage: Stage, asked_kg: Decimal = Decimal(0)) -> None:
    """The same for an act, which waits for its turn at the batch: no hold slips in between the look and the act."""
    holds.lock(work, [batch.id])
    check(work, batch, stage, asked_kg)
