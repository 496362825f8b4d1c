"""Goods with a GTIN in the demo county, under the prefix that GS1 keeps for examples; and a prefix that waits."""

from __future__ import annotations

from decimal import Decimal

from sqlmodel import select

from brand.kernel.work import Work
from trace.models.batches import Batch
from trace.models.gtins import CompanyPrefix
from trace.services import gtins
from trace.services.gtins import Goods

#: 952 is GS1's prefix for demonstrations and examples: these numbers are nobody's goods.
PREFIX, LENT = "9521234", "9529876"


def declares(work: Work) -> None:
    """Its own prefix, and one a brand owner lends, which nobody has compared yet."""
    enterprise = _cooperative(work)
    gtins.declare(work, enterprise, prefix=PREFIX, source="producer")
    gtins.declare(work, enterprise, prefix=LENT, source="brand_owner", owner="示范品牌运营公司")


def confirmed(work: Work) -> None:
    """The office has seen the certificate of the first."""
    own = work.session.exec(select(CompanyPrefix).where(CompanyPrefix.prefix == PREFIX)).one()
    gtins.step(work, own.id, "confirm", version=own.version)


def registers(work: Work) -> None:
    """The racks of lamb in half-kilogram packs."""
    batch = work.session.exec(select(Batch).where(Batch.lot == "20260912A")).one()
    wanted = Goods("09521234000013", batch.product_id, "法式羊肋脊排", Decimal("0.5"))
    gtins.register(work, batch.producer_id, [wanted])


def _cooperative(work: Work) -> str:
    return work.session.exec(select(Batch.producer_id).where(Batch.lot == "20260912A")).one()
