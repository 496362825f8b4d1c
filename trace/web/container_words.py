"""Puts into words what everybody is told of a case or pallet: the banner, what to do, what was put in."""

from __future__ import annotations

from typing import Any

from flask import url_for

from brand.edge.languages import say
from brand.edge.pages import day, kg, named, number
from trace.queries.container_pages import PublicContainer
from trace.rules.verdicts import Signature
from trace.web.batch_parts import cut_words
from trace.web.pack_card import producer_name
from trace.web.pack_page import complain, sentence


def public(one: PublicContainer) -> dict[str, Any]:
    """What ``containers/public.html`` shows of a container on record."""
    kind = say(f"containers.kind.{one.kind}")
    return {
        "verdict": _against(one) if one.against else _told(one, kind),
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


def _told(one: PublicContainer, kind: str) -> dict[str, Any]:
    ended = day(one.ended_on) if one.ended_on else ""
    sentences = [say(f"containers.told.{word}.means", day=ended) for word in one.words]
    copied = "container_tags.copied" if one.signature is Signature.OK else "containers.told.copied"
    headline = say(f"containers.told.{one.word}", kind=kind)
    return {"colour": one.colour, "headline": headline, "sentences": [*sentences, say(copied)]}


def _against(one: PublicContainer) -> dict[str, Any]:
    """The label is not to be believed: its reasons stand alone, as under every red verdict."""
    headline = say(f"{one.against[0].code}.title")
    return {"colour": one.colour, "headline": headline, "sentences": [sentence(each, "") for each in one.against]}
