"""Keys follow one another and end; what they signed before counts as the log says; files of trust only get newer."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.statements import message
from brand.models.statement_keys import StatementKey
from brand.queries import statement_keys as statement_reads
from tests import make
from tests.people import CLERK
from trace.crypto import label_codes, notes, trust
from trace.crypto.keys import public_key
from trace.crypto.notes import ED25519, Verifier
from trace.crypto.readings import read_any
from trace.crypto.sealed_keys import WEAKEST, Role
from trace.crypto.signables import signer_name
from trace.crypto.trust import BUNDLE, REVOCATIONS
from trace.models.batches import Batch
from trace.models.labels import Label, LabelOrder, SigningKey
from trace.models.log import LogKey
from trace.queries import log as log_reads
from trace.queries import trust as reads
from trace.queries.verification import verify
from trace.rules.labels import VoidReason
from trace.services import key_steps, keys, labels
from trace.services.key_files import KeyFiles
from trace.services.log_signer import LogSigner
from trace.services.sequencer import Sequencer
from trace.services.signer import LabelSigner
from trace.services.statement_keys import OfficeSigner
from trace.services.trust import TrustKeeper

NOW = make.MONDAY
pytestmark = pytest.mark.packed


@pytest.fixture
def files(tmp_path: Path) -> KeyFiles:
    return KeyFiles(tmp_path / "keys", make.PASSPHRASE, cost=WEAKEST)


@pytest.fixture
def sequencer(database: Database, files: KeyFiles, tmp_path: Path) -> Sequencer:
    return Sequencer(database, LogSigner(files), make.ORIGIN, tmp_path / "log", lambda: NOW)


@pytest.fixture
def keeper(database: Database, files: KeyFiles) -> TrustKeeper:
    return TrustKeeper(database, files, make.ORIGIN, lambda: NOW)


def do(database: Database, act, *given, actor=None, **named):
    with database.writing() as session:
        work = make.work(session) if actor is None else make.work(session, make.actor(session, actor))
        return act(work, *given, **named)


def refusal(database: Database, act, *given, **named) -> str:
    with pytest.raises(AppError) as found:
        do(database, act, *given, **named)
    return found.value.code


def an_order(database: Database, files: KeyFiles, **options) -> tuple[str, list[str]]:
    """The key and the addresses of a new order of activated packs."""
    with database.writing() as session:
        order = make.an_order(make.work(session), LabelSigner(files, make.ORIGIN), packs=3, **options)
        rows = session.exec(select(Label).where(Label.order_id == order.id).order_by(Label.position)).all()
        batch = session.get_one(Batch, order.batch_id).code
        return order.kid, [f"/u/{batch}/{one.serial}?s={order.kid}.{one.signature}" for one in rows]


def colour(database: Database, address: str) -> tuple[str, set[str]]:
    with database.reading() as session:
        verdict = verify(
            session, make.ORIGIN, read_any(f"http://localhost{address}", {"localhost"}), NOW.date()
        ).verdict
    return verdict.colour.value, {one.code for one in verdict.reasons}


def test_a_stolen_label_key_does_not_burn_honest_stock(
    database: Database, files: KeyFiles, sequencer: Sequencer
) -> None:
    """The drill: codes logged before the cut stay good at every scan, everything else under the key is red."""
    kid, honest = an_order(database, files)
    sequencer.run_once()
    cut = do(database, key_steps.distrust, "label", kid, reason="drill")
    for address in honest:
        assert "verdicts.key_distrusted" not in colour(database, address)[1]
    forged = honest[0].replace(honest[0].split("/")[3][:16], "0123456789ABCDEF")
    assert colour(database, forged)[0] == "red"
    assert refusal(database, keys.current, LabelSigner(files, make.ORIGIN), "cooperative") == "keys.distrusted"
    new = do(database, key_steps.turn, files, make.ORIGIN, "label", enterprise_id="cooperative")
    assert do(database, keys.current, LabelSigner(files, make.ORIGIN), "cooperative").kid == new != kid
    with database.reading() as session:
        assert session.get_one(SigningKey, kid).distrusted_from == cut


def test_what_was_issued_at_the_cut_or_later_is_red(database: Database, files: KeyFiles, sequencer: Sequencer) -> None:
    kid, addresses = an_order(database, files)
    sequencer.run_once()
    with database.reading() as session:
        order = session.exec(select(LabelOrder)).one()
        place = log_reads.entry_of_act(session, "label_order", order.id, "labels.order").place
    assert do(database, key_steps.distrust, "label", kid, reason="stolen", from_index=place) == place
    assert "verdicts.key_distrusted" in colour(database, addresses[0])[1]


def test_what_waits_gets_its_place_before_the_cut(database: Database, files: KeyFiles) -> None:
    kid, addresses = an_order(database, files)
    do(database, key_steps.distrust, "label", kid, reason="stolen")
    assert "verdicts.key_distrusted" not in colour(database, addresses[0])[1]


@pytest.mark.parametrize("role", ["log", "receipt", "trust", "endorsement", "label"])
def test_a_key_of_each_role_is_turned_and_ends(
    database: Database, files: KeyFiles, sequencer: Sequencer, keeper: TrustKeeper, role: str
) -> None:
    office = OfficeSigner(files, make.ORIGIN)
    do(database, office.sign, "endorsement", b"x")
    an_order(database, files)
    sequencer.run_once()
    keeper.run_once()
    named = {"enterprise_id": "cooperative"} if role == "label" else {}
    with database.reading() as session:
        old = [one["kid"] for one in reads.keys(session) if one["role"] == role]
    new = do(database, key_steps.turn, files, make.ORIGIN, role, **named)
    with database.reading() as session:
        states = {one["kid"]: one["state"] for one in reads.keys(session) if one["role"] == role}
    assert states == {old[0]: "active" if role == "trust" else "retired", new: "active"}
    if role == "trust":
        do(database, key_steps.retire, role, old[0], reason="other")
        assert refusal(database, key_steps.retire, role, new, reason="other") == "keys.last_trust"
    assert refusal(database, key_steps.retire, role, old[0], reason="other") in {"keys.ended", "keys.last_trust"}
    do(database, key_steps.distrust, role, old[0], reason="stolen", from_index=1)
    assert refusal(database, key_steps.distrust, role, old[0], reason="stolen") == "keys.ended"
    keeper.run_once()
    assert (role, old[0]) not in {(one.role, one.key_id) for one in files.state().keys}, "its private half is gone"
    an_order(database, files)
    size = sequencer.run_once()
    with database.reading() as session:
        assert log_reads.head(session).checkpoint.size == size, "the log goes on under its key of now"


def test_bad_input_changes_nothing(database: Database, files: KeyFiles, sequencer: Sequencer) -> None:
    kid, _ = an_order(database, files)
    sequencer.run_once()
    wrong = {
        "keys.role": (key_steps.turn, files, make.ORIGIN, "witness"),
        "keys.enterprise_needed": (key_steps.turn, files, make.ORIGIN, "label"),
        "access.unknown": (key_steps.retire, "receipt", kid),
    }
    for code, (act, *given) in wrong.items():
        assert refusal(database, act, *given, **({} if act is key_steps.turn else {"reason": "other"})) == code
    for cut in (-1, 10**6):
        assert refusal(database, key_steps.distrust, "label", kid, reason="lost", from_index=cut) == "keys.cut"
    assert refusal(database, key_steps.retire, "label", kid, reason="lost", actor=CLERK) == "access.unknown"
    with database.reading() as session:
        assert session.get_one(SigningKey, kid).state == "active"


@pytest.mark.parametrize("table", ["signing_keys", "statement_keys", "log_keys"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET public_key = 'x'", "UPDATE {} SET kid = 'zz9'"])
def test_the_database_keeps_the_keys_themselves(
    database: Database, files: KeyFiles, sequencer: Sequencer, table: str, change: str
) -> None:
    an_order(database, files)
    do(database, OfficeSigner(files, make.ORIGIN).sign, "endorsement", b"x")
    sequencer.run_once()
    with pytest.raises(DatabaseError, match="keeps kid"), database.writing() as session:
        session.connection().execute(text(change.format(table)))


def test_a_statement_counts_by_the_moment_of_the_cut(database: Database, files: KeyFiles, sequencer: Sequencer) -> None:
    office = OfficeSigner(files, make.ORIGIN)
    signature = do(database, office.sign, "endorsement", b"x")
    assert message("endorsement", make.ORIGIN, signature.kid, b"x")
    sequencer.run_once()
    do(database, key_steps.distrust, "endorsement", signature.kid, reason="stolen")
    assert refusal(database, office.sign, "endorsement", b"y") == "keys.distrusted"
    with database.reading() as session:
        key = session.get_one(StatementKey, signature.kid)
    assert statement_reads.trusted(key, NOW - timedelta(hours=1))
    assert not statement_reads.trusted(key, NOW)
    assert not statement_reads.trusted(None, NOW)


def held(database: Database) -> list[Verifier]:
    with database.reading() as session:
        rows = log_reads.keys(session, Role.TRUST)
    return [Verifier(signer_name(make.ORIGIN, BUNDLE), ED25519, public_key(one.public_key)) for one in rows]


def test_files_of_trust_tell_every_key_and_only_get_newer(
    database: Database, files: KeyFiles, keeper: TrustKeeper, sequencer: Sequencer
) -> None:
    kid, addresses = an_order(database, files)
    sequencer.run_once()
    assert keeper.run_once() == 2
    assert keeper.run_once() == 0, "nothing new to say"
    first = held(database)
    with database.reading() as session:
        old = reads.newest(session, BUNDLE)
    cut = do(database, key_steps.distrust, "label", kid, reason="stolen")
    do(database, key_steps.turn, files, make.ORIGIN, "trust")
    assert keeper.run_once() == 2
    with database.reading() as session:
        note, revoked = reads.newest(session, BUNDLE).note, reads.newest(session, REVOCATIONS)
    for known in (first, held(database)[1:]):  # both who hold on to the old key and who know the new one already
        bundle = trust.read(note, BUNDLE, known, newest=1)
    (told,) = [one for one in bundle.body["keys"] if one["kid"] == kid]
    assert (told["state"], told["distrusted_from"]) == ("distrusted", cut)
    with pytest.raises(AppError, match=r"trust\.older"):
        trust.read(old.note, BUNDLE, first, newest=bundle.version)
    with pytest.raises(AppError, match=r"signer\.note_topic"):
        trust.read(revoked.note, BUNDLE, first)
    with pytest.raises(AppError, match=r"notes\.signature_wrong"):
        trust.read(note.replace('"distrusted"', '"active"', 1), BUNDLE, first)
    scanned = label_codes.parse(addresses[0])
    kinds = [[one.code for one in trust.judge(bundle, scanned, NOW, place=place)] for place in (None, cut - 1, cut)]
    lists = "trust.no_revocations"
    assert kinds == [[lists, "trust.distrusted_unproven"], [lists], [lists, "trust.distrusted"]]


def test_an_older_database_never_signs_an_older_version(
    database: Database, files: KeyFiles, keeper: TrustKeeper
) -> None:
    keeper.run_once()
    with database.writing() as session:  # what the signer knows and this database does not
        guard = "trust_files_no_delete" if database.is_sqlite else "trust_files_only_grows ON trust_files"
        session.connection().execute(text(f"DROP TRIGGER {guard}"))
        session.connection().execute(text("DELETE FROM trust_files"))
    keeper.run_once()
    with database.reading() as session:
        assert {topic: reads.newest(session, topic).version for topic in (BUNDLE, REVOCATIONS)} == {
            BUNDLE: 2,
            REVOCATIONS: 2,
        }


def test_revocations_off_line(database: Database, files: KeyFiles, keeper: TrustKeeper, sequencer: Sequencer) -> None:
    _, addresses = an_order(database, files)
    with database.writing() as session:
        order = session.exec(select(LabelOrder)).one()
        labels.void(make.work(session), order.id, first=2, last=2, reason=VoidReason.LOST, version=order.version)
    sequencer.run_once()
    keeper.run_once()
    with database.reading() as session:
        bundle, rows = reads.newest(session, BUNDLE), reads.newest(session, REVOCATIONS)
    good = trust.read(bundle.note, BUNDLE, held(database))
    revoked = trust.read(rows.note, REVOCATIONS, held(database))
    assert revoked.body["withdrawn"] == {"count": 1, "sha256": hashlib.sha256(rows.data).hexdigest()}

    def found(address: str, now=NOW, listed=revoked, data=rows.data) -> list[str]:
        scanned = label_codes.parse(address)
        return [one.code for one in trust.judge(good, scanned, now, revocations=listed, withdrawn=data)]

    assert found(addresses[0]) == []
    assert found(addresses[1]) == ["verdicts.void"]
    assert found(addresses[0], now=NOW + timedelta(days=8)) == ["trust.expired"]
    assert found(addresses[0], data=b"") == ["trust.no_withdrawn"]
    with pytest.raises(AppError, match=r"trust\.withdrawn_file"):
        found(addresses[0], data=b"12345")
    called = dataclasses.replace(
        revoked, body={**revoked.body, "recalled": [label_codes.parse(addresses[0]).code.batch]}
    )
    assert found(addresses[0], listed=called) == ["verdicts.recalled"]
    assert found(addresses[0][:-1] + ("A" if addresses[0][-1] != "A" else "Q")) == ["verdicts.bad_signature"]
    assert found(addresses[0].partition("?")[0]) == ["trust.unsigned"]


def test_keys_follow_in_good_time(database: Database, files: KeyFiles) -> None:
    """Two weeks before its end the successor of a key is published, and the next quarter's label keys as well."""
    an_order(database, files)
    now = [NOW]
    keeper = TrustKeeper(database, files, make.ORIGIN, lambda: now[0])
    keeper.run_once()
    now[0] = NOW + timedelta(days=10)  # a week before the quarter ends
    keeper.run_once()
    with database.reading() as session:
        assert session.exec(select(SigningKey).where(SigningKey.quarter == "2026Q4")).one().state == "active"
    now[0] = NOW + timedelta(days=360)
    keeper.run_once()
    with database.reading() as session:
        first, second = session.exec(select(LogKey).where(LogKey.role == "receipt").order_by(LogKey.not_before)).all()
    assert second.not_before == first.not_after
    notes.verifier(Verifier("x", ED25519, public_key(second.public_key)).text)


def test_a_file_left_by_a_crash_keeps_nobody_from_signing(
    database: Database, files: KeyFiles, sequencer: Sequencer
) -> None:
    """Killed between the sealed file and its row: the next start takes another id and the log goes on."""
    an_order(database, files)
    files.create(Role.LOG, f"{NOW:%Y%m%d}", NOW, NOW + timedelta(days=366), NOW)
    size = sequencer.run_once()
    with database.reading() as session:
        assert log_reads.head(session).checkpoint.size == size
        assert [one.kid for one in log_reads.keys(session)] == [f"{NOW:%Y%m%d}-2"]
