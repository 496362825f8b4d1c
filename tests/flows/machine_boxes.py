"""The machine of acts on goods with cases, pallets and taking back among them: filled, opened, sent, lost, undone."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from sqlmodel import select

from brand.kernel.work import Work
from tests.flows.books import Act, Box, Goods, kg
from tests.flows.machine import TODAY, Conservation, places, shares
from trace.models.batches import Batch
from trace.models.containers import Container, ContainerBatch
from trace.models.shipments import Shipment
from trace.services import containers, leaving, shipments, undoing
from trace.services.containers import Filling

_LEFT = {"sell": "sold", "destroy": "destroyed", "lose": "lost"}
#: Of boxes and acts the newest are tried most.
_NEWEST = 8


class Boxing(Conservation):
    """Everything of the plain machine, and what people do with containers and with what they did wrongly."""

    @initialize(weight=st.integers(1_000, 100_000))
    def begin(self, weight: int) -> None:
        """A batch, half of it in packs, some of those in three cases, all of these on a pallet."""
        self.commission(weight, "abattoir")
        self.pack(1, 50, 10, 1)
        for _ in range(3):
            self.close_a_case(1, 30, None, 1, 1)
        self.build_a_pallet([1, 2, 3])

    @precondition(lambda self: any(one.packed for one in self.books.goods))
    @rule(at=places, share=shares, loose=st.none() | shares, beside=places, stranger=st.integers(0, 9))
    def close_a_case(self, at: int, share: int, loose: int | None, beside: int, stranger: int) -> None:
        """Packs of one line, and perhaps loose goods beside them."""
        lines = [(one, key, line) for one in self.books.goods for key, line in one.lines.items() if line.outside]
        one, key, line = lines[-_NEWEST:][at % len(lines[-_NEWEST:])]
        by = next(holder for holder, count in line.loose.items() if count)
        by = self.other(by) if stranger == 0 else by
        count = max(1, line.loose.get(by, 0) * share // 100)
        more = self.some(beside) if loose is not None else None
        taken = [(more, self.part(more, loose))] if more is not None and loose is not None else []
        expected = "holds.held" if self.books.held(one) else ""
        if not expected and one.holder == by:
            expected = "holds.on_the_way" if one.journey else "holds.inside" if one.inside else ""
        if not expected and taken:
            expected = self.books.barred(by, taken) or self.books.short(taken)
        expected = expected or ("stocks.not_there" if count > line.loose.get(by, 0) else "")
        filling = Filling(packs={key: count}, loose={each.id: kg(weight) for each, weight in taken})

        def pack(work: Work) -> tuple[Container, Batch | None]:
            made = containers.pack(work, by, "case", filling)
            inside = select(Batch).join(ContainerBatch).where(ContainerBatch.container_id == made.id)
            return made, work.session.exec(inside).first()

        done = self.act(by, pack, expected)
        if done is None:
            return
        made, part = done
        line.loose[by] -= count
        line.boxed = True
        box = Box(made.id, made.code, by, {key: count})
        if part is not None:
            split = Goods(part.id, part.lot, taken[0][0].form, by, taken[0][1], inside=True)
            self.books.make(taken, [split])
            self.done(part.operation_id, by, taken, [split])
            box.loose = [split]
        self.books.boxes.append(box)

    def box(self, at: int) -> Box:
        """One of the newest, or now and then any at all."""
        every = self.books.boxes
        live = [one for one in every if one.state == "packed"][-_NEWEST:]
        return every[at % len(every)] if at % 10 == 0 or not live else live[at % len(live)]

    @precondition(lambda self: self.books.boxes)
    @rule(picks=st.lists(places, min_size=1, max_size=3))
    def build_a_pallet(self, picks: list[int]) -> None:
        cases = list({one.id: one for one in map(self.box, picks) if not one.cases and one.packs}.values())
        if not cases:
            return
        by = cases[0].holder
        expected = self.books.box_barred(by, cases, held_too=False)
        filling = Filling(cases=[one.code for one in cases])
        made = self.act(by, lambda work: containers.pack(work, by, "pallet", filling), expected)
        if made is not None:
            pallet = Box(made.id, made.code, by, cases=cases)
            for one in cases:
                one.on = pallet
            self.books.boxes.append(pallet)

    @precondition(lambda self: self.books.boxes)
    @rule(at=places, stranger=st.integers(0, 9))
    def open(self, at: int, stranger: int) -> None:
        box = self.box(at)
        by = self.other(box.holder) if stranger == 0 else box.holder
        expected = self.books.box_barred(by, [box], held_too=True)
        opened = self.act(by, lambda work: containers.unpack(work, by, box.code, version=_version(work, box)), expected)
        if opened is None:
            return
        for key, count in box.packs.items():
            line = self.books.line(key)[1]
            line.loose[by] = line.loose.get(by, 0) + count
        for one in box.loose:
            one.inside = False
        for case in box.cases:
            case.on = None
        box.state, box.packs, box.loose, box.cases = "emptied", {}, [], []

    @precondition(lambda self: any(one.cases for one in self.books.boxes))
    @rule(at=places, picks=st.lists(places, min_size=1, max_size=2))
    def put_on(self, at: int, picks: list[int]) -> None:
        pallets = [one for one in self.books.boxes if one.cases]
        pallet = pallets[at % len(pallets)]
        cases = list({one.id: one for one in map(self.box, picks) if not one.cases and one.packs}.values())
        if not cases:
            return
        by, codes = pallet.holder, [one.code for one in cases]
        expected = self.books.box_barred(by, [pallet], held_too=False)
        expected = expected or self.books.box_barred(by, cases, held_too=False)
        done = self.act(
            by,
            lambda work: containers.put_on(work, by, pallet.code, codes, version=_version(work, pallet)),
            expected,
        )
        if done is not None:
            pallet.cases += cases
            for one in cases:
                one.on = pallet

    @precondition(lambda self: any(one.cases for one in self.books.boxes))
    @rule(at=places, which=places)
    def take_off(self, at: int, which: int) -> None:
        pallets = [one for one in self.books.boxes if one.cases]
        if at % 4:
            pallets = [one for one in pallets if one.state == "packed" and not one.journey] or pallets
        pallet = pallets[at % len(pallets)]
        case, by = pallet.cases[which % len(pallet.cases)], pallet.holder
        expected = self.books.box_barred(by, [pallet], held_too=True)
        done = self.act(
            by,
            lambda work: containers.take_off(work, by, pallet.code, [case.code], version=_version(work, pallet)),
            expected,
        )
        if done is not None:
            case.on = None
            pallet.cases.remove(case)
            pallet.state = "packed" if pallet.cases else "emptied"

    @precondition(lambda self: self.books.boxes)
    @rule(at=places, kind=st.sampled_from(sorted(_LEFT)))
    def let_go(self, at: int, kind: str) -> None:
        box = self.box(at)
        by, words = box.holder, {"buyer": "示范市场"} if kind == "sell" else {"words": "示范"}
        expected = self.books.box_barred(by, [box], held_too=kind != "sell")

        def leave(work: Work) -> Container:
            said = {"version": _version(work, box), **words}
            return leaving.container_out(work, by, box.code, kind, TODAY, **said)

        if self.act(by, leave, expected) is not None:
            self.books.box_gone(box, _LEFT[kind])

    @precondition(lambda self: self.books.boxes)
    @rule(at=places)
    def send_a_box(self, at: int) -> None:
        box = self.box(at)
        by, to = box.holder, self.other(box.holder)
        expected = self.books.box_barred(by, [box], held_too=False)
        way = {"to_id": to, "loads": [], "planned_on": TODAY, "boxes": [box.code]}
        sent = self.act(by, lambda work: shipments.send(work, by, **way), expected)
        if sent is not None:
            box.journey, box.to = sent.number, to

    @precondition(lambda self: any(one.journey for one in self.books.boxes))
    @rule(at=places, how=st.sampled_from(("whole", "whole", "lost", "back")))
    def a_box_arrives(self, at: int, how: str) -> None:
        moving = [one for one in self.books.boxes if one.journey]
        box = moving[at % len(moving)]

        def end(work: Work) -> Shipment:
            shipment = work.session.exec(select(Shipment).where(Shipment.number == box.journey)).one()
            if how == "back":
                return shipments.call_off(work, box.journey, version=shipment.version)
            told = {box.code: how == "whole"}
            return shipments.receive(work, box.journey, version=shipment.version, found={}, boxes=told)

        self.act(box.holder if how == "back" else box.to, end, "")
        if how != "back":
            for each in box.all:
                each.holder = box.to
                for one in each.loose:
                    one.holder = box.to
        if how == "lost":
            self.books.box_gone(box, "lost")
        box.journey = ""

    @precondition(lambda self: self.books.acts)
    @rule(at=places)
    def take_back(self, at: int) -> None:
        """The newest acts most; whatever rests on them stands in the way under its own name."""
        every: list[Act] = self.books.acts
        act = every[at % len(every)] if at % 5 == 0 else every[-_NEWEST:][at % len(every[-_NEWEST:])]
        expected = self.books.in_the_way(act)
        done = self.act(act.by, lambda work: undoing.undo(work, act.id, words="示范"), expected)
        if done is not None:
            self.books.take_back(act)


def _version(work: Work, box: Box) -> int:
    return work.session.exec(select(Container.version).where(Container.id == box.id)).one()
