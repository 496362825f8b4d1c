"""Reads how the names of cuts stand in their product's list today."""

from __future__ import annotations

from sqlmodel import Session, select

from brand.queries import product_rules
from brand.rules.product_rules import RuleKind
from trace.models.batches import Batch, PackLine
from trace.rules.cuts import MEAT, Naming, naming


def of(session: Session, form: str, product_id: str, cut: str) -> Naming:
    """One name on packs of goods of that stage, under the list of their product."""
    if form not in MEAT:
        return Naming.NO_CUT
    return naming(cut, product_rules.in_force(session, product_id, RuleKind.CUT_LIST).content)


def packed(session: Session, batch: Batch) -> dict[str, Naming]:
    """Every cut packed from the batch."""
    made = session.exec(select(PackLine.cut).where(PackLine.batch_id == batch.id).distinct().order_by(PackLine.cut))
    if batch.form not in MEAT:
        return dict.fromkeys(made, Naming.NO_CUT)
    content = product_rules.in_force(session, batch.product_id, RuleKind.CUT_LIST).content
    return {cut: naming(cut, content) for cut in made}
