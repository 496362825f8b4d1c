"""Sales over the counter and areas of sale: what a shop knows of its packs, for judging later looks at their codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.errors import Fault, invalid, unknown
from brand.kernel.work import Work
from trace.crypto.readings import Reading, keys_of
from trace.models.batches import Batch
from trace.models.labels import Label, LabelOrder
from trace.models.scans import LabelSale, SalesArea
from trace.rules.labels import LabelState
from trace.rules.sales import check_area, check_day
from trace.services.labels import Change


def report(work: Work, readings: Sequence[Reading], *, sold_on: date) -> Change:
    """Packs went to their buyers on that day; one that is not one's own to sell, or not on a pack, stops all.

    Repeating it changes nothing: the first day stands. Raises ``sales.day`` or ``sales.codes`` with a fault per code.
    """
    work.actor.require("labels.activate")
    check_day(sold_on, work.today)
    found = _labels(work, readings)
    known = set(work.session.exec(select(LabelSale.serial).where(col(LabelSale.serial).in_(list(found)))))
    new = [one for one in found if one not in known]
    for serial in new:
        row = LabelSale(serial=serial, sold_on=sold_on, at=work.now, by=work.actor.person_id or "")
        work.session.add(row)
    work.session.flush()
    for licensee_id in sorted({batch.licensee_id for _, batch in found.values()}) if new else ():
        audit.record(work, "scans.sold", "label_sales", sold_on.isoformat(), enterprise_id=licensee_id, packs=len(new))
    return Change(len(new), len(found) - len(new))


def _labels(work: Work, readings: Sequence[Reading]) -> dict[str, tuple[Label, Batch]]:
    """By serial; a forged symbol is nobody's, although it names a pack."""
    statement = (
        select(Label, Batch, LabelOrder)
        .join(Batch, col(Batch.id) == col(Label.batch_id))
        .join(LabelOrder, col(LabelOrder.id) == col(Label.order_id))
        .where(col(Label.serial).in_({one.serial for one in readings}))
    )
    rows = {
        key: (label, batch, order.kid)
        for label, batch, order in work.session.exec(statement)
        for key in keys_of(batch.code, label.serial, batch.lot, order.gtin, order.expiry)
    }
    faults, found = [], {}
    for number, one in enumerate(readings):
        row = rows.get(one.key)
        mine = row is not None and any(
            work.actor.may("labels.activate", owner) for owner in (row[1].licensee_id, row[1].holder_id)
        )
        if row is None or not mine or not one.is_of(row[2], row[0].signature):
            faults.append(Fault("sales.not_yours", f"/codes/{number}", {"place": number + 1}))
        elif row[0].state != LabelState.ACTIVATED:
            faults.append(Fault("sales.not_on_a_pack", f"/codes/{number}", {"place": number + 1}))
        else:
            found[one.serial] = row[:2]
    if faults:
        raise invalid("sales.codes", faults=faults)
    return found


def state_area(work: Work, order_id: str, places: Sequence[str]) -> SalesArea:
    """Where the packs of an order are meant to be sold; said again it replaces what was said. Raises ``sales.area``."""
    order = work.session.get(LabelOrder, order_id)
    if order is None:
        raise unknown()
    licensee_id = work.session.get_one(Batch, order.batch_id).licensee_id
    work.actor.require("labels.order", licensee_id)
    codes = check_area(places, work.today)
    person = work.actor.person_id or ""
    area = work.session.merge(SalesArea(order_id=order.id, places=codes, stated_at=work.now, stated_by=person))
    work.session.flush()
    audit.record(work, "scans.area", "label_order", order.id, enterprise_id=licensee_id, places=" ".join(codes))
    return area
