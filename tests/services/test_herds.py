"""Herds and animals: head counts from facts, tags once for ever, withdrawal, slaughter bound to the animal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from brand.models.licences import Licence
from tests import make, make_herds
from tests.people import ABATTOIR, CLERK, INSPECTOR, PRODUCER, RIVAL, PersonOfTheCast
from trace.models.alarms import Alarm
from trace.models.batches import Carcass
from trace.models.herds import Animal, AnimalId, Stay
from trace.queries import animals as reads
from trace.queries import herds as herd_reads
from trace.queries import slaughter as answers
from trace.rules.animals import Coming, IdKind, Leaving
from trace.services import alarms, animals, care, herds, imports
from trace.services.batches import Plan
from trace.services.newcomers import Newcomer

pytestmark = pytest.mark.licensed

TODAY = make.MONDAY.date()
TAGS = [f"3150824210{n:05}" for n in range(10)]


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as session:
        yield session


@pytest.fixture
def own(session: Session) -> Work:
    return make.work(session, make.actor(session, PRODUCER))


@pytest.fixture
def office(session: Session) -> Work:
    return make.work(session, make.actor(session, CLERK))


@pytest.fixture
def rival(session: Session) -> Work:
    return make.work(session, make.actor(session, RIVAL))


def refusal(act: Callable[..., Any], *given: Any, **options: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        act(*given, **options)
    return caught.value


def head(session: Session, herd_id: str) -> int:
    herd = herds.own(make.work(session), herd_id)
    return herd_reads.entries(session, [herd])[0].head


def test_head_is_counted_from_what_came_and_left(session: Session, own: Work) -> None:
    herd = make_herds.a_herd(own)
    lambs = make_herds.lambs(own, herd, TAGS[:5])
    assert head(session, herd.id) == 5
    animals.leave(own, "cooperative", lambs[:1], Leaving.DEATH, TODAY)
    animals.leave(own, "cooperative", lambs[1:2], Leaving.SALE, TODAY)
    animals.leave(own, "cooperative", lambs[2:3], Leaving.LOSS, TODAY)
    assert head(session, herd.id) == 2
    animals.find_again(own, lambs[2], herd.id, TODAY)
    other = make_herds.a_herd(own, code="B")
    animals.move(own, lambs[3:], other.id, TODAY)
    assert (head(session, herd.id), head(session, other.id)) == (1, 2)
    kinds = [one.kind for one in herd_reads.happenings(session, herd.id)]
    assert sorted(kinds) == ["death", "found", "herd_loss", "herd_move", "herd_sale", "stock_taking"]
    assert refusal(herds.close, own, other.id, version=other.version, day=TODAY).params["head"] == 2


def test_a_herd_is_listed_by_its_tags_however_they_were_written_down(session: Session, own: Work) -> None:
    herd = make_herds.a_herd(own)
    for tag in (TAGS[2], TAGS[0], TAGS[1]):
        make_herds.lambs(own, herd, [tag])
    page = reads.listing(session, herd.id, TODAY)
    assert [one.tag for one in page.rows] == TAGS[:3]
    assert [row["ear_tag"] for row in reads.everyone(session, herd.id)] == TAGS[:3]
    assert [one.tag for one in answers.for_herd(session, herd.id, "", TODAY).open] == TAGS[:3]


def test_what_is_not_alive_or_elsewhere_is_not_moved(session: Session, own: Work, rival: Work) -> None:
    herd = make_herds.a_herd(own)
    lambs = make_herds.lambs(own, herd, TAGS[:2])
    animals.leave(own, "cooperative", lambs[:1], Leaving.DEATH, TODAY)
    assert refusal(animals.leave, own, "cooperative", lambs, Leaving.SALE, TODAY).code == "animals.not_here"
    assert refusal(animals.leave, rival, "cooperative", lambs[1:], Leaving.SALE, TODAY).code == "access.unknown"
    assert refusal(animals.leave, rival, "rival", lambs[1:], Leaving.SALE, TODAY).code == "animals.not_here"
    assert refusal(animals.move, rival, lambs[1:], herd.id, TODAY).code == "access.unknown"
    assert refusal(animals.retag, own, lambs[0], TAGS[5], TODAY, version=2).code == "access.unknown"
    assert refusal(animals.find_again, own, lambs[0], herd.id, TODAY).code == "animals.not_lost"
    early = TODAY - timedelta(400)
    assert refusal(animals.leave, own, "cooperative", lambs[1:], Leaving.LOSS, early).code == "animals.before_coming"
    later = TODAY + timedelta(1)
    assert refusal(animals.leave, own, "cooperative", lambs[1:], Leaving.LOSS, later).code == "animals.in_future"
    assert refusal(animals.leave, own, "cooperative", [lambs[1]] * 2, Leaving.LOSS, TODAY).code == "animals.none_chosen"


def test_a_tag_stands_for_one_animal_for_ever(session: Session, own: Work, rival: Work) -> None:
    herd, theirs = make_herds.a_herd(own), make_herds.a_herd(rival, enterprise="rival")
    lamb = make_herds.lambs(own, herd, TAGS[:1])[0]
    found = refusal(make_herds.lambs, rival, theirs, TAGS[:1])
    assert [(one.code, one.pointer) for one in found.faults] == [("animals.tag_taken", "/ear_tag")]
    animals.retag(own, lamb, TAGS[1], TODAY, version=1)
    assert [one.value for one in session.exec(select(AnimalId).order_by(AnimalId.value))] == TAGS[:2]
    life = reads.find(session, own.actor, lamb, TODAY)
    assert (life.shown.tag, [(one.value, one.until) for one in life.numbers]) == (
        TAGS[1],
        [(TAGS[0], TODAY), (TAGS[1], None)],
    )
    assert refusal(make_herds.lambs, own, herd, TAGS[:1]).faults[0].code == "animals.tag_taken"
    short = refusal(animals.retag, own, lamb, TAGS[3][:14], TODAY, version=2)
    assert [(one.code, one.pointer) for one in short.faults] == [("ear_tags.length", "/value")]
    # No number is given before the one it follows, nor before the animal came.
    early = refusal(animals.retag, own, lamb, TAGS[3], TODAY - timedelta(1), version=2)
    assert (early.code, early.params["since"]) == ("animals.before_coming", TODAY.isoformat())
    unseen = refusal(animals.number, own, lamb, IdKind.OWN, "N1", TODAY - timedelta(101), version=2)
    assert unseen.code == "animals.before_coming"
    assert refusal(animals.retag, own, lamb, TAGS[0], TODAY, version=2).code == "animals.tag_taken"
    assert refusal(animals.retag, own, lamb, TAGS[3], TODAY, version=1).code == "animals.stale"
    animals.leave(own, "cooperative", [lamb], Leaving.DEATH, TODAY)
    assert refusal(make_herds.lambs, rival, theirs, TAGS[1:2]).faults[0].code == "animals.tag_taken"


def test_the_database_itself_keeps_one_tag_and_one_place(session: Session, own: Work) -> None:
    herd = make_herds.a_herd(own)
    first, second = make_herds.lambs(own, herd, TAGS[:2])
    stay = session.exec(select(Stay).where(Stay.animal_id == first)).one()
    twice = (
        AnimalId(animal_id=second, kind="ear_tag_15", value=TAGS[0], since=TODAY, until=TODAY),
        AnimalId(animal_id=first, kind="ear_tag_15", value=TAGS[5], since=TODAY, current="ear_tag_15"),
        AnimalId(animal_id=first, kind="own", value="X", since=TODAY, until=TODAY, current="own"),
        Stay(animal_id=first, herd_id=herd.id, since=TODAY, current=1, came="birth", came_event_id=stay.came_event_id),
    )
    for row in twice:
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(row)
            session.flush()


def test_a_sold_animal_goes_on_with_its_whole_history(session: Session, own: Work, rival: Work) -> None:
    herd, theirs = make_herds.a_herd(own), make_herds.a_herd(rival, enterprise="rival")
    lamb = make_herds.lambs(own, herd, TAGS[:1])[0]
    animals.leave(own, "cooperative", [lamb], Leaving.SALE, TODAY, buyer_id="rival")
    bought = [Newcomer(TAGS[0], "female")]
    other = make_herds.a_herd(own, code="Z")
    assert (
        refusal(animals.bring_in, own, other.id, Coming.PURCHASE, TODAY, bought).faults[0].code == "animals.tag_taken"
    )
    assert animals.bring_in(rival, theirs.id, Coming.PURCHASE, TODAY, bought) == [lamb]
    life = reads.find(session, rival.actor, lamb, TODAY)
    assert [herd.enterprise_id for _, herd, _ in life.stays] == ["cooperative", "rival"]
    animals.leave(rival, "rival", [lamb], Leaving.LOSS, TODAY)
    seller = reads.find(session, own.actor, lamb, TODAY)
    assert {keeper.id for _, _, keeper in seller.stays} <= {"cooperative", "rival"}


def test_faults_are_told_by_animal_and_nothing_is_taken_in(session: Session, own: Work) -> None:
    herd = make_herds.a_herd(own)
    wrong = [
        Newcomer("12", "female"),
        Newcomer("", "female"),
        Newcomer(TAGS[0], "female", born_on=TODAY + timedelta(1)),
        Newcomer(TAGS[1], "male", own_number="A"),
        Newcomer(TAGS[1], "male", own_number="a"),
        Newcomer("2150824210000001"[:15], "male"),
    ]
    error = refusal(animals.bring_in, own, herd.id, Coming.RECORDED, TODAY, wrong)
    assert {(one.pointer, one.code) for one in error.faults} == {
        ("/animals/0/ear_tag", "ear_tags.length"),
        ("/animals/1/ear_tag", "animals.no_number"),
        ("/animals/2/born_on", "animals.before_birth"),
        ("/animals/4/ear_tag", "animals.number_twice"),
        ("/animals/4/own_number", "animals.number_twice"),
        ("/animals/5/ear_tag", "ear_tags.species"),
    }
    assert session.exec(select(Animal)).all() == []


def test_last_digits_name_one_animal_or_none(session: Session, own: Work) -> None:
    herd = make_herds.a_herd(own)
    lambs = make_herds.lambs(own, herd, [*TAGS[:3], "315082429909001"])
    assert herd_reads.named(session, herd.id, "0001，315082421000000 0001") == [lambs[1], lambs[0]]
    error = refusal(herd_reads.named, session, herd.id, "9 77 001")
    assert [(one.code, one.params["number"]) for one in error.faults] == [
        ("animals.number_short", "9"),
        ("animals.number_unknown", "77"),
        ("animals.number_ambiguous", "001"),
    ]


def test_herds_of_others_do_not_exist(session: Session, own: Work, rival: Work, office: Work) -> None:
    herd = make_herds.a_herd(own)
    entries = {"name": "x", "breed": "", "township_code": "150824100"}
    for act in (
        lambda: herds.edit(rival, herd.id, version=1, **entries),
        lambda: herds.close(rival, herd.id, version=1, day=TODAY),
        lambda: make_herds.lambs(rival, herd, TAGS[:1]),
        lambda: make_herds.treat(rival, herd),
        lambda: herds.open_herd(rival, "cooperative", code="x", species="sheep", since=TODAY, **entries),
        lambda: herd_reads.find(session, rival.actor, herd.id),
    ):
        assert refusal(act).code == "access.unknown"
    assert herd_reads.find(session, office.actor, herd.id).herd.id == herd.id
    assert refusal(herds.edit, own, herd.id, version=7, **entries).code == "herds.stale"
    for township in ("150824999", "999999100", "x"):
        found = refusal(herds.edit, own, herd.id, version=1, **entries | {"township_code": township})
        assert found.code == "herds.township"
    assert refusal(make_herds.a_herd, own).code == "herds.code_taken"
    ahead = refusal(herds.close, own, herd.id, version=1, day=TODAY + timedelta(days=1))
    assert [(one.code, one.pointer) for one in ahead.faults] == [("herds.in_future", "/day")]
    herds.close(own, herd.id, version=1, day=TODAY)
    assert refusal(make_herds.lambs, own, herd, TAGS[:1]).code == "herds.closed"


def test_no_animal_comes_into_a_herd_before_there_was_one(own: Work) -> None:
    early = TODAY - timedelta(400)
    herd, young = make_herds.a_herd(own), make_herds.a_herd(own, code="B")
    young.since = TODAY - timedelta(10)
    two = [Newcomer(tag, sex="female") for tag in TAGS[:2]]
    error = refusal(animals.bring_in, own, herd.id, Coming.RECORDED, early, two)
    figures = {"name": herd.name, "day": early.isoformat(), "since": herd.since.isoformat()}
    assert [(one.code, one.pointer, one.params) for one in error.faults] == [("herds.not_begun", "/day", figures)]
    (lamb,) = make_herds.lambs(own, herd, TAGS[:1])
    moved = refusal(animals.move, own, [lamb], young.id, TODAY - timedelta(11))
    assert (moved.code, moved.faults[0].pointer) == ("herds.not_begun", "/day")
    animals.leave(own, "cooperative", [lamb], Leaving.LOSS, TODAY - timedelta(12))
    assert refusal(animals.find_again, own, lamb, young.id, TODAY - timedelta(11)).code == "herds.not_begun"
    ended = refusal(herds.close, own, herd.id, version=herd.version, day=TODAY - timedelta(13))
    assert (ended.code, ended.params["left"]) == ("herds.closed_before", (TODAY - timedelta(12)).isoformat())


# --- withdrawal --------------------------------------------------------------------------------------------------


def test_a_running_withdrawal_blocks_sale_and_slaughter_to_its_last_day(session: Session, own: Work) -> None:
    herd = make_herds.a_herd(own)
    treated, free = make_herds.lambs(own, herd, TAGS[:2])
    record = make_herds.treat(own, herd, days=28, animal_ids=[treated], given_on=TODAY - timedelta(28))
    assert record.closed_until == TODAY
    error = refusal(animals.leave, own, "cooperative", [treated, free], Leaving.SALE, TODAY)
    assert [(one.code, one.params["tag"], one.params["until"]) for one in error.faults] == [
        ("animals.in_withdrawal", TAGS[0], TODAY.isoformat())
    ]
    answer = answers.for_herd(session, herd.id, "", TODAY)
    assert ([one.tag for one in answer.open], [one.tag for one, _ in answer.closed]) == ([TAGS[1]], [TAGS[0]])
    assert answers.for_herd(session, herd.id, "", TODAY + timedelta(1)).closed == ()
    animals.leave(own, "cooperative", [free], Leaving.SALE, TODAY)
    animals.leave(own, "cooperative", [treated], Leaving.DEATH, TODAY)


def test_the_whole_herd_is_everybody_who_was_there_on_one_of_the_days(session: Session, own: Work) -> None:
    herd, other = make_herds.a_herd(own), make_herds.a_herd(own, code="B")
    stays, gone, new = make_herds.lambs(own, herd, TAGS[:3])
    animals.move(own, [gone], other.id, TODAY - timedelta(3))
    animals.move(own, [new], other.id, TODAY - timedelta(30))
    animals.move(own, [new], herd.id, TODAY - timedelta(1))
    week = {"given_on": TODAY - timedelta(5), "last_dose_on": TODAY - timedelta(4)}
    record = make_herds.treat(own, herd, days=10, **week)
    treated = {one for one, given in reads.uses_of(session, [stays, gone, new]).items() if given}
    assert (treated, record.closed_until) == ({stays, gone}, TODAY + timedelta(6))
    assert refusal(make_herds.treat, own, herd, animal_ids=[new], name="二", **week).faults[0].params == {
        "tag": TAGS[2], "first": week["given_on"].isoformat(), "last": week["last_dose_on"].isoformat()
    }  # fmt: skip
    empty = make_herds.a_herd(own, code="C")
    assert refusal(make_herds.treat, own, empty, name="三").code == "care.nobody"


def test_medicines_keep_what_they_were_given_under(session: Session, own: Work, rival: Work, office: Work) -> None:
    herd = make_herds.a_herd(own)
    lamb = make_herds.lambs(own, herd, TAGS[:1])[0]
    record = make_herds.treat(own, herd, days=5)
    assert refusal(make_herds.a_medicine, own, days=9).code == "medicines.twice"
    assert refusal(care.retire_medicine, rival, record.medicine_id).code == "access.unknown"
    care.retire_medicine(own, record.medicine_id)
    assert refusal(care.retire_medicine, own, record.medicine_id).code == "medicines.retired"
    assert refusal(make_herds.treat, own, herd, medicine_id=record.medicine_id).code == "medicines.unknown"
    county = make_herds.a_medicine(office, scope="", name="县药", days=3)
    assert refusal(make_herds.a_medicine, own, scope="").code == "access.unknown"
    assert refusal(care.retire_medicine, own, county.id).code == "access.unknown"
    cattle = make_herds.a_medicine(own, name="牛药", species="cattle")
    assert refusal(make_herds.treat, own, herd, medicine_id=cattle.id).code == "medicines.species"
    assert refusal(make_herds.treat, own, herd, medicine_id=make_herds.a_medicine(rival, scope="rival").id).code == (
        "medicines.unknown"
    )
    assert reads.uses_of(session, [lamb])[lamb][0].closed_until == TODAY + timedelta(5)


def test_only_another_person_of_the_office_strikes_a_record(session: Session, own: Work, office: Work) -> None:
    herd = make_herds.a_herd(own)
    lamb = make_herds.lambs(own, herd, TAGS[:1])[0]
    record = make_herds.treat(own, herd, days=5)
    assert refusal(care.strike, own, record.id, reason="x").code == "access.unknown"
    care.strike(office, record.id, reason="示范：记错")
    assert refusal(care.strike, office, record.id, reason="x").code == "care.struck"
    assert reads.running_withdrawals(session, [lamb], TODAY) == []


# --- slaughter ---------------------------------------------------------------------------------------------------


def sheet(lines: int = 2, **changes: Any) -> imports.Upload:
    return make.a_small_sheet(make.carcass_lines(lines, **changes))


def slaughter(session: Session, upload: imports.Upload) -> Any:
    if session.exec(select(Licence)).first() is None:
        make.a_licence(make.work(session))
    plan = Plan("abattoir", "cooperative", make.a_product(session).id, "20260912A")
    return imports.take(make.by_abattoir(make.work(session)), upload, plan)


def test_a_linked_carcass_is_its_animal_and_ends_its_life(session: Session, own: Work) -> None:
    upload = sheet()
    ids = make_herds.behind(own, list(upload.sheet.rows[:1]))
    batch = slaughter(session, upload)
    links = dict(session.exec(select(Carcass.ear_tag, Carcass.animal_id).where(Carcass.batch_id == batch.id)).all())
    assert list(links.values()).count(None) == 1
    assert set(links.values()) == {ids[0], None}
    animal = session.get_one(Animal, ids[0])
    session.refresh(animal)
    assert (animal.state, animal.state_on) == ("slaughtered", batch.made_on)
    life = reads.find(session, own.actor, ids[0], TODAY)
    assert (life.stays[-1][0].left, life.batch.id if life.batch else "") == ("slaughter", batch.id)
    assert refusal(animals.leave, own, "cooperative", ids, Leaving.SALE, TODAY).code == "animals.not_here"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sex": "female"}, "slaughter.sex"),
        ({"breed": "示范别种"}, "slaughter.breed"),
        ({"born_on": date(2023, 1, 1)}, "slaughter.age"),
        ({"day": date(2026, 9, 13)}, "slaughter.came_later"),
    ],
)
def test_a_carcass_against_its_animal_is_refused_at_its_row(
    session: Session, own: Work, changes: dict[str, Any], code: str
) -> None:
    upload = sheet(1)
    make_herds.behind(own, list(upload.sheet.rows), **changes)
    error = refusal(slaughter, session, upload)
    assert (error.code, code in [one.code for one in error.faults], error.faults[0].row) == ("imports.faulty", True, 2)


def test_dead_sold_foreign_and_treated_animals_are_not_slaughtered(session: Session, own: Work, rival: Work) -> None:
    upload = sheet(3)
    dead, sold, treated = make_herds.behind(own, list(upload.sheet.rows))
    animals.leave(own, "cooperative", [dead], Leaving.DEATH, date(2026, 9, 2))
    animals.leave(own, "cooperative", [sold], Leaving.SALE, date(2026, 9, 2), buyer_id="rival")
    theirs = make_herds.a_herd(rival, enterprise="rival")
    row = upload.sheet.rows[1]
    animals.bring_in(rival, theirs.id, Coming.PURCHASE, date(2026, 9, 3), [Newcomer(row.ear_tag, "male")])
    herd = herd_reads.of_enterprise(session, "cooperative")[0]
    make_herds.treat(own, herd, days=20, animal_ids=[treated], given_on=date(2026, 9, 5))
    error = refusal(slaughter, session, upload)
    assert [one.code for one in error.faults if not one.code.endswith((".sex", ".age"))] == [
        "slaughter.not_alive.dead",
        "slaughter.not_in_herd",
        "slaughter.in_withdrawal",
    ]
    params = error.faults[-1].params
    assert (params["medicine"], params["medicine_lot"], params["until"], params["open"]) == (
        "示范驱虫药",
        "示范批号01",
        "2026-09-25",
        "2026-09-26",
    )
    assert all("rival" not in str(one.params) and "邻社" not in str(one.params) for one in error.faults)


def test_a_replaced_tag_is_no_tag_any_more(session: Session, own: Work) -> None:
    upload = sheet(1)
    lamb = make_herds.behind(own, list(upload.sheet.rows))[0]
    animals.retag(own, lamb, TAGS[9], date(2026, 9, 5), version=1)
    assert refusal(slaughter, session, upload).faults[0].code == "slaughter.tag_replaced"


def test_where_only_registered_animals_are_taken_unknown_tags_are_refused(session: Session, own: Work) -> None:
    make.a_licence(make.work(session))
    make_herds.policy(session, "linked_animals_only", 1)
    error = refusal(slaughter, session, sheet(1))
    assert [one.code for one in error.faults] == ["slaughter.unknown_tag"]


def test_a_second_slaughter_is_refused_and_heard_once(database: Database) -> None:
    with database.writing() as session:
        own = make.work(session, make.actor(session, PRODUCER))
        upload = sheet(1)
        make_herds.behind(own, list(upload.sheet.rows))
        slaughter(session, upload)

    again = make.a_small_sheet(make.carcass_lines(1, remark="again"))
    for _ in range(2):
        with (
            pytest.raises(AppError),
            alarms.watching(partial(_acting, database, ABATTOIR), "abattoir"),
            _acting(database, ABATTOIR) as work,
        ):
            imports.look(work, again, Plan("abattoir", "cooperative", make.a_product(work.session).id, "L2"))
    with _acting(database, INSPECTOR) as work:
        heard = work.session.exec(select(Alarm)).all()
        assert [(one.kind, one.enterprise_id, one.person_id) for one in heard] == [
            ("second_slaughter", "abattoir", ABATTOIR.username)
        ]
        own = make.work(work.session, make.actor(work.session, PRODUCER))
        assert refusal(alarms.answer, own, heard[0].id, "x").code == "access.unknown"
        alarms.answer(work, heard[0].id, "示范：已核对胴体")
        assert refusal(alarms.answer, work, heard[0].id, "x").code == "alarms.answered"
        actions = set(work.session.exec(select(AuditEntry.action)))
        assert {"alarms.sound", "alarms.answer", "animals.bring_in"} <= actions


@contextmanager
def _acting(database: Database, person: PersonOfTheCast) -> Iterator[Work]:
    with database.writing() as session:
        yield make.work(session, make.actor(session, person))


def test_a_treatment_written_down_after_the_slaughter_is_kept_and_heard(session: Session, own: Work) -> None:
    upload = sheet(1)
    make_herds.behind(own, list(upload.sheet.rows))
    slaughter(session, upload)
    herd = herd_reads.of_enterprise(session, "cooperative")[0]
    make_herds.treat(own, herd, days=20, given_on=date(2026, 9, 5))
    assert [one.kind for one in session.exec(select(Alarm))] == ["late_treatment"]
