"""Acts on goods in any order through the real services, each answer held against the plain model of the books.

A rule says what the model expects: done, or refused under which code. After every step each batch, pack and sum in the
database is what the model says, and the books agree with themselves.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from sqlmodel import select

from brand.kernel.work import Work
from tests import make
from tests.flows.books import Goods, Journey, Line, Making, kg
from tests.flows.comparing import HOLDERS, Comparing
from trace.formats.packing_sheet import PackingRow, PackingSheet
from trace.models.batches import Batch, PackLine
from trace.models.flows import FlowProposal
from trace.models.holds import Hold
from trace.models.shipments import Shipment
from trace.queries import shipments as journeys
from trace.rules.goods import BatchKind
from trace.services import agreements, flow_beginnings, flows, holds, packing, shipments
from trace.services.flow_beginnings import Beginning
from trace.services.flow_parts import Output, Part, Transformation
from trace.services.shipment_loads import Load
from trace.services.shipments import Found

TODAY = make.MONDAY.date()

places = st.integers(0, 1000)
#: Per cent of what is left; beyond a hundred the books must refuse.
shares = st.integers(1, 115)
whose = st.sampled_from(sorted(HOLDERS))


class Conservation(Comparing):
    """Everything the people of two abattoirs and the office may do with goods, in any order."""

    @initialize(weight=st.integers(1_000, 100_000))
    def begin(self, weight: int) -> None:
        self.commission(weight, "abattoir")

    @rule(weight=st.integers(1, 100_000), by=whose)
    def commission(self, weight: int, by: str) -> None:
        lot = self.lot()
        output = Output(lot, kg(weight))
        one = Beginning(BatchKind.COLLECTED, self.product_id, "fresh_leaf", "cooperative", TODAY, output)
        made = self.act(by, lambda work: flow_beginnings.commission(work, by, one, with_papers=True), "")
        assert made is not None
        self.books.goods.append(Goods(made.id, lot, "fresh_leaf", by, weight))
        self.books.entered += weight

    @rule(at=places, each=st.lists(shares, min_size=1, max_size=3), stranger=st.integers(0, 9))
    def split(self, at: int, each: list[int], stranger: int) -> None:
        one = self.some(at)
        by = self.other(one.holder) if stranger == 0 else one.holder
        weights = [self.part(one, share) for share in each]
        taken = [(one, sum(weights))]
        outputs = [Output(self.lot(), kg(weight)) for weight in weights]
        expected = self.books.barred(by, taken) or self.books.short(taken)
        made = self.act(by, lambda work: flows.split(work, by, one.id, outputs, TODAY), expected)
        if made is not None:
            new = [Goods(each.id, each.lot, one.form, by, weight) for each, weight in zip(made, weights, strict=True)]
            self.books.make(taken, new)
            self.done(made[0].operation_id, by, taken, new)

    @rule(at=places, beside=places, share=shares, its_share=shares)
    def merge(self, at: int, beside: int, share: int, its_share: int) -> None:
        one, other = self.some(at), self.some(beside)
        taken = [(one, self.part(one, share)), (other, self.part(other, its_share))]
        expected = "flows.twice" if one is other else self.books.barred(one.holder, taken)
        if not expected and one.form != other.form:
            expected = "flows.mixed"
        expected = expected or self.books.short(taken)
        lot, parts = self.lot(), [Part(each.id, kg(weight)) for each, weight in taken]
        made = self.act(one.holder, lambda work: flows.merge(work, one.holder, parts, lot, TODAY), expected)
        if made is not None:
            new = Goods(made.id, lot, one.form, one.holder, sum(weight for _, weight in taken))
            self.books.make(taken, [new])
            self.done(made.operation_id, one.holder, taken, [new])

    @rule(
        at=places, share=shares, out=st.integers(1, 110), typed=st.sampled_from((0, 0, 0, 0, 1, -1)), two=st.booleans()
    )
    def sort(self, at: int, share: int, out: int, typed: int, two: bool) -> None:
        """Usual from 70 to 100 %, possible from 30 on; ``typed`` is a loss stated wrongly by that many grams."""
        one = self.some(at)
        taken = self.part(one, share)
        weights = [max(1, taken * out // 100)]
        if two and weights[0] > 1:
            weights = [weights[0] - 1, 1]
        loss = max(0, taken - sum(weights) + typed)
        self.transform("sorting", one, taken, weights, loss, least=30, usual=70)

    @rule(at=places, share=shares, out=st.integers(1, 100))
    def make_tea(self, at: int, share: int, out: int) -> None:
        """The county's product has no band for tea: another person always agrees."""
        one = self.some(at)
        taken = self.part(one, share)
        weight = max(1, taken * out // 100)
        self.transform("tea_making", one, taken, [weight], taken - weight, least=0, usual=101)

    def transform(
        self, process: str, one: Goods, taken: int, weights: list[int], loss: int, *, least: int, usual: int
    ) -> None:
        lots, by, out = [self.lot() for _ in weights], one.holder, sum(weights)
        outputs = tuple(Output(lot, kg(weight)) for lot, weight in zip(lots, weights, strict=True))
        asked = Transformation(process, (Part(one.id, kg(taken)),), outputs, kg(loss), TODAY)
        expected = self.books.barred(by, [(one, taken)])
        if not expected and process == "tea_making" and one.form != "fresh_leaf":
            expected = "flows.wrong_form"
        if not expected and out + loss != taken:
            expected = "flows.more_than_went_in" if out + loss > taken else "flows.loss_differs"
        if not expected and out * 100 < least * taken:
            expected = "flows.yield_impossible"
        waits = out * 100 < usual * taken
        if not expected and not waits:
            expected = self.books.short([(one, taken)], len(weights))
        made = self.act(by, lambda work: flows.transform(work, by, asked), expected)
        if made is None:
            return
        form = "made_tea" if process == "tea_making" else one.form
        making = Making("", by, [(one, taken)], list(zip(lots, weights, strict=True)), form, loss)
        assert isinstance(made, FlowProposal) == waits
        if isinstance(made, FlowProposal):
            making.id = made.id
            self.books.waiting.append(making)
        else:
            self.made(making, made)

    @precondition(lambda self: self.books.waiting)
    @rule(at=places, yes=st.sampled_from((True, True, False)))
    def decide(self, at: int, yes: bool) -> None:
        waits = self.books.waiting[at % len(self.books.waiting)]
        said = {"version": 1, "words": "示范"}
        if not yes:
            self.act("inspector", lambda work: agreements.refuse(work, waits.id, **said), "")
            self.books.waiting.remove(waits)
            return
        expected = self.books.barred(waits.by, waits.taken) or self.books.short(waits.taken, len(waits.made))

        def agree(work: Work) -> list[Batch]:
            operation = agreements.agree(work, waits.id, **said).operation_id
            return list(work.session.exec(select(Batch).where(Batch.operation_id == operation)))

        made = self.act("inspector", agree, expected)
        if made is not None:
            self.books.waiting.remove(waits)
            self.made(waits, made)

    def made(self, making: Making, found: list[Batch]) -> None:
        ids = {one.lot: one.id for one in found}
        new = [Goods(ids[lot], lot, making.form, making.by, weight) for lot, weight in making.made]
        self.books.make(making.taken, new, making.loss)
        self.done(found[0].operation_id, making.by, making.taken, new, loss=making.loss)

    @rule(at=places, share=shares, kind=st.sampled_from(("sell", "destroy", "lose")))
    def leave(self, at: int, share: int, kind: str) -> None:
        one = self.some(at)
        weight, words = self.part(one, share), {"buyer": "示范市场"} if kind == "sell" else {"words": "示范"}
        taken = [(one, weight)]
        expected = self.books.barred(one.holder, taken, held_too=kind != "sell") or self.books.short(taken)
        part = Part(one.id, kg(weight))
        done = self.act(one.holder, lambda work: flows.take_out(work, one.holder, kind, part, TODAY, **words), expected)
        if done is not None:
            self.books.leave(one, weight)
            self.done(done.id, one.holder, taken, [], gone=weight)

    @rule(at=places, share=shares, packs=st.integers(1, 20), stranger=st.integers(0, 9))
    def pack(self, at: int, share: int, packs: int, stranger: int) -> None:
        one = self.some(at)
        by = self.other(one.holder) if stranger == 0 else one.holder
        net = max(1, self.part(one, share) // packs)
        cut = f"示范{self.lot()}"
        row = PackingRow(1, one.lot, cut, kg(net), packs, kg(net * packs), TODAY, 30, "常温")
        expected = "access.unknown" if by != one.holder else ""
        barred = [
            code
            for code, there in (
                ("gate.on_the_way", one.journey),
                ("holds.inside", one.inside),
                ("holds.held", self.books.held(one)),
            )
            if there
        ]
        expected = expected or ("gate.closed" if len(barred) > 1 else "".join(barred))
        expected = expected or ("mass_balance.packs_above_cold" if net * packs > one.left else "")

        def record(work: Work) -> PackLine:
            packing.record(work, one.id, PackingSheet((row,), (), (), "0" * 64))
            return work.session.exec(select(PackLine).where(PackLine.batch_id == one.id, PackLine.cut == cut)).one()

        line = self.act(by, record, expected)
        if line is not None:
            one.used += net * packs
            one.lines[line.id] = Line(net, packs, {by: packs})
            self.done(line.operation_id, by, [(one, net * packs)], [], line=line.id)

    @rule(at=places, share=st.none() | shares)
    def ship(self, at: int, share: int | None) -> None:
        """Whole, packs and all; or so much of what is loose, under a lot of its own."""
        one = self.some(at)
        by, to = one.holder, self.other(one.holder)
        weight = None if share is None else self.part(one, share)
        expected = self.books.barred(by, [(one, 0)])
        if not expected and weight is not None:
            expected = self.books.short([(one, weight)])
        load = Load(one.id, kg=None if weight is None else kg(weight))

        def send(work: Work) -> tuple[str, Batch]:
            made = shipments.send(work, by, to_id=to, loads=[load], planned_on=TODAY)
            line = journeys.lines_of(work.session, made.id)[0]
            return made.number, work.session.get_one(Batch, line.batch_id)

        if not expected and weight is None and not one.left + one.packed:
            expected = "shipments.nothing_left"
        done = self.act(by, send, expected)
        if done is None:
            return
        number, aboard = done
        if weight is not None:
            part = Goods(aboard.id, aboard.lot, one.form, by, weight)
            self.books.make([(one, weight)], [part])
            self.done(aboard.operation_id, by, [(one, weight)], [part])
            one = part
        assert one.id == aboard.id
        one.journey, one.ways = number, one.ways + 1
        self.books.journeys.append(Journey(number, one, to, one.left + one.packed))

    @precondition(lambda self: self.books.journeys)
    @rule(at=places, short=st.integers(-3, 110), packs=st.integers(0, 3), back=st.integers(0, 3))
    def arrive(self, at: int, short: int, packs: int, back: int) -> None:
        """Short by so many per cent of what is loose (below zero: more than was sent) and by so many packs."""
        way = self.books.journeys[at % len(self.books.journeys)]
        one, sender = way.goods, way.goods.holder
        if back == 0:
            self.act(sender, lambda work: shipments.call_off(work, way.number, version=self.version(work, way)), "")
            one.ways -= 1
        else:
            loose = one.left * short // 100
            line = next(((key, each) for key, each in one.lines.items() if each.loose.get(sender)), None)
            packs = min(packs, line[1].loose[sender]) if line else 0
            gone = loose + (packs * line[1].net if line else 0)
            gone = min(gone, way.sent)
            expected = "shipments.more_than_sent" if gone < 0 else ""
            in_packs = packs * line[1].net if line and packs else 0
            if not expected and not 0 <= gone - in_packs <= one.left:
                expected = "shipments.short_packs"
            missing = {line[0]: packs} if line and packs else {}
            if not self.receive(way, gone, missing, expected):
                return
            if line and packs:
                line[1].loose[sender] -= packs
            for each in one.lines.values():
                each.loose[way.to] = each.loose.get(way.to, 0) + each.loose.pop(sender, 0)
            one.used += gone - in_packs
            one.holder = way.to
            self.books.gone += gone
        one.journey = ""
        self.books.journeys.remove(way)

    def receive(self, way: Journey, gone: int, missing: dict[str, int], expected: str) -> bool:
        def receive(work: Work) -> Shipment:
            version = self.version(work, way)
            shipment = work.session.exec(select(Shipment).where(Shipment.number == way.number)).one()
            line = journeys.lines_of(work.session, shipment.id)[0]
            found = Found(kg(way.sent - gone), "missing" if gone else "", "示范" if gone else "", missing)
            return shipments.receive(work, way.number, version=version, found={line.id: found})

        return self.act(way.to, receive, expected) is not None

    def version(self, work: Work, way: Journey) -> int:
        return work.session.exec(select(Shipment.version).where(Shipment.number == way.number)).one()

    @rule(at=places, again=st.booleans())
    def hold(self, at: int, again: bool) -> None:
        one = self.some(at)
        if one.hold and not again:
            self.act("approver", lambda work: holds.lift(work, one.hold, words="示范"), "")
            one.hold = ""
            return
        said = {"scope": "batch", "key": one.id, "reason_code": "other", "words": "示范"}
        made: Hold | None = self.act(
            "inspector", lambda work: holds.place(work, **said), "holds.held_already" if one.hold else ""
        )
        if made is not None:
            one.hold = made.number
