"""Goods bought up keep their seller and papers, or nothing is bought."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import select, text

from brand.kernel.errors import AppError, Kind
from brand.models.enterprises import Enterprise
from tests import make
from tests.make_crops import by
from tests.make_flows import a_garden, beginning
from tests.people import CLERK, LABORATORY, PRODUCER, RIVAL
from trace.models.batches import Batch
from trace.models.commitments import CommitmentTaken
from trace.models.purchases import Purchase
from trace.queries import purchases as reads
from trace.rules.goods import BatchKind
from trace.rules.purchases import Certificate
from trace.services import commitments, flow_beginnings, purchases
from trace.services.commitments import Said
from trace.services.purchases import Papers

DAY = date(2026, 9, 12)
PAPERS = Papers("示范单 1", "收购单上签字", None, Certificate(Decimal(100), DAY), None)


@pytest.fixture
def session(database):
    with database.writing() as session:
        a_garden(make.work(session))
        session.get_one(Enterprise, "rival").kind = "household"
        session.flush()
        yield session


def papers(**changes):
    usual = {"sale": make.a_paper("收购单"), "certificate_file": make.a_paper("合格证")}
    return replace(PAPERS, **usual | changes)


def buy(session, held=None, person=PRODUCER, **changes):
    one = beginning(make.work(session), lot="C1", kind=BatchKind.COLLECTED, producer_id="rival", place_id="x")
    one = replace(one, place_id=None, **changes)
    return purchases.buy(by(session, person), "cooperative", one, held or papers())


def refusal(act, *given, **named):
    with pytest.raises(AppError) as caught:
        act(*given, **named)
    return caught.value


def test_bought_with_seller_and_papers(session):
    batch = buy(session)
    assert (batch.kind, batch.producer_id, batch.holder_id, batch.total_kg) == (
        "collected",
        "rival",
        "cooperative",
        100,
    )
    held = session.exec(select(Purchase)).one()
    assert (held.batch_id, held.seller_id, held.buyer_id) == (batch.id, "rival", "cooperative")
    taken = session.exec(select(CommitmentTaken)).one()
    assert (taken.batch_id, taken.keep_until) == (batch.id, date(2027, 3, 14))
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(text("UPDATE purchases SET seller_id = 'abattoir'"))
    made = commitments.issue(by(session, PRODUCER), batch.id, Said("collector", ["controlled"], Decimal(100)))
    assert made.style == "collector", "the papers taken with the goods carry the collector's own certificate"


@pytest.mark.parametrize(
    ("changes", "held", "code"),
    [
        ({"producer_id": "cooperative"}, {}, "purchases.own_goods"),
        ({"producer_id": "nobody"}, {}, "flows.producer"),
        ({}, {"consent": ""}, "purchases.consent_needed"),
        ({}, {"certificate": None, "certificate_file": None}, "purchases.no_certificate"),
        ({}, {"certificate": Certificate(Decimal(99), DAY)}, "purchases.certificate_short"),
        ({}, {"certificate": Certificate(Decimal(100), date(2026, 9, 13))}, "commitments.taken_day"),
        ({"form": "carcass"}, {}, "flows.form"),
        ({"form": "other"}, {}, "commitments.not_for_these_goods"),
    ],
)
def test_refused(session, changes, held, code):
    assert refusal(buy, session, papers(**held), **changes).code == code


def test_a_refused_purchase_leaves_nothing_behind(database):
    with database.writing() as session:
        a_garden(make.work(session))
    with pytest.raises(AppError), database.writing() as session:
        buy(session, papers(certificate=None, certificate_file=None))
    with database.reading() as session:
        assert session.exec(select(Batch)).all() == []


def test_nobody_buys_for_another(session):
    for person in (RIVAL, CLERK, LABORATORY):
        assert refusal(buy, session, person=person).kind is Kind.UNKNOWN


def test_both_parties_and_the_office_read_it(session):
    buy(session)
    for person in (PRODUCER, RIVAL, CLERK):
        rows = reads.listing(session, make.actor(session, person), q="示范单").rows
        assert [(one.batch.lot, one.seller.id) for one in rows] == [("C1", "rival")]
        assert reads.find(session, make.actor(session, person), rows[0].purchase.id).content is not None
    assert reads.listing(session, make.actor(session, LABORATORY)).rows == []
    at = session.exec(select(Purchase.id)).one()
    assert refusal(reads.find, session, make.actor(session, LABORATORY), at).kind is Kind.UNKNOWN


def test_a_seller_is_found_by_its_whole_name_or_code(session):
    assert reads.seller(session, "乌拉特中旗示范邻社").id == "rival"
    assert reads.seller(session, make.CREDIT_CODES["rival"]).id == "rival"
    assert refusal(reads.seller, session, "示范").code == "purchases.seller_unknown"


def test_half_a_certificate_is_none():
    given = {"paper_number": "1", "consent": "", "certificate_kg": None, "certificate_on": None}
    given |= {"contract": "", "harvested_on": None, "plot": ""}
    assert purchases.papers(given, None, None).certificate is None
    for some in ({"certificate_kg": Decimal(1)}, {"certificate_on": DAY}):
        assert refusal(purchases.papers, given | some, None, None).code == "purchases.certificate_file"
    assert refusal(purchases.papers, given, None, make.a_paper()).code == "purchases.certificate_file"


def test_listed_goods_of_anothers_do_not_begin_without_papers(session):
    one = beginning(make.work(session), lot="C1", kind=BatchKind.COLLECTED, producer_id="rival", place_id="x")
    one = replace(one, place_id=None)
    begin = flow_beginnings.commission
    error = refusal(begin, by(session, PRODUCER), "cooperative", one)
    assert [(each.code, each.pointer) for each in error.faults] == [("purchases.papers_needed", "/producer_id")]
    assert begin(by(session, PRODUCER), "cooperative", replace(one, form="other")).kind == "collected"
