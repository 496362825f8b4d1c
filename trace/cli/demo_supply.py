"""A supply contract of the demo county: leaf of a contracted household becomes tea under the cooperative's licence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

from sqlmodel import select

from brand.kernel import uploads
from brand.kernel.work import Work
from brand.models.licences import Licence
from trace.cli import demo_packs
from trace.cli.demo_packs import Packs
from trace.cli.demo_papers import demo_paper
from trace.cli.demo_people import COOPERATIVE, of, product
from trace.cli.demo_telling import Party, Telling
from trace.models.batches import Batch
from trace.models.supply import SupplyContract
from trace.rules.commitments import Basis, Style
from trace.rules.goods import BatchKind
from trace.rules.purchases import Certificate
from trace.services import commitments, flows, purchases, supply
from trace.services.commitments import Said
from trace.services.flow_beginnings import Beginning
from trace.services.flow_parts import Output, Part, Transformation
from trace.services.purchases import Papers
from trace.services.supply import Paper
from trace.services.supply_goods import Bought

HOUSEHOLD = Party(
    "household",
    "household",
    "示范茶农户",
    "Demo tea household",
    "92150824DEM0000731",
    COOPERATIVE.township,
    "13800000007",
)
LEAF, TEA = "S20260911", "S20260912"
PACKETS = Packs(TEA, "示范茶叶（农户鲜叶）", Decimal("0.1"), 50, 540, "阴凉干燥")
_LARGEST = 10_000


def contracted(told: Telling) -> None:
    """Declared, agreed to, confirmed by the township; leaf bought under it, made into tea, packed and labelled."""
    told.joins(HOUSEHOLD, "2026-08-12 10:00")
    for moment, username, act in (
        ("2026-08-13 09:00", "clerk", partial(told.confirm, party=HOUSEHOLD)),
        ("2026-08-24 10:00", "producer", declared),
        ("2026-08-24 19:00", HOUSEHOLD.username, partial(_step, action="consent")),
        ("2026-08-25 10:00", "township", partial(_step, action="confirm")),
        ("2026-09-11 17:30", "producer", bought),
        ("2026-09-12 18:00", "producer", made),
        ("2026-09-13 11:00", "producer", tested),
        ("2026-09-13 17:00", "producer", partial(demo_packs.packed, one=PACKETS)),
    ):
        told.act(moment, username, act)
    told.act("2026-09-15 10:40", "producer", lambda work: _labelled(told, work))


def declared(work: Work) -> None:
    """Two hundred kilograms of leaf until the end of October."""
    buyer, goods = of(work.session, COOPERATIVE), product(work.session, "tea")
    held = select(Licence.id).where(Licence.enterprise_id == buyer.id, Licence.product_id == goods.id)
    supply.declare(
        work,
        buyer.id,
        licence_id=work.session.exec(held).one(),
        supplier_id=of(work.session, HOUSEHOLD).id,
        plots=(),
        paper=Paper(uploads.take("示范-供货合同.pdf", demo_paper("demo supply contract"), most=_LARGEST)),
        number="示范供货合同 2026-1",
        valid_from=date(2026, 8, 25),
        valid_until=date(2026, 10, 31),
        kg=Decimal(200),
    )


def bought(work: Work) -> None:
    """Twenty-eight kilograms of the day's leaf, with its certificate."""
    buyer, seller = of(work.session, COOPERATIVE), of(work.session, HOUSEHOLD)
    output = Output(LEAF, Decimal(28))
    begun = Beginning(BatchKind.COLLECTED, product(work.session, "tea").id, "fresh_leaf", seller.id, work.today, output)
    sheet = uploads.take("示范-合格证.pdf", demo_paper("demo certificate"), most=_LARGEST)
    papers = Papers(
        "示范收购单 0911", "示范：收购单上签字", None, Certificate(Decimal(28), work.today), sheet,
        Bought(_contract(work).id, work.today),
    )  # fmt: skip
    purchases.buy(work, buyer.id, begun, papers)


def made(work: Work) -> None:
    """All of it, promised by who collected it, becomes seven kilograms of tea."""
    leaf = _batch(work, LEAF)
    commitments.issue(work, leaf.id, Said(Style.COLLECTOR.value, [Basis.CONTROLLED.value], Decimal(28)))
    part, output = Part(leaf.id, Decimal(28)), Output(TEA, Decimal(7))
    done = Transformation("tea_making", (part,), (output,), part.kg - Decimal(7), work.today)
    flows.transform(work, of(work.session, COOPERATIVE).id, done)


def tested(work: Work) -> None:
    """The tea's report."""
    demo_packs.tested(work, _batch(work, TEA), "DEMO-2026-0914", "0.7")


def _step(work: Work, action: str) -> None:
    one = _contract(work)
    supply.step(work, one.id, action, version=one.version)


def _labelled(told: Telling, work: Work) -> None:
    address = demo_packs.labelled(work, told.signer, PACKETS)
    told.packs.append(("a packet of Tea (Demo) of a contracted household's leaf", address))


def _contract(work: Work) -> SupplyContract:
    return work.session.exec(select(SupplyContract)).one()


def _batch(work: Work, lot: str) -> Batch:
    return work.session.exec(select(Batch).where(Batch.lot == lot)).one()
