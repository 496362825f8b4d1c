"""Measures and score sheets as data of a scheme: two persons settle an edition, and what is written down follows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.models.scheme_changes import SchemeChange
from brand.models.schemes import Scheme
from brand.queries import licences as licences_read
from brand.queries import office_tables as reading
from brand.rules.inspections import Measure
from brand.rules.office_tables import Table, shipped
from brand.rules.reviews import ReviewKind
from brand.services import inspections, reviews, scheme_changes
from tests import make
from tests.people import ADMIN, APPROVER, CLERK, INSPECTOR, PRODUCER

SAID = {"source": "示范：办公室会议决定", "source_en": "Demo", "confidence": "D", "reason": "示范：按一年经验调整"}
STRICT = {
    "minor": ["rectify", "suspend", "suspend"],
    "serious": ["suspend", "suspend", "revoke"],
    "grave": ["revoke", "revoke", "revoke"],
    "immediate": ["sanction.false_data", "sanction.forgery"],
}


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        make.a_scheme(make.work(opened))
        yield opened


def _by(session: Session, person: make.PersonOfTheCast) -> Any:
    return make.work(session, make.actor(session, person))


def _scheme_id(session: Session) -> str:
    return session.exec(select(Scheme)).one().id


def _proposed(session: Session, table: Table, content: Any) -> SchemeChange:
    return scheme_changes.propose_table(_by(session, CLERK), _scheme_id(session), table, content=content, **SAID)


def _settled(session: Session, table: Table, content: Any) -> None:
    change = _proposed(session, table, content)
    scheme_changes.step(_by(session, APPROVER), change.id, "approve", version=1)


def test_one_person_changes_nothing_and_nobody_agrees_to_an_own_proposal(session: Session) -> None:
    administrator = _by(session, ADMIN)
    scheme_id = _scheme_id(session)
    change = scheme_changes.propose_table(administrator, scheme_id, Table.SANCTIONS, content=STRICT, **SAID)
    with pytest.raises(AppError) as refusal:
        scheme_changes.step(administrator, change.id, "approve", version=1)
    assert refusal.value.code == "scheme_changes.same_person"
    assert reading.in_force(session, _scheme_id(session), Table.SANCTIONS) == shipped(Table.SANCTIONS)
    with pytest.raises(AppError):
        scheme_changes.propose_table(
            _by(session, PRODUCER), _scheme_id(session), Table.SANCTIONS, content=STRICT, **SAID
        )


def test_findings_follow_the_edition_two_persons_settled(session: Session) -> None:
    licence = make.a_licence(make.work(session))
    _settled(session, Table.SANCTIONS, STRICT)
    now = reading.in_force(session, _scheme_id(session), Table.SANCTIONS)
    assert (now.edition, now.source, now.content["grave"]) == (2, SAID["source"], ["revoke"] * 3)
    found = inspections.record(
        _by(session, INSPECTOR), licence.id, kind="visit", visited_on=make.MONDAY.date(), severity="grave",
        words="示范", reason_code="sanction.standard",
    )  # fmt: skip
    assert found.measure == Measure.REVOKE
    known = licences_read.facts(session, licence, "somebody", make.MONDAY.date())
    assert known["immediate"] == {"sanction.false_data", "sanction.forgery"}


def test_a_record_is_scored_by_the_sheet_in_force(session: Session) -> None:
    application = make.an_application(make.work(session))
    make.step(make.work(session), application, "submit", PRODUCER)
    make.step(make.work(session), application, "start_review", CLERK)
    points = {**shipped(Table.DESK).content["points"], "record": 0, "origin": 60}
    _settled(session, Table.DESK, {"points": points})
    sheet = reading.sheet(session, _scheme_id(session), ReviewKind.DESK)
    assert sheet is not None
    assert (sheet.edition, [one.code for one in sheet.items]) == ("2", ["complete", "consistent", "origin", "standard"])
    said: dict[str, Any] = {"version": application.version, "held_on": date(2026, 9, 14), "opinion": "pass"}
    with pytest.raises(AppError) as refusal:
        reviews.record(_by(session, CLERK), application.id, "review_desk", comment="示范", scores=dict(points), **said)
    assert [one.pointer for one in refusal.value.faults] == ["/score_record"]
    del points["record"]
    made = reviews.record(_by(session, CLERK), application.id, "review_desk", comment="示范", scores=points, **said)
    assert (made.score, made.sheet) == (100, "2")


@pytest.mark.parametrize(
    ("table", "content", "faults"),
    [
        (Table.SANCTIONS, {}, [("office_tables.rows", "/content")]),
        (Table.SANCTIONS, "none", [("office_tables.rows", "/content")]),
        (Table.SANCTIONS, STRICT | {"minor": ["advice"]}, [("office_tables.measure", "/minor")]),
        (Table.SANCTIONS, STRICT | {"minor": ["none", "advice", "advice"]}, [("office_tables.measure", "/minor")]),
        (Table.SANCTIONS, STRICT | {"serious": ["revoke", "suspend", "revoke"]},
         [("office_tables.milder", "/serious")]),
        (Table.SANCTIONS, STRICT | {"grave": ["advice"] * 3}, [("office_tables.milder", "/grave")]),
        (Table.SANCTIONS, STRICT | {"immediate": ["sanction.weather"]}, [("office_tables.reason", "/immediate")]),
        (Table.SITE, {"points": {"permits": 5}}, [("office_tables.subjects", "/content")]),
        (Table.DESK, {"points": dict.fromkeys(shipped(Table.DESK).content["points"], 0)},
         [("office_tables.no_points", "/content")]),
        (Table.DESK, {"points": {**shipped(Table.DESK).content["points"], "origin": True}},
         [("office_tables.points", "/points_origin")]),
    ],
)  # fmt: skip
def test_a_table_that_makes_no_sense_is_named(
    session: Session, table: Table, content: Any, faults: list[tuple[str, str]]
) -> None:
    with pytest.raises(AppError) as refusal:
        _proposed(session, table, content)
    assert [(one.code, one.pointer) for one in refusal.value.faults] == faults
    assert session.exec(select(SchemeChange)).all() == []


def test_the_same_table_again_is_no_change(session: Session) -> None:
    with pytest.raises(AppError) as refusal:
        scheme_changes.propose_table(
            _by(session, CLERK), _scheme_id(session), Table.SITE, content=shipped(Table.SITE).content,
            source=shipped(Table.SITE).source, source_en=shipped(Table.SITE).source_en, confidence="D", reason="示范",
        )  # fmt: skip
    assert refusal.value.code == "scheme_changes.nothing"
