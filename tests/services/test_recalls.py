"""Recalls: what they reach, whom they tell, what they stop, how they end; and drills, of which nobody outside knows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlmodel import Session, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.kernel.work import Work
from tests import make
from tests.people import ABATTOIR, APPROVER, AUDITOR, CLERK, INSPECTOR, PRODUCER, RIVAL, RIVAL_ABATTOIR, PersonOfTheCast
from trace.models.batches import Batch, Carcass
from trace.models.labels import Label
from trace.models.recalls import Recall, RecallBatch
from trace.queries import recall_sets
from trace.queries import recalls as reads
from trace.queries.recall_sets import Start, StartKind
from trace.rules.recalls import Figures, Width
from trace.services import holds, labels, recalls

pytestmark = pytest.mark.packed


def by(session: Session, person: PersonOfTheCast) -> Work:
    return make.work(session, make.actor(session, person))


def batch_of(session: Session) -> Batch:
    return session.exec(select(Batch).order_by(Batch.registered_at, Batch.lot)).first()


def code_of(session: Session) -> Start:
    return Start(StartKind.CODE, batch_of(session).code)


def proposed(
    session: Session, person: PersonOfTheCast = CLERK, *starts: Start, drill: bool = False, **changes
) -> Recall:
    words = {"level": "first", "reason_code": "contamination", "words": "请勿食用（示范）", "width": "onward"}
    return recalls.propose(by(session, person), drill=drill, starts=starts or [code_of(session)], **words | changes)


def opened(session: Session, *starts: Start, drill: bool = False, **changes) -> Recall:
    made = proposed(session, CLERK, *starts, drill=drill, **changes)
    return recalls.step(by(session, APPROVER), made.number, "open", version=made.version)


def answer(session: Session, number: str, person: PersonOfTheCast, **kg: str) -> None:
    enterprise = str(person.enterprise)
    version = notice_of(session, number, enterprise).version
    recalls.acknowledge(by(session, person), number, enterprise, version=version)
    told = Figures(**{f"{name}_kg": Decimal(value) for name, value in kg.items()})
    recalls.report(by(session, person), number, enterprise, version=version + 1, figures=told)


def notice_of(session: Session, number: str, enterprise: str):
    case = reads.case(session, make.actor(session, APPROVER), number)
    return next(one.notice for one in case.holders if one.enterprise.id == enterprise)


def a_chain(session: Session) -> dict[str, Batch]:
    """The packed batch; ``cut`` of it at the neighbour's abattoir, ``mixed`` from that and from ``other``."""
    root = batch_of(session)
    cut = make.a_batch_from(session, {root.id: "100"}, lot="CUT", holder_id="rival_abattoir", kg="99.5")
    other = make.a_batch_from(session, {}, lot="OTHER", holder_id="rival", kg="50")
    mixed = make.a_batch_from(session, {cut.id: "30", other.id: "20"}, lot="MIX", holder_id="rival", kg="49.25")
    return {"root": root, "cut": cut, "other": other, "mixed": mixed}


def test_every_kind_of_start_leads_to_the_batch(database: Database, tmp_path) -> None:
    with database.writing() as session:
        make.an_order(make.work(session), make.a_signer(tmp_path), packs=1)
        batch, label = batch_of(session), session.exec(select(Label)).one()
        held = holds.place(by(session, CLERK), scope="day", key="abattoir:2026-09-12", reason_code="other", words="")
        tags = session.exec(select(Carcass.ear_tag).limit(3)).all()
        texts = [*tags, batch.code.lower(), held.number.lower(), f"/u/{batch.code}/{label.serial}"]
        texts += ["abattoir 2026-09-12", f"{make.CREDIT_CODES['abattoir']}  2026-09-12"]
        starts = recall_sets.read_starts(texts, ())
        assert [one.kind for one in starts] == ["tag"] * 3 + ["code", "hold", "label", "day", "day"]
        assert set(recall_sets.named(session, starts)) == {frozenset({batch.id})}
        with pytest.raises(AppError) as caught:
            recall_sets.read_starts(["示范", tags[0], "=1+1"], ())
        assert [one.pointer for one in caught.value.faults] == ["/starts/0", "/starts/2"]


def test_onward_reaches_what_was_made_and_whole_also_what_else_came_of_its_origins(database: Database) -> None:
    with database.writing() as session:
        chain = a_chain(session)
        lots = {}
        for width in Width:
            found = recall_sets.sets(session, frozenset({chain["mixed"].id}), width)
            lots[width] = [one.lot for one in found.goods]
            assert found.origins == frozenset(one.id for one in chain.values())
        assert lots[Width.ONWARD] == ["MIX"]
        assert lots[Width.WHOLE] == ["20260912A", "CUT", "MIX", "OTHER"]
        found = recall_sets.sets(session, frozenset({chain["root"].id}), Width.ONWARD)
        assert {one.lot: one.kg for one in found.goods} == {
            "20260912A": chain["root"].total_kg - 100,
            "CUT": Decimal("69.5"),
            "MIX": Decimal("49.25"),
        }
        assert found.holders["rival_abattoir"] == Decimal("69.5")


def test_a_recall_stops_labels_and_goods_and_tells_every_holder_at_once(database: Database, tmp_path) -> None:
    signer = make.a_signer(tmp_path)
    with database.writing() as session:
        order = make.an_order(make.work(session), signer, packs=3, activated=False)
        chain = a_chain(session)
        made = opened(session)
        assert (made.number, made.state, made.opened_by, made.done_by.isoformat()) == (
            "R2026-0001",
            "open",
            "approver",
            "2026-09-28",
        )
        case = reads.case(session, make.actor(session, APPROVER), made.number)
        assert {one.enterprise.id for one in case.holders} == {"abattoir", "rival_abattoir", "rival"}
        assert case.reconciled.produced_kg == sum(one.part.kg for one in case.lines)
        for act in (
            lambda: labels.activate(by(session, PRODUCER), order.id, first=1, last=3),
            lambda: labels.order(by(session, PRODUCER), signer, pack_line_id=order.pack_line_id, packs=1),
            lambda: holds.check_free(by(session, RIVAL), [chain["mixed"].id]),
        ):
            with pytest.raises(AppError, match=r"(gate|holds)\.recalled"), session.begin_nested():
                act()
        holds.check_free(by(session, RIVAL), [chain["other"].id])


def test_proposer_and_decider_are_two_persons_but_for_a_drill(database: Database) -> None:
    with database.writing() as session:
        mine = proposed(session, INSPECTOR)
        with pytest.raises(AppError, match="another_person"), session.begin_nested():
            recalls.step(by(session, INSPECTOR), mine.number, "open", version=1)
        drill = proposed(session, INSPECTOR, drill=True)
        assert drill.number == "D2026-0001"
        assert recalls.step(by(session, INSPECTOR), drill.number, "open", version=1).state == "open"


@pytest.mark.parametrize("person", [CLERK, PRODUCER, ABATTOIR, AUDITOR])
def test_who_may_not_open(database: Database, person: PersonOfTheCast) -> None:
    with database.writing() as session:
        made = proposed(session, INSPECTOR)
        with pytest.raises(AppError) as caught:
            recalls.step(by(session, person), made.number, "open", version=1)
        assert caught.value.kind is Kind.UNKNOWN


def test_anothers_batch_among_the_starts_answers_like_one_that_is_not_there(database: Database) -> None:
    with database.writing() as session:
        starts = [code_of(session), Start(StartKind.CODE, "00000000"), Start(StartKind.TAG, "3" * 15)]
        for person, wrong in ((PRODUCER, [1, 2]), (RIVAL, [0, 1, 2]), (CLERK, [1, 2])):
            with pytest.raises(AppError) as caught, session.begin_nested():
                proposed(session, person, *starts)
            assert [one.pointer for one in caught.value.faults] == [f"/starts/{place}" for place in wrong]
        assert proposed(session, PRODUCER, code_of(session)).enterprise_id == "cooperative"
        with pytest.raises(AppError, match="starts_many"):
            recalls.propose(
                by(session, CLERK), drill=True, starts=[], level="first", reason_code="other", words="", width="whole"
            )


def test_holders_answer_for_themselves_only_and_the_sum_must_come_out(database: Database) -> None:
    with database.writing() as session:
        a_chain(session)
        number = opened(session).number
        with pytest.raises(AppError, match="unanswered"), session.begin_nested():
            recalls.step(by(session, APPROVER), number, "close", version=2)
        for person, holder in ((RIVAL, "abattoir"), (PRODUCER, "abattoir"), (RIVAL, "cooperative"), (CLERK, "rival")):
            with pytest.raises(AppError) as caught, session.begin_nested():
                recalls.acknowledge(by(session, person), number, holder, version=1)
            assert caught.value.kind is Kind.UNKNOWN
        with pytest.raises(AppError, match="acknowledge_first"), session.begin_nested():
            recalls.report(by(session, RIVAL), number, "rival", version=1, figures=Figures())
        root = batch_of(session).total_kg - 100
        answer(session, number, ABATTOIR, found=str(root - 1), destroyed="1")
        answer(session, number, RIVAL_ABATTOIR, returned="60.5", gone="9")
        answer(session, number, RIVAL, found="49.249")
        with pytest.raises(AppError, match="acknowledged_already"), session.begin_nested():
            recalls.acknowledge(by(session, RIVAL), number, "rival", version=3)
        with pytest.raises(AppError, match="stale"), session.begin_nested():
            recalls.report(by(session, RIVAL), number, "rival", version=1, figures=Figures())
        version = reads.find(session, make.actor(session, APPROVER), number).version
        with pytest.raises(AppError) as caught, session.begin_nested():
            recalls.step(by(session, APPROVER), number, "close", version=version)
        assert (caught.value.code, caught.value.params["difference"]) == ("recalls.difference", "0.001")
        recalls.report(by(session, RIVAL), number, "rival", version=3, figures=Figures(gone_kg=Decimal("49.25")))
        assert recalls.step(by(session, APPROVER), number, "close", version=version).state == "closed"
        with pytest.raises(AppError, match="not_open"):
            recalls.report(by(session, RIVAL), number, "rival", version=4, figures=Figures())
        assert reads.recalled(session, [batch_of(session).id]) == {batch_of(session).id: number}


def test_an_enterprise_reads_its_own_part_and_strangers_nothing(database: Database) -> None:
    with database.writing() as session:
        a_chain(session)
        number = opened(session).number
        seen = {}
        for person in (ABATTOIR, PRODUCER, RIVAL, RIVAL_ABATTOIR):
            case = reads.case(session, make.actor(session, person), number)
            seen[person.username] = ([one.enterprise.id for one in case.holders], [one.batch.lot for one in case.lines])
        assert seen["rival"] == (["rival"], ["MIX"])
        assert seen["rival-abattoir"][0] == ["rival_abattoir"]
        assert seen["abattoir"][0] == ["abattoir"]
    with database.writing() as session:
        made = proposed(session, PRODUCER, drill=True)
        with pytest.raises(AppError, match="unknown"):
            reads.case(session, make.actor(session, RIVAL), made.number)


def test_a_drill_calls_nothing_back(database: Database, tmp_path) -> None:
    with database.writing() as session:
        order = make.an_order(make.work(session), make.a_signer(tmp_path), packs=3, activated=False)
        version = batch_of(session).version
        number = opened(session, drill=True).number
        assert session.exec(select(RecallBatch)).one().drill
        assert reads.recalled(session, [batch_of(session).id]) == {}
        assert labels.activate(by(session, PRODUCER), order.id, first=1, last=3).changed == 3
        assert batch_of(session).version == version
        assert reads.public_listing(session).total == 0
        with pytest.raises(AppError, match="unknown"):
            reads.public(session, number)
        assert proposed(session).number == "R2026-0001"  # a drill leaves no gap among the numbers of recalls
