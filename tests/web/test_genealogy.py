"""The page of a family: picture, timeline, tables, at a moment, as workbook and on paper; found by a tag."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from tests import make
from tests.make_families import a_family
from tests.people import CLERK, PRODUCER, RIVAL
from trace.formats.tables import read_table


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def one(database):
    with database.writing() as session:
        return a_family(make.work(session))


def test_the_picture_its_timeline_and_its_tables(as_, one):
    page = as_(CLERK).get(f"/batches/{one.root.id}/genealogy?lang=en").text
    assert page.count('class="bt-tree-box') == 7, "land, herd, lambs and four batches"
    for words in ("FAR1", one.tag, one.old_tag, "Herd on the land", "Slaughter", "20260912A · written down late"):
        assert words in page
    assert f'href="/batches/{one.cut.id}/genealogy"' in page
    assert f'href="/batches/{one.root.id}/genealogy"' in as_(CLERK).get(f"/batches/{one.root.id}").text


def test_a_producer_reads_that_others_are_there_and_not_who(as_, one):
    page = as_(PRODUCER).get(f"/batches/{one.root.id}/genealogy?lang=en").text
    assert "of another enterprise" in page
    assert "3 batch(es) belong to others" in page
    assert "MIX1" not in page
    assert "FAR1" not in page
    book = as_(PRODUCER).get(f"/batches/{one.root.id}/genealogy.xlsx")
    cells = {str(cell) for row in read_table(book.data, "g.xlsx").rows for cell in row.cells}
    assert any("20260912A" in cell for cell in cells)
    chain = CalamineWorkbook.from_filelike(BytesIO(book.data)).get_sheet_by_index(0).to_python()
    assert chain[0][2:5] == ["重量（kg）", "头数", "袋数"]
    assert {type(cell) for row in chain[1:] for cell in row[2:5] if cell != ""} <= {int, float}, "sums are possible"
    assert not any("MIX1" in cell for cell in cells)
    assert as_(RIVAL).get(f"/batches/{one.root.id}/genealogy").status_code == 404
    assert as_(RIVAL).get(f"/batches/{one.root.id}/genealogy.xlsx").status_code == 404


def test_at_a_moment_on_paper_and_refused_ahead(as_, one):
    page = as_(CLERK)
    at = f"/batches/{one.root.id}/genealogy"
    assert "At that moment it had not come to be." in page.get(f"{at}?at=2026-09-01T08:00&lang=en").text
    paper = page.get(f"{at}/print?lang=en")
    assert paper.status_code == 200
    assert "bt-tree" in paper.text
    assert "FAR1" in paper.text
    assert page.get(f"{at}?at=2099-01-01T00:00").status_code == 422
    assert page.get(f"{at}?at=nonsense").status_code == 422


def test_a_tag_leads_there(as_, one):
    page = as_(CLERK)
    found = page.get(f"/genealogy?q={one.old_tag}")
    assert (found.status_code, found.location) == (303, f"/batches/{one.root.id}/genealogy")
    assert page.get("/genealogy?q=%3F%3F").status_code == 422
    assert "It leads to no batch" in as_(RIVAL).get(f"/genealogy?q={one.old_tag}&lang=en").text
    assert page.get("/genealogy").status_code == 200
