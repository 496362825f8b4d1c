"""Reads where goods of a family came from: carcasses and tags, herds and their land, plots, and who sold them.

A life is read by today's keeper and the office as a whole, by an earlier keeper up to its sale, by others not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.models.enterprises import Enterprise
from brand.queries.lookups import by_id
from trace.models.batches import Batch, Carcass
from trace.models.herds import AnimalId, Grazing, Herd, Stay
from trace.models.places import Place
from trace.models.purchases import Purchase
from trace.queries import animals, harvests
from trace.queries.herds import township
from trace.queries.lineage import portions
from trace.rules.genealogy import Edge, Node, NodeKind

Life = list[tuple[Stay, Herd]]


@dataclass(frozen=True)
class View:
    """Who looks, and at which moment of the past."""

    session: Session
    actor: Actor
    at: datetime
    day: date

    def sees(self, enterprise_id: str | None) -> bool:
        """Whether what this enterprise is a party to may be looked at."""
        return bool(enterprise_id) and self.actor.may("batches.read", enterprise_id)


@dataclass(frozen=True)
class Grazed:
    place: str
    township: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Line:
    """One carcass with every number its animal bore, the herds it was in and the land it grazed on, oldest first."""

    batch_id: str
    tag: str
    animal_id: str
    numbers: tuple[str, ...]
    herds: tuple[tuple[str, str, date, date | None], ...]
    grazed: tuple[Grazed, ...]


@dataclass
class Origins:
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    lines: tuple[Line, ...] = ()
    more: bool = False


def of(view: View, batches: Sequence[Batch], most: int) -> Origins:
    """What stands behind these batches, of at most so many animals."""
    found = Origins()
    _plots(view, batches, found)
    _sellers(view, batches, found)
    carcasses = _carcasses(view, [one.id for one in batches], most + 1)
    found.more = len(carcasses) > most
    _herds(view, carcasses[:most], found)
    return found


def _plots(view: View, batches: Sequence[Batch], found: Origins) -> None:
    """Where goods grew, on a contracted household's plot too, or came to be otherwise."""
    goods, weight = harvests.grown(), {one.id: one.total_kg for one in batches}
    since = {(one.id, one.place_id): one.made_on for one in batches if one.place_id}
    for some in portions(weight):
        known = select(goods.c.batch_id, goods.c.place_id, goods.c.day).where(goods.c.batch_id.in_(some))
        since |= {(batch, place): day for batch, place, day in view.session.exec(known)}
    places = by_id(view.session, Place, {place for _, place in since})
    found.nodes += [_place(view, one) for one in places.values()]
    found.edges += [Edge(f"place:{place}", batch, weight[batch], day=day) for (batch, place), day in since.items()]


def _place(view: View, one: Place, *, whole: bool = False) -> Node:
    """By its name for those who may read it, for others by its township alone."""
    if view.actor.may("enterprises.read", one.enterprise_id):
        return Node(f"place:{one.id}", NodeKind.PLACE, one.name, one.id, one.kind, township(one.township_code))
    name = one.name if whole else ""
    return Node(f"place:{one.id}", NodeKind.PLACE, name, "", one.kind, township(one.township_code))


def _sellers(view: View, batches: Sequence[Batch], found: Origins) -> None:
    """Both parties of a purchase know each other; whoever has the goods later knows that they were bought."""
    for some in portions(one.id for one in batches):
        columns = (col(Purchase.batch_id), col(Purchase.buyer_id), col(Purchase.seller_id))
        rows = view.session.exec(select(*columns).where(col(Purchase.batch_id).in_(some))).all()
        names = by_id(view.session, Enterprise, {seller for _, _, seller in rows})
        for batch, buyer, seller in rows:
            known = any(view.actor.may("batches.read", one) for one in (buyer, seller))
            named = Node(f"seller:{seller}", NodeKind.SELLER, names[seller].name if known else "")
            node = named if known else Node(f"seller:{batch}", NodeKind.SELLER)
            found.nodes += [] if any(one.id == node.id for one in found.nodes) else [node]
            bought = next(one for one in batches if one.id == batch)
            found.edges.append(Edge(node.id, batch, bought.total_kg, day=bought.made_on))


def _carcasses(view: View, batch_ids: Sequence[str], most: int) -> list[Carcass]:
    found: list[Carcass] = []
    for some in portions(batch_ids):
        statement = select(Carcass).where(col(Carcass.batch_id).in_(some), col(Carcass.slaughtered_at) <= view.at)
        statement = statement.where(col(Carcass.withdrawn).is_(False))
        found += view.session.exec(statement.order_by(col(Carcass.batch_id), col(Carcass.ear_tag)).limit(most))
    return found[:most]


def _herds(view: View, carcasses: Sequence[Carcass], found: Origins) -> None:
    """Every carcass with its animal's life, and the same drawn by groups that came the same way."""
    ids = [one.animal_id for one in carcasses if one.animal_id]
    lives = {at: _seen(view, life) for at, life in animals.stays_of(view.session, ids).items()}
    numbers = _numbers(view.session, [one for one in ids if lives.get(one)])
    grazings, places = _grazings(view, {herd.id for life in lives.values() for _, herd in life})
    lines: list[Line] = []
    groups: dict[tuple[str, str], int] = defaultdict(int)
    used: dict[str, Herd] = {}
    moved: dict[tuple[str, str, date], int] = defaultdict(int)
    land: dict[str, Grazing] = {}
    for one in carcasses:
        life = lives.get(one.animal_id or "", [])
        grazed = [(row, stay) for stay, herd in life for row in grazings[herd.id] if _together(stay, row)]
        lines.append(_line(one, life, numbers, [(row, places[row.place_id]) for row, _ in grazed]))
        used |= {herd.id: herd for _, herd in life}
        groups[one.batch_id, life[-1][1].id if life else ""] += 1
        for (stay, herd), (_, earlier) in zip(life[1:], life, strict=False):
            if herd.id != earlier.id:
                moved[earlier.id, herd.id, stay.since] += 1
        land |= {row.id: row for row, _ in grazed}
    found.lines = tuple(lines)
    found.edges += [Edge(f"herd:{a}", f"herd:{b}", count=count, day=day) for (a, b, day), count in moved.items()]
    found.edges += [
        Edge(f"place:{row.place_id}", f"herd:{row.herd_id}", day=row.since, until=row.until) for row in land.values()
    ]
    _drawn(view, found, groups, used, {row.place_id: places[row.place_id] for row in land.values()})


def _drawn(
    view: View, found: Origins, groups: dict[tuple[str, str], int], herds: dict[str, Herd], places: dict[str, Place]
) -> None:
    keepers = by_id(view.session, Enterprise, {one.enterprise_id for one in herds.values()})
    there = {one.id for one in found.nodes}
    for one in herds.values():
        keeper, at = keepers[one.enterprise_id].name, one.id if view.actor.may("herds.read", one.enterprise_id) else ""
        found.nodes.append(Node(f"herd:{one.id}", NodeKind.HERD, one.name, at, township(one.township_code), keeper))
    found.nodes += [_place(view, one, whole=True) for key, one in places.items() if f"place:{key}" not in there]
    for (batch, herd), count in groups.items():
        node = f"animals:{batch}:{herd}"
        found.nodes.append(Node(node, NodeKind.ANIMALS, key=batch, count=count))
        found.edges.append(Edge(node, batch, count=count))
        if herd:
            found.edges.append(Edge(f"herd:{herd}", node, count=count))


def _seen(view: View, life: Life) -> Life:
    """The part of a life the reader may know, as far as it had gone by then."""
    reach = view.actor.reach("herds.read")
    gone = [(stay, herd) for stay, herd in life if stay.since <= view.day]
    if reach is None or life[-1][1].enterprise_id in reach:
        return gone
    last = max((stay.until or date.max for stay, herd in life if herd.enterprise_id in reach), default=None)
    return [(stay, herd) for stay, herd in gone if last is not None and stay.since < last]


def _numbers(session: Session, animal_ids: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for some in portions(set(animal_ids)):
        borne = select(AnimalId).where(col(AnimalId.animal_id).in_(some))
        for one in session.exec(borne.order_by(col(AnimalId.since), col(AnimalId.id))):
            found[one.animal_id].append(one.value)
    return found


def _grazings(view: View, herd_ids: Iterable[str]) -> tuple[dict[str, list[Grazing]], dict[str, Place]]:
    """Herd → where it was by then, oldest first; and those places."""
    found: dict[str, list[Grazing]] = defaultdict(list)
    for some in portions(herd_ids):
        were = select(Grazing).where(col(Grazing.herd_id).in_(some), col(Grazing.since) <= view.day)
        for one in view.session.exec(were.order_by(col(Grazing.since), col(Grazing.id))):
            found[one.herd_id].append(one)
    return found, by_id(view.session, Place, {one.place_id for rows in found.values() for one in rows})


def _together(stay: Stay, grazing: Grazing) -> bool:
    """Whether the animal was in the herd while the herd was there."""
    return (stay.until is None or grazing.since < stay.until) and (grazing.until is None or stay.since < grazing.until)


def _line(one: Carcass, life: Life, numbers: dict[str, list[str]], grazed: list[tuple[Grazing, Place]]) -> Line:
    borne = numbers.get(one.animal_id or "", []) if life else []
    herds = tuple((herd.id, herd.name, stay.since, stay.until) for stay, herd in life)
    land = tuple(Grazed(at.name, township(at.township_code), row.since, row.until) for row, at in grazed)
    return Line(one.batch_id, one.ear_tag, one.animal_id or "", tuple(dict.fromkeys(borne)), herds, land)
