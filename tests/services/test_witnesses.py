"""Asking witnesses: what they say is checked before it is believed, and whatever they do the log goes on."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from tests import make
from tests.crypto.key_ring import derive_test_key
from tests.services.test_log import acts, vkey
from trace.cli.witness import door
from trace.crypto import log_policies, notes, tlog_proofs
from trace.crypto.log_policies import Policy
from trace.crypto.notes import COSIGNATURE, Verifier
from trace.crypto.sealed_keys import Role
from trace.queries import log as reads
from trace.queries import log_proofs
from trace.services import wire, witnesses
from trace.services.key_files import KeyFiles
from trace.services.log_signer import LogSigner
from trace.services.sequencer import Sequencer
from trace.services.wire import Reply
from trace.services.witness import Witness
from trace.services.witnesses import Cosigners

AT = int(make.MONDAY.timestamp())
KEYS = {name: derive_test_key(f"honest {number}") for number, name in enumerate("abc", 10)}
VKEYS = {name: Verifier(f"{name}.test.invalid", COSIGNATURE, key.public) for name, key in KEYS.items()}
Answers = dict[str, Callable[[bytes], Reply]]


def policy(least: int = 2) -> Policy:
    lines = [f"witness {name} {VKEYS[name].text} https://{name}.test.invalid/w" for name in KEYS]
    return log_policies.parse("\n".join([*lines, f"group g {least} a b c", "quorum g"]))


@pytest.fixture
def log(database: Database, tmp_path: Path) -> Sequencer:
    signer = LogSigner(KeyFiles(tmp_path / "keys", make.PASSPHRASE, cost=make.WEAKEST))
    found = Sequencer(database, signer, make.ORIGIN, tmp_path / "log", lambda: make.MONDAY)
    acts(database, 3)
    found.run_once()
    return found


@pytest.fixture
def outside(database: Database, log: Sequencer, tmp_path: Path) -> Iterator[Answers]:
    """Three honest witnesses at three addresses; a test puts others in their place."""
    stores = [Database(f"sqlite:///{tmp_path / name}.db") for name in KEYS]
    answers: Answers = {}
    for (name, key), store in zip(KEYS.items(), stores, strict=True):
        one = Witness(store, VKEYS[name].name, key, lambda: make.MONDAY)
        one.trust(vkey(database).text)
        answers[name] = honest(one)
    yield answers
    for store in stores:
        store.close()


def honest(one: Witness) -> Callable[[bytes], Reply]:
    def answered(body: bytes) -> Reply:
        answer = one.add_checkpoint(body)
        return Reply(answer.status, answer.kind, answer.body)

    return answered


def attend(log: Sequencer, database: Database, answers: Answers, least: int = 2) -> Cosigners:
    def ask(url: str, body: bytes) -> Reply:
        assert url.endswith(".test.invalid/w/add-checkpoint")
        return answers[url.removeprefix("https://")[0]](body)

    log.cosigners = Cosigners(database, policy(least), lambda: make.MONDAY, ask=ask, patience=timedelta(0))
    return log.cosigners


def codes(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {notes.verifier(one.witness).name[0]: one.code for one in reads.witnesses(session)}


def dead(_body: bytes) -> Reply:
    raise AppError(Kind.UNAVAILABLE, "wire.unreachable", reason="ConnectionRefusedError")


def test_a_head_is_cosigned_published_and_stands_in_proofs(
    database: Database, log: Sequencer, outside: Answers
) -> None:
    attend(log, database, outside)
    assert log.ask_witnesses()
    assert not log.ask_witnesses(), "nobody is asked twice for one head"
    published = (log.folder / "checkpoint").read_text()
    assert policy().cosigners(notes.parse(published)) == ("a", "b", "c")
    with database.reading() as session:
        proof = log_proofs.of_entry(session, 1)
    kept = tlog_proofs.parse(tlog_proofs.write(proof))
    found = tlog_proofs.verify(kept, vkey(database), list(VKEYS.values()), 3)
    assert found.witnesses == ("a.test.invalid", "b.test.invalid", "c.test.invalid")
    acts(database, 300, first=10)
    log.run_once()
    assert log.ask_witnesses(), "grown, with a proof of consistency"
    assert codes(database) == {"a": "", "b": "", "c": ""}


def test_a_dead_witness_is_shown_and_stops_nothing(database: Database, log: Sequencer, outside: Answers) -> None:
    back, outside["b"] = outside["b"], dead
    attend(log, database, outside)
    assert log.ask_witnesses()
    assert codes(database) == {"a": "", "b": "wire.unreachable", "c": ""}
    with database.reading() as session:
        enough = reads.witnessed(session)
    assert enough is not None
    outside["a"] = outside["c"] = dead
    acts(database, 2, first=10)
    size = log.run_once()
    assert not log.ask_witnesses()
    with database.reading() as session:
        assert reads.newest(session).checkpoint.size == size  # type: ignore[union-attr]
        assert reads.witnessed(session) == enough
        proof = log_proofs.of_entry(session, 0)
        assert log_proofs.of_entry(session, size - 1).note.count("—") == 1
    assert tlog_proofs.verify(proof, vkey(database), list(VKEYS.values()), 2), "that two have seen, if not the newest"
    outside["b"] = back
    assert log.ask_witnesses(), "asked from the beginning again, as it knows nothing"


def lines(names: str, text: str, at: int = AT) -> bytes:
    return "".join(notes.cosign(text, VKEYS[one].name, KEYS[one], at).line for one in names).encode()


LIES: list[tuple[Callable[[str], Reply], str]] = [
    (lambda _text: Reply(404, "text/plain", b""), "witnesses.unknown_log"),
    (lambda _text: Reply(403, "text/plain", b""), "witnesses.untrusted_key"),
    (lambda _text: Reply(400, "text/plain", b""), "witnesses.bad_request"),
    (lambda _text: Reply(422, "text/plain", b""), "witnesses.unproven"),
    (lambda _text: Reply(500, "text/html", b"<h1>sorry</h1>"), "witnesses.status"),
    (lambda _text: Reply(302, "text/plain", b""), "witnesses.status"),
    (lambda _text: Reply(409, "text/x.tlog.size", b"99\n"), "witnesses.ahead"),
    (lambda _text: Reply(409, "text/x.tlog.size", b"0\n"), "witnesses.contradicts"),
    (lambda _text: Reply(409, "text/x.tlog.size", b"three\n"), "witnessing.answer"),
    (lambda _text: Reply(409, "text/x.tlog.size", b"2"), "witnessing.answer"),
    (lambda _text: Reply(409, "text/x.tlog.size", b"9" * 30 + b"\n"), "witnessing.answer"),
    (lambda _text: Reply(200, "text/plain", b""), "witnessing.answer"),
    (lambda _text: Reply(200, "text/plain", b"\xff\xfe"), "witnessing.answer"),
    (lambda _text: Reply(200, "text/plain", b"fine by me\n"), "witnessing.answer"),
    (lambda text: Reply(200, "text/plain", lines("b", text)), "notes.no_known_signature"),
    (lambda text: Reply(200, "text/plain", lines("a", "other\n1\n")), "notes.signature_wrong"),
    (lambda text: Reply(200, "text/plain", lines("a", text, AT + 200_000)), "witnessing.time"),
    (lambda text: Reply(200, "text/plain", b"more\n\n" + lines("a", text)), "witnessing.answer"),
]


def test_a_witness_that_lies_is_not_believed(database: Database, log: Sequencer, outside: Answers) -> None:
    with database.reading() as session:
        text = notes.parse(reads.newest(session).note).text  # type: ignore[union-attr]
    attend(log, database, outside)
    for reply, code in LIES:
        outside["a"] = lambda _body, reply=reply: reply(text)  # type: ignore[misc]
        log.ask_witnesses()
        assert codes(database) == {"a": code, "b": "", "c": ""}
    assert policy().cosigners(notes.parse((log.folder / "checkpoint").read_text())) == ("b", "c")


def test_one_that_sends_us_round_in_circles_is_left_alone(database: Database, log: Sequencer, outside: Answers) -> None:
    sizes = iter([1, 2, 3, 1, 2, 3])
    outside["a"] = lambda _body: Reply(409, "text/x.tlog.size", b"%d\n" % next(sizes))
    attend(log, database, outside)
    log.ask_witnesses()
    assert codes(database)["a"] == "witnesses.undecided"
    assert next(sizes) == 1, "three questions and no more"


def test_one_that_forgot_us_or_was_asked_by_another_process_is_met_where_it_stands(
    database: Database, log: Sequencer, outside: Answers
) -> None:
    with database.reading() as session:
        head = reads.newest(session)
        first = reads.tree(session, 2).root()
    assert head is not None
    text = f"{make.ORIGIN}\n2\n{base64.b64encode(first).decode('ascii')}\n"
    key = log._signer._keeper.key(Role.LOG, make.MONDAY.strftime("%Y%m%d"), make.MONDAY)  # type: ignore[attr-defined]
    note = notes.Note(text, (notes.sign(text, make.ORIGIN, key),)).written
    assert outside["a"](b"old 0\n\n" + note.encode()).status == 200
    attend(log, database, outside)
    assert log.ask_witnesses()
    assert codes(database)["a"] == ""


def test_a_restored_copy_learns_from_its_witnesses_that_it_is_old(
    database: Database, log: Sequencer, outside: Answers
) -> None:
    attend(log, database, outside)
    log.ask_witnesses()
    outside["a"] = lambda _body: Reply(409, "text/x.tlog.size", b"500\n")
    acts(database, 1, first=20)
    log.run_once()
    log.ask_witnesses()
    with database.reading() as session:
        (row,) = [one for one in reads.witnesses(session) if one.code]
    assert (row.code, row.detail) == ("witnesses.ahead", "500")


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/w/add-checkpoint"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _says(handler: BaseHTTPRequestHandler, body: bytes, length: int | None = None) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


def _drips(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(20):
        try:
            handler.wfile.write(b"x")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (_drips, "wire.too_slow"),
        (lambda handler: time.sleep(0.6), "wire.too_slow"),
        (lambda handler: _says(handler, b"x" * 5000), "wire.too_long"),
        (lambda handler: _says(handler, b"short", 50), "wire.unreachable"),
        (lambda handler: handler.wfile.write(b"\x00\x01garbage\n\n"), "wire.unreachable"),
    ],
)
def test_whoever_stalls_drips_or_floods_gets_no_more(
    answer: Callable[[BaseHTTPRequestHandler], None], code: str
) -> None:
    with serving(answer) as url:
        began = time.monotonic()
        with pytest.raises(AppError) as caught:
            wire.call(url, b"old 0\n", seconds=0.3, most=2000)
        assert caught.value.code == code
        assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "url",
    ["http://witness.test.invalid/w", "ftp://127.0.0.1/w", "https://", "w", "https://[::1", "http://127.0.0.1:x/"],
)
def test_other_addresses_are_not_called(url: str) -> None:
    with pytest.raises(AppError, match=r"wire\.address"):
        wire.call(url, seconds=1, most=10)


def test_over_real_http(database: Database, log: Sequencer, tmp_path: Path) -> None:
    """Our witness behind its own door, our log before it, nothing between them but a socket."""
    store = Database(f"sqlite:///{tmp_path / 'w.db'}")
    one = Witness(store, VKEYS["a"].name, KEYS["a"], lambda: make.MONDAY)
    one.trust(vkey(database).text)
    server = door(one, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/w"
        told = log_policies.parse(f"witness a {VKEYS['a'].text} {url}\nquorum a\n")
        log.cosigners = Cosigners(database, told, lambda: make.MONDAY)
        assert log.ask_witnesses()
        assert told.cosigners(notes.parse((log.folder / "checkpoint").read_text())) == ("a",)
        assert witnesses.post(f"{url}/elsewhere", b"").status == 404
        assert wire.call(f"{url}/add-checkpoint", b"x" * 200_000, seconds=5, most=100).status == 413
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        store.close()
