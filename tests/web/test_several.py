"""One step on several ticked rows, and lists as files: each row by its own rule, one refusal undoes no other."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import col, select

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.models.complaints import Complaint
from brand.models.enterprises import Enterprise
from brand.models.licences import Application
from tests import make
from tests.people import ABATTOIR, APPROVER, CLERK, PRODUCER, RIVAL, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(make.MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _scheme(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))


@pytest.fixture
def newcomers(database: Database) -> list[str]:
    """Three enterprises that wait for the office."""
    with database.writing() as session:
        work = make.work(session)
        first = make.a_joined_enterprise(work)
        others = [
            Enterprise(**first.model_dump(exclude={"id", "credit_code", "name"}), name=f"示范新社{number}")
            for number in (2, 3)
        ]
        session.add_all(others)
        session.flush()
        return [first.id, *(one.id for one in others)]


def _states(database: Database, ids: list[str]) -> list[str]:
    with database.reading() as session:
        return [session.get_one(Enterprise, one).state for one in ids]


def test_a_stale_row_is_refused_and_the_others_are_confirmed(as_: As, database: Database, newcomers: list[str]) -> None:
    chosen = [f"{newcomers[0]}:1", f"{newcomers[1]}:7", f"{newcomers[2]}:1"]
    page = as_(CLERK).post("/enterprises/confirm?state=pending&lang=en", data={"chosen": chosen})
    assert page.status_code == 200
    assert "Done: 2. Refused: 1." in page.text
    assert "示范新社2" in page.text
    assert "/enterprises?state=pending" in page.text, "back to the list as it was"
    assert _states(database, newcomers) == ["confirmed", "pending", "confirmed"]
    with database.reading() as session:
        assert session.get_one(Enterprise, newcomers[1]).version == 1, "a refusal leaves nothing behind"
        told = session.exec(select(AuditEntry).where(AuditEntry.action == "enterprises.confirm")).all()
        assert {one.object_id for one in told} == {newcomers[0], newcomers[2]}


def test_the_list_offers_a_box_for_what_is_open_and_its_form_works_without_scripts(
    as_: As, database: Database, newcomers: list[str]
) -> None:
    page = as_(CLERK).get("/enterprises?lang=en").text
    assert page.count('name="chosen"') == len(newcomers)
    assert f'value="{newcomers[0]}:1"' in page
    assert 'name="chosen"' not in as_(APPROVER).get("/enterprises").text, "who may not confirm ticks nothing"


@pytest.mark.parametrize("chosen", [[], ["no-version"], ["x:1; drop"], ["a" * 41 + ":1"]])
def test_a_mistaken_choice_changes_nothing(
    as_: As, database: Database, newcomers: list[str], chosen: list[str]
) -> None:
    answer = as_(CLERK).post("/enterprises/confirm", data={"chosen": chosen})
    assert answer.status_code == 422
    assert set(_states(database, newcomers)) == {"pending"}


def test_more_than_a_page_is_too_many(as_: As) -> None:
    many = [f"x{number}:1" for number in range(201)]
    assert as_(CLERK).post("/enterprises/confirm", data={"chosen": many}).status_code == 422


def test_what_does_not_exist_is_a_refused_line_without_a_name(
    as_: As, database: Database, newcomers: list[str]
) -> None:
    page = as_(CLERK).post("/enterprises/confirm?lang=en", data={"chosen": ["nobody:1", f"{newcomers[0]}:1"]}).text
    assert "Done: 1. Refused: 1." in page
    assert "nobody" not in page


def test_the_wrong_role_meets_nothing(as_: As, database: Database, newcomers: list[str]) -> None:
    chosen = {"chosen": [f"{newcomers[0]}:1"]}
    for person, address in (
        (PRODUCER, "/enterprises/confirm"),
        (APPROVER, "/enterprises/confirm"),
        (PRODUCER, "/applications/start-review"),
        (ABATTOIR, "/complaints/accept"),
    ):
        assert as_(person).post(address, data=chosen).status_code == 404
    assert set(_states(database, newcomers)) == {"pending"}


def test_reviews_start_on_several_and_a_draft_is_refused(as_: As, database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        sent = make.an_application(work)
        make.step(work, sent, "submit", PRODUCER)
        draft = make.an_application(work, enterprise_id="rival")
    client = as_(CLERK)
    assert client.get("/applications").text.count('name="chosen"') == 1
    chosen = [f"{sent.id}:{sent.version}", f"{draft.id}:{draft.version}"]
    page = client.post("/applications/start-review?lang=en", data={"chosen": chosen}).text
    assert "Done: 1. Refused: 1." in page
    with database.reading() as session:
        assert session.get_one(Application, sent.id).state == "under_review"
        assert session.get_one(Application, draft.id).state == "draft"


def test_complaints_are_accepted_and_an_objection_is_not(as_: As, database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        ids = [make.a_complaint(work, secret=letter * 32).id for letter in "AB"]
        work.session.get_one(Complaint, ids[1]).kind = "objection"
    page = as_(CLERK).post("/complaints/accept?lang=en", data={"chosen": [f"{one}:1" for one in ids]}).text
    assert "Done: 1. Refused: 1." in page
    with database.reading() as session:
        held = session.exec(select(Complaint).where(col(Complaint.id).in_(ids)).order_by(col(Complaint.number)))
        assert [one.state for one in held] == ["in_work", "received"]


def _rows(client: FlaskClient, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_list_as_a_file_holds_what_the_address_asks_for(as_: As, database: Database, newcomers: list[str]) -> None:
    with database.writing() as session:
        session.get_one(Enterprise, newcomers[1]).name = "=1+1"
    rows = _rows(as_(CLERK), "/enterprises/list.csv?state=pending&lang=en")
    assert rows[0] == ["Name", "Kind", "Credit code", "State", "Joined"]
    assert len(rows) == 4
    assert "'=1+1" in {one[0] for one in rows}, "no name runs as a formula"
    assert as_(CLERK).get("/enterprises/list.csv?state=nonsense").status_code == 422


def test_more_rows_than_a_page_are_all_in_the_file(as_: As, database: Database) -> None:
    with database.writing() as session:
        for number in range(205):
            make_one = session.get_one(Enterprise, "cooperative").model_dump(exclude={"id", "credit_code", "name"})
            session.add(Enterprise(**make_one, name=f"示范多社{number:03d}"))
    rows = _rows(as_(CLERK), "/enterprises/list.csv?q=示范多社")
    assert len({one[0] for one in rows[1:]}) == 205


def test_a_file_reaches_no_further_than_the_list(as_: As, database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        licence = make.a_licence(work)
        make.a_complaint(work)
    assert _rows(as_(PRODUCER), "/licences/list.csv")[1][1] == licence.number
    assert len(_rows(as_(PRODUCER), "/applications/list.csv")) == 2
    assert len(_rows(as_(RIVAL), "/licences/list.csv")) == 1
    assert len(_rows(as_(RIVAL), "/applications/list.csv")) == 1
    assert as_(PRODUCER).get("/complaints/list.csv").status_code == 404
    told = as_(CLERK).get("/complaints/list.csv").data.decode("utf-8-sig")
    assert "C2026-0001" in told
    assert make.SENDER_PHONE not in told
