"""A machine put back as a whole, signer and all: only its witnesses know better, and the start asks them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from tests import make
from tests.services.test_log import acts, vkey
from tests.services.test_witnesses import KEYS, VKEYS, honest, policy
from trace.queries import log as reads
from trace.queries import log_audit
from trace.rules.standing import Standing, with_witnesses
from trace.services import log_files, log_mirror, log_recovery, log_sources
from trace.services.key_files import KeyFiles
from trace.services.log_signer import LogSigner
from trace.services.sequencer import Sequencer
from trace.services.standing import Guard
from trace.services.wire import Reply
from trace.services.witness import Witness
from trace.services.witnesses import Cosigners

Answers = dict[str, Callable[[bytes], Reply]]


class Machine:
    """An installation in one folder: database, keys with the signer's memory, published log."""

    def __init__(self, folder: Path, answers: Answers) -> None:
        self.folder, self._answers = folder, answers
        self.database = Database(f"sqlite:///{folder / 'brandtrace.db'}")
        self.signer = LogSigner(KeyFiles(folder / "keys", make.PASSPHRASE, cost=make.WEAKEST))
        self.asking = Cosigners(self.database, policy(), lambda: make.MONDAY, ask=self._ask)
        log = (self.database, self.signer, make.ORIGIN, folder / "log", lambda: make.MONDAY)
        self.log = Sequencer(*log, cosigners=self.asking)

    def _ask(self, url: str, body: bytes) -> Reply:
        return self._answers[url.removeprefix("https://")[0]](body)

    def start(self) -> Guard:
        keeper = KeyFiles(self.folder / "keys", make.PASSPHRASE, cost=make.WEAKEST)
        guard = Guard(self.database, keeper, self.folder / "evidence", lambda: make.MONDAY, lambda: self.asking)
        guard.begin()
        return guard

    def goes_on(self, count: int, first: int) -> int:
        acts(self.database, count, first=first)
        size = self.log.run_once()
        self.log.ask_witnesses()
        return size


@pytest.fixture
def answers() -> Answers:
    return {}


@pytest.fixture
def machine(database: Database, tmp_path: Path, answers: Answers) -> Machine:
    """At work, with three witnesses of which two are to vouch, and a copy of yesterday's whole disk beside it."""
    (tmp_path / "live").mkdir()
    shutil.copyfile(database.engine.url.database or "", tmp_path / "live/brandtrace.db")
    found = Machine(tmp_path / "live", answers)
    acts(found.database, 3)
    found.log.run_once()
    for name, key in KEYS.items():
        one = Witness(Database(f"sqlite:///{tmp_path / name}.db"), VKEYS[name].name, key, lambda: make.MONDAY)
        one.trust(vkey(found.database).text)
        answers[name] = honest(one)
    found.log.ask_witnesses()
    found.database.close()
    shutil.copytree(tmp_path / "live", tmp_path / "old")
    return found


def mirrored(machine: Machine, folder: Path) -> Path:
    with machine.database.reading() as session:
        log_files.publish(session, machine.folder / "log")
    told = policy()
    trusted = type(told)((vkey(machine.database),), told.witnesses, told.groups, told.quorum)
    log_mirror.bring(log_sources.source(str(machine.folder / "log")), folder, trusted)
    return folder


def test_nothing_is_signed_before_witnesses_were_asked(machine: Machine, tmp_path: Path, answers: Answers) -> None:
    assert machine.start().last.standing is Standing.LIVE  # type: ignore[union-attr]
    size = machine.goes_on(4, 10)
    mirror = mirrored(machine, tmp_path / "mirror")
    old = Machine(tmp_path / "old", answers)
    alone = Guard(old.database, KeyFiles(old.folder / "keys", make.PASSPHRASE), tmp_path, lambda: make.MONDAY)
    assert alone.look().standing is Standing.LIVE, "by itself it knows no better"  # type: ignore[union-attr]
    found = old.start().last
    assert found is not None
    assert found.standing is Standing.BEHIND
    assert found.said == dict.fromkeys("abc", "witnesses.ahead")
    with pytest.raises(AppError, match=r"service\.behind"):
        acts(old.database, 1, first=90)
    old.database.refusal = ""  # as the command for it does, which opens the database by itself
    with old.database.writing() as session, pytest.raises(AppError, match=r"recovery\.beyond"):
        log_recovery.fetch(make.work(session), mirror, make.ORIGIN, old.signer)
    with old.database.writing() as session:
        back = log_recovery.fetch(make.work(session), mirror, make.ORIGIN, old.signer, policy=policy())
    assert (back.fetched, back.lost, back.size) == (4, 4, size)
    assert old.start().last.standing is Standing.LIVE  # type: ignore[union-attr]
    assert old.goes_on(1, 50) == size + 2, "the recovery and the act"
    with old.database.reading() as session:
        assert reads.tree(session, size).root() == tree_of(machine, size)


def tree_of(machine: Machine, size: int) -> bytes:
    with machine.database.reading() as session:
        return reads.tree(session, size).root()


def test_a_mended_log_is_whole_and_its_loss_is_told(machine: Machine, tmp_path: Path, answers: Answers) -> None:
    size = machine.goes_on(4, 10)
    mirror = mirrored(machine, tmp_path / "mirror")
    old = Machine(tmp_path / "old", answers)
    with old.database.writing() as session:
        log_recovery.fetch(make.work(session), mirror, make.ORIGIN, old.signer, policy=policy())
    old.goes_on(1, 50)

    def audited() -> list[tuple[str, int | None, bool]]:
        with old.database.reading() as session:
            found = log_audit.findings(session, make.ORIGIN, old.folder / "log")
            return [(one.code, one.place, one.wrong) for one in found if not one.code.startswith("log_audit.row")]

    assert audited() == [("log_audit.lost", size, False)]
    with old.database.engine.begin() as connection:  # one more record «lost», of which the log says nothing
        connection.exec_driver_sql("DROP TRIGGER log_entries_no_update")
        connection.exec_driver_sql("UPDATE log_entries SET leaf_id = 'lost-1' WHERE place = 1")
    assert ("log_audit.leaf_missing", 1, True) in audited()
    with old.database.engine.begin() as connection:  # and one within the told ones: the number is another
        connection.exec_driver_sql(f"UPDATE log_entries SET leaf_id = 'x' WHERE place = {size - 1}")
    assert len([one for one in audited() if one[0] == "log_audit.leaf_missing"]) == 5


def test_two_who_know_another_history_freeze_it(machine: Machine, tmp_path: Path, answers: Answers) -> None:
    machine.goes_on(4, 10)
    twin = Machine(tmp_path / "old", answers)
    acts(twin.database, 4, first=60)
    twin.log.run_once()  # nobody looked: a head of the same size, another root
    found = twin.start().last
    assert found is not None
    assert found.standing is Standing.FROZEN
    assert set(found.said.values()) == {"witnesses.contradicts"}
    assert found.evidence is not None
    assert "witnesses.contradicts" in found.evidence.read_text()


def test_one_that_lies_or_is_silent_stops_nothing(machine: Machine, answers: Answers) -> None:
    def silent(_body: bytes) -> Reply:
        raise AppError(Kind.UNAVAILABLE, "wire.unreachable", reason="OSError")

    answers["a"] = lambda _body: Reply(409, "text/x.tlog.size", b"500\n")
    answers["b"] = silent
    found = machine.start().last
    assert found is not None
    assert found.standing is Standing.LIVE
    assert found.said == {"a": "witnesses.ahead", "b": "wire.unreachable", "c": ""}
    assert machine.goes_on(1, 30) == found.size + 1


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({}, "live"),
        ({"a": "", "b": ""}, "live"),
        ({"a": "witnesses.ahead", "b": "wire.too_slow"}, "live"),
        ({"a": "witnesses.ahead", "b": "witnesses.ahead"}, "behind"),
        ({"a": "witnesses.ahead", "b": "witnesses.unproven"}, "behind"),
        ({"a": "witnesses.contradicts", "b": "witnesses.unproven"}, "frozen"),
        ({"a": "witnesses.unknown_log", "b": "witnesses.untrusted_key"}, "live"),
    ],
)
def test_what_witnesses_say_counts_by_the_policy(said: dict[str, str], wanted: str) -> None:
    def two(names: object) -> bool:
        return len(list(names)) >= 2  # type: ignore[call-overload]

    assert with_witnesses(Standing.LIVE, said, two) == wanted
    for worse in (Standing.BEHIND, Standing.FROZEN, Standing.UNKNOWN):
        assert with_witnesses(worse, said, two) is worse
