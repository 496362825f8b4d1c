"""A county's packs on the market, their copies and their enemies: the simulation of goal G37, without a database.

Places, habits and numbers are invented; what matters is what they have in common with the world: shelves where many
look, buyers who look at home, links that are shared, telephones whose network shows another county, packs that move
on, copies that are sold in several markets, and rivals who flood.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from trace.rules.scans import Assessment, History, PlaceDay, Point, assess, impossible

BEGUN = datetime(2026, 9, 1, tzinfo=UTC)
DAYS = 90


class Fate(StrEnum):
    HONEST = "honest"
    CLONED = "cloned"
    FLOODED = "flooded"


@dataclass(frozen=True)
class Seen:
    at: datetime
    token: str
    place: str


@dataclass
class Pack:
    """One code with everything that looked at it, in order of time; ``copies`` looked at it through a fake."""

    fate: Fate
    looks: list[Seen]
    copies: int = 0
    area: tuple[str, ...] = ()
    sold_on: date | None = None


@dataclass
class World:
    """Places with points, each with the seat of its province, where mobile networks often seem to be."""

    chance: random.Random
    points: dict[str, Point] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    devices: int = 0

    def __post_init__(self) -> None:
        for province in range(11, 42):
            middle = Point(self.chance.uniform(22, 48), self.chance.uniform(85, 128))
            for county in range(12):
                code = f"{province}{county:04d}"
                self.points[code] = Point(
                    middle.latitude + self.chance.uniform(-2.5, 2.5), middle.longitude + self.chance.uniform(-3, 3)
                )
                self.codes.append(code)

    def device(self) -> str:
        self.devices += 1
        return str(self.devices)

    def shown(self, place: str) -> str:
        """Where a look at ``place`` seems to come from: a fifth by way of the provincial seat, some from anywhere."""
        draw = self.chance.random()
        if draw < 0.03:
            return ""
        if draw < 0.06:
            return self.chance.choice(self.codes)
        return place[:2] + "0000" if draw < 0.26 else place

    def look(self, place: str, day: float) -> Seen:
        at = BEGUN + timedelta(days=min(day, DAYS - 0.01))
        return Seen(at, self.device(), self.shown(place))

    def nearby(self, place: str) -> str:
        return place[:2] + f"{self.chance.randrange(12):04d}"


def packs(world: World, count: int) -> Iterator[Pack]:
    """One in a hundred is copied, one in a hundred flooded, the rest leads an ordinary life."""
    for number in range(count):
        fate = {0: Fate.CLONED, 1: Fate.FLOODED}.get(number % 100, Fate.HONEST)
        yield {Fate.CLONED: _cloned, Fate.FLOODED: _flooded, Fate.HONEST: _honest}[fate](world)


def _honest(world: World) -> Pack:
    chance = world.chance
    shop, begun = chance.choice(world.codes), chance.uniform(0, 40)
    looks: list[Seen] = []
    shelf = chance.choice((0, 0, 0, 1, 2, 5, 15, 40)) if chance.random() < 0.5 else 0
    bought = begun + chance.expovariate(1 / 12)
    for _ in range(round(shelf * chance.random())):
        looks.append(world.look(shop, chance.uniform(begun, bought)))
    if chance.random() < 0.08:  # moved on to another shop, and looked at there too
        shop = world.nearby(shop) if chance.random() < 0.7 else chance.choice(world.codes)
        for _ in range(chance.randrange(6)):
            looks.append(world.look(shop, chance.uniform(bought, bought + 10)))
        bought += 10
    home = shop if chance.random() < 0.8 else chance.choice(world.codes)  # a gift, a journey, a parcel
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        looks.append(world.look(home, bought + chance.expovariate(1 / 4)))
    if chance.random() < 0.05:  # the link is sent to friends
        for _ in range(chance.randrange(1, 6)):
            looks.append(world.look(chance.choice(world.codes), bought + chance.expovariate(1 / 1.5)))
    return _made(Fate.HONEST, looks)


def _cloned(world: World) -> Pack:
    """20 to 500 copies in a few to many markets over weeks; a part of the buyers looks."""
    chance = world.chance
    pack = _honest(world)
    copies = round(log_uniform(chance, 20, 500))
    markets = chance.sample(world.codes, chance.choice((3, 5, 8, 12, 20)))
    begun, weeks = chance.uniform(0, 30), chance.uniform(10, 60)
    through = [
        world.look(chance.choice(markets), chance.uniform(begun, begun + weeks))
        for _ in range(copies)
        if chance.random() < 0.4
    ]
    return Pack(Fate.CLONED, sorted(pack.looks + through, key=lambda one: one.at), len(through))


def log_uniform(chance: random.Random, least: float, most: float) -> float:
    """Evenly spread over the orders of magnitude."""
    return float(least * (most / least) ** chance.random())


def _flooded(world: World) -> Pack:
    """An ordinary pack that a rival looks at by hundreds: one device or many, one place, hours or weeks."""
    chance = world.chance
    pack = _honest(world)
    place, begun, lasting = chance.choice(world.codes), chance.uniform(0, 60), chance.choice((0.1, 1, 7, 25))
    one = world.device() if chance.random() < 0.3 else None
    for _ in range(chance.choice((50, 300, 1000))):
        at = BEGUN + timedelta(days=chance.uniform(begun, begun + lasting))
        pack.looks.append(Seen(at, one or world.device(), place))
    return _made(Fate.FLOODED, pack.looks)


def _made(fate: Fate, looks: list[Seen]) -> Pack:
    return Pack(fate, sorted(looks, key=lambda one: one.at))


def history(world: World, pack: Pack) -> History:
    """What the rollups hold of a pack, as ``services/scans.py`` keeps them."""
    days: dict[tuple[str, date], set[str]] = {}
    told: set[tuple[date, str]] = set()
    jumps, last = set(), None
    for one in pack.looks:
        if one.place:
            if last is not None and last.place != one.place and last.token != one.token:
                here, there = world.points.get(last.place), world.points.get(one.place)
                if here and there and impossible(here, last.at, there, one.at):
                    jumps.add((min(last.place, one.place), max(last.place, one.place)))
            last = one
        day = one.at.date()
        if (day, one.token) not in told:
            told.add((day, one.token))
            days.setdefault((one.place, day), set()).add(one.token)
    rows = tuple(PlaceDay(place, day, len(tokens)) for (place, day), tokens in days.items())
    return History(rows, frozenset(jumps), pack.sold_on, None, pack.area)


@dataclass
class Figures:
    """Counts over a run: of clones with twenty looks at least, and of all codes that nobody copied."""

    clones: int = 0
    clones_warned: int = 0
    clones_watched: int = 0
    sound: int = 0
    sound_warned: int = 0
    sound_watched: int = 0
    flooded: int = 0
    flooded_warned: int = 0

    @property
    def found(self) -> float:
        return self.clones_watched / max(1, self.clones)

    @property
    def wrongly_amber(self) -> float:
        return self.sound_warned / max(1, self.sound)


def run(count: int, judge: Callable[[History], Assessment] = assess, seed: int = 5) -> Figures:
    """Judge ``count`` packs; the same seed gives the same world."""
    world, figures = World(random.Random(seed)), Figures()
    for pack in packs(world, count):
        found = judge(history(world, pack))
        if pack.fate is Fate.CLONED:
            if len(pack.looks) >= 20:
                figures.clones += 1
                figures.clones_warned += found.suspicious
                figures.clones_watched += found.suspicious or found.watched
            continue
        figures.sound += 1
        figures.sound_warned += found.suspicious
        figures.sound_watched += found.watched
        if pack.fate is Fate.FLOODED:
            figures.flooded += 1
            figures.flooded_warned += found.suspicious
    return figures
