"""A plain-Python model of what the books of goods must say: whole grams in dictionaries, no database, no service.

It knows the law of conservation and who may touch what; the machine holds every answer of the services against it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


def kg(grams: int) -> Decimal:
    """So many grams as the services take them."""
    return Decimal(grams).scaleb(-3)


def grams(weight: Decimal) -> int:
    """A weight of the services in grams; the books know nothing finer."""
    whole = weight * 1000
    assert whole == whole.to_integral_value(), weight
    return int(whole)


@dataclass
class Line:
    """Packs of one size: how many there are still in anybody's stock, grams each."""

    net: int
    packs: int


@dataclass
class Goods:
    """One batch, grams; ``hold`` and ``journey`` are the numbers of what keeps it from being used.

    ``past`` are the ids of all it was made from: what is held holds everything that was made from it.
    """

    id: str
    lot: str
    form: str
    holder: str
    total: int
    used: int = 0
    hold: str = ""
    journey: str = ""
    past: frozenset[str] = frozenset()
    lines: dict[str, Line] = field(default_factory=dict)

    @property
    def left(self) -> int:
        return self.total - self.used

    @property
    def packed(self) -> int:
        return sum(one.net * one.packs for one in self.lines.values())


@dataclass
class Journey:
    """A batch on its way, grams as it was loaded."""

    number: str
    goods: Goods
    to: str
    sent: int


@dataclass
class Making:
    """An act that waits for another person: what it takes of which goods, what it makes."""

    id: str
    by: str
    taken: list[tuple[Goods, int]]
    made: list[tuple[str, int]]
    form: str
    loss: int


@dataclass
class Books:
    """Everything there is, and sums over all that ever happened, grams."""

    goods: list[Goods] = field(default_factory=list)
    journeys: list[Journey] = field(default_factory=list)
    waiting: list[Making] = field(default_factory=list)
    entered: int = 0
    gone: int = 0
    lost: int = 0
    flowed: int = 0

    def barred(self, by: str, taken: list[tuple[Goods, int]], *, held_too: bool = False) -> str:
        """Why these goods may not be used by that enterprise at all; empty: they may."""
        if any(one.holder != by for one, _ in taken):
            return "flows.not_yours"
        if any(one.journey for one, _ in taken):
            return "holds.on_the_way"
        if not held_too and any(self.held(one) for one, _ in taken):
            return "holds.held"
        return ""

    def held(self, one: Goods) -> bool:
        return any(each.hold for each in self.goods if each is one or each.id in one.past)

    def short(self, taken: list[tuple[Goods, int]], outputs: int = 1) -> str:
        """Why so much cannot be taken of each; empty: it can."""
        if any(asked > one.left for one, asked in taken):
            return "flows.more_than_left"
        return "flows.too_little" if any(asked < outputs for _, asked in taken) else ""

    def make(self, taken: list[tuple[Goods, int]], made: list[Goods], loss: int = 0) -> None:
        """Weight moves from batches into new ones, or is declared lost."""
        for one, weight in taken:
            one.used += weight
        past = frozenset[str]().union(*({one.id} | one.past for one, _ in taken))
        for new in made:
            new.past = past
        self.goods += made
        self.lost += loss
        self.flowed += sum(weight for _, weight in taken)

    def leave(self, one: Goods, weight: int) -> None:
        one.used += weight
        self.gone += weight

    def check(self) -> None:
        """The law itself: what ever entered is loose, in packs, gone or declared lost."""
        loose = sum(one.left for one in self.goods)
        packed = sum(one.packed for one in self.goods)
        assert self.entered == loose + packed + self.gone + self.lost
