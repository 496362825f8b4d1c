"""Sites, marks and certificates: declared, compared, refused, withdrawn; a number stands in the register once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from brand.models.assets import Asset
from brand.models.enterprises import Enterprise
from brand.queries import assets as reads
from brand.queries import desk, profiles
from brand.rules import trademarks
from brand.services import assets, merges
from tests import make
from tests.people import ABATTOIR, APPROVER, CLERK, INSPECTOR, PRODUCER, RIVAL, STATION, PersonOfTheCast
from tests.races.harness import one_work, race

ORGANIC = "12345678901234567"
TODAY = make.MONDAY.date()


def by(session: Session, person: PersonOfTheCast, days: int = 0) -> Work:
    now = make.MONDAY + timedelta(days=days)
    return make.work(session, make.actor(session, person, now), now)


def refusal(code: str, act: Callable[[], Any]) -> AppError:
    with pytest.raises(AppError) as caught:
        act()
    assert caught.value.code == code
    return caught.value


def declare(session: Session, person: PersonOfTheCast = PRODUCER, owner: str = "cooperative", **changes: Any) -> Asset:
    return assets.declare(by(session, person), owner, **make.AN_ASSET | changes)


def step(session: Session, asset: Asset, action: str, person: PersonOfTheCast, **words: Any) -> Asset:
    return assets.step(by(session, person), asset.id, action, version=asset.version, **words)


def test_declared_until_the_office_has_compared(database: Database) -> None:
    with database.writing() as session:
        made = declare(session)
        assert made.state == "declared"
        (held,) = profiles.profile(session, "cooperative", TODAY).assets
        assert held.word == "declared"
        assert step(session, made, "confirm", INSPECTOR).decided_by == "inspector"
        (held,) = profiles.profile(session, "cooperative", TODAY).assets
        assert held.word == "confirmed"
        (held,) = profiles.profile(session, "cooperative", date(2028, 1, 1)).assets
        assert held.word == "expired"
        actions = session.exec(select(AuditEntry.action).where(AuditEntry.object_id == made.id)).all()
        assert set(actions) == {"assets.declare", "assets.confirm"}


def test_a_number_stands_once_and_is_free_again_after_a_refusal(database: Database) -> None:
    with database.writing() as session:
        made = declare(session)
        for who, owner in ((PRODUCER, "cooperative"), (RIVAL, "rival")):
            error = refusal("assets.taken", lambda w=who, o=owner: declare(session, w, o))
            assert error.faults[0].pointer == "/number"
        step(session, made, "refuse", CLERK, reason_code="forged", comment="示范")
        assert declare(session, RIVAL, "rival").state == "declared"
        assert profiles.profile(session, "cooperative", TODAY).assets == ()


def test_a_shared_certificate_is_held_by_several(database: Database) -> None:
    with database.writing() as session:
        shared = {"kind": "agri_gi", "number": "AGI2008-01-00001"}
        declare(session, **shared)
        declare(session, RIVAL, "rival", **shared)
        refusal("assets.taken", lambda: declare(session, **shared))


def test_of_many_who_claim_one_number_at_once_one_does(database: Database) -> None:
    with database.reading() as session:
        who = make.actor(session, RIVAL)

    def claim(work: Work) -> None:
        assets.declare(work, "rival", **make.AN_ASSET)

    outcome = race(6, lambda _: one_work(database, claim, who) is None)
    with database.reading() as session:
        assert len(session.exec(select(Asset)).all()) == 1
    assert len(outcome.done) == 1


@pytest.mark.parametrize("person", [RIVAL, ABATTOIR, CLERK, APPROVER, INSPECTOR])
def test_nobody_declares_for_another(database: Database, person: PersonOfTheCast) -> None:
    with database.writing() as session:
        refusal("access.unknown", lambda: declare(session, person))


@pytest.mark.parametrize("person", [PRODUCER, STATION, RIVAL, APPROVER])
def test_nobody_but_office_and_inspectors_confirms(database: Database, person: PersonOfTheCast) -> None:
    with database.writing() as session:
        made = declare(session)
        refusal("access.unknown", lambda: step(session, made, "confirm", person))
        refusal("access.unknown", lambda: step(session, made, "withdraw", RIVAL))


def test_stale_twice_and_run_out(database: Database) -> None:
    with database.writing() as session:
        made = declare(session)
        late = by(session, CLERK, 400)
        refusal("assets.expired", lambda: assets.step(late, made.id, "confirm", version=1))
    with database.writing() as session:
        made = session.exec(select(Asset)).one()
        step(session, made, "confirm", CLERK)
        refusal("assets.wrong_state", lambda: step(session, made, "confirm", CLERK))
        refusal("assets.stale", lambda: assets.step(by(session, CLERK), made.id, "refuse", version=1))


@pytest.mark.bare
def test_the_desk_asks_to_compare_and_reminds_sixty_days_ahead(database: Database) -> None:
    with database.writing() as session:
        made = declare(session, valid_until=TODAY + timedelta(days=61))
        for person, count in ((CLERK, 1), (INSPECTOR, 1), (APPROVER, 0), (RIVAL, 0)):
            assert len(desk.assets_waiting(session, make.actor(session, person), TODAY)) == count
        own = make.actor(session, PRODUCER)
        assert desk.assets_waiting(session, own, TODAY + timedelta(days=1)) == []
        make.a_scheme(make.work(session))
        assert desk.assets_waiting(session, own, TODAY) == []
        (one,) = desk.assets_waiting(session, own, TODAY + timedelta(days=1))
        assert (one.topic, one.due, one.title) == ("desk.asset_running_out", made.valid_until, made.title)
        assert desk.assets_waiting(session, make.actor(session, RIVAL), TODAY + timedelta(days=1)) == []


def test_an_own_trademark_is_told_of_in_its_last_twelve_months_and_its_grace(database: Database) -> None:
    with database.writing() as session:
        ends = TODAY + timedelta(days=500)
        declare(session, kind="trademark", number="12345678", title="示范商标", nice_class=29, valid_until=ends)
        own = make.actor(session, PRODUCER)

        def told(day: date) -> list[str]:
            return [one.title for one in desk.assets_waiting(session, own, day)]

        opens = trademarks.renewal_opens(ends)
        assert ends - opens > timedelta(days=360)
        assert (told(opens - timedelta(days=1)), told(opens)) == ([], ["示范商标"])
        over = trademarks.grace_ends(ends)
        assert (told(over), told(over + timedelta(days=1))) == (["示范商标"], [])


def test_sites_are_added_and_closed_by_their_own_people(database: Database) -> None:
    with database.writing() as session:
        wanted = {"kind": "pasture", "name": "示范草场", "county_code": "150824", "township_code": "150824201"}
        site = assets.add_site(by(session, PRODUCER), "cooperative", **wanted)
        assert [one.township for one in reads.sites(session, "cooperative")] == ["川井苏木"]
        refusal("access.unknown", lambda: assets.add_site(by(session, RIVAL), "cooperative", **wanted))
        refusal("access.unknown", lambda: assets.close_site(by(session, RIVAL), site.id))
        wrong = wanted | {"township_code": "150824999"}
        error = refusal("enterprises.entries", lambda: assets.add_site(by(session, PRODUCER), "cooperative", **wrong))
        assert error.faults[0].pointer == "/township_code"
        assets.close_site(by(session, PRODUCER), site.id)
        assert reads.sites(session, "cooperative") == []


def test_the_public_reads_no_person_and_of_a_household_no_name(database: Database) -> None:
    with database.writing() as session:
        enterprise = session.get_one(Enterprise, "cooperative")
        enterprise.kind = "household"
        wanted = {"kind": "pasture", "name": "张家草场", "county_code": "150824", "township_code": "150824201"}
        assets.add_site(by(session, PRODUCER), "cooperative", **wanted)
        shown = profiles.profile(session, "cooperative", TODAY)
        assert (shown.name, shown.name_en, shown.credit_code, shown.sites) == ("", "", "", ())
        for state in ("pending", "refused"):
            enterprise.state = state
            refusal("access.unknown", lambda: profiles.profile(session, "cooperative", TODAY))


def test_a_merge_frees_what_the_duplicate_claimed(database: Database) -> None:
    with database.writing() as session:
        made = declare(session, RIVAL, "rival")
        merge = merges.propose(by(session, CLERK), "rival", kept_id="cooperative", why="示范")
        merges.decide(by(session, APPROVER), merge.id, "approve", version=1)
        session.refresh(made)
        assert made.state == "withdrawn"
        declare(session)
        assert profiles.profile(session, "rival", TODAY).id == "cooperative"
