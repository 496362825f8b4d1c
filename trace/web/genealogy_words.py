"""Puts the family of a batch into words: boxes of the picture, rows of tables, the timeline, sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from flask import url_for

from brand.edge.languages import say
from brand.edge.pages import day, kg, moment, named, number
from brand.kernel.clock import CHINA
from trace.formats.genealogy import fitted
from trace.queries.batches import Entry as BatchEntry
from trace.queries.containers import Entry as ContainerEntry
from trace.queries.genealogy import Genealogy, Happened
from trace.queries.genealogy_origins import Line
from trace.rules.genealogy import Edge, Node, NodeKind, Sight

_PAGES = {
    NodeKind.BATCH: ("genealogy.show", "batch_id"),
    NodeKind.PLACE: ("places.show", "place_id"),
    NodeKind.HERD: ("herds.show", "herd_id"),
    NodeKind.SHIPMENT: ("shipments.show", "number"),
    NodeKind.CASE: ("genealogy.container", "code"),
    NodeKind.PALLET: ("genealogy.container", "code"),
}


class Subject(NamedTuple):
    """What the family is asked of: its name, a line about it, and the doors of its pages with what they need."""

    name: str
    heading: str
    line: str
    picture: str
    crumbs: list[tuple[str, str]]
    door: str
    paper: str
    sheet: str
    values: dict[str, str]


class Boxed(NamedTuple):
    """Three short lines, the whole of it for those who point at or listen to it, and where it leads."""

    lines: tuple[str, str, str]
    whole: str
    href: str
    style: str


def batch(entry: BatchEntry) -> Subject:
    one = entry.batch
    return Subject(
        one.lot,
        say("Genealogy of batch %(lot)s", lot=one.lot),
        " · ".join((named(entry.product), named(entry.producer), one.code)),
        say("Where batch %(lot)s came from and what became of it", lot=one.lot),
        [(say("Batches"), url_for("batches.index")), (one.lot, url_for("batches.show", batch_id=one.id))],
        "genealogy.show",
        "genealogy.paper",
        "genealogy.sheet",
        {"batch_id": one.id},
    )


def container(entry: ContainerEntry) -> Subject:
    one = entry.container
    called = f"{say(f'containers.kind.{one.kind}')} {one.code}"
    return Subject(
        one.code,
        say("Genealogy of %(called)s", called=called),
        " · ".join((named(entry.holder), say("%(count)s packs", count=number(entry.packs)), kg(entry.kg))),
        say("Where what is in %(called)s came from and where it went", called=called),
        [(say("Cases and pallets"), url_for("containers.index")), (called, url_for("containers.show", code=one.code))],
        "genealogy.container",
        "genealogy.container_paper",
        "genealogy.container_sheet",
        {"code": one.code},
    )


def boxed(one: Node) -> Boxed:
    lines = (title(one), *_notes(one))
    page = _PAGES.get(one.kind)
    values: dict[str, Any] = {page[1]: one.key} if page else {}
    href = url_for(page[0], **values) if page and one.key else ""
    style = "veiled" if one.sight is not Sight.FULL else one.kind.value
    first, second, third = (fitted(text) for text in lines)
    return Boxed((first, second, third), " · ".join(text for text in (kind(one), *lines) if text), href, style)


def kind(one: Node) -> str:
    return say(f"genealogy.kind.{one.kind}")


def title(one: Node) -> str:
    """What people call it; what the reader may not know has its kind for a name."""
    if one.kind is NodeKind.ANIMALS:
        return say("%(count)s head", count=number(one.count or 0))
    if one.kind is NodeKind.PACKS:
        return say("%(count)s packs", count=number(one.count or 0))
    if one.kind is NodeKind.MORE:
        return say("%(count)s more", count=number(one.count or 0))
    if one.kind is NodeKind.SHIPMENT:
        return one.party
    if one.kind is NodeKind.SALE and not one.name:
        return say(f"flows.kind.{one.detail}")
    if one.kind is NodeKind.PLACE and not one.name:
        return say(f"place.kind.{one.detail}")
    if not one.name:
        return say("of another enterprise") if one.kind is NodeKind.BATCH else say("not shown")
    return one.name


def _notes(one: Node) -> tuple[str, str]:
    if one.kind is NodeKind.BATCH:
        weight = kg(one.kg) if one.kg is not None else day(one.day)
        return f"{say(f'goods.form.{one.detail}')} · {weight}", one.party
    if one.kind is NodeKind.PLACE:
        return say(f"place.kind.{one.detail}"), one.party
    if one.kind is NodeKind.HERD:
        return one.party, one.detail
    if one.kind is NodeKind.PACKS:
        issued, active = one.labels or (0, 0)
        return kg(one.kg), say("%(issued)s labels, %(active)s on packs", issued=issued, active=active)
    if one.kind is NodeKind.SHIPMENT:
        return one.name, say(f"genealogy.journey.{one.detail}")
    if one.kind is NodeKind.SALE:
        return (say(f"flows.kind.{one.detail}") if one.name else ""), day(one.day)
    if one.kind in (NodeKind.CASE, NodeKind.PALLET):
        return kind(one), day(one.day)
    return kind(one), ""


def edges(found: Genealogy) -> list[dict[str, str]]:
    """The table beside the picture: what, from where, to where, how much, when; the earliest first."""
    return [_edge(*one) for one in _ends(found)]


def _ends(found: Genealogy) -> list[tuple[Edge, Node, Node]]:
    nodes = {one.id: one for one in found.nodes}
    ordered = sorted(found.edges, key=lambda one: (one.day or date.min, one.source, one.target))
    return [(one, nodes[one.source], nodes[one.target]) for one in ordered]


def _edge(one: Edge, source: Node, target: Node) -> dict[str, str]:
    amounts = [kg(one.kg)] if one.kg is not None else []
    if one.count is not None:
        word = "%(count)s head" if _of_animals(source, target) else "%(count)s packs"
        amounts.append(say(word, count=number(one.count)))
    when = day(one.day) if one.day else ""
    return {
        "from": f"{kind(source)} {title(source)}",
        "to": f"{kind(target)} {title(target)}",
        "amount": " · ".join(amounts),
        "when": f"{when} – {day(one.until)}" if one.until else when,
    }


def _of_animals(source: Node, target: Node) -> bool:
    return not {NodeKind.HERD, NodeKind.ANIMALS}.isdisjoint((source.kind, target.kind))


def _line(one: Edge, source: Node, target: Node) -> tuple[object, ...]:
    """The same for a workbook: each unit in a column of its own and as a number, so that it can be summed."""
    said = _edge(one, source, target)
    counted = "" if one.count is None else one.count
    heads, packs = (counted, "") if _of_animals(source, target) else ("", counted)
    return said["from"], said["to"], "" if one.kg is None else one.kg, heads, packs, said["when"]


def animal(one: Line) -> dict[str, str]:
    return {
        "tag": one.tag,
        "numbers": "、".join(each for each in one.numbers if each != one.tag),
        "herds": "；".join(f"{name} {_span(since, until)}" for _, name, since, until in one.herds),
        "grazed": "；".join(f"{each.place} {_span(each.since, each.until)}" for each in one.grazed),
    }


def _span(since: date, until: date | None) -> str:
    return f"{day(since)} – {day(until)}" if until else f"{day(since)} –"


def timeline(found: Genealogy) -> list[dict[str, str]]:
    """Everything in its order: herds on the land, moves from herd to herd, what happened to the goods."""
    nodes = {one.id: one for one in found.nodes}
    rows = [(one.at, _step(one)) for one in found.steps]
    rows += [_origin(one, nodes[one.source], nodes[one.target]) for one in found.edges if _told(one, nodes[one.source])]
    return [row for _, row in sorted(rows, key=lambda each: each[0])]


def _step(one: Happened) -> dict[str, str]:
    said = {"when": moment(one.at), "title": say(f"event.kind.{one.kind}"), "who": one.enterprise}
    late = f" · {say('written down late')}" if one.late else ""
    return said | {"text": one.lot + late, "colour": "amber" if one.late else "green"}


def _told(one: Edge, source: Node) -> bool:
    return one.day is not None and one.target.startswith("herd:") and source.kind in (NodeKind.PLACE, NodeKind.HERD)


def _origin(one: Edge, source: Node, target: Node) -> tuple[datetime, dict[str, str]]:
    begun = one.day or date.min
    when = f"{day(begun)} – {day(one.until)}" if one.until else day(begun)
    grazed = source.kind is NodeKind.PLACE
    words = say("Herd on the land") if grazed else say("Animals moved to another herd")
    text = f"{title(target)} · {title(source)}" if grazed else f"{title(source)} → {title(target)}"
    start = datetime(begun.year, begun.month, begun.day, tzinfo=CHINA)
    return start, {"when": when, "title": words, "who": target.party, "text": text, "colour": "green"}


def sheets(found: Genealogy) -> list[tuple[str, Iterable[Sequence[object]]]]:
    """The workbook: the chain, its animals, what happened; a last line says where something is left out."""
    columns = ("Came from", "Went into", "Weight (kg)", "Head", "Packs", "Day")
    chain = _rows(columns, (_line(*one) for one in _ends(found)))
    animals = _rows(
        ("Ear tag", "Other numbers it bore", "Herds", "Land"), (tuple(animal(one).values()) for one in found.lines)
    )
    steps = _rows(
        ("Day", "What", "By whom", "Lot"),
        ((one["when"], one["title"], one["who"], one["text"]) for one in timeline(found)),
    )
    cut = [(say("More is on record than stands here."),)] if found.more else []
    named = (("Chain", chain), ("Animals", animals), ("What happened", steps))
    return [(say(name), [*rows, *cut]) for name, rows in named]


def _rows(head: Sequence[str], rows: Iterable[tuple[object, ...]]) -> Iterator[Sequence[object]]:
    yield [say(one) for one in head]
    yield from rows
