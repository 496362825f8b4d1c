"""Releases a label order to whoever prints it: before that no file leaves the house and no label counts on a pack."""

from __future__ import annotations

from sqlmodel import col, update

from brand.kernel import audit
from brand.kernel.errors import conflict
from brand.kernel.work import Work
from trace.models.batches import Batch
from trace.models.label_releases import LabelRelease
from trace.models.labels import LabelOrder
from trace.rules.label_flow import FLOW, PrinterKind, check_printer
from trace.services import label_stops, labels


def release(work: Work, order_id: str, *, printer: str, version: int, name: str = "") -> LabelOrder:
    """Give the order to print: ``printer`` is ``own`` or ``house``, and a printing house is named.

    ``version`` is that of the order as the person saw it. Raises ``labels.printer_missing``, ``labels.printer_own``,
    ``label_orders.wrong_state``, ``label_stops.stopped`` or ``labels.stale``.
    """
    found = labels.reached(work, "labels.print", order_id)
    kind = PrinterKind(printer)
    name = check_printer(kind, name)
    move = FLOW.apply(found.state, "release", {})
    label_stops.refuse_stopped(work, licence_id=found.licence_id, kid=found.kid, order_id=found.id)
    here = (col(LabelOrder.id) == found.id, col(LabelOrder.version) == version, col(LabelOrder.state) == found.state)
    values = {"state": str(move.next_state), "version": version + 1}
    if work.session.exec(update(LabelOrder).where(*here).values(**values)).rowcount != 1:
        raise conflict("labels.stale")
    work.session.refresh(found)
    person = work.actor.person_id or ""
    made = LabelRelease(order_id=found.id, printer=kind.value, name=name, released_at=work.now, released_by=person)
    work.session.add(made)
    licensee = work.session.get_one(Batch, found.batch_id).licensee_id
    told = {"number": found.number, "packs": found.packs, "printer": kind.value, "name": name}
    # Of its own: what the log tells of the order itself is when its codes were issued, and a stolen key is cut there.
    audit.record(work, move.audit, "label_release", made.id, enterprise_id=licensee, **told)
    return found
