"""What machines read of a pack's page: the card shown when its address is shared, and structured data of the goods.

Neither carries the verdict: it is true at one moment for who holds the pack, and a shared picture of it proves nothing.
Source: Open Graph protocol; schema.org Product. Facts about goods and enterprises, none about persons.
"""

from __future__ import annotations

from typing import Any

from brand.edge.languages import say
from brand.edge.lean import path
from brand.edge.pages import day, kg, named
from brand.edge.requests import house
from trace.queries.packs import Party, Story


def producer_name(party: Party) -> str:
    """The enterprise; of a household only where it is."""
    return named(party) if party.name else say("scan.household", place=party.township or party.county)


def card(story: Story) -> dict[str, str]:
    """Title, words and picture of the card."""
    return {
        "title": f"{named(story.product)} · {producer_name(story.licensee)}",
        "words": say("scan.card", lot=story.batch.lot, day=day(story.line.packed_on)),
        "picture": house().settings.public_url + path("static", filename="img/share.png"),
        "site": say("BrandTrace"),
        "address": house().settings.public_url,
    }


def data(story: Story) -> dict[str, Any]:
    """The goods as schema.org says it; weights in kilograms (UN/CEFACT code KGM)."""
    return {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": named(story.product),
        "description": f"{story.line.cut}, {kg(story.line.net_kg)}",
        "brand": {"@type": "Brand", "name": named(story.brand)},
        "manufacturer": {"@type": "Organization", "name": producer_name(story.licensee)},
        "productionDate": story.line.packed_on.isoformat(),
        "weight": {"@type": "QuantitativeValue", "value": str(story.line.net_kg.normalize()), "unitCode": "KGM"},
        "identifier": story.batch.code,
    }
