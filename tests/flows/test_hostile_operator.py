"""What the office could try against those who stand outside: witnesses, a mirror, whoever kept a receipt or a proof.

Each trick is played with the log's own key: the office holds it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from tests import make
from tests.crypto.key_ring import derive_test_key
from tests.flows.test_outside import FORKS, KEY, NOW, ORIGIN, VKEY, bring, honest, plain, publish
from tests.services.test_log import vkey
from trace.cli.main import main
from trace.crypto import log_policies, merkle, notes, tlog_proofs
from trace.crypto.checkpoints import parse
from trace.crypto.keys import PrivateKey
from trace.crypto.log_policies import Policy
from trace.crypto.notes import COSIGNATURE, ED25519, Verifier
from trace.crypto.sealed_keys import Role
from trace.crypto.signables import RECEIPT, RegistryNote, signer_name
from trace.crypto.tiles import Tile, Tree
from trace.crypto.tlog_proofs import LogProof
from trace.crypto.trust import BUNDLE
from trace.crypto.witnessing import Request
from trace.queries import log as reads
from trace.queries import log_proofs
from trace.services import log_mirror, log_monitor, log_sources
from trace.services.key_files import KeyFiles
from trace.services.log_signer import LogSigner
from trace.services.sequencer import Sequencer
from trace.services.witness import Witness

ROOT = Path(__file__).resolve().parents[2]
UNION, BUREAU, POCKET = (derive_test_key(f"honest {number}") for number in (10, 11, 12))


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    yield from watching(tmp_path / "w.db")


def watching(path: Path) -> Iterator[Witness]:
    database = Database(f"sqlite:///{path}")
    found = Witness(database, "union.test.invalid", UNION, lambda: make.MONDAY)
    found.trust(VKEY.text)
    yield found
    database.close()


def ask(witness: Witness, log: Path) -> int:
    """The office's best try: the proof is drawn from the history it shows, from the size the witness knows."""
    note = (log / "checkpoint").read_text()
    size = parse(notes.parse(note).text).size
    (known,) = witness.known()

    def fetch(wanted: Tile) -> bytes:
        whole = log / Tile(wanted.level, wanted.index).path
        path = log / wanted.path if (log / wanted.path).exists() else whole
        return path.read_bytes()[: wanted.width * 32]

    proof: list[bytes] = []
    if 0 < known.size < size:
        try:
            proof = Tree(size, fetch).consistency(known.size)
        except (AppError, OSError):  # it has not even the tiles it signed for
            proof = []
    return witness.add_checkpoint(Request(known.size, tuple(proof), note).written).status


#: What a witness says to each trick that a mirror refuses; those about bundles alone it cannot see, it reads none.
UNSEEN = {"bundle cut short", "bundle of others", "a bundle withheld"}


@pytest.mark.parametrize("trick", sorted(set(FORKS) - UNSEEN))
def test_a_witness_vouches_for_no_other_history(tmp_path: Path, witness: Witness, trick: str) -> None:
    assert ask(witness, publish(tmp_path / "first", plain(300))) == 200
    made, _ = FORKS[trick]
    assert ask(witness, made(tmp_path / "second")) in (400, 403, 409, 422)
    assert ask(witness, publish(tmp_path / "third", plain(310))) == 200, "the true history goes on"


def test_a_split_view_lacks_a_quorum_for_the_second(tmp_path: Path) -> None:
    """The consumer is shown one log, the inspector another: two of three witnesses cannot vouch for both."""
    stores = [next(watching(tmp_path / f"{name}.db")) for name in "abc"]
    base = publish(tmp_path / "base", plain(300))
    views = {
        "consumer": publish(tmp_path / "consumer", plain(310)),
        "inspector": publish(tmp_path / "inspector", [*plain(300), *plain(10, "x")]),
    }
    assert [ask(one, base) for one in stores] == [200] * 3
    vouched = {"consumer": 0, "inspector": 0}
    for one, order in zip(stores, (["consumer", "inspector"], ["inspector", "consumer"], ["consumer"]), strict=True):
        for view in order:
            vouched[view] += ask(one, views[view]) == 200
    assert sorted(vouched.values()) == [1, 2], "each vouches for one of them only"


def test_a_witness_in_the_offices_pocket_is_one_of_three(tmp_path: Path, witness: Witness) -> None:
    """It signs whatever it is given; the policy of those who check asks for two, and the others do not."""
    assert ask(witness, publish(tmp_path / "first", plain(300))) == 200
    forged = publish(tmp_path / "forged", [*plain(299), b"{}"])
    note = notes.parse((forged / "checkpoint").read_text())
    bribed = notes.cosign(note.text, "pocket.test.invalid", POCKET, int(NOW.timestamp()))
    assert ask(witness, forged) == 409
    known = {"union": UNION, "bureau": BUREAU, "pocket": POCKET}
    verifiers = [Verifier(f"{name}.test.invalid", COSIGNATURE, key.public) for name, key in known.items()]
    signed = notes.Note(note.text, (*note.signatures, bribed))
    assert len(notes.verified(signed, verifiers)) == 1, "one of the two that are needed"
    (forged / "checkpoint").write_text(signed.written)
    text = "".join(f"witness {one.name.partition('.')[0]} {one.text}\n" for one in verifiers)
    policy = log_policies.parse(f"log {VKEY.text}\n{text}group g 2 union bureau pocket\nquorum g\n")
    with pytest.raises(AppError, match=r"proofs\.quorum"):
        log_mirror.bring(log_sources.source(str(forged)), tmp_path / "mine", policy)


def test_an_entry_edited_under_an_old_checkpoint_is_named_by_the_monitor(tmp_path: Path) -> None:
    story = honest()
    theirs = publish(tmp_path / "log", story.entries())
    story.said[4]["facts"]["cap_kg"] = "999.000"
    edited = publish(tmp_path / "edited", story.entries())
    bundle = Tile(-1, 0, len(story.said)).path
    (theirs / bundle).write_bytes((edited / bundle).read_bytes())
    read = log_monitor.read(log_sources.source(str(theirs)), Policy((VKEY,)), NOW)
    assert [one.code for one in read.seen] == ["watch.root_differs"]


def test_whoever_kept_a_checkpoint_proves_it_alone(tmp_path: Path) -> None:
    """No mirror, no witness: a sheet of paper with yesterday's head, and the whole history signed anew today."""
    kept = (publish(tmp_path / "first", plain(300)) / "checkpoint").read_text()
    mine = tmp_path / "mine"
    bring(publish(tmp_path / "second", [b"{}", *plain(310)[1:]]), mine)
    before = parse(notes.parse(kept).text)
    copy = log_sources.source(str(mine))
    entries = [one for index in range(2) for one in log_sources.bundle(copy, index, 310)]
    assert merkle.root([merkle.leaf_hash(one) for one in entries[: before.size]]) != before.root


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Sequencer:
    signer = LogSigner(KeyFiles(tmp_path / "keys", make.PASSPHRASE, cost=make.WEAKEST))
    found = Sequencer(database, signer, make.ORIGIN, tmp_path / "log", lambda: make.MONDAY)
    with database.writing() as session:
        make.public_act(session, "licences.grant", "L1", number="L2026-0001")
    found.run_once()
    return found


def proof_of(database: Database, place: int) -> LogProof:
    with database.reading() as session:
        return log_proofs.of_entry(session, place)


def the_key(database: Database) -> Verifier:
    return vkey(database)


RECEIPTS, TRUST = derive_test_key("honest 15"), derive_test_key("honest 16")


def signed(topic: str, body: dict[str, object], key: PrivateKey) -> str:
    text = RegistryNote(topic, body).text
    return notes.Note(text, (notes.sign(text, signer_name(ORIGIN, topic), key),)).written


def receipt(entries: list[bytes], index: int, key: PrivateKey = RECEIPTS) -> str:
    told = dict.fromkeys(("act", "type", "subject"), "x") | {"at": NOW.isoformat(), "origin": ORIGIN, "index": index}
    return signed(RECEIPT, {**told, "leaf_hash": merkle.leaf_hash(entries[index]).hex()}, key)


def held_against(folder: Path, written: str, *options: str) -> Result:
    """At the keyboard of the receipt's holder: it, a list of keys fetched earlier, somebody's copy of the log."""
    keys = [(Role.LOG, KEY), (Role.RECEIPT, RECEIPTS), (Role.TRUST, TRUST)]
    rows = [{"role": role, "public_key": key.public.text, "state": "active"} for role, key in keys]
    day = {"issued": NOW.isoformat(), "expires": NOW.isoformat()}
    body: dict[str, object] = {"v": 1, "version": 1, "origin": ORIGIN, "keys": rows, **day}
    (folder / "bundle").write_text(signed(BUNDLE, body, TRUST))
    (folder / "receipt").write_text(written)
    vkey = Verifier(signer_name(ORIGIN, BUNDLE), ED25519, TRUST.public).text
    files = [str(folder / "receipt"), "--bundle", str(folder / "bundle"), "--trust", vkey, "--lang", "en"]
    return CliRunner().invoke(main, ["verify", *files, *options], catch_exceptions=False)


def unsound(folder: Path) -> Path:
    made = publish(folder, plain(310))
    (made / "checkpoint").write_bytes((publish(folder / "other", plain(310, "x")) / "checkpoint").read_bytes())
    return made


#: What the holder of a receipt for entry 300 finds: the copy of the log, the key under the receipt, what is said.
COPIES: dict[str, tuple[Callable[[Path], Path], PrivateKey, str]] = {
    "an honest log": (lambda at: publish(at, plain(310)), RECEIPTS, "holds the act as its entry 300"),
    "an act kept out": (lambda at: publish(at, [*plain(300), *plain(9, "x")]), RECEIPTS, "Entry 300 of the log is not"),
    "an act taken out": (lambda at: publish(at, plain(311)[1:]), RECEIPTS, "Entry 300 of the log is not"),
    "a log cut short": (lambda at: publish(at, plain(300)), RECEIPTS, "has 300 entries and does not reach entry 300"),
    "a forged receipt": (lambda at: publish(at, plain(310)), KEY, "No known key has signed"),
    "another key": (lambda at: publish(at, plain(310), RECEIPTS), RECEIPTS, "No known key has signed"),
    "files of another log": (unsound, RECEIPTS, "are not those of its own checkpoint"),
    "a bundle withheld": (FORKS["a bundle withheld"][0], RECEIPTS, "does not have this file"),
}


@pytest.mark.parametrize("case", COPIES)
def test_whoever_holds_a_receipt_holds_it_against_any_copy_of_the_log(tmp_path: Path, case: str) -> None:
    """Two signatures of the office that contradict each other are the proof; nobody else's word is needed."""
    made, key, words = COPIES[case]
    log = str(made(tmp_path / "log"))
    found = held_against(tmp_path, receipt(plain(310), 300, key), "--log", log)
    assert (found.exit_code, words in found.output) == (int(case != "an honest log"), True), found.output


def test_of_many_receipts_the_line_is_named(tmp_path: Path) -> None:
    log = str(publish(tmp_path / "log", plain(310)))
    rows = [{"act": "x", "type": "x", "at": "", "index": one, "receipt": receipt(plain(310), one)} for one in (1, 2, 3)]
    lines = [json.dumps(one) for one in rows]
    whole = held_against(tmp_path, "\n".join(lines) + "\n", "--log", log)
    assert (whole.exit_code, whole.output.count("holds the act")) == (0, 3), whole.output
    lines[1] = lines[1].replace('\\"index\\":2', '\\"index\\":3')
    spoilt = held_against(tmp_path, "\n".join([*lines, "{}", "[", '{"a":1,"a":2}']), "--log", log)
    assert spoilt.exit_code == 1
    assert [number for number in range(1, 7) if f"Line {number}: " in spoilt.output] == [2, 4, 5, 6], spoilt.output


def test_a_copy_may_have_to_satisfy_a_policy(tmp_path: Path) -> None:
    """The witnesses of the receipt's holder must have cosigned the copy, or it says nothing."""
    log = publish(tmp_path / "log", plain(310))
    witness = Verifier("union.test.invalid", COSIGNATURE, UNION.public)
    policy = tmp_path / "policy"
    policy.write_text(f"log {VKEY.text}\nwitness union {witness.text}\nquorum union\n")
    asked = (receipt(plain(310), 300), "--log", str(log), "--policy", str(policy))
    assert held_against(tmp_path, *asked).exit_code == 1
    note = notes.parse((log / "checkpoint").read_text())
    cosigned = notes.cosign(note.text, witness.name, UNION, int(NOW.timestamp()))
    (log / "checkpoint").write_text(notes.Note(note.text, (*note.signatures, cosigned)).written)
    assert held_against(tmp_path, *asked).exit_code == 0


def log_sizes(database: Database) -> int:
    with database.reading() as session:
        return reads.size(session)


def test_an_entry_kept_out_of_a_proof_does_not_pass_for_another(database: Database, office: Sequencer) -> None:
    """Asked for the proof of one entry, the office gives that of another: the holder sees which entry it is of."""
    size = log_sizes(database)
    assert size > 1
    wanted, given = proof_of(database, 0), proof_of(database, 1)
    known = the_key(database)
    assert tlog_proofs.verify(given, known).statement["seq"] == 1
    mixed = LogProof(wanted.entry, given.index, given.path, given.note)
    with pytest.raises(AppError):
        tlog_proofs.verify(mixed, known)


def test_a_proof_is_checked_by_code_that_shares_nothing_with_ours(database: Database, office: Sequencer) -> None:
    """The file of C2SP tlog-proof, its signature and its path, by plain Python and the cryptography library."""
    text = tlog_proofs.write(proof_of(database, 1))
    head, _, note = text.partition("\n\n")
    first, extra, index, *path = head.split("\n")
    assert first == "c2sp.org/tlog-proof@v1"
    entry = json.loads(base64.b64decode(extra.removeprefix("extra ")))["entry"].encode()
    body, _, lines = note.rpartition("\n\n")
    origin, size, root = body.split("\n")
    name, _, rest = the_key(database).text.partition("+")
    raw = base64.b64decode(rest.partition("+")[2])
    signature = next(one for one in lines.split("\n") if one.startswith(f"— {name} "))
    data = base64.b64decode(signature.rpartition(" ")[2])
    assert data[:4] == hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    Ed25519PublicKey.from_public_bytes(raw[1:]).verify(data[4:], f"{body}\n".encode())
    assert origin == name == make.ORIGIN
    place, last = int(index.removeprefix("index ")), int(size) - 1
    found = hashlib.sha256(b"\0" + entry).digest()
    for one in map(base64.b64decode, path):
        if place % 2 or place == last:
            found = hashlib.sha256(b"\1" + one + found).digest()
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            found = hashlib.sha256(b"\1" + found + one).digest()
        place, last = place // 2, last // 2
    assert base64.b64encode(found).decode() == root


TABLE = (ROOT / "docs/hostile-operator.md").read_text(encoding="utf-8")
_TEST = re.compile(r"`(tests/[a-z_/]+\.py)::(test_[a-z_0-9]+)(?:\[([^\]]+)\])?`")


def rows() -> list[list[str]]:
    lines = [line for line in TABLE.split("\n") if line.startswith("| ") and "---" not in line]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


def test_every_row_of_the_table_names_who_catches_it_and_a_test_that_is_there() -> None:
    assert len(rows()) >= 30
    for trick, who, when, tests in rows():
        assert who, trick
        assert when, trick
        named = _TEST.findall(tests)
        assert named, f"«{trick}» names no test"
        for path, function, case in named:
            source = (ROOT / path).read_text(encoding="utf-8")
            assert f"def {function}(" in source, (trick, function)
            assert not case or f'"{case}"' in source, (trick, case)
