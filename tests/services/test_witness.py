"""The witness: what it answers, that it never contradicts itself, and that it forgets nothing it vouched for."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from tests import make
from tests.conftest import tier
from tests.crypto.key_ring import derive_test_key
from trace.crypto import checkpoints, merkle, notes, witnessing
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.notes import ED25519, Verifier
from trace.crypto.tiles import Tile, Tree
from trace.crypto.witnessing import Request
from trace.services.witness import Answer, Witness

ORIGIN = "watched.test.invalid/log"
LOG, WITNESS = derive_test_key("honest 5"), derive_test_key("honest 6")
VKEY = Verifier(ORIGIN, ED25519, LOG.public).text


@dataclass
class History:
    """A log in memory, up to 255 entries; ``salt`` tells one fork from another."""

    salt: str = ""

    def leaves(self, size: int) -> list[bytes]:
        return [merkle.leaf_hash(f"{self.salt}{one}".encode()) for one in range(size)]

    def tree(self, size: int) -> Tree:
        def fetch(wanted: Tile) -> bytes:
            return b"".join(self.leaves(size)[wanted.start : wanted.start + wanted.width])

        return Tree(size, fetch)

    def note(self, size: int, key: object = LOG, origin: str = ORIGIN) -> str:
        text = Checkpoint(origin, size, self.tree(size).root()).text
        return notes.Note(text, (notes.sign(text, origin, key),)).written  # type: ignore[arg-type]

    def ask(self, old: int, size: int, proof: Sequence[bytes] | None = None, note: str = "") -> bytes:
        if proof is None:
            proof = self.tree(size).consistency(old) if 0 < old < size else ()
        return Request(old, tuple(proof), note or self.note(size)).written


HONEST, FORKED = History(), History("other ")


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    database = Database(f"sqlite:///{tmp_path / 'witness.db'}")
    found = Witness(database, "witness.test.invalid", WITNESS, lambda: make.MONDAY)
    found.trust(VKEY)
    yield found
    database.close()


def vouched(witness: Witness, answer: Answer, size: int, history: History = HONEST) -> None:
    text = notes.parse(history.note(size)).text
    (line,) = witnessing.cosignatures(answer.body, text, [witness.verifier], int(make.MONDAY.timestamp()))
    assert notes.cosigned_at(line) == int(make.MONDAY.timestamp())


def test_a_log_grows_and_is_vouched_for(witness: Witness) -> None:
    for old, size in ((0, 3), (3, 3), (3, 8), (8, 200)):
        answer = witness.add_checkpoint(HONEST.ask(old, size))
        assert answer.status == 200
        vouched(witness, answer, size)
    (known,) = witness.known()
    assert (known.origin, known.size, known.note) == (ORIGIN, 200, HONEST.note(200))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (HONEST.ask(2, 9), 409),  # it knows 7
        (HONEST.ask(0, 9), 409),
        (HONEST.ask(9, 9), 409),
        (HONEST.ask(7, 5), 400),  # a smaller head
        (FORKED.ask(7, 7), 409),  # the same size, another root
        (FORKED.ask(7, 9), 422),  # the other history's own proof
        (HONEST.ask(7, 9, ()), 422),
        (HONEST.ask(7, 9, [bytes(32)] * 3), 422),
        (HONEST.ask(7, 7, [bytes(32)]), 422),
        (HONEST.ask(7, 9, note=HONEST.note(9, origin="stranger.test.invalid/log")), 404),
        (HONEST.ask(7, 9, note=HONEST.note(9, key=WITNESS)), 403),
        (HONEST.ask(7, 9, note=HONEST.note(9).partition("\n\n")[0] + "\n\n"), 400),
        (HONEST.ask(7, 9).replace(b"old 7", b"old 07"), 400),
        (HONEST.ask(7, 9).replace(b"old 7", b"old -1"), 400),
        (HONEST.ask(7, 9, [bytes(32)] * 64), 400),
        (HONEST.ask(7, 9).replace(b"\n\n", b"\nAAAA\n\n", 1), 400),
        (b"", 400),
        (b"\xff", 400),
        (b"old 7\n" + b"A" * 200_000, 400),
    ],
)
def test_what_it_does_not_vouch_for_changes_nothing(witness: Witness, body: bytes, status: int) -> None:
    assert witness.add_checkpoint(HONEST.ask(0, 7)).status == 200
    answer = witness.add_checkpoint(body)
    assert answer.status == status
    if status == 409:
        assert (answer.kind, answer.body) == ("text/x.tlog.size", b"7\n")
    assert [one.size for one in witness.known()] == [7]
    assert witness.add_checkpoint(HONEST.ask(7, 8)).status == 200


def test_a_fork_is_kept_as_evidence_once(witness: Witness) -> None:
    witness.add_checkpoint(HONEST.ask(0, 7))
    for _ in range(3):
        assert witness.add_checkpoint(FORKED.ask(7, 7)).status == 409
        witness.add_checkpoint(HONEST.ask(7, 9, [bytes(32)]))
    assert witness.evidence() == [(HONEST.note(7), FORKED.note(7))]
    for note in witness.evidence()[0]:
        notes.verified(notes.parse(note), [notes.verifier(VKEY)])


def test_a_log_with_a_new_key_is_still_the_same_log(witness: Witness) -> None:
    witness.add_checkpoint(HONEST.ask(0, 7))
    new = derive_test_key("honest 7")
    asked = HONEST.ask(7, 8, note=HONEST.note(8, key=new))
    assert witness.add_checkpoint(asked).status == 403
    assert witness.trust(Verifier(ORIGIN, ED25519, new.public).text) == ORIGIN
    assert witness.add_checkpoint(asked).status == 200
    with pytest.raises(AppError, match=r"witness\.kind"):
        witness.trust(witness.verifier.text)


def test_it_never_contradicts_itself(witness: Witness) -> None:
    """Random requests, honest and forked: whatever it vouched for lies on one history and never shrinks."""
    chance, said = random.Random(6), [(0, merkle.EMPTY_ROOT)]
    for _ in range(tier(300, 20_000)):
        history, known = chance.choice((HONEST, HONEST, FORKED)), said[-1][0]
        old, size = chance.choice((known, known, chance.randrange(60))), min(known + chance.randrange(4), 60)
        if old > size:
            continue
        answer = witness.add_checkpoint(history.ask(old, size))
        if answer.status == 200:
            said.append((size, history.tree(size).root()))
    sizes = [size for size, _ in said]
    assert sizes == sorted(sizes)
    assert sizes[-1] == 60
    first = next(one for one in (HONEST, FORKED) if one.tree(sizes[1]).root() == said[1][1] or not sizes[1])
    assert all(first.tree(size).root() == root for size, root in said if size)


#: As little as may be is imported: each kill costs a start.
CHILD = """
import sys
import time
from datetime import UTC, datetime
from brand.start import claim_trace
claim_trace()
from brand.kernel.db import Database
from trace.crypto import checkpoints, notes, witnessing
from trace.crypto.keys import PrivateKey
from trace.services.witness import Witness

class Hasty(Witness):  # the planted bug: it answers before what it vouches for is stored
    def add_checkpoint(self, body):
        with self._database.writing() as session:
            asked = witnessing.parse(body)
            note = notes.parse(asked.note)
            refusal = self._look(session, asked, note, checkpoints.parse(note.text))
            speak(refusal or self._vouch(note))
            time.sleep(0.02)

def speak(answer):
    out = sys.stdout.buffer
    out.write(b"%d %d\\n" % (answer.status, len(answer.body)) + answer.body)
    out.flush()

kind, path, seed = sys.argv[1:]
made = Hasty if kind == "hasty" else Witness
key = PrivateKey(bytes.fromhex(seed))
one = made(Database("sqlite:///" + path), "w.test.invalid", key, lambda: datetime.now(UTC))
while length := sys.stdin.buffer.readline():
    answer = one.add_checkpoint(sys.stdin.buffer.read(int(length)))
    if answer is not None:
        speak(answer)
"""


def forgotten(path: Path, kind: str, kills: int) -> int:
    """How many cosigned heads were gone after a kill -9 that came with the answer."""
    database = Database(f"sqlite:///{path}")
    watch = Witness(database, "w.test.invalid", WITNESS, lambda: make.MONDAY)
    watch.trust(VKEY)
    size, lost = 0, 0
    for _ in range(kills):
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, kind, str(path), WITNESS.seed().hex()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as child:
            assert child.stdin is not None
            assert child.stdout is not None
            for _ in range(2):
                body = HONEST.ask(size, size + 1)
                child.stdin.write(b"%d\n" % len(body) + body)
                child.stdin.flush()
                status, length = map(int, child.stdout.readline().split())
                answer = child.stdout.read(length)
                if status != 200:
                    break
                assert answer.startswith("— w.test.invalid ".encode())
                size += 1
            child.send_signal(signal.SIGKILL)
        (known,) = watch.known()
        lost += known.size < size
        size = known.size
    database.close()
    return lost


def test_killed_with_the_answer_on_its_way_it_remembers(tmp_path: Path) -> None:
    assert forgotten(tmp_path / "w.db", "true", tier(2, 500)) == 0


def test_the_harness_sees_a_witness_that_answers_first(tmp_path: Path) -> None:
    assert forgotten(tmp_path / "w.db", "hasty", 1) > 0


def test_a_request_is_read_as_it_was_written() -> None:
    asked = Request(3, (bytes(32), b"\x01" * 32), HONEST.note(7))
    assert witnessing.parse(asked.written) == asked
    assert checkpoints.parse(notes.parse(asked.note).text).size == 7
