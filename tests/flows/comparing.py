"""What every machine over the books does: opens a county, acts as a door would, compares everything after each step."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlmodel import Session, func, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from tests import make
from tests.flows.books import Act, Books, Goods, grams
from tests.people import ABATTOIR, APPROVER, INSPECTOR, RIVAL_ABATTOIR
from trace.models.batches import Batch, Flow
from trace.models.containers import Container, PackStock
from trace.models.flows import Operation
from trace.queries import flows as reads

T = TypeVar("T")
HOLDERS = {"abattoir": ABATTOIR, "rival_abattoir": RIVAL_ABATTOIR}
#: Of goods with something left the newest are used, so that histories grow deep and not only wide.
_NEWEST = 12


class Comparing(RuleBasedStateMachine):
    """Two abattoirs with goods of one licensed cooperative; ``county`` opens a fresh database with all of them."""

    county: ClassVar[Callable[[], AbstractContextManager[Database]]]
    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.books, self.count = Books(), 0
        self.opened = type(self).county()
        self.database = self.opened.__enter__()
        with self.database.reading() as session:
            people = (*HOLDERS.values(), INSPECTOR, APPROVER)
            self.actors = {one.username: make.actor(session, one) for one in people}
            self.product_id = make.a_product(session).id

    def teardown(self) -> None:
        self.opened.__exit__(None, None, None)

    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        type(self).steps += 1
        self.books.check()
        with self.database.reading() as session:
            found = session.exec(select(Batch.id, Batch.holder_id, Batch.total_kg, Batch.used_kg))
            there = {one: (holder, grams(total), grams(used)) for one, holder, total, used in found}
            assert there == {one.id: (one.holder, one.total, one.used) for one in self.books.goods}
            stocks = session.exec(select(PackStock.pack_line_id, PackStock.holder_id, PackStock.packs))
            packs = {(line, holder): count for line, holder, count in stocks if count}
            assert packs == {
                (key, holder): count
                for one in self.books.goods
                for key, line in one.lines.items()
                for holder, count in line.loose.items()
                if count
            }
            boxes = session.exec(select(Container.id, Container.holder_id, Container.state, Container.parent_id))
            assert {one: tuple(rest) for one, *rest in boxes} == {
                one.id: (one.holder, one.state, one.on.id if one.on else None) for one in self.books.boxes
            }
            assert self.sums(session) == (self.books.entered, self.books.gone, self.books.lost, self.books.flowed)
            assert reads.differences(session) == []

    def sums(self, session: Session) -> tuple[int, ...]:
        """What ever entered, left, was declared lost, and went from batch to batch, grams."""
        entered: Any = select(func.sum(Operation.out_kg)).where(Operation.kind == "commission")
        found = (
            entered,
            select(func.sum(Operation.gone_kg)),
            select(func.sum(Operation.loss_kg)),
            select(func.sum(Flow.kg)),
        )
        return tuple(grams(session.exec(one).one() or Decimal(0)) for one in found)

    def act(self, by: str, what: Callable[[Work], T], expected: str) -> T | None:
        """One transaction as a door opens it; the answer is the one the model expects, figures included."""
        person = HOLDERS[by].username if by in HOLDERS else by
        told: AppError | None = None
        try:
            with self.database.writing() as session:
                done = what(Work(session, self.actors[person], make.MONDAY, "test"))
        except AppError as error:
            told = error
        if told is None:
            assert expected == "", f"done, though the model says {expected}"
            return done
        assert told.code == expected, (told.code, told.params, expected)
        if told.code == "flows.more_than_left":
            self.figures(told)
        return None

    def figures(self, error: AppError) -> None:
        """Two makers may have named a part of their goods alike."""
        told = {name: grams(Decimal(str(error.params[name]))) for name in ("in", "used", "left")}
        named = [one for one in self.books.goods if one.lot == error.params["lot"]]
        assert told in [{"in": one.total, "used": one.used, "left": one.left} for one in named]

    def some(self, at: int) -> Goods:
        """Goods with something left, or now and then any at all."""
        every = [one for one in self.books.goods if not one.withdrawn]
        live = [one for one in every if one.left or one.packed][-_NEWEST:]
        return every[at % len(every)] if at % 10 == 0 or not live else live[at % len(live)]

    def part(self, one: Goods, share: int) -> int:
        return max(1, one.left * share // 100)

    def other(self, holder: str) -> str:
        return next(one for one in sorted(HOLDERS) if one != holder)

    def done(
        self, operation: str | None, by: str, taken: list[tuple[Goods, int]], made: list[Goods], **more: Any
    ) -> None:
        """Remember an act that may be taken back; the newest are tried most."""
        assert operation is not None
        self.books.acts.append(Act(operation, by, taken, made, **more))

    def lot(self) -> str:
        self.count += 1
        return f"L{self.count}"
