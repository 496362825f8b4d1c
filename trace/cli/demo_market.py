"""What the demo county's market shows: one code that was copied and sold in many counties, looked at by its buyers."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlmodel import select

from brand.kernel.work import Work
from trace.models.batches import Batch, PackLine
from trace.models.labels import Label, LabelOrder
from trace.services.scan_rollups import Look, record

#: Counties of several provinces, by their codes (GB/T 2260): no one pack is looked at in all of them.
_COUNTIES = ("150824", "150203", "140106", "610113", "410105", "370102", "320106", "430104")
_DAYS = 3
#: The label that was copied, by its position in its order.
_COPIED = 3


def copied(work: Work, cut: str) -> None:
    """Buyers in eight counties look at the same code on three days; the page then asks to look twice, with reasons."""
    order = work.session.exec(select(LabelOrder).join(PackLine).where(PackLine.cut == cut)).one()
    its = (Label.order_id == order.id, Label.position == _COPIED)
    serial = work.session.exec(select(Label.serial).where(*its)).one()
    batch = work.session.get_one(Batch, order.batch_id)
    looks = [
        Look(
            at=work.now - timedelta(days=_DAYS - day, hours=place),
            batch_code=batch.code,
            serial=serial,
            known=True,
            colour="green",
            reason="verdicts.issued",
            token=hashlib.sha256(f"{serial} {county} {day}".encode()).hexdigest()[:16],
            place=county,
        )
        for day in range(_DAYS)
        for place, county in enumerate(_COUNTIES)
    ]
    record(work.session, looks)
