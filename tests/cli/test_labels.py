"""``brandtrace label`` and ``brandtrace verify``."""

from __future__ import annotations

import pytest
import time_machine
from click.testing import CliRunner
from sqlmodel import select

from tests import make
from trace.cli.main import main
from trace.models.batches import Batch
from trace.models.labels import Label, PrintRun

pytestmark = pytest.mark.packed


@pytest.fixture
def run(database, monkeypatch, tmp_path):
    """The command on the test's own database, on the Monday of the demo day."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("BRANDTRACE_LANGUAGE", "en")
    with time_machine.travel(make.MONDAY, tick=True):
        yield lambda *words: CliRunner().invoke(main, list(words))


@pytest.fixture
def line(database):
    with database.writing() as session:
        return make.a_pack_line(make.work(session))


def test_order_print_and_verify(run, database, line, tmp_path):
    ordered = run("label", "order", line.id, "3", "--by", "producer")
    assert ordered.exit_code == 0, ordered.output
    assert ordered.output.startswith("B2026-0001\t3\t1.500 kg\tkey ")
    assert sorted(one.name[:6] for one in (tmp_path / "keys" / "private").iterdir()) == ["label-", "state"]

    print_it = ("label", "print", "B2026-0001", "--out", str(tmp_path / "sheet.pdf"), "--first", "2")
    assert "have not been released" in run(*print_it).output
    released = run("label", "release", "B2026-0001", "--by", "producer", "--house", "示范印刷厂")
    assert released.output == "B2026-0001\treleased\thouse: 示范印刷厂\n"
    assert "has not signed for the codes" in run(*print_it).output
    assert not (tmp_path / "sheet.pdf").exists()
    assert run("log", "advance").exit_code == 0
    printed = run(*print_it)
    assert printed.exit_code == 0, printed.output
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF-")
    refused = run("label", "print", "B2026-0001", "--out", str(tmp_path / "x.csv"), "--recipient", "age1none")
    assert (refused.exit_code, (tmp_path / "x.csv").exists()) == (1, False)
    with database.reading() as session:
        run_logged = session.exec(select(PrintRun)).one()
        label = session.exec(select(Label).where(Label.position == 1)).one()
        batch = session.get_one(Batch, label.batch_id)
        order = run_logged.order_id
    assert (run_logged.first, run_logged.last, run_logged.person_id) == (2, 3, "SYSTEM")

    address = f"http://127.0.0.1:8000/u/{batch.code}/{label.serial}?s={ordered.output.split()[-1]}.{label.signature}"
    inactive = run("verify", address)
    assert inactive.exit_code == 1
    assert inactive.output.startswith("red: This code was never put on a pack\n")
    with database.writing() as session:
        from trace.services import labels

        labels.activate(make.work(session), order, first=1, last=1)
    found = run("verify", address, "--lang", "zh")
    assert found.exit_code == 0, found.output
    assert found.output.startswith("green: 编码登记有效\n")
    assert "cut: 法式羊肋脊排" in found.output
    assert "A code can be copied" in run("verify", address).output


def test_reprint_voids_and_issues_anew(run, database, line):
    assert run("label", "order", line.id, "3", "--by", "producer").exit_code == 0
    again = ("label", "reprint", "B2026-0001", "--first", "2", "--last", "3", "--reason", "spoilt")
    assert run(*again, "--by", "rival").exit_code == 1
    done = run(*again, "--by", "producer")
    assert done.output.startswith("B2026-0002\t2\treplaces B2026-0001\tkey "), done.output
    with database.reading() as session:
        rows = session.exec(select(Label).order_by(Label.order_id, Label.position)).all()
        assert sorted(one.state for one in rows) == ["issued"] * 3 + ["void"] * 2
        assert len({one.serial for one in rows}) == 5
    assert "nothing to replace" in run(*again, "--by", "producer").output


def test_refusals_in_words(run, line):
    too_many = run("label", "order", line.id, "400", "--by", "producer")
    assert too_many.exit_code == 1
    assert "396 are left" in too_many.output
    assert run("label", "order", "NOSUCH", "1", "--by", "producer").exit_code == 1
    assert "no-one" in run("label", "order", line.id, "1", "--by", "no-one").output
    assert run("label", "order", line.id, "1", "--by", "rival").exit_code == 1
    assert run("label", "print", "B2026-9999", "--out", "x.pdf").exit_code == 1
    unreadable = run("verify", "hello")
    assert unreadable.exit_code == 1
    assert "the line under the code has 25" in unreadable.output


def test_control_labels_by_command(run, database, line):
    ordered = run("label", "order", line.id, "3", "--by", "producer", "--controls", "1")
    assert ordered.output.startswith("B2026-0001\t3\t1.500 kg\tkey ")
    with database.reading() as session:
        assert len(session.exec(select(Label)).all()) == 4
    assert run("label", "order", line.id, "3", "--by", "producer", "--controls", "4").exit_code == 1
