"""``brandtrace import``: looks unless told to commit, speaks of rows and columns, and acts for a person by name."""

from __future__ import annotations

import pytest
import time_machine
from click.testing import CliRunner
from sqlmodel import select

from tests import make
from tests.people import INSPECTOR, PRODUCER, RIVAL
from trace.cli.imports import import_
from trace.models.batches import Batch
from trace.models.events import Event
from trace.models.herds import Herd
from trace.models.imports import SheetImport
from trace.services import holds, imports, places

pytestmark = pytest.mark.licensed

DAY = make.DEMO_DAY


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def product(database):
    with database.writing() as session:
        make.a_licence(make.work(session))
        return make.a_product(session).id


@pytest.fixture
def batch(database, product):
    with database.writing() as session:
        plan = imports.Plan("abattoir", "cooperative", product, "20260912A")
        return imports.take(make.by_abattoir(make.work(session)), make.a_small_sheet(make.carcass_lines(3)), plan)


@pytest.fixture
def run(database, monkeypatch):
    monkeypatch.setattr("trace.cli.imports.open_database", lambda: database)
    monkeypatch.delenv("BRANDTRACE_LANGUAGE", raising=False)

    def call(*words):
        done = CliRunner().invoke(import_, [str(one) for one in words])
        return done.exit_code, done.output

    return call


def said(product, lot="20260912A"):
    return ("--abattoir", "abattoir", "--producer", "cooperative", "--product", product, "--lot", lot)


def stored(database, model):
    with database.reading() as session:
        return session.exec(select(model)).all()


def test_a_file_alone_is_checked_without_a_database():
    done = CliRunner().invoke(import_, ["carcasses", str(DAY / "carcasses.xlsx")])
    assert (done.exit_code, "160" in done.output) == (0, True)


def test_faults_are_named_by_row_and_column(run, database):
    code, output = run("carcasses", DAY / "carcasses-with-faults.xlsx")
    assert code == 1
    assert "第 15 行，“热胴体重(kg)”列 G15: " in output
    assert output.count("\n  第 ") == 12
    assert stored(database, SheetImport) == []


def test_dry_run_is_the_default(run, database, product):
    code, output = run("carcasses", DAY / "carcasses.xlsx", *said(product))
    assert code == 0, output
    for words in ("2026-09-12", "2917.29", "优等 48", "--commit"):
        assert words in output
    assert stored(database, Batch) == []


def test_commit_acts_for_the_person_named(run, database, product):
    words = ("carcasses", DAY / "carcasses.xlsx", *said(product), "--commit")
    assert run(*words)[0] == 2  # nobody answers for it
    assert run(*words, "--by", "nobody")[0] == 2
    code, output = run(*words, "--by", "rival-abattoir")
    assert (code, stored(database, Batch)) == (1, [])
    code, output = run(*words, "--by", "abattoir")
    assert code == 0, output
    (batch,) = stored(database, Batch)
    assert batch.code in output
    assert {one.person_id for one in stored(database, Event)} == {"abattoir"}
    code, output = run(*words, "--by", "abattoir")
    assert (code, "20260912A" in output, len(stored(database, Batch))) == (1, True, 1)


def test_options_come_together(run, product):
    code, output = run("carcasses", DAY / "carcasses.xlsx", "--lot", "A1")
    assert code == 2
    assert "--abattoir, --producer, --product" in output


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [("chilling", "cold-room.csv", "超限 1 次"), ("lab-report", "lab-report.csv", "全部合格")],
)
def test_the_sheets_of_the_day(run, database, batch, kind, name, words):
    code, output = run(kind, DAY / name, "--batch", batch.id)
    assert (code, words in output) == (0, True), output
    before = len(stored(database, Event))
    code, output = run(kind, DAY / name, "--batch", batch.id, "--by", "abattoir", "--commit")
    assert code == 0, output
    assert len(stored(database, Event)) == before + 1


def test_a_refusal_has_words_for_everything_in_it(run, database, product):
    with database.reading() as session:
        beef = make.a_product(session, "beef").id
    output = run("carcasses", DAY / "carcasses.xlsx", *said(beef))[1]
    assert "应为牛，表中耳标却是羊" in output


def test_every_reason_of_a_closed_gate_is_told(run, database, batch):
    with database.writing() as session:
        office = make.work(session, make.actor(session, INSPECTOR))
        holds.place(office, scope="batch", key=batch.id, reason_code="other", words="示范")
    code, output = run("packing", DAY / "packing.csv", "--batch", batch.id)
    assert (code, "共 2 项" in output, "\n  批次 20260912A 已暂停" in output, "\n  缺：" in output) == (
        1,
        True,
        True,
        True,
    )


def test_where_it_happened_is_said_beside_every_sheet_of_a_batch(run, database, batch):
    with database.writing() as session:
        work = make.work(session)
        foreign = make.a_place(work, kind="warehouse", name="示范别家仓库").id
        halls = [make.place_entries(kind="abattoir", name=f"示范{number}车间") for number in ("一", "二")]
        first, second = (places.write(make.by_abattoir(work), "abattoir", **one).id for one in halls)
    own = ("chilling", DAY / "cold-room.csv", "--batch", batch.id, "--by", "abattoir", "--commit")
    code, output = run(*own, "--place", foreign)
    assert (code, "本单位在用的场所" in output) == (1, True), output
    code, output = run(*own, "--place", second, "--step", "ageing")
    assert code == 0, output
    told = {one.kind: one.place_id for one in stored(database, Event)}
    assert told["ageing"] == second != first
    # The rows of other sheets name their places themselves; a carcass sheet without its batch happened nowhere.
    assert run("sheet", "sales", DAY / "cold-room.csv", "--of", "abattoir", "--place", second)[0] == 2
    assert run("carcasses", DAY / "carcasses.xlsx", "--place", second)[0] == 2


def test_the_columns_of_a_foreign_logger_file_are_said(run, database, batch, tmp_path):
    file = tmp_path / "logger.csv"
    lines = (DAY / "cold-room.csv").read_text("gb18030").splitlines()[1:]
    file.write_text("\n".join(("a,b,c", *lines)), "utf-8")
    own = ("chilling", file, "--batch", batch.id)
    asked = ("--heading", "1", "--at", "0", "--room", "1", "--core", "2", "--order", "ymd")
    assert "超限 1 次" in run(*own, *asked)[1]
    code, output = run(*own, "--heading", "1", "--at", "0", "--room", "0")
    assert code == 1, output


def test_every_other_kind_of_sheet_by_one_command(run, database, product, tmp_path):
    file = tmp_path / "herds.csv"
    file.write_text("群号,群名,畜种,品种,苏木镇,建群日期\nE1,示范东群,羊,,海流图镇,2026-03-01\n", "utf-8")
    words = ("sheet", "herds", file, "--of", "cooperative")
    assert run(*words)[0] == 2  # nobody answers for it
    assert run(*words, "--by", RIVAL.username, "--commit")[0] == 1
    own = (*words, "--by", PRODUCER.username)
    code, output = run(*own)
    assert (code, "--commit" in output, stored(database, Herd)) == (0, True, []), output
    code, output = run(*own, "--commit")
    assert (code, "1 行" in output) == (0, True), output
    assert [one.name for one in stored(database, Herd)] == ["示范东群"]
    assert run(*own, "--commit")[0] == 1  # the same file once more
    file.write_text(file.read_text("utf-8") + "E2,示范西群,羊,,没有的镇,2026-03-01\n", "utf-8")
    code, output = run(*own)
    assert (code, "第 3 行，“苏木镇”列" in output) == (1, True), output
    assert run("sheet", "chilling", file, "--of", "x")[0] == 2  # has a command of its own


def test_packs_that_no_carcass_can_give(run, database, batch):
    with database.writing() as session:
        make.chilled(make.work(session), session.get_one(Batch, batch.id))
    code, output = run("packing", DAY / "packing.csv", "--batch", batch.id, "--by", "abattoir", "--commit")
    assert (code, "1155.27%" in output) == (1, True), output
    with database.reading() as session:
        assert session.get_one(Batch, batch.id).used_kg == 0
