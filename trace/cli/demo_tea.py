"""The demo county's small tea garden: a plot, its care, a harvest, the tea made of it, a promise, packets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlmodel import select

from brand.kernel.work import Work
from trace.cli import demo_crops, demo_licences, demo_packs
from trace.cli.demo_packs import Packs
from trace.cli.demo_people import COOPERATIVE, of, product
from trace.cli.demo_places import sketch
from trace.cli.demo_telling import Telling
from trace.models.batches import Batch
from trace.models.places import Place
from trace.rules.commitments import Basis, Style
from trace.rules.goods import BatchKind
from trace.rules.plot_care import PlotCareKind
from trace.services import commitments, flow_beginnings, flows, places, plot_care
from trace.services.commitments import Said
from trace.services.flow_beginnings import Beginning
from trace.services.flow_parts import Output, Part, Transformation

LEAF, TEA = "T20260910", "T20260911"
#: «Tea», as in the Mongolian name of tea with milk (Wikipedia, «Suutei tsai»).
MONGOLIAN = "ᠴᠠᠢ"
#: The south-western corner in degrees.
_CORNER = (108.50, 41.60)
PACKETS = Packs(TEA, "示范茶叶（袋装）", Decimal("0.1"), 80, 540, "阴凉干燥")


def garden_to_packet(told: Telling) -> None:
    """Listed, licensed, grown, picked, made, tested, packed and labelled; a second making waits for a second person."""
    demo_crops.listed(told, "tea", "茶叶（示范）", "Tea (Demo)", MONGOLIAN)
    demo_licences.granted(told, COOPERATIVE, "tea", 500, "示范试种茶园 55 亩")
    for moment, username, act in (
        ("2026-08-05 16:30", "producer", garden),
        ("2026-08-06 10:30", "inspector", seen),
        ("2026-08-20 17:00", "producer", cared_for),
        ("2026-09-10 18:00", "producer", picked),
        ("2026-09-11 18:00", "producer", made),
        ("2026-09-11 19:00", "producer", unusual),
        ("2026-09-13 10:00", "producer", tested),
        ("2026-09-13 16:00", "producer", lambda work: demo_packs.packed(work, PACKETS)),
    ):
        told.act(moment, username, act)
    told.act("2026-09-15 10:30", "producer", lambda work: _labelled(told, work))


def garden(work: Work) -> None:
    """Six mu of tea, declared with their outline."""
    made = places.write(
        work,
        of(work.session, COOPERATIVE).id,
        kind="tea_garden",
        name="示范试种茶园",
        name_en="Demo tea garden",
        name_mn="",
        county_code="150824",
        township_code="150824201",
        declared_mu=Decimal(55),
        site_id=None,
        opened_on=date(2022, 4, 1),
    )
    places.draw(work, made.id, version=made.version, outline=sketch(*_CORNER))


def seen(work: Work) -> None:
    """The inspector stood in the garden."""
    one = _garden(work)
    places.step(work, one.id, "confirm", version=one.version)


def cared_for(work: Work) -> None:
    """One spraying with its safe interval, long enough before the harvest."""
    plot_care.record(
        work,
        _garden(work).id,
        kind=PlotCareKind.PESTICIDE.value,
        name="示范植物源农药",
        approval="示范登记证 0001",
        lot="SF-2026-08",
        dose="50",
        unit="ml",
        used_on=date(2026, 8, 20),
        safe_days=10,
        person="示范茶农",
        reason="防治茶小绿叶蝉（示范）",
    )


def picked(work: Work) -> None:
    """Sixty kilograms of fresh leaf."""
    enterprise = of(work.session, COOPERATIVE)
    begun = Beginning(
        kind=BatchKind.HARVEST,
        product_id=product(work.session, "tea").id,
        form="fresh_leaf",
        producer_id=enterprise.id,
        day=work.today,
        output=Output(LEAF, Decimal(60)),
        place_id=_garden(work).id,
    )
    flow_beginnings.commission(work, enterprise.id, begun)


def made(work: Work) -> None:
    """Forty of them become ten of tea; the rest of the leaf is promised as it is."""
    leaf = _batch(work, LEAF)
    commitments.issue(work, leaf.id, Said(Style.PRODUCER.value, [Basis.CONTROLLED.value], Decimal(20)))
    _make(work, Part(leaf.id, Decimal(40)), Output(TEA, Decimal(10)))


def unusual(work: Work) -> None:
    """Ten more are said to become more tea than is usual, and wait for a second person."""
    _make(work, Part(_batch(work, LEAF).id, Decimal(10)), Output("T20260912", Decimal("3.5")))


def tested(work: Work) -> None:
    """The tea's report."""
    demo_packs.tested(work, _batch(work, TEA), "DEMO-2026-0912", "0.8")


def _make(work: Work, part: Part, output: Output) -> None:
    lost = part.kg - (output.kg or 0)
    done = Transformation("tea_making", (part,), (output,), lost, work.today)
    flows.transform(work, of(work.session, COOPERATIVE).id, done)


def _labelled(told: Telling, work: Work) -> None:
    told.packs.append(("a packet of Tea (Demo)", demo_packs.labelled(work, told.signer, PACKETS)))


def _batch(work: Work, lot: str) -> Batch:
    return work.session.exec(select(Batch).where(Batch.lot == lot)).one()


def _garden(work: Work) -> Place:
    return work.session.exec(select(Place).where(Place.kind == "tea_garden")).one()
