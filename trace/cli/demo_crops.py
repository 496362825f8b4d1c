"""What grows in the demo county beside its tea: millet, pears and honey, each from its land to labelled packs.

Names are invented. Numbers are examples of what somebody wrote down, limits of tests come from the house's own table
with its source; the honey was never tested, so that gate and pages show what a chain lacks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from sqlmodel import select

from brand.kernel.work import Work
from brand.models.schemes import Brand
from brand.services import scheme_changes
from trace.cli import demo_licences, demo_marks, demo_packs
from trace.cli.demo_packs import Packs
from trace.cli.demo_people import GROWER, of, product
from trace.cli.demo_places import sketch
from trace.cli.demo_telling import Telling
from trace.models.batches import Batch
from trace.models.places import Place
from trace.rules.commitments import Basis, Style
from trace.rules.goods import BatchKind
from trace.services import commitments, flow_beginnings, flows, places
from trace.services.commitments import Said
from trace.services.flow_beginnings import Beginning
from trace.services.flow_parts import Output, Part, Transformation


@dataclass(frozen=True)
class Chain:
    """One kind of goods: its land, what was harvested of it, what was made of that, and its packs.

    Weights in kg; ``made`` is process, lot and weight, none where packs hold the harvest itself. ``tested`` is the
    number of a report and what it found of lead, mg/kg.
    """

    code: str
    name: str
    name_en: str
    land: str
    land_name: str
    land_en: str
    mu: int | None
    corner: tuple[float, float]
    form: str
    lot: str
    kg: Decimal
    cap_kg: int
    capacity: str
    packs: Packs
    made: tuple[str, str, Decimal] | None = None
    promised: bool = False
    tested: tuple[str, str] | None = None


CHAINS = (
    Chain(
        "grain", "小米（示范）", "Millet (Demo)", "plot", "示范旱地谷子田", "Demo millet field", 41, (108.61, 41.51),
        "grain", "G20260908", Decimal(500), 3000, "示范旱地谷子田 41 亩",
        Packs("G20260909", "示范小米（袋装）", Decimal("2.5"), 120, 365, "阴凉干燥"),
        made=("hulling", "G20260909", Decimal(325)), tested=("DEMO-2026-0910", "0.05"),
    ),
    Chain(
        "fruit", "苹果梨（示范）", "Apple pears (Demo)", "orchard", "示范梨园", "Demo orchard", 41, (108.62, 41.51),
        "fruit", "F20260907", Decimal(800), 5000, "示范梨园 41 亩",
        Packs("F20260907", "示范苹果梨（箱装）", Decimal(5), 120, 365, "0–4℃冷藏"),
        promised=True, tested=("DEMO-2026-0911", "0.02"),
    ),
    Chain(
        "honey", "蜂蜜（示范）", "Honey (Demo)", "apiary", "示范蜂场", "Demo apiary", None, (108.63, 41.51),
        "raw_honey", "H20260906", Decimal(120), 1000, "示范蜂场 60 箱蜂",
        Packs("H20260908", "示范蜂蜜（瓶装）", Decimal("0.5"), 200, 540, "阴凉避光"),
        made=("filtering", "H20260908", Decimal(114)),
    ),
)  # fmt: skip


def grown(told: Telling) -> None:
    """Every kind from a scheme that lists it to packs in the shop, as far as its papers let it come."""
    for one in CHAINS:
        listed(told, one.code, one.name, one.name_en)
        told.act("2026-08-05 16:00", GROWER.username, partial(_declare, one=one))
        told.act("2026-08-06 10:00", "inspector", partial(_seen, one=one))
        demo_licences.granted(told, GROWER, one.code, one.cap_kg, one.capacity)
        told.act("2026-09-08 18:00", GROWER.username, partial(_harvested, one=one))
        told.act("2026-09-09 18:00", GROWER.username, partial(_made, one=one))
        told.act("2026-09-12 10:00", GROWER.username, partial(_papers, one=one))
        told.act("2026-09-12 16:00", GROWER.username, partial(demo_packs.packed, one=one.packs))
        if one.tested:
            told.act("2026-09-15 10:00", GROWER.username, partial(_labelled, told=told, one=one))


def listed(told: Telling, code: str, name: str, name_en: str, mongolian: str = "") -> None:
    """One more product of the organic brand, put forward by the clerk and agreed to by the approver.

    ``mongolian`` is its name in Mongolian script; no reader has checked it, and its source says so.
    """
    unread = (
        "；蒙古文名称取自公开百科词条，待核实",
        "; the Mongolian name is from a public encyclopaedia, to be checked",
    )

    def propose(work: Work) -> None:
        brand = work.session.exec(select(Brand).where(Brand.code == "organic")).one()
        scheme_changes.propose_product(
            work,
            brand.id,
            code=code,
            name=name,
            name_en=name_en,
            name_mn=mongolian,
            hero=False,
            source="参照示范意见：纳入有机农业产业品牌（示范）" + (unread[0] if mongolian else ""),
            source_en="By analogy from a demo opinion" + (unread[1] if mongolian else ""),
            confidence="D",
            reason="示范：演示种植、养蜂产品的全过程",
        )

    told.act("2026-08-05 11:00", "clerk", propose)
    told.act("2026-08-05 15:00", "approver", demo_marks.agree)


def _declare(work: Work, one: Chain) -> None:
    made = places.write(
        work,
        of(work.session, GROWER).id,
        kind=one.land,
        name=one.land_name,
        name_en=one.land_en,
        name_mn="",
        county_code="150824",
        township_code=GROWER.township,
        declared_mu=Decimal(one.mu) if one.mu else None,
        site_id=None,
        opened_on=date(2021, 4, 1),
    )
    if one.mu:
        places.draw(work, made.id, version=made.version, outline=sketch(*one.corner))


def _seen(work: Work, one: Chain) -> None:
    land = _land(work, one)
    places.step(work, land.id, "confirm", version=land.version)


def _harvested(work: Work, one: Chain) -> None:
    enterprise = of(work.session, GROWER)
    begun = Beginning(
        kind=BatchKind.HARVEST,
        product_id=product(work.session, one.code).id,
        form=one.form,
        producer_id=enterprise.id,
        day=work.today,
        output=Output(one.lot, one.kg),
        place_id=_land(work, one).id,
    )
    flow_beginnings.commission(work, enterprise.id, begun)


def _made(work: Work, one: Chain) -> None:
    if one.made:
        process, lot, kg = one.made
        harvest = _batch(work, one.lot)
        parts, outputs = (Part(harvest.id, one.kg),), (Output(lot, kg),)
        done = Transformation(process, parts, outputs, one.kg - kg, work.today)
        flows.transform(work, of(work.session, GROWER).id, done)


def _papers(work: Work, one: Chain) -> None:
    """The promise the goods need, and the test; what is not there shows on the batch's page."""
    batch = _batch(work, one.packs.lot)
    if one.promised:
        commitments.issue(work, batch.id, Said(Style.PRODUCER.value, [Basis.CONTROLLED.value], one.kg))
    if one.tested:
        demo_packs.tested(work, batch, *one.tested)


def _labelled(work: Work, told: Telling, one: Chain) -> None:
    told.packs.append((f"a pack of {one.name_en}", demo_packs.labelled(work, told.signer, one.packs)))


def _land(work: Work, one: Chain) -> Place:
    return work.session.exec(select(Place).where(Place.name == one.land_name)).one()


def _batch(work: Work, lot: str) -> Batch:
    return work.session.exec(select(Batch).where(Batch.lot == lot)).one()
