"""Pages of herds, animals, care, pastures and alarms, as a keeper meets them on a phone."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from sqlmodel import select

from tests import make, make_herds
from tests.people import ABATTOIR, CLERK, INSPECTOR, LABORATORY, PRODUCER, RIVAL
from trace.models.alarms import Alarm
from trace.models.care import CareRecord
from trace.models.herds import Animal, Grazing, Herd
from trace.queries import animals as animal_reads
from trace.rules.alarms import AlarmKind
from trace.services import alarms, quarantine

HOSTILE = "<script>1</script>"
TAGS = [f"3150824210{n:05}" for n in range(3)]


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def herd(database):
    """A herd of three ewes of the cooperative's."""
    with database.writing() as session:
        work = make.work(session, make.actor(session, PRODUCER))
        made = make_herds.a_herd(work)
        make_herds.lambs(work, made, TAGS)
        return made.id


def count(database, model):
    with database.reading() as session:
        return len(session.exec(select(model)).all())


def test_a_herd_is_opened_and_filled(as_, database):
    own = as_(PRODUCER)
    at = "/enterprises/cooperative/herds/new"
    given = {"code": "N1", "name": HOSTILE, "species": "sheep", "township_code": "150824100", "since": "2026-01-01"}
    assert own.post(at, data=given | {"township_code": "1"}).status_code == 422
    assert own.post(at, data=given | {"since": "2026-12-01"}).status_code == 422
    page = own.post(at, data=given).headers["Location"]
    assert HOSTILE not in own.get(page).text
    assert own.post(at, data=given).status_code == 422, "the short name is taken"
    arrivals = {"coming": "recorded", "day": "2026-09-01", "number_kind": "ear_tag_15", "sex": "female"}
    refused = own.post(f"{page}/arrivals?lang=en", data=arrivals | {"numbers": f"{TAGS[0]} 12"})
    assert refused.status_code == 422
    assert TAGS[0] in refused.text, "what was typed stays"
    assert 'id="f-numbers-fault"' in refused.text
    early = own.post(f"{page}/arrivals?lang=en", data=arrivals | {"numbers": "\n".join(TAGS), "day": "2025-12-31"})
    assert (early.status_code, early.text.count("began on 2026-01-01")) == (422, 2), "once above, once at the day"
    assert 'id="f-day-fault"' in early.text
    assert count(database, Animal) == 0
    assert own.post(f"{page}/arrivals", data=arrivals | {"numbers": "\n".join(TAGS)}).status_code == 303
    assert TAGS[2] in own.get(page).text
    assert own.get(f"{page}/animals.xlsx").status_code == 200


def test_where_the_herd_is(as_, database, herd):
    with database.writing() as session:
        place = make.a_place(make.work(session)).id
    own = as_(PRODUCER)
    at = f"/herds/{herd}/grazings"
    assert at in own.get(f"/herds/{herd}").text
    given = {"version": "1", "place_id": place, "day": "2026-09-10"}
    for wrong in ({"place_id": "0" * 20}, {"day": "2026-12-01"}, {"day": "x"}, {"version": "x"}):
        assert own.post(at, data=given | wrong).status_code == 422, wrong
    assert own.post(at, data=given | {"version": "9"}).status_code == 409
    assert count(database, Grazing) == 0
    assert own.post(at, data=given).status_code == 303
    assert "示范草场" in own.get(f"/herds/{herd}").text
    assert f"/herds/{herd}" in own.get(f"/places/{place}").text
    assert "示范群A" not in as_(RIVAL).get(f"/places/{place}").text
    for person in (RIVAL, CLERK, ABATTOIR):
        assert as_(person).post(at, data=given).status_code == 404, person


def test_treated_animals_do_not_go_to_slaughter(as_, database, herd):
    with database.writing() as session:
        medicine = make_herds.a_medicine(make.work(session, make.actor(session, PRODUCER))).id
    own = as_(PRODUCER)
    given = {"medicine_id": medicine, "lot": "示范批号01", "dose": "2.5", "unit": "ml", "route": "injection"}
    given |= {"given_on": "2026-09-10", "person": "示范员"}
    at = f"/herds/{herd}/care/new"
    for wrong in ({}, {"whole_herd": "yes", "numbers": TAGS[0]}, {"numbers": "99999"}, {"numbers": "1"}):
        assert own.post(at, data=given | wrong).status_code == 422, wrong
    assert count(database, CareRecord) == 0
    assert own.post(at, data=given | {"numbers": TAGS[0][-4:]}).status_code == 303
    asked = f"/herds/{herd}/slaughter?ask=1&day=2026-09-20"
    assert "2026-10-08" in own.get(asked).text, "28 days from the tenth, the last of them told"
    with database.reading() as session:
        record = session.exec(select(CareRecord.id)).one()
    strike = f"/herds/{herd}/care/{record}/strike"
    assert own.post(strike, data={"reason": "示范"}).status_code == 404
    assert as_(CLERK).post(strike, data={"reason": "示范登记错误"}).status_code == 303
    assert "It counts for nothing any more. · 示范登记错误" in own.get(f"/herds/{herd}?lang=en").text
    assert "2026-10-08" not in own.get(asked).text


def test_animals_move_leave_and_get_numbers(as_, database, herd):
    with database.writing() as session:
        other = make_herds.a_herd(make.work(session, make.actor(session, PRODUCER)), code="B").id
    own = as_(PRODUCER)
    moved = {"numbers": TAGS[0], "to_herd_id": other, "day": "2026-09-12"}
    assert own.post(f"/herds/{herd}/move", data=moved | {"numbers": "77777"}).status_code == 422
    assert own.post(f"/herds/{herd}/move", data=moved | {"to_herd_id": "x"}).status_code in (404, 422)
    assert own.post(f"/herds/{herd}/move", data=moved).status_code == 303
    gone = {"numbers": TAGS[1], "leaving": "death", "day": "2026-09-13"}
    assert own.post(f"/herds/{herd}/leave", data=gone | {"leaving": "?"}).status_code == 422
    assert own.post(f"/herds/{herd}/leave", data=gone).status_code == 303
    with database.reading() as session:
        animal = session.exec(select(Animal).where(Animal.state == "alive").limit(1)).one()
    number = {"version": animal.version, "kind": "own", "value": HOSTILE, "day": "2026-09-13"}
    at = f"/animals/{animal.id}"
    assert own.post(f"{at}/numbers", data=number | {"kind": "?"}).status_code == 422
    assert as_(RIVAL).post(f"{at}/numbers", data=number).status_code == 404
    assert as_(RIVAL).get(at).status_code == 404
    assert HOSTILE not in own.get(at).text


def test_a_death_noted_by_mistake_is_withdrawn(as_, database, herd):
    own = as_(PRODUCER)
    own.post(f"/herds/{herd}/leave", data={"numbers": TAGS[0], "leaving": "death", "day": "2026-09-13"})
    page = own.get(f"/herds/{herd}").text
    way = re.findall(rf'href="(/herds/{herd}/events/[^"]+/withdraw)"', page)
    assert len(way) == 2, "the death and the stock-taking"
    assert "死亡" in own.get(way[0]).text
    bare = own.post(way[0], data={})
    assert (bare.status_code, "撤回理由：" in bare.text) == (422, True)
    assert own.post(way[0], data={"reason": HOSTILE}).headers["Location"] == f"/herds/{herd}"
    with database.reading() as session:
        assert {one.state for one in session.exec(select(Animal))} == {"alive"}
    page = own.get(f"/herds/{herd}").text
    assert (HOSTILE in page, way[0] in page) == (False, False)
    assert own.post(way[0], data={"reason": "示范"}).status_code == 409
    assert as_(RIVAL).get(way[1]).status_code == 404


def test_strangers_learn_nothing_of_a_herd(as_, herd):
    for path in ("", "/slaughter", "/animals.xlsx", "/edit", "/arrivals", "/move", "/leave", "/care/new", "/grazings"):
        for person in (RIVAL, LABORATORY):
            assert as_(person).get(f"/herds/{herd}{path}").status_code == 404, (path, person)
    assert as_(CLERK).get(f"/herds/{herd}").status_code == 200
    assert as_(CLERK).get(f"/herds/{herd}/edit").status_code == 404


def test_alarms_are_answered_once_by_the_inspector(as_, database):
    with database.writing() as session:
        alarms.sound(make.work(session), AlarmKind.SECOND_SLAUGHTER, TAGS[0], "abattoir", {"tag": HOSTILE})
        alarm = session.exec(select(Alarm.id)).one()
    inspector = as_(INSPECTOR)
    desk = inspector.get("/desk?lang=en").text
    assert "Alarm to look into" in desk
    assert desk.count('href="/alarms"') > 1, "from the desk and from the menu"
    assert "/alarms" not in as_(ABATTOIR).get("/desk?lang=en").text
    page = inspector.get("/alarms")
    assert page.status_code == 200
    assert HOSTILE not in page.text
    at = f"/alarms/{alarm}/answer"
    assert inspector.post(at, data={"answer": ""}).status_code == 422
    for person in (PRODUCER, ABATTOIR, CLERK):
        assert as_(person).get("/alarms").status_code == 404
        assert as_(person).post(at, data={"answer": "示范"}).status_code == 404
    assert inspector.post(at, data={"answer": "示范：误读"}).status_code == 303
    assert inspector.post(at, data={"answer": "示范"}).status_code == 409
    assert "误读" in inspector.get("/alarms").text
    assert "Alarm to look into" not in inspector.get("/desk?lang=en").text


def test_a_herd_that_holds_animals_is_not_closed(as_, database, herd):
    closed = as_(PRODUCER).post(f"/herds/{herd}/close", data={"version": "1", "day": "2026-09-14"})
    assert closed.status_code == 403
    with database.reading() as session:
        assert session.exec(select(Herd.closed_on)).one() is None


def test_an_animal_s_page_tells_its_life_in_order_to_its_keeper(as_, database, herd):
    own = as_(PRODUCER)
    with database.writing() as session:
        work = make.work(session, make.actor(session, PRODUCER))
        animal = animal_reads.tags_with(session, [TAGS[0]])[TAGS[0]][1].id
        paper = quarantine.declare(
            work, "cooperative", upload=None, form="animal_b", number="示范证7", county_code="150824",
            issued_on=date(2026, 9, 14), valid_days=1, goods="羊", quantity=Decimal(2), from_place="示范",
            to_place="示范",
        )  # fmt: skip
        quarantine.use(work, paper.id, "herd", herd, Decimal(1), date(2026, 9, 14))
    number = {"version": 1, "kind": "ear_tag_15", "value": "315082400099999", "day": "2026-09-13"}
    assert own.post(f"/animals/{animal}/numbers", data=number).status_code == 303
    page = own.get(f"/animals/{animal}").text
    told = page[page.index("一生经过") :]
    order = [told.index(words) for words in (TAGS[0], f"停用编号 {TAGS[0]}", "315082400099999", "示范证7")]
    assert order == sorted(order)
    assert f'href="/quarantine/{paper.id}"' in page
    assert as_(CLERK).get(f"/animals/{animal}").status_code == 200
    assert as_(RIVAL).get(f"/animals/{animal}").status_code == 404
