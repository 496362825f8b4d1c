"""Makes a family of goods: two lambs with an old tag and a pasture, their carcasses, what others made of those."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from brand.kernel.clock import CHINA
from brand.kernel.work import Work
from tests import make, make_herds
from tests.make_flows import by_producer
from trace.models.batches import Batch, PackLine
from trace.models.containers import Container, ContainerLine
from trace.models.herds import AnimalId
from trace.models.shipments import Shipment
from trace.queries import herds
from trace.services import imports, shipments
from trace.services.batches import Plan
from trace.services.shipment_loads import Load

GRAZED = date(2026, 9, 3)
#: Before the slaughter of 2026-09-12, and long after everything.
EARLY, LATE = datetime(2026, 9, 1, tzinfo=CHINA), make.MONDAY + timedelta(days=9)


@dataclass(frozen=True)
class Family:
    """``root``: carcasses of the cooperative's lambs; ``cut``: made by the abattoir; ``mixed``, ``far``: by others."""

    root: Batch
    cut: Batch
    mixed: Batch
    far: Batch
    old_tag: str
    tag: str
    place_id: str


def a_family(work: Work) -> Family:
    """root → cut (abattoir) → mixed (rival) → far (rival abattoir); the last ones are strangers to the cooperative."""
    own = by_producer(work)
    sheet = make.a_small_sheet(make.carcass_lines(2))
    rows = list(sheet.sheet.rows)
    make_herds.behind(own, rows)
    herd = herds.of_enterprise(work.session, "cooperative")[0]
    place = make.a_place(work)
    make_herds.grazes(own, herd, place.id, GRAZED)
    old = _tagged_again(work.session, rows[0].ear_tag)
    make.a_licence(work)
    plan = Plan("abattoir", "cooperative", make.a_product(work.session).id, "20260912A")
    root = imports.take(make.by_abattoir(work), sheet, plan)
    cut = make.a_batch_from(work.session, {root.id: "20"}, lot="CUT1", holder_id="abattoir", kg="20")
    mixed = make.a_batch_from(work.session, {cut.id: "10"}, lot="MIX1", holder_id="rival", kg="10")
    far = make.a_batch_from(work.session, {mixed.id: "5"}, lot="FAR1", holder_id="rival_abattoir", kg="5")
    return Family(root, cut, mixed, far, old, rows[0].ear_tag, place.id)


def _tagged_again(session: Session, tag: str) -> str:
    """The animal bore another tag before; that tag."""
    borne = session.exec(select(AnimalId).where(AnimalId.value == tag)).one()
    old, changed = f"{tag[:-4]}9999", date(2026, 9, 2)
    values = {"animal_id": borne.animal_id, "kind": borne.kind, "scope": borne.scope, "value": old}
    session.add(AnimalId(**values, since=borne.since - timedelta(days=9), until=changed, current=None))
    session.flush()
    return old


def boxed(work: Work) -> tuple[Container, Container]:
    """A case of ten packs of the packed batch on a pallet of the abattoir's."""
    line = work.session.exec(select(PackLine).order_by(col(PackLine.cut), col(PackLine.net_kg))).first()
    assert line is not None
    usual = {"maker_id": "abattoir", "holder_id": "abattoir", "packed_at": make.MONDAY, "packed_by": "abattoir"}
    pallet = Container(code="PA11ET22", kind="pallet", **usual)
    work.session.add(pallet)
    work.session.flush()
    case = Container(code="CASE3344", kind="case", parent_id=pallet.id, **usual)
    work.session.add(case)
    work.session.flush()
    work.session.add(ContainerLine(container_id=case.id, pack_line_id=line.id, packs=10))
    work.session.flush()
    return case, pallet


def sent(work: Work, batch: Batch, *, to_id: str = "rival") -> Shipment:
    """The whole batch on its way from the abattoir."""
    doing = make.by_abattoir(work)
    return shipments.send(doing, "abattoir", to_id=to_id, loads=[Load(batch.id)], planned_on=work.today)
