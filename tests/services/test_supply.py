"""Supply contracts from declaration to end: who may what, and what the log and the database keep of them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import select, text

from brand.kernel.errors import AppError, Kind
from brand.kernel.leaves import Leaf
from brand.kernel.permissions import Role
from brand.models.accounts import RoleGrant
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from tests import make
from tests.make_supply import DAY, SIGNED, buy, by, declared, running, step
from tests.people import CLERK, LABORATORY, PRODUCER, RIVAL, STATION, TOWNSHIP
from trace.models.batches import Batch
from trace.models.supply import SupplyContract
from trace.queries import log_audit_rows
from trace.queries import supply as reads
from trace.services import supply
from trace.services.supply import Paper

pytestmark = pytest.mark.licensed


@pytest.fixture
def session(database):
    with database.writing() as opened:
        yield opened


def refusal(act, *given, **named):
    with pytest.raises(AppError) as caught:
        act(*given, **named)
    return caught.value


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"supplier_id": "cooperative"}, "supply.supplier"),
        ({"supplier_id": "nobody"}, "supply.supplier"),
        ({"licence_id": "nothing"}, "supply.licence"),
        ({"plots": ("NOSUCH00",)}, "supply.plot"),
        ({"valid_from": date(2026, 11, 1)}, "supply.season"),
        ({"valid_from": date(2026, 1, 1)}, "supply.outside_term"),
    ],
)
def test_a_declaration_that_is_refused(session, changes, code):
    assert refusal(declared, session, **changes).code == code


def test_a_plot_is_the_suppliers_and_lies_where_the_brand_is_from(session):
    foreign = make.a_place(make.work(session), kind="tea_garden", name="示范茶园")
    assert refusal(declared, session, plots=(foreign.code,)).code == "supply.plot"
    foreign.enterprise_id = "rival"
    session.flush()
    one = declared(session, plots=(foreign.code,))
    assert [each.id for each in reads.plots(session, one.id)] == [foreign.id]
    foreign.county_code = "150822"
    session.flush()
    assert refusal(declared, session, plots=(foreign.code,), number="2").code == "supply.outside"


def test_a_paper_that_follows_comes_before_anybody_agrees_and_stays(session):
    one = declared(session, paper=supply.NO_PAPER)
    for person, action in ((RIVAL, "consent"), (CLERK, "record")):
        assert refusal(step, session, one, action, person, comment="示范").code == "supply.paper_first"
        session.refresh(one)
    assert reads.waiting(session, make.actor(session, RIVAL), 9, DAY) == []
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(text("UPDATE supply_contracts SET state = 'agreed'"))
    own = by(session, PRODUCER)
    bring = {"version": one.version, "paper": Paper(make.a_paper("供货合同"))}
    assert refusal(supply.attach, by(session, RIVAL), one.id, **bring).kind is Kind.UNKNOWN
    assert refusal(supply.attach, own, one.id, version=one.version, paper=supply.NO_PAPER).code == "supply.paper"
    session.refresh(one)
    supply.attach(own, one.id, version=one.version, paper=bring["paper"])
    assert (one.state, one.digest, one.content) == ("declared", bring["paper"].file.digest, bring["paper"].file.data)
    assert refusal(supply.attach, own, one.id, version=one.version, paper=bring["paper"]).code == "supply.paper_there"
    for statement in ("UPDATE supply_contracts SET digest = 'x'", "UPDATE supply_contracts SET content = NULL"):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(text(statement))
    session.refresh(one)
    step(session, one, "consent", RIVAL)
    assert step(session, one, "confirm", CLERK).state == "running"


def test_a_household_promises_no_more_than_its_season_brings(session):
    season = make.a_capacity(make.work(session), declared=Decimal(1500))
    season.enterprise_id = season.scope = "rival"
    session.flush()
    first = running(session)
    again = declared(session, number="2", valid_from=date(2026, 11, 1), valid_until=date(2026, 12, 1))
    step(session, again, "consent", RIVAL)

    def refused_with():
        error = refusal(step, session, again, "confirm", CLERK)
        assert error.code == "supply.more_than_season"
        return error.params

    assert refused_with() == {"season": "1500", "promised": "1000", "asked": "1000"}
    buy(session, first.id, kg="600")
    step(session, first, "end", PRODUCER, comment="示范：提前结束")
    assert refused_with() == {"season": "1500", "promised": "600", "asked": "1000"}


def test_the_same_two_have_one_contract_for_the_same_days(session):
    declared(session)
    assert refusal(declared, session, number="2").code == "supply.overlaps"


def test_nothing_is_bought_before_the_office_confirmed_or_after_an_end(session):
    one = declared(session)
    assert refusal(buy, session, one.id).code == "supply.not_running"
    step(session, one, "consent", RIVAL)
    assert refusal(buy, session, one.id).code == "supply.not_running"
    step(session, one, "confirm", CLERK)
    assert refusal(step, session, one, "end", PRODUCER).code == "supply.words_needed"
    session.refresh(one)
    late = {"comment": "示范：今年歉收", "now": make.MONDAY + timedelta(days=60)}
    assert refusal(step, session, one, "end", RIVAL, **late).code == "supply.over"
    assert refusal(step, session, one, "stop", CLERK, **late).code == "supply.over"
    session.refresh(one)
    step(session, one, "end", RIVAL, comment="示范：今年歉收", now=make.MONDAY)
    assert refusal(buy, session, one.id).code == "supply.not_running"


def test_who_may_consent_and_confirm(session):
    make.joins(session, TOWNSHIP)
    one = declared(session)
    assert refusal(step, session, one, "consent", PRODUCER).kind is Kind.UNKNOWN
    assert refusal(step, session, one, "confirm", LABORATORY).kind is Kind.UNKNOWN
    assert refusal(step, session, one, "record", CLERK).code == "supply.words_needed"
    session.refresh(one)
    step(session, one, "record", CLERK, comment="示范户签字，原件存苏木")
    assert refusal(step, session, one, "confirm", CLERK).code == "supply.four_eyes"
    session.refresh(one)
    assert step(session, one, "confirm", TOWNSHIP).office == "150824100"


def test_nobody_of_a_party_confirms_and_the_buyers_do_not_consent_for_the_supplier(session):
    one = declared(session)
    session.add(RoleGrant(account_id="station", role=Role.PRODUCER_CLERK.value, enterprise_id="rival"))
    session.add(RoleGrant(account_id="rival", role=Role.BRAND_CLERK.value))
    session.flush()
    assert refusal(step, session, one, "consent", STATION).code == "supply.buyers_own"
    session.refresh(one)
    step(session, one, "record", CLERK, comment="示范户签字")
    assert refusal(step, session, one, "confirm", RIVAL).code == "supply.own_party"


def test_a_supplier_with_a_licence_of_its_own_is_not_contracted(session):
    one = running(session)
    make.a_licence(make.work(session), enterprise_id="rival", cap_kg=Decimal(100))
    assert refusal(buy, session, one.id).code == "supply.supplier_licensed"
    assert refusal(declared, session, number="2", valid_from=date(2026, 11, 1), valid_until=date(2026, 12, 1)).code == (
        "supply.supplier_licensed"
    )
    free = buy(session, "none")
    assert free.licensee_id == "rival", "its own licence stands behind goods bought without a contract"


def test_what_was_agreed_stays_and_uses_only_grow(session):
    one = running(session)
    buy(session, one.id)
    for statement in (
        "UPDATE supply_contracts SET kg = 2000",
        "DELETE FROM supply_contracts",
        "UPDATE supply_uses SET kg = 1",
        f"UPDATE supply_contracts SET used_kg = {2_000_000_000}",
    ):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(text(statement))


def test_who_reads_and_what_waits(session):
    one = declared(session)
    for person, topics in ((RIVAL, ["desk.supply_to_consent"]), (PRODUCER, []), (CLERK, [])):
        actor = make.actor(session, person)
        assert reads.find(session, actor, one.id, DAY).entry.supplier.id == "rival"
        assert [topic for topic, _ in reads.waiting(session, actor, 9, DAY)] == topics
    assert refusal(reads.find, session, make.actor(session, LABORATORY), one.id, DAY).kind is Kind.UNKNOWN
    step(session, one, "consent", RIVAL)
    assert [topic for topic, _ in reads.waiting(session, make.actor(session, CLERK), 9, DAY)] == [
        "desk.supply_to_confirm"
    ]
    assert reads.waiting(session, make.actor(session, CLERK), 9, date(2026, 11, 1)) == []


def test_a_stale_step_is_refused(session):
    one = declared(session)
    error = refusal(supply.step, by(session, RIVAL), one.id, "consent", version=one.version + 1)
    assert error.code == "supply.stale"
    assert session.exec(select(SupplyContract)).one().state == "declared"
    assert session.exec(select(Batch)).all() == []
    assert session.get_one(Enterprise, "rival").kind == "household"


def test_the_log_tells_when_a_contract_began_to_count_and_with_whom_it_never_tells(session):
    one = running(session)
    step(session, one, "end", PRODUCER, comment="示范：提前结束", now=make.MONDAY)
    its = select(Leaf).where(Leaf.subject == f"supply_contract:{one.id}").order_by(Leaf.at)
    told = session.exec(its).all()
    licence = session.get_one(Licence, one.licence_id).number
    assert [(each.statement, json.loads(each.facts)) for each in told] == [
        (
            "supply.confirm",
            {"licence": licence, "kg": "1000.000", "valid_from": "2026-08-25", "valid_until": "2026-10-31"},
        ),
        ("supply.end", {"licence": licence, "used_kg": "0.000"}),
    ]
    seller = session.get_one(Enterprise, "rival")
    for private in (one.number, one.supplier_id, seller.name, seller.credit_code):
        assert private not in "".join(each.facts + each.issuer for each in told)


def test_a_confirmation_dated_back_is_found_by_the_audit_of_the_log(session):
    one = running(session)
    assert list(log_audit_rows.counters(session)) == []
    one.confirmed_at = SIGNED - timedelta(days=3)
    session.flush()
    assert [(code, params["record"]) for code, _, params in log_audit_rows.counters(session)] == [
        ("log_audit.supply_confirmed", one.id)
    ]
