"""Large label orders in jobs: a runner that dies anywhere, and no serial lost or there twice when another goes on."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.models.licences import LicenceYear
from tests import make
from tests.conftest import tier
from tests.flows.cycles import by
from tests.people import PRODUCER
from trace.crypto import merkle
from trace.crypto.second_codes import SecondCodes
from trace.crypto.tlog_proofs import unit_hash
from trace.models.batches import Batch, PackLine
from trace.models.jobs import Job
from trace.models.label_chunks import LabelChunk
from trace.models.labels import Label, LabelOrder, PrintRun, SigningKey
from trace.queries import log_proofs
from trace.queries.labels import code_of
from trace.rules.labels import VoidReason
from trace.services import jobs, label_issues, label_jobs, labels
from trace.services.label_jobs import Tools

pytestmark = pytest.mark.packed
#: Small pieces and files, so that few labels have many ends.
PIECE, FILE = 16, 50
PACKS = tier(120, 390)
LATER = make.MONDAY + jobs.DEAD_AFTER + timedelta(seconds=1)


class Killed(BaseException):
    """The process of the runner ends here."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("services.label_issues", "services.label_jobs", "queries.labels", "queries.log_proofs"):
        monkeypatch.setattr(f"trace.{module}.PIECE", PIECE)
    monkeypatch.setattr("trace.services.label_jobs.AT_ONCE", FILE)


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    signer = make.a_signer(tmp_path)
    return Tools(signer, SecondCodes(b"seed", b"pepper"), "http://localhost", tmp_path / "label-files")


def dies_at(call: int) -> Callable[[], datetime]:
    """A clock whose process ends at that reading of it."""
    readings = iter(range(call))

    def now() -> datetime:
        if next(readings, None) is None:
            raise Killed
        return make.MONDAY

    return now


def reserved(database: Database, tools: Tools, **how: Any) -> str:
    with database.writing() as session:
        line = make.a_pack_line(make.work(session))
        mine = by(session, PRODUCER)
        made = labels.reserve(mine, tools.signer, pack_line_id=line.id, packs=PACKS, **how)
        label_jobs.begin_sign(mine, made)
        return made.id


def killed_all_the_way(database: Database, tools: Tools, *, step: int) -> int:
    """Runners that die after ``step`` readings of the clock, one after the other, until one gets to the end."""
    for deaths in range(40):
        moment = make.MONDAY + deaths * (jobs.DEAD_AFTER + timedelta(seconds=1))
        clock = dies_at(step)
        try:
            jobs.Runner(database, lambda at=moment, clock=clock: clock() and at, tools).run_all()  # type: ignore[misc]
        except Killed:
            continue
        return deaths
    raise AssertionError("no runner got to the end")


def whole(session: Session, order_id: str) -> None:
    """Every place of the order has one label with a serial of its own, and the log's root is over just these."""
    made = session.get_one(LabelOrder, order_id)
    batch = session.get_one(Batch, made.batch_id)
    rows = session.exec(select(Label).where(Label.order_id == order_id).order_by(Label.position)).all()
    assert [one.position for one in rows] == list(range(1, PACKS + 1)), made.state
    assert len({one.serial for one in rows}) == PACKS
    assert made.state == "signed"
    pieces = session.exec(select(LabelChunk).where(LabelChunk.order_id == order_id).order_by(LabelChunk.number)).all()
    root = merkle.root([unit_hash(code_of(made, batch, one.serial).element) for one in rows])
    assert merkle.root([bytes.fromhex(one.root) for one in pieces]) == root
    said = told(session, "labels.order")
    assert (said["packs"], said["units_root"]) == (PACKS, base64.b64encode(root).decode())


def told(session: Session, action: str) -> dict[str, Any]:
    return dict(json.loads(session.exec(select(AuditEntry).where(AuditEntry.action == action)).one().detail))


def seen(database: Database, kind: str) -> tuple[str, int, int]:
    with database.reading() as session:
        job = session.exec(select(Job).where(Job.kind == kind)).one()
        return job.state, job.done_rows, job.rows


@pytest.mark.parametrize("step", [7, 9])
def test_whoever_dies_no_serial_is_lost_or_there_twice(database: Database, tools: Tools, step: int) -> None:
    order_id = reserved(database, tools)
    assert killed_all_the_way(database, tools, step=step) >= 3
    assert seen(database, "sign") == ("done", PACKS, PACKS)
    with database.reading() as session:
        whole(session, order_id)
        assert session.exec(select(PackLine).where(PackLine.cut == "法式羊肋脊排")).one().ordered == PACKS


def test_one_who_begins_at_the_beginning_is_found(
    database: Database, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted twin: what is stored already is forgotten, so serials would be made twice."""
    order_id = reserved(database, tools)
    stored, sign, before = label_issues.signed_so_far, label_jobs.sign, [0]

    def begins(*given: Any) -> int:
        with database.reading() as session:
            before[0] = stored(make.work(session), order_id)[1]
        return sign(*given)

    def forgetful(work: Any, of: str) -> tuple[int, int]:
        count = stored(work, of)[1] - before[0]
        return count // PIECE, count

    monkeypatch.setattr(label_jobs, "sign", begins)
    monkeypatch.setattr(label_issues, "signed_so_far", forgetful)
    with pytest.raises(AssertionError):
        killed_all_the_way(database, tools, step=7)
        with database.reading() as session:
            whole(session, order_id)


def test_progress_is_the_count_so_far_and_nobody_else_takes_a_run_that_lives(database: Database, tools: Tools) -> None:
    reserved(database, tools)
    with pytest.raises(Killed):
        jobs.Runner(database, dies_at(6), tools).run_all()
    state, done, of = seen(database, "sign")
    assert (state, of) == ("running", PACKS)
    with database.reading() as session:
        stored = len(session.exec(select(Label)).all())
    assert done % PIECE == 0
    assert stored - PIECE <= done <= stored
    assert jobs.Runner(database, lambda: make.MONDAY, tools).run_all() == 0
    assert jobs.Runner(database, lambda: LATER).run_all() == 0, "who has no signer leaves it"
    assert jobs.Runner(database, lambda: LATER, tools).run_all() == 1


@pytest.mark.parametrize(("kind", "layout"), [("csv", "a4-24"), ("zpl", "roll-40x30")])
def test_files_are_resumed_and_hold_every_label_once(database: Database, tools: Tools, kind: str, layout: str) -> None:
    order_id = reserved(database, tools)
    jobs.Runner(database, lambda: make.MONDAY, tools).run_all()
    wanted = {"kind": kind, "layout": layout, "dpi": 203}
    with database.writing() as session:
        mine = by(session, PRODUCER)
        order = session.get_one(LabelOrder, order_id)
        make.a_release(mine, order)
        labels.void(mine, order_id, first=2, last=FILE, reason=VoidReason.LOST, version=order.version)
        make.in_a_head(session, tools.signer)
        job_id = label_jobs.begin_print(mine, order_id, first=2, last=PACKS, wanted=wanted).id
    assert killed_all_the_way(database, tools, step=7) >= 2
    with database.reading() as session:
        job = session.get_one(Job, job_id)
        there = label_jobs.files(tools, job)
        run = session.exec(select(PrintRun)).one()
        rows = session.exec(select(Label).where(Label.order_id == order_id).order_by(Label.position)).all()
        good = [one.serial for one in rows if one.state == "issued" and one.position > 1]
        data = [label_jobs.part(tools, job, number).read_bytes() for number, _, _ in there]
    assert (run.first, run.last, seen(database, "print")) == (2, PACKS, ("done", PACKS - 1, PACKS - 1))
    assert [number for number, _, _ in there] == list(range(1, -(-(PACKS - 1) // FILE) + 1))
    if kind == "csv":
        listed = [one for part in data for one in list(csv.reader(io.StringIO(part.decode("utf-8-sig"))))[1:]]
        assert [one[2].split("/")[5].split("?")[0] for one in listed] == good
    else:
        assert sum(part.count(b"^XGR:LABEL") for part in data) == len(good)
    label_jobs.clear(tools, datetime.now(make.MONDAY.tzinfo) + timedelta(days=8))
    with database.reading() as session, pytest.raises(AppError, match=r"access\.unknown"):
        label_jobs.part(tools, session.get_one(Job, job_id), 2)


def test_an_order_that_cannot_be_signed_is_called_off_and_paid_back(database: Database, tools: Tools) -> None:
    order_id = reserved(database, tools, second=tools.second)
    with pytest.raises(Killed):
        jobs.Runner(database, dies_at(6), tools).run_all()
    with database.writing() as session:
        kid = session.get_one(LabelOrder, order_id).kid
        assert session.get_one(SigningKey, kid).state == "active"
    tools.signer.discard(kid)
    assert jobs.Runner(database, lambda: LATER, tools).run_all() == 1
    with database.reading() as session:
        made = session.get_one(LabelOrder, order_id)
        assert made.state == "called_off"
        assert session.exec(select(Label)).all() == []
        assert session.exec(select(PackLine).where(PackLine.id == made.pack_line_id)).one().ordered == 0
        year = session.get_one(LicenceYear, made.licence_year_id)
        assert (year.labels, year.used_kg) == (0, 0)
        job = session.exec(select(Job)).one()
        assert (job.state, job.result["code"]) == ("refused", "keys.private_missing")


def test_a_proof_reads_its_own_piece_only(database: Database, tools: Tools) -> None:
    order_id = reserved(database, tools)
    jobs.Runner(database, lambda: make.MONDAY, tools).run_all()
    with database.reading() as session:
        made = session.get_one(LabelOrder, order_id)
        batch = session.get_one(Batch, made.batch_id)
        root = base64.b64decode(told(session, "labels.order")["units_root"])
        for index in (0, PIECE - 1, PIECE, PACKS - 1):
            path, element = log_proofs._unit_path(session, made, batch, index)
            merkle.check_inclusion(unit_hash(element), index, PACKS, path, root)


def test_a_full_signer_makes_the_run_wait(database: Database, tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = reserved(database, tools)

    def full(*_: Any) -> None:
        raise AppError(Kind.TOO_MANY, "signer.ceiling", role="label", most=1)

    with monkeypatch.context() as day:
        day.setattr(tools.signer, "sign", full)
        jobs.Runner(database, lambda: make.MONDAY, tools).run_all()
    assert seen(database, "sign")[0] == "running"
    assert jobs.Runner(database, lambda: LATER, tools).run_all() == 0
    assert jobs.Runner(database, lambda: LATER + label_jobs.WAIT, tools).run_all() == 1
    with database.reading() as session:
        whole(session, order_id)


def test_files_wait_for_the_signed_head_and_are_made_then(database: Database, tools: Tools) -> None:
    """The run is begun, nothing is written before the log has signed, and nobody has to ask for it again."""
    order_id = reserved(database, tools)
    jobs.Runner(database, lambda: make.MONDAY, tools).run_all()
    with database.writing() as session:
        mine = by(session, PRODUCER)
        make.a_release(mine, session.get_one(LabelOrder, order_id))
        wanted = {"kind": "csv", "layout": "a4-24", "dpi": 300}
        label_jobs.begin_print(mine, order_id, first=1, last=PACKS, wanted=wanted)
    assert jobs.Runner(database, lambda: make.MONDAY, tools).run_all() == 1
    assert seen(database, "print") == ("running", 0, PACKS)
    assert not list(tools.folder.rglob("*.csv"))
    with database.writing() as session:
        make.in_a_head(session, tools.signer)
    assert jobs.Runner(database, lambda: make.MONDAY + label_jobs.MOMENT / 2, tools).run_all() == 0
    assert jobs.Runner(database, lambda: make.MONDAY + 2 * label_jobs.MOMENT, tools).run_all() == 1
    assert seen(database, "print") == ("done", PACKS, PACKS)


def test_one_who_was_taken_for_dead_does_not_undo_what_the_other_finished(database: Database, tools: Tools) -> None:
    order_id = reserved(database, tools)
    slow = jobs.Runner(database, lambda: make.MONDAY, tools)
    job = slow._claim()
    assert job is not None
    assert jobs.Runner(database, lambda: LATER, tools).run_all() == 1
    slow._work_on(job)
    assert seen(database, "sign") == ("done", PACKS, PACKS)
    with database.reading() as session:
        whole(session, order_id)
