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
    """Packs of one size: grams each, how many were made, and how many each holder has outside any case."""

    net: int
    made: int
    loose: dict[str, int]
    boxed: bool = False

    @property
    def outside(self) -> int:
        return sum(self.loose.values())


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
    inside: bool = False
    withdrawn: bool = False
    ways: int = 0

    @property
    def left(self) -> int:
        return self.total - self.used

    @property
    def packed(self) -> int:
        """What the holder has of it in packs outside any case."""
        return sum(one.net * one.loose.get(self.holder, 0) for one in self.lines.values())


@dataclass
class Box:
    """A case with packs by line and loose goods, or a pallet with cases; ``on`` is the pallet it stands on."""

    id: str
    code: str
    holder: str
    packs: dict[str, int] = field(default_factory=dict)
    loose: list[Goods] = field(default_factory=list)
    cases: list[Box] = field(default_factory=list)
    state: str = "packed"
    on: Box | None = None
    journey: str = ""
    to: str = ""

    @property
    def all(self) -> list[Box]:
        return [self, *self.cases]


@dataclass
class Act:
    """What was done and may be taken back: by whom, what it took of which goods, what it made, packed or let go."""

    id: str
    by: str
    taken: list[tuple[Goods, int]]
    made: list[Goods]
    line: str = ""
    gone: int = 0
    loss: int = 0
    undone: bool = False


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
    boxes: list[Box] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    entered: int = 0
    gone: int = 0
    lost: int = 0
    flowed: int = 0

    def barred(self, by: str, taken: list[tuple[Goods, int]], *, held_too: bool = False) -> str:
        """Why these goods may not be used by that enterprise at all; empty: they may."""
        if any(one.holder != by for one, _ in taken):
            return "flows.not_yours"
        if any(one.withdrawn for one, _ in taken):
            return "batches.withdrawn"
        if any(one.journey for one, _ in taken):
            return "holds.on_the_way"
        if any(one.inside for one, _ in taken):
            return "holds.inside"
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

    def line(self, key: str) -> tuple[Goods, Line]:
        return next((one, one.lines[key]) for one in self.goods if key in one.lines)

    def of_box(self, box: Box) -> list[Goods]:
        """Every batch of which there is something in it."""
        return [
            one
            for each in box.all
            for one in [*each.loose, *(self.line(key)[0] for key, count in each.packs.items() if count)]
        ]

    def box_barred(self, by: str, boxes: list[Box], *, held_too: bool) -> str:
        """Why these containers may not be opened, moved or sold by that enterprise; empty: they may."""
        if any(one.holder != by for one in boxes):
            return "containers.not_yours"
        for one in sorted(boxes, key=lambda each: each.id):
            if one.state != "packed":
                return "containers.ended"
            if one.on is not None:
                return "containers.on_a_pallet"
        if any(one.journey for one in boxes):
            return "containers.on_the_way"
        if not held_too and any(self.held(one) for box in boxes for one in self.of_box(box)):
            return "holds.held"
        return ""

    def box_weighs(self, box: Box) -> int:
        packs = sum(self.line(key)[1].net * count for each in box.all for key, count in each.packs.items())
        return packs + sum(one.left for each in box.all for one in each.loose)

    def box_gone(self, box: Box, state: str) -> None:
        """It leaves the books with everything in it."""
        self.gone += self.box_weighs(box)
        for each in box.all:
            each.state, each.packs = state, {}
            for one in each.loose:
                one.used = one.total

    def in_the_way(self, act: Act) -> str:
        """What stands in the way of taking an act back, the first of it; empty: nothing."""
        if act.undone:
            return "undoing.done_already"
        if any(one.holder != act.by for one in [*(one for one, _ in act.taken), *act.made]):
            return "undoing.elsewhere"
        for one in sorted(act.made, key=lambda each: each.lot):
            if one.used:
                return "undoing.used"
            if one.ways:
                return "undoing.shipped"
        if act.line:
            line = self.line(act.line)[1]
            if line.boxed:
                return "undoing.boxed"
            if line.loose.get(act.by, 0) != line.made:
                return "undoing.packs_gone"
        if any(one.inside for one in act.made):
            return "holds.inside"
        if any(self.held(one) for one in act.made):
            return "holds.held"
        if any(one.journey for one, _ in act.taken):
            return "holds.on_the_way"
        return "holds.inside" if any(one.inside for one, _ in act.taken) else ""

    def take_back(self, act: Act) -> None:
        """As if it had never been, but for the rows that say it was."""
        act.undone = True
        for one, weight in act.taken:
            one.used -= weight
            if act.line:
                del one.lines[act.line]
        for one in act.made:
            one.used, one.withdrawn = one.total, True
        self.gone -= act.gone
        self.lost -= act.loss

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
        packed = sum(line.net * line.outside for one in self.goods for line in one.lines.values())
        boxed = sum(self.line(key)[1].net * count for one in self.boxes for key, count in one.packs.items())
        assert self.entered == loose + packed + boxed + self.gone + self.lost
