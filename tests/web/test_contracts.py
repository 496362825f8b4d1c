"""The contract of a licence: whose words it carries, who gets it, equal bytes, and none for a halted licence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pypdfium2
import pytest
import time_machine
import zxingcpp
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.models.licences import Licence
from brand.queries import rulebooks
from brand.queries import schemes as reading
from brand.services import licences
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER, RIVAL, PersonOfTheCast

pytestmark = pytest.mark.licensed

As = Callable[[PersonOfTheCast], FlaskClient]


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def licence(database: Database) -> Licence:
    with database.writing() as session:
        return make.a_licence(make.work(session))


def _read(data: bytes) -> tuple[str, set[str]]:
    """The words of all pages, and what the symbols say."""
    with closing(pypdfium2.PdfDocument(data)) as book:
        pages = list(book)
        words = "".join(page.get_textpage().get_text_range() for page in pages)
        symbols = {one.text for page in pages for one in zxingcpp.read_barcodes(page.render(scale=2).to_pil())}
    return "".join(words.split()), symbols


def test_it_says_what_was_licensed_and_by_which_rules(as_: As, licence: Licence, database: Database) -> None:
    where = f"/licences/{licence.number}/contract.pdf"
    assert where in as_(PRODUCER).get(f"/licences/{licence.number}").text
    assert where in as_(CLERK).get(f"/licences/{licence.number}/inspections").text
    answer = as_(PRODUCER).get(where)
    assert answer.headers["Content-Disposition"] == f"attachment; filename={licence.number}-contract.pdf"
    words, symbols = _read(answer.data)
    assert symbols == {f"http://localhost/register/{licence.number}"}
    with database.reading() as session:
        scheme = reading.scheme_of_product(session, licence.product_id or "")
        rulebook = rulebooks.numbered(session, scheme.id, licence.rulebook)
        assert rulebook is not None
        clauses = [one.title for one in rulebook.clauses]
    said = (
        "示范养羊专业合作社",
        scheme.owner,
        "羊肉",
        "包装",
        "直播",
        "30000kg",
        "NY/T630-2002",
        licence.number,
        *clauses,
    )
    assert [one for one in said if "".join(one.split()) not in words] == []
    assert "门头" not in words
    assert as_(APPROVER).get(where).data == answer.data


def test_without_goods_nothing_is_said_of_labels_but_that_there_are_none(as_: As, database: Database) -> None:
    from tests.services.test_uses import a_licence_without_goods

    with database.writing() as session:
        licence = a_licence_without_goods(session)
    with time_machine.travel(licence.granted_at, tick=False):
        words, _ = _read(as_(PRODUCER).get(f"/licences/{licence.number}/contract.pdf").data)
    assert "不申领标签" in words
    assert "年度重量限制" not in words


def test_who_does_not_and_none_for_a_halted_licence(
    as_: As, client: FlaskClient, licence: Licence, database: Database
) -> None:
    where = f"/licences/{licence.number}/contract.pdf"
    assert as_(RIVAL).get(where).status_code == 404
    assert client.get(where).status_code == 302
    with database.writing() as session:
        approver = make.work(session, make.actor(session, APPROVER))
        licences.step(approver, licence.id, "suspend", version=1, reason_code="sanction.accident", comment="示范")
    assert as_(PRODUCER).get(where).status_code == 403
