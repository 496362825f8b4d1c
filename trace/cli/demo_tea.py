"""The demo county's small tea garden, planted on trial: a plot, its care, a harvest, the tea made of it, a promise.

Nothing of it is licensed; it shows the pages of crops beside those of animals.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlmodel import select

from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.schemes import Brand, Product
from brand.services import scheme_changes
from trace.formats.geojson import outline_of
from trace.models.batches import Batch
from trace.models.places import Place
from trace.rules.commitments import Basis, Style
from trace.rules.goods import BatchKind
from trace.rules.plot_care import PlotCareKind
from trace.services import commitments, flows, places, plot_care
from trace.services.commitments import Said
from trace.services.flow_parts import Output, Part, Transformation
from trace.services.flows import Beginning

LEAF, TEA = "T20260910", "T20260911"
#: Corners in degrees; nothing of the kind stands there.
_GARDEN = [[108.50, 41.60], [108.502, 41.60], [108.502, 41.602], [108.50, 41.602], [108.50, 41.60]]


def propose(work: Work) -> None:
    """Tea among the goods of the organic brand, put forward by the clerk."""
    brand = work.session.exec(select(Brand).where(Brand.code == "organic")).one()
    scheme_changes.propose_product(
        work,
        brand.id,
        code="tea",
        name="茶叶（示范）",
        name_en="Tea (Demo)",
        hero=False,
        source="参照示范意见：试种茶叶纳入有机农业产业品牌（示范）",
        source_en="By analogy from a demo opinion",
        confidence="D",
        reason="示范：演示种植业产品的全过程",
    )


def garden(work: Work, enterprise: Enterprise) -> None:
    """Six mu of tea, declared with their outline."""
    made = places.write(
        work,
        enterprise.id,
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
    places.draw(work, made.id, version=made.version, outline=outline_of({"type": "Polygon", "coordinates": [_GARDEN]}))


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


def picked(work: Work, enterprise: Enterprise) -> None:
    """Sixty kilograms of fresh leaf."""
    product = work.session.exec(select(Product).where(Product.code == "tea")).one()
    flows.commission(
        work,
        enterprise.id,
        Beginning(
            kind=BatchKind.HARVEST,
            product_id=product.id,
            form="fresh_leaf",
            producer_id=enterprise.id,
            day=work.today,
            output=Output(LEAF, Decimal(60)),
            place_id=_garden(work).id,
        ),
    )


def made(work: Work, enterprise: Enterprise) -> None:
    """Forty of them become ten of tea; the rest of the leaf is promised as it is."""
    leaf = work.session.exec(select(Batch).where(Batch.lot == LEAF)).one()
    promise = Said(Style.PRODUCER.value, [Basis.CONTROLLED.value], Decimal(20))
    commitments.issue(work, leaf.id, promise)
    done = Transformation(
        "tea_making", (Part(leaf.id, Decimal(40)),), (Output(TEA, Decimal(10)),), Decimal(30), work.today
    )
    flows.transform(work, enterprise.id, done)


def unusual(work: Work, enterprise: Enterprise) -> None:
    """The rest is said to become more tea than is usual, and waits for a second person."""
    leaf = work.session.exec(select(Batch).where(Batch.lot == LEAF)).one()
    parts, outputs = (Part(leaf.id, Decimal(10)),), (Output("T20260912", Decimal("3.5")),)
    flows.transform(work, enterprise.id, Transformation("tea_making", parts, outputs, Decimal("6.5"), work.today))


def _garden(work: Work) -> Place:
    return work.session.exec(select(Place).where(Place.kind == "tea_garden")).one()
