"""What machines read of a pack's page: the card shown when its address is shared, and structured data of the goods.

Neither carries the verdict: it is true at one moment for who holds the pack, and a shared picture of it proves nothing.
Source: Open Graph protocol; schema.org Product. Facts about goods and enterprises, none about persons.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from brand.edge.languages import say
from brand.edge.lean import path
from brand.edge.pages import day, kg, named
from brand.edge.requests import house
from brand.models.schemes import Product
from trace.queries.gtins import PublicItem
from trace.queries.packs import Carried, Party, Story


def producer_name(party: Party) -> str:
    """The enterprise; of a household only where it is."""
    return named(party) if party.name else say("scan.household", place=party.township or party.county)


def card(story: Story) -> dict[str, str]:
    """Title, words and picture of the card."""
    return {
        "title": f"{named(story.product)} · {producer_name(story.licensee)}",
        "words": say("scan.card", lot=story.batch.lot, day=day(story.line.packed_on)),
        "picture": house().settings.public_url + path("share_pictures.show", code=story.batch.code),
        "site": say("BrandTrace"),
        "address": house().settings.public_url,
    }


def data(story: Story) -> dict[str, Any]:
    """The goods of a pack as schema.org says it."""
    told = _product(story.product, story.line.cut, story.line.net_kg, producer_name(story.licensee))
    told["brand"] = {"@type": "Brand", "name": named(story.brand)}
    return told | {"productionDate": story.line.packed_on.isoformat(), "identifier": story.batch.code}


def data_of_goods(one: PublicItem) -> dict[str, Any]:
    """The same of goods as such, for search engines: pages of single packs are kept out of their lists.

    The brand is named only where a licence covers the goods today.
    """
    told = _product(one.product, one.item.goods, one.item.net_kg, producer_name(one.producer))
    told |= {"gtin14": one.item.gtin, "url": f"{house().settings.public_url}/gtin/{one.item.gtin}"}
    return told | ({"brand": {"@type": "Brand", "name": named(one.brand)}} if one.licence else {})


def _product(product: Product | Carried, goods: str, net_kg: Decimal, maker: str) -> dict[str, Any]:
    """Weights in kilograms (UN/CEFACT code KGM)."""
    return {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": named(product),
        "description": f"{goods}, {kg(net_kg)}",
        "manufacturer": {"@type": "Organization", "name": maker},
        "weight": {"@type": "QuantitativeValue", "value": format(net_kg.normalize(), "f"), "unitCode": "KGM"},
    }
