"""The log end to end: leaves with their acts, places without gaps, heads the signer stands by, files and proofs."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, select

from brand.kernel import audit, leaves, public_acts
from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.leaves import Leaf, LeafSalt, PendingLeaf
from tests import make
from trace.crypto import checkpoints, keys, merkle, notes, tlog_proofs
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.notes import ED25519, Verifier
from trace.models.labels import Label
from trace.models.log import LogEntry, LogHead, LogSize
from trace.queries import log as reads
from trace.queries import log_proofs
from trace.services import log, log_files
from trace.services.log_signer import LogSigner
from trace.services.sequencer import Sequencer
from trace.services.signer import KeyFiles


@pytest.fixture
def signer(tmp_path: Path) -> LogSigner:
    return LogSigner(KeyFiles(tmp_path / "keys", make.PASSPHRASE, cost=make.WEAKEST))


@pytest.fixture
def sequencer(database: Database, signer: LogSigner, tmp_path: Path) -> Sequencer:
    return Sequencer(database, signer, make.ORIGIN, tmp_path / "log", lambda: make.MONDAY)


def acts(database: Database, count: int, first: int = 0) -> None:
    """So many licences granted, as far as the log can tell."""
    with database.writing() as session:
        for number in range(first, first + count):
            make.public_act(session, "licences.grant", f"L{number}", number=f"L2026-{number:04}")


@pytest.mark.parametrize("action", ["licences.grant", "keys.create", "batches.record_packing"])
def test_an_act_that_keeps_a_figure_to_itself_is_not_done(database: Database, action: str) -> None:
    (lacking, *rest) = public_acts.PUBLIC[action].facts
    with pytest.raises(ValueError, match=f"{action} does not say: {lacking}$"), database.writing() as session:
        audit.record(make.work(session), action, "thing", "T1", **dict.fromkeys(rest))
    with database.reading() as session:
        assert not session.exec(select(Leaf).where(Leaf.subject == "thing:T1")).all()


def race(runners: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=one) for one in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def vkey(database: Database) -> Verifier:
    with database.reading() as session:
        (one,) = reads.keys(session)
    return Verifier(make.ORIGIN, ED25519, keys.public_key(one.public_key))


def test_an_act_and_its_leaf_stand_or_fall_together(database: Database) -> None:
    acts(database, 1)
    with pytest.raises(RuntimeError), database.writing() as session:
        make.public_act(session, "licences.grant", "L9")
        session.flush()
        raise RuntimeError("the power fails")
    with database.reading() as session:
        (leaf,) = session.exec(select(Leaf).where(Leaf.subject == "licence:L0")).all()
        assert not session.exec(select(Leaf).where(Leaf.subject == "licence:L9")).all()
        entry = session.get_one(AuditEntry, leaf.id)
        salt = bytes.fromhex(session.get_one(LeafSalt, leaf.id).salt)
        assert leaf.commitment == leaves.commitment(salt, leaves.record_of(entry.model_dump()))
        assert json.loads(leaf.facts) == {"number": "L2026-0000"}


def test_what_nobody_decided_on_is_not_done(database: Database) -> None:
    with pytest.raises(ValueError, match="neither told nor kept"), database.writing() as session:
        audit.record(make.work(session), "licences.lend", "licence", "L1")


@pytest.mark.parametrize("count", [1, 255, 256, 600])
def test_places_tiles_head_and_files(database: Database, sequencer: Sequencer, count: int) -> None:
    acts(database, count)
    with database.reading() as session:
        waiting = len(session.exec(select(PendingLeaf)).all())
    size = sequencer.run_once()
    assert size == waiting + 1, "the key that signs tells of itself"
    with database.reading() as session:
        entries = session.exec(select(LogEntry).order_by(LogEntry.place)).all()
        assert [one.place for one in entries] == list(range(size))
        assert [json.loads(one.data)["seq"] for one in entries] == list(range(size))
        hashes = [merkle.leaf_hash(one.data.encode()) for one in entries]
        head = reads.head(session)
        assert head is not None
        assert head.checkpoint == Checkpoint(make.ORIGIN, size, merkle.root(hashes))
    assert (sequencer.folder / "checkpoint").read_text() == head.note
    notes.verified(notes.parse(head.note), [vkey(database)])
    assert sequencer.run_once() == size, "and nothing more to do"


def test_acts_of_one_transaction_keep_their_order(database: Database, sequencer: Sequencer) -> None:
    """They have one moment; a key told after the codes it signed is a fault to whoever reads from outside."""
    with database.writing() as session:
        work = make.work(session)
        for number in range(40):
            told = {"number": f"N{number:02}", "valid_from": "", "valid_until": "", "cap_kg": ""}
            audit.record(work, "licences.grant", "licence", f"L{number}", **told)
    sequencer.run_once()
    with database.reading() as session:
        rows = session.exec(select(LogEntry).order_by(col(LogEntry.place))).all()
        said = [json.loads(one.data).get("facts", {}).get("number", "") for one in rows]
    assert [one for one in said if one.startswith("N")] == [f"N{number:02}" for number in range(40)]


def test_a_subject_leads_back_to_what_was_said_of_it_before(database: Database, sequencer: Sequencer) -> None:
    for action in ("licences.grant", "licences.suspend", "licences.reinstate"):
        with database.writing() as session:
            make.public_act(session, action, "L7")
        sequencer.run_once()
    with database.reading() as session:
        told = [json.loads(one.data) for one in reads.entries_of(session, "licence", "L7")]
    assert [one["type"] for one in told] == ["licence.grant", "licence.suspend", "licence.reinstate"]
    assert [one.get("prev") for one in told] == [None, told[0]["seq"], told[1]["seq"]]


def test_every_step_may_fall_out_and_be_made_again(
    database: Database, signer: LogSigner, sequencer: Sequencer, tmp_path: Path
) -> None:
    """Killed after integrating, after the signer kept its head, and before the files: the same log comes out."""
    acts(database, 3)
    with database.writing() as session:
        log.ensure_key(make.work(session), signer)
        session.flush()
        log.integrate(make.work(session))
    with pytest.raises(RuntimeError), database.writing() as session:
        log.sign(make.work(session), signer, make.ORIGIN)
        raise RuntimeError("killed before the note is stored")
    with database.reading() as session:
        assert reads.head(session) is None
        root = session.exec(select(LogHead.root)).one()
    assert signer.last_head() is not None
    with database.writing() as session:
        assert log.sign(make.work(session), signer, make.ORIGIN)
        assert not log.sign(make.work(session), signer, make.ORIGIN)
    with database.reading() as session:
        head = reads.head(session)
        assert head is not None
        assert head.checkpoint.root.hex() == root
        assert log_files.publish(session, tmp_path / "log") == head.checkpoint.size
    assert sequencer.run_once() == head.checkpoint.size


def test_the_signer_signs_no_smaller_and_no_other_history(database: Database, sequencer: Sequencer) -> None:
    acts(database, 5)
    size = sequencer.run_once()
    signer = sequencer._signer
    with database.reading() as session:
        (key,) = reads.keys(session)
        grown = reads.tree(session, size)
        proof = grown.consistency(size - 1)
    wrong = [
        (Checkpoint(make.ORIGIN, size - 1, merkle.EMPTY_ROOT), [], "log.head_behind"),
        (Checkpoint(make.ORIGIN, size, merkle.EMPTY_ROOT), [], "log.head_differs"),
        (Checkpoint(make.ORIGIN, size + 1, merkle.EMPTY_ROOT), proof, "merkle."),
        (Checkpoint(make.ORIGIN, size + 1, merkle.EMPTY_ROOT), [], "merkle."),
    ]
    for checkpoint, given, code in wrong:
        with pytest.raises(AppError, match=code):
            signer.sign(key.kid, make.MONDAY, checkpoint, given)
    assert signer.last_head() == (size, grown.root())


def test_an_older_database_brought_back_is_not_signed_for(
    database: Database, sequencer: Sequencer, tmp_path: Path
) -> None:
    acts(database, 4)
    sequencer.run_once()
    with database.reading() as session:
        checkpoint = Checkpoint(make.ORIGIN, 50, reads.tree(session, 2).root())
    kept = {"size": checkpoint.size, "root": checkpoint.root.hex()}  # the signer has seen more than this database tells
    (tmp_path / "keys/state/head.json").write_text(json.dumps(kept))
    acts(database, 1, first=10)
    with pytest.raises(AppError, match=r"log\.head_behind"):
        sequencer.run_once()
    with database.reading() as session:
        head = reads.head(session)
        assert head is not None
        assert head.checkpoint.size < reads.size(session), "acts go on, nothing of them is signed"


def test_two_sequencers_use_no_place_twice(database: Database, signer: LogSigner, tmp_path: Path) -> None:
    acts(database, 700)
    racers = [
        Sequencer(database, signer, make.ORIGIN, tmp_path / f"log{number}", lambda: make.MONDAY) for number in range(4)
    ]
    with database.writing() as session:
        log.ensure_key(make.work(session), signer)

    refused: list[str] = []

    def run(one: Sequencer) -> None:
        for _ in range(20):
            try:
                one.run_once()
                return
            except AppError as error:
                refused.append(error.code)

    race([partial(run, one) for one in racers])
    assert set(refused) <= {"log.busy", "service.busy"}
    size = racers[0].run_once()
    with database.reading() as session:
        places = session.exec(select(LogEntry.place).order_by(LogEntry.place)).all()
        assert list(places) == list(range(size))
        assert session.exec(select(LogSize.size)).one() == size
        assert not session.exec(select(PendingLeaf)).all()
        hashes = [bytes.fromhex(one) for one in session.exec(select(LogEntry.hash).order_by(LogEntry.place))]
        head = reads.head(session)
        assert head is not None
        assert head.checkpoint.root == merkle.root(hashes)


def test_without_the_guard_the_same_race_uses_places_twice(database: Database) -> None:
    """The planted bug: places counted from what there is. SQLite has one writer, so it shows on PostgreSQL alone."""
    if database.is_sqlite:
        return
    with database.writing() as session:
        session.connection().execute(text("CREATE TABLE naive_log (place integer)"))
    together = threading.Barrier(4)

    def run() -> None:
        with database.writing() as session:
            size = session.connection().execute(text("SELECT count(*) FROM naive_log")).scalar_one()
            together.wait()
            session.connection().execute(text("INSERT INTO naive_log VALUES (:place)"), {"place": size})

    race([run] * 4)
    with database.reading() as session:
        places = session.connection().execute(text("SELECT place FROM naive_log")).scalars().all()
    assert len(set(places)) < len(places)


@pytest.mark.parametrize("table", ["log_leaves", "log_entries", "log_tiles"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_the_database_itself_keeps_the_log(database: Database, sequencer: Sequencer, table: str, change: str) -> None:
    acts(database, 300)
    sequencer.run_once()
    column = {"log_leaves": "facts", "log_entries": "data", "log_tiles": "root"}[table]
    with pytest.raises(DatabaseError, match="only grows"), database.writing() as session:
        session.connection().execute(text(change.format(table, column, column)))


def test_erasing_a_salt_cuts_the_link_and_the_log_stays_whole(database: Database, sequencer: Sequencer) -> None:
    acts(database, 2)
    size = sequencer.run_once()
    with database.writing() as session:
        leaf = session.exec(select(Leaf).where(Leaf.subject == "licence:L1")).one()
        session.delete(session.get_one(LeafSalt, leaf.id))
    with database.reading() as session:
        assert session.get(LeafSalt, leaf.id) is None
        head = reads.head(session)
        assert head is not None
        assert reads.tree(session, size).root() == head.checkpoint.root


def test_the_proof_of_a_pack_convinces_whoever_has_only_the_key(database: Database, sequencer: Sequencer) -> None:
    with database.writing() as session:
        make.an_order(make.work(session), make.a_signer(sequencer.folder), packs=5, activated=False)
        label = session.exec(select(Label).where(Label.position == 3)).one()
    with database.reading() as session, pytest.raises(AppError, match=r"log\.not_yet"):
        log_proofs.of_unit(session, label.serial)
    sequencer.run_once()
    with database.reading() as session:
        written = tlog_proofs.write(log_proofs.of_unit(session, label.serial))
    known = vkey(database)
    proof = tlog_proofs.parse(written)
    found = tlog_proofs.verify(proof, known)
    assert found.statement["type"] == "code.issue"
    assert found.statement["facts"]["packs"] == 5
    assert proof.unit is not None
    assert proof.unit.element.endswith(label.serial)
    with pytest.raises(AppError, match=r"proofs\.quorum"):
        tlog_proofs.verify(proof, known, [], quorum=1)
    stranger = Verifier(make.ORIGIN, ED25519, keys.generate().public)
    with pytest.raises(AppError, match=r"notes\.no_known_signature"):
        tlog_proofs.verify(proof, stranger)


def test_a_program_that_shares_nothing_with_ours_reads_the_files(database: Database, sequencer: Sequencer) -> None:
    """Checkpoint, bundles and tiles read by twenty lines of plain Python, hashing for themselves."""
    from hashlib import sha256

    acts(database, 300)
    size = sequencer.run_once()
    origin, count, root, *_ = (sequencer.folder / "checkpoint").read_text().split("\n")
    assert (origin, int(count)) == (make.ORIGIN, size)
    entries: list[bytes] = []
    for name, width in (("000", 256), (f"001.p/{size - 256}", size - 256)):
        data, at = (sequencer.folder / "tile/entries" / name).read_bytes(), 0
        for _ in range(width):
            length = data[at] * 256 + data[at + 1]
            entries.append(data[at + 2 : at + 2 + length])
            at += 2 + length
        assert at == len(data)

    def mth(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return sha256(b"\0" + leaves[0]).digest()
        k = 1
        while k * 2 < len(leaves):
            k *= 2
        return sha256(b"\1" + mth(leaves[:k]) + mth(leaves[k:])).digest()

    assert base64.b64encode(mth(entries)).decode() == root
    level0 = (sequencer.folder / "tile/0/000").read_bytes() + (
        sequencer.folder / f"tile/0/001.p/{size - 256}"
    ).read_bytes()
    assert level0 == b"".join(sha256(b"\0" + one).digest() for one in entries)
    assert (sequencer.folder / "tile/1/000.p/1").read_bytes() == mth(entries[:256])


def test_files_grow_with_the_log_and_can_be_made_anew(database: Database, sequencer: Sequencer, tmp_path: Path) -> None:
    for count in (100, 100, 100):
        acts(database, count, first=count)
        sequencer.run_once()
    with database.reading() as session:
        log_files.publish(session, tmp_path / "anew")
    ours = {one.relative_to(sequencer.folder) for one in sequencer.folder.rglob("*") if one.is_file()}
    anew = {one.relative_to(tmp_path / "anew") for one in (tmp_path / "anew").rglob("*") if one.is_file()}
    assert anew <= ours, "those of earlier sizes stay while their tile is not whole"
    assert not any("000.p" in str(one) and "tile/0" in str(one) for one in ours), "a whole tile takes their place"
    for one in anew:
        assert (sequencer.folder / one).read_bytes() == (tmp_path / "anew" / one).read_bytes()


def test_no_entry_names_a_person(database: Database, sequencer: Sequencer) -> None:
    with database.writing() as session:
        make.an_order(make.work(session), make.a_signer(sequencer.folder), packs=2)
    sequencer.run_once()
    with database.reading() as session:
        said = "".join(session.exec(select(LogEntry.data)))
    for canary in ("示范", "13800000000", "养羊", "abattoir-person"):
        assert canary not in said
    checkpoints.parse(notes.parse((sequencer.folder / "checkpoint").read_text()).text)
