"""Places: declared, drawn, confirmed by another person, sent back, closed; whose they are and what the public reads."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from brand.models.assets import Site
from brand.models.enterprises import Enterprise
from brand.services import assets
from tests import make
from tests.people import ABATTOIR, APPROVER, AUDITOR, CLERK, INSPECTOR, PRODUCER, RIVAL, PersonOfTheCast
from trace.models.places import Place, PlaceOutline
from trace.queries import places as reads
from trace.services import places

TODAY = make.MONDAY.date()


def by(session: Session, person: PersonOfTheCast) -> Work:
    return make.work(session, make.actor(session, person))


def test_declared_drawn_confirmed_redrawn(database: Database) -> None:
    with database.writing() as session:
        at = make.a_place(make.work(session)).id
        own, office = by(session, PRODUCER), by(session, INSPECTOR)
        first = places.draw(own, at, version=1, outline=make.an_outline(), valid_from=TODAY - timedelta(days=9))
        assert (first.position, first.area_m2, first.points) == (1, 16198874, 5)
        assert places.step(office, at, "confirm", version=2).state == "confirmed"
        assert first.confirmed_by == INSPECTOR.username
        second = places.draw(own, at, version=3, outline=make.an_outline(0.1))
        assert session.get_one(Place, at).state == "declared"
        assert (first.valid_until, second.valid_from, second.confirmed_at) == (TODAY, TODAY, None)
    with database.reading() as session:
        whole = reads.find(session, make.actor(session, PRODUCER), at)
        assert [one.position for one in whole.outlines] == [2, 1]
        assert whole.held.outline is not None
        assert whole.held.outline.position == 2
        actions = list(session.exec(select(AuditEntry.action).where(AuditEntry.object_id == at)))
        assert sorted(actions) == ["places.confirm", "places.draw", "places.draw", "places.write"]
        details = "".join(session.exec(select(AuditEntry.detail).where(AuditEntry.object_id == at)))
        assert "108." not in details


def test_who_writes_last_does_not_confirm(database: Database) -> None:
    """The office's clerk who also keeps an enterprise's entries is one person, whatever hat is worn."""
    with database.writing() as session:
        place = make.a_place(make.work(session))
        place.written_by = INSPECTOR.username
    with pytest.raises(AppError, match=r"places\.four_eyes"), database.writing() as session:
        places.step(by(session, INSPECTOR), place.id, "confirm", version=1)
    with database.writing() as session:
        assert places.step(by(session, CLERK), place.id, "confirm", version=1).state == "confirmed"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"county_code": "999999"}, "enterprises.county_unknown"),
        ({"township_code": "150824999"}, "enterprises.township_unknown"),
        ({"township_code": ""}, "enterprises.township_needed"),
        ({"opened_on": TODAY + timedelta(days=1)}, "places.opening_day"),
        ({"site_id": "0" * 20}, "places.site"),
        ({"site_id": "of-the-rival"}, "places.site"),
        ({"name": "示范草场"}, "places.name_taken"),
    ],
)
def test_entries_that_cannot_be(database: Database, change: dict[str, Any], code: str) -> None:
    with database.writing() as session:
        make.a_place(make.work(session))
        site = {"kind": "pasture", "name": "邻", "county_code": "150824", "township_code": "150824100"}
        assets.add_site(by(session, RIVAL), "rival", **site)
        theirs = session.exec(select(Site.id)).one()
    wanted = {one: theirs if value == "of-the-rival" else value for one, value in change.items()}
    with pytest.raises(AppError) as refusal, database.writing() as session:
        places.write(by(session, PRODUCER), "cooperative", **make.place_entries(**({"name": "另一处"} | wanted)))
    assert [one.code for one in refusal.value.faults] == [code]


def test_a_site_of_ones_own_may_be_named(database: Database) -> None:
    with database.writing() as session:
        own = by(session, PRODUCER)
        site = assets.add_site(
            own, "cooperative", kind="pasture", name="示范", county_code="150824", township_code="150824100"
        )
        assert places.write(own, "cooperative", **make.place_entries(site_id=site.id)).site_id == site.id


@pytest.mark.parametrize(
    ("day", "code"),
    [(TODAY + timedelta(days=1), "places.outline_day"), (TODAY - timedelta(days=2), "places.outline_day")],
)
def test_outlines_follow_each_other(database: Database, day: date, code: str) -> None:
    with database.writing() as session:
        at = make.a_place(make.work(session)).id
        own = by(session, PRODUCER)
        places.draw(own, at, version=1, outline=make.an_outline(), valid_from=TODAY - timedelta(days=1))
    with pytest.raises(AppError, match=code), database.writing() as session:
        places.draw(by(session, PRODUCER), at, version=2, outline=make.an_outline(0.1), valid_from=day)
    with pytest.raises(AppError, match=r"places\.outline_same"), database.writing() as session:
        places.draw(by(session, PRODUCER), at, version=2, outline=make.an_outline())
    with database.reading() as session:
        assert len(session.exec(select(PlaceOutline)).all()) == 1


def test_closed_on_a_day_and_opened_again(database: Database) -> None:
    with database.writing() as session:
        at = make.a_place(make.work(session)).id
    for day in (None, TODAY + timedelta(days=1), date(2019, 12, 31)):
        with pytest.raises(AppError, match=r"places\.closing_day"), database.writing() as session:
            places.step(by(session, PRODUCER), at, "close", version=1, day=day)
    with database.writing() as session:
        own = by(session, PRODUCER)
        assert places.step(own, at, "close", version=1, day=TODAY).closed_on == TODAY
        assert reads.usable(session, ["cooperative"], ["pasture"]) == []
    for act in ("edit", "draw"):
        with pytest.raises(AppError, match=r"places\.wrong_state"), database.writing() as session:
            own = by(session, PRODUCER)
            if act == "edit":
                places.edit(own, at, version=2, **make.place_entries())
            else:
                places.draw(own, at, version=2, outline=make.an_outline())
    with database.writing() as session:
        again = places.step(by(session, PRODUCER), at, "reopen", version=2)
        assert (again.state, again.closed_on) == ("declared", None)


def test_strangers_meet_nothing_and_a_stale_form_is_refused(database: Database) -> None:
    with database.writing() as session:
        at = make.a_place(make.work(session)).id
        places.draw(by(session, PRODUCER), at, version=1, outline=make.an_outline())
    for person in (RIVAL, ABATTOIR):
        with pytest.raises(AppError, match=r"access\.unknown"), database.reading() as session:
            reads.find(session, make.actor(session, person), at)
        with pytest.raises(AppError, match=r"access\.unknown"), database.writing() as session:
            places.write(by(session, person), "cooperative", **make.place_entries(name="别人的"))
    with pytest.raises(AppError, match=r"places\.stale"), database.writing() as session:
        places.step(by(session, CLERK), at, "confirm", version=1)
    with pytest.raises(AppError, match=r"access\.unknown"), database.writing() as session:
        places.step(by(session, CLERK), at, "write", version=2)
    with database.reading() as session:
        assert reads.drawn(session, make.actor(session, CLERK), at, 1)[1].points == 5
        for person, position in ((AUDITOR, 1), (RIVAL, 1), (CLERK, 2)):
            with pytest.raises(AppError, match=r"access\.unknown"):
                reads.drawn(session, make.actor(session, person), at, position)
        assert reads.listing(session, make.actor(session, RIVAL)).rows == []
        assert len(reads.listing(session, make.actor(session, APPROVER), q="草场").rows) == 1


def test_what_the_public_reads(database: Database) -> None:
    with database.writing() as session:
        one = make.a_place(make.work(session))
        places.draw(by(session, PRODUCER), one.id, version=1, outline=make.an_outline())
    with database.reading() as session:
        told = reads.public(session, one.code)
        assert (told.township, told.state, told.outline_confirmed) == ("川井苏木", "declared", False)
        assert one.name not in str(told)
        assert "108." not in str(told)
    with database.writing() as session:
        session.get_one(Enterprise, "cooperative").kind = "household"
    with database.reading() as session:
        assert reads.public(session, one.code).enterprise == ""
    with pytest.raises(AppError, match=r"access\.unknown"), database.reading() as session:
        reads.public(session, one.id)


def test_areas_are_kept_exact(database: Database) -> None:
    with database.writing() as session:
        at = make.a_place(make.work(session), declared_mu=Decimal("24000.55")).id
    with database.reading() as session:
        assert session.get_one(Place, at).declared_mu == Decimal("24000.55")
