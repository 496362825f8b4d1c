"""Puts into words what everybody is told of a case or pallet: the banner, what to do, what was put in."""

from __future__ import annotations

from typing import Any

from flask import url_for

from brand.edge.languages import say
from brand.edge.pages import day, kg, named, number
from trace.queries.container_pages import PublicContainer
from trace.web.batch_parts import cut_words
from trace.web.pack_card import producer_name
from trace.web.pack_page import complain


def public(one: PublicContainer) -> dict[str, Any]:
    """What ``containers/public.html`` shows."""
    kind = say(f"containers.kind.{one.kind}")
    sentences = [say(f"containers.told.{one.word}.means", day=day(one.ended_on) if one.ended_on else "")]
    return {
        "verdict": {
            "colour": one.colour,
            "headline": say(f"containers.told.{one.word}", kind=kind),
            "sentences": [*sentences, say("containers.told.copied")],
        },
        "facts_known": [
            (kind, ("code", one.code)),
            (say("Packed by"), producer_name(one.packer)),
            (say("Packed"), day(one.packed_on)),
            *([(say("Cases on the pallet"), number(len(one.cases)))] if one.cases else []),
            (say("Packs"), number(one.packs)),
            (say("Weight"), kg(one.kg)),
        ],
        "rows": [
            {
                "product": named(row.product),
                "lot": ("code", row.lot),
                "batch": ("code", row.batch),
                "cut": cut_words(row.cut, row.naming) if row.cut else say("loose"),
                "net": kg(row.net_kg) if row.net_kg else "–",
                "packs": number(row.packs) if row.packs else "–",
                "kg": kg(row.kg),
            }
            for row in one.rows
        ],
        "recall": url_for("recalls.show", number=one.recall) if one.recall else "",
        "complain": complain(one.code),
    }
