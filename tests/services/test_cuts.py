"""Packing against the product's list of cuts: a list the office decided on names every other cut at its row."""

from __future__ import annotations

import pytest

from brand.kernel.errors import AppError
from brand.rules.product_rules import RuleKind
from brand.services import scheme_changes
from tests import make
from tests.people import APPROVER, CLERK
from trace.models.imports import SheetKind
from trace.queries import cuts
from trace.rules.cuts import Naming
from trace.services import imports

pytestmark = pytest.mark.licensed

LISTED = ("法式羊肋脊排", "羊腿（带骨）", "羊肩肉", "羊腩", "里脊")


@pytest.fixture
def work(database):
    with database.writing() as session:
        yield make.work(session)


def pack(work, batch):
    sheet = imports.read(SheetKind.PACKING, "packing.csv", make.sample("packing.csv"))
    return imports.take(make.by_abattoir(work), sheet, batch.id)


def settle(work, names, source):
    """A list of lamb cuts by the clerk and the approver; «里脊» is listed only, everything else compared."""
    clerk, approver = (
        make.Work(work.session, make.actor(work.session, one), work.now, "test") for one in (CLERK, APPROVER)
    )
    content = {"cuts": [{"name": name, "verified": name != "里脊"} for name in names]}
    said = {"source": source, "source_en": "", "confidence": "D", "reason": "示范"}
    lamb = make.a_product(work.session).id
    change = scheme_changes.propose_rule(clerk, lamb, RuleKind.CUT_LIST, content=content, **said)
    scheme_changes.step(approver, change.id, "approve", version=change.version)


def test_only_names_of_a_list_the_office_decided_on_are_packed(work):
    batch = make.a_batch(work)
    make.chilled(work, batch)
    settle(work, LISTED, "示范文件第1条")
    with pytest.raises(AppError) as raised:
        pack(work, batch)
    told = [(one.code, one.params["cut"], one.row) for one in raised.value.faults]
    assert told == [("packing.cut_unlisted", "羊蝎子", 5)]
    assert batch.used_kg == 0, "a refusal takes nothing"
    settle(work, (*LISTED, "羊蝎子"), "示范文件第2条")
    pack(work, batch)
    assert {name for name, how in cuts.packed(work.session, batch).items() if how is not Naming.VERIFIED} == {"里脊"}


def test_the_shipped_list_marks_every_name_and_refuses_none(work):
    batch = make.a_packed_batch(work)
    found = cuts.packed(work.session, batch)
    assert found["里脊"] is Naming.UNVERIFIED
    assert found["羊蝎子"] is Naming.UNLISTED
