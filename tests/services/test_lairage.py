"""Animals before slaughter on real records: read against herd and paper, and what was not read is not slaughtered."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from brand.kernel.audit import AuditEntry
from brand.kernel.errors import AppError, Kind
from tests import make, make_herds
from tests.people import ABATTOIR, PRODUCER, RIVAL_ABATTOIR
from trace.models.batches import Slaughter
from trace.models.quarantine import QuarantineUse
from trace.queries import batches as batch_reads
from trace.queries import completeness
from trace.queries import lairage as reads
from trace.rules.completeness import Item
from trace.services import imports, lairage, quarantine

DAY = date(2026, 9, 14)


@pytest.fixture
def work(database):
    with database.writing() as session:
        found = make.work(session)
        make.a_licence(found)
        yield found


def by(work, person):
    return make.Work(work.session, make.actor(work.session, person), work.now, "test")


def a_paper(work, head=3):
    return quarantine.declare(
        by(work, PRODUCER),
        "cooperative",
        form="animal_b",
        number="示范检 001",
        valid_days=1,
        upload=None,
        county_code="150824",
        issued_on=DAY,
        goods="示范羊",
        quantity=Decimal(head),
        from_place="示范牧场",
        to_place="示范厂",
    )


def announced(work, lines, person=ABATTOIR, abattoir="abattoir", **changes):
    said = {"producer_id": "cooperative", "product_id": make.a_product(work.session).id, "lot": "L1"}
    said |= {"expected_on": DAY, "head": len(lines), "tags": [one.ear_tag for one in lines], "certificate": ""}
    return lairage.announce(by(work, person), abattoir, **said | changes)


def read(work, lot, lines):
    return lairage.read(by(work, ABATTOIR), lot.id, version=lot.version, tags=[one.ear_tag for one in lines])


def examine(work, lot, unfit=(), note=""):
    return lairage.examine(by(work, ABATTOIR), lot.id, version=lot.version, unfit=unfit, note=note)


def slaughter(work, lines, lot="L1"):
    plan = imports.Plan("abattoir", "cooperative", make.a_product(work.session).id, lot)
    return imports.take(make.by_abattoir(work), make.a_small_sheet(lines), plan)


def codes(work, lot):
    return [one.code for one in reads.compared(work.session, lot, work.today)]


def test_a_lot_with_its_herd_and_paper_goes_through_and_takes_the_paper_along(work):
    lines = make.carcass_lines(3)
    make_herds.behind(by(work, PRODUCER), lines)
    paper = a_paper(work)
    lot = announced(work, lines, certificate="示范检001")
    read(work, lot, lines[:2])
    assert codes(work, lot) == ["lairage.head_differs", "lairage.not_there"]
    read(work, lot, lines)
    assert codes(work, lot) == [], "one read twice counts once"
    with pytest.raises(AppError) as raised:
        slaughter(work, lines)
    assert raised.value.code == "lairage.not_examined"
    examine(work, lot)
    batch = slaughter(work, lines)
    assert lot.batch_id == batch.id
    assert Item.ANTE_MORTEM in completeness.there(work.session, batch.id)
    step = next(one for one in batch_reads.chain(work.session, batch.id) if one.kind == "ante_mortem")
    assert step.data == {"head": 3, "unfit": 0, "announced_head": 3, "differences": 0}
    work.session.refresh(paper)
    assert paper.used == 3
    assert work.session.get(QuarantineUse, quarantine_use(work, paper)).subject_id == batch.id


def quarantine_use(work, paper):
    return reads_of_paper(work, paper)[0].id


def reads_of_paper(work, paper):
    from trace.queries import quarantine as papers

    return papers.find(work.session, make.actor(work.session, PRODUCER), paper.id).uses


def test_a_stranger_among_the_animals_is_named_and_answered_for(work):
    lines = make.carcass_lines(3)
    make_herds.behind(by(work, PRODUCER), lines[:2])
    lot = announced(work, lines, tags=[])
    read(work, lot, lines)
    assert codes(work, lot) == ["lairage.unknown_tag", "lairage.no_paper"]
    with pytest.raises(AppError) as raised:
        examine(work, lot)
    assert raised.value.code == "lairage.say_why"
    examine(work, lot, note="证明在途；一头为新购，补登记。")
    assert [one["code"] for one in lot.differences] == ["lairage.unknown_tag", "lairage.no_paper"]


def test_what_was_not_read_or_is_unfit_is_not_slaughtered(work):
    lines = make.carcass_lines(3)
    lot = announced(work, lines[:2])
    read(work, lot, lines[:2])
    examine(work, lot, unfit=[lines[1].ear_tag], note="跛行，留下观察；无证明。")
    with pytest.raises(AppError) as raised:
        slaughter(work, lines)
    assert [(one.code, one.row) for one in raised.value.faults] == [
        ("lairage.tag_unfit", 3),
        ("lairage.tag_not_read", 4),
    ]
    assert lot.state == "examined"
    assert lot.batch_id is None
    slaughter(work, lines[:1])
    assert lot.state == "slaughtered"


def test_a_closed_lot_takes_no_more_tags_and_a_lot_is_announced_once(work):
    lines = make.carcass_lines(2)
    lot = announced(work, lines)
    read(work, lot, lines)
    examine(work, lot, note="无证明")
    for act, code in (
        (lambda: read(work, lot, lines), "lairage.wrong_state"),
        (lambda: examine(work, lot, note="x"), "lairage.wrong_state"),
        (lambda: announced(work, lines), "lairage.lot_taken"),
        (lambda: announced(work, lines, lot="L2", head=5), "lairage.tags_and_head"),
        (lambda: announced(work, lines, lot="L2", tags=["123"]), "ear_tags.length"),
        (lambda: announced(work, lines, lot="L2", certificate="没有"), "lairage.no_such_paper"),
    ):
        with pytest.raises(AppError) as raised:
            act()
        assert raised.value.code == code


def test_a_stale_page_and_strangers_are_refused(work):
    lines = make.carcass_lines(2)
    lot = announced(work, lines)
    with pytest.raises(AppError) as raised:
        lairage.read(by(work, ABATTOIR), lot.id, version=9, tags=[lines[0].ear_tag])
    assert raised.value.code == "lairage.stale"
    for person in (PRODUCER, RIVAL_ABATTOIR):
        with pytest.raises(AppError) as raised:
            lairage.read(by(work, person), lot.id, version=lot.version, tags=[lines[0].ear_tag])
        assert raised.value.kind is Kind.UNKNOWN
    with pytest.raises(AppError) as raised:
        announced(work, lines, person=RIVAL_ABATTOIR, lot="L3")
    assert raised.value.kind is Kind.UNKNOWN


def test_a_lot_announced_for_one_producer_is_not_slaughtered_as_anothers(work):
    make.a_licence(work, enterprise_id="rival")
    lines = make.carcass_lines(1)
    announced(work, lines, producer_id="rival")
    with pytest.raises(AppError) as raised:
        slaughter(work, lines)
    assert raised.value.code == "lairage.other_plan"


def test_a_lot_that_never_came_is_called_off_and_its_number_and_animals_are_free_again(work):
    lines = make.carcass_lines(2)
    lot = announced(work, lines)
    off = lairage.call_off(by(work, ABATTOIR), lot.id, version=lot.version, reason="示范：封路")
    assert (off.state, off.note, off.called_off_at) == ("called_off", "示范：封路", work.now)
    said = {"lot": "L1", "head": 2, "reason": "示范：封路"}
    told = work.session.exec(select(AuditEntry).where(AuditEntry.action == "lairage.call_off")).one()
    assert (told.object_id, json.loads(told.detail) | said) == (lot.id, json.loads(told.detail))
    for act in (lambda one: read(work, one, lines), lambda one: examine(work, one, note="示范")):
        refused(act, off, "lairage.wrong_state")
    again = announced(work, lines)
    read(work, again, lines)
    examine(work, again, note="示范：没有检疫证明")
    done = slaughter(work, lines)
    assert work.session.get_one(Slaughter, done.id).head == 2, "the lot that stands is the second one"


def test_a_lot_of_which_anything_came_is_examined_and_not_called_off(work):
    lines = make.carcass_lines(2)
    lot = read(work, announced(work, lines), lines[:1])
    caught = refused(lambda one: _off(work, one), lot, "lairage.something_came")
    assert caught.params == {"announced": 2, "read": 1}
    lot = examine(work, lot, note="示范：一头没有来")
    refused(lambda one: _off(work, one), lot, "lairage.wrong_state")
    refused(lambda one: _off(work, one, RIVAL_ABATTOIR), lot, "access.unknown")
    refused(lambda one: _off(work, one, PRODUCER), lot, "access.unknown")


def _off(work, lot, person=ABATTOIR):
    return lairage.call_off(by(work, person), lot.id, version=lot.version, reason="示范")


def refused(act, lot, code):
    with pytest.raises(AppError) as caught:
        act(lot)
    assert caught.value.code == code
    return caught.value
