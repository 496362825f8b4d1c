"""What waits for slaughter in the demo county: a small lot of which one animal did not come."""

from __future__ import annotations

from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.schemes import Product
from trace.services import lairage

#: Invented tags of the county; no herd of the demo knows them, and the page says so.
TAGS = ("315082499000101", "315082499000102", "315082499000103", "315082499000104")


def waits(work: Work, abattoir: Enterprise, producer: Enterprise, product: Product) -> None:
    """Four head announced by their tags, three read at the gate; the examination is still to come."""
    made = lairage.announce(
        work,
        abattoir.id,
        producer_id=producer.id,
        product_id=product.id,
        lot="20260915A",
        expected_on=work.today,
        head=len(TAGS),
        tags=TAGS,
        certificate="",
    )
    lairage.read(work, made.id, version=made.version, tags=TAGS[:3])
