"""Signed notes and checkpoints: a note of another implementation, our own round trip, and every way to spoil one."""

import base64
import hashlib

import pytest

from brand.kernel.errors import AppError
from trace.crypto import checkpoints, merkle, notes
from trace.crypto.keys import PrivateKey

#: The example in the documentation of Go's sumdb/note package.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SAYING = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
KEY = PrivateKey(hashlib.sha256(b"notes of the tests").digest())
WITNESS = PrivateKey(hashlib.sha256(b"a witness of the tests").digest())
NAME = "log.test.invalid/log"
LOG = notes.Verifier(NAME, notes.ED25519, KEY.public)
SEEN = notes.Verifier("witness.test.invalid", notes.COSIGNATURE, WITNESS.public)
TEXT = checkpoints.Checkpoint(NAME, 3, merkle.root([merkle.leaf_hash(b"x")] * 3)).text


def refusal(function, *arguments):
    with pytest.raises(AppError) as found:
        function(*arguments)
    return found.value.code


def signed():
    return notes.Note(TEXT, (notes.sign(TEXT, NAME, KEY), notes.cosign(TEXT, SEEN.name, WITNESS, 1_763_000_000)))


def test_a_note_of_another_implementation():
    note = notes.parse(SAYING)
    assert [one.name for one in notes.verified(note, [notes.verifier(PETER)])] == ["PeterNeumann"]
    assert note.written == SAYING
    assert refusal(notes.verified, notes.parse(SAYING.replace("answer", "remedy")), [notes.verifier(PETER)]) == (
        "notes.signature_wrong"
    )


def test_a_checkpoint_signed_by_its_log_and_seen_by_a_witness():
    note = notes.parse(signed().written)
    assert note == signed()
    log, witness = notes.verified(note, [notes.verifier(LOG.text), notes.verifier(SEEN.text)])
    assert notes.cosigned_at(witness) == 1_763_000_000
    assert log.name == NAME
    found = checkpoints.parse(note.text)
    assert (found.origin, found.size, found.root) == (NAME, 3, merkle.root([merkle.leaf_hash(b"x")] * 3))
    assert found.text == TEXT


def test_a_witness_key_does_not_pass_for_the_logs_and_time_is_signed():
    assert refusal(notes.verified, signed(), [notes.Verifier(NAME, notes.COSIGNATURE, KEY.public)]) == (
        "notes.no_known_signature"
    )
    moved = notes.cosign(TEXT, SEEN.name, WITNESS, 5)
    later = notes.Signature(moved.name, moved.key_id, (6).to_bytes(8, "big") + moved.data[8:])
    assert refusal(notes.verified, notes.Note(TEXT, (later,)), [SEEN]) == "notes.signature_wrong"


def test_unknown_signatures_say_nothing_and_a_wrong_known_one_spoils_all():
    stranger = notes.sign(TEXT, "stranger.test.invalid", WITNESS)
    note = notes.Note(TEXT, (stranger, *signed().signatures))
    assert len(notes.verified(note, [LOG])) == 1
    forged = notes.Signature(NAME, LOG.key_id, bytes(64))
    assert refusal(notes.verified, notes.Note(TEXT, (*signed().signatures, forged)), [LOG]) == "notes.signature_wrong"
    assert refusal(notes.verified, notes.Note(TEXT, (stranger,)), [LOG]) == "notes.no_known_signature"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "notes.shape"),
        (TEXT, "notes.shape"),
        (f"{TEXT}\n", "notes.shape"),
        (f"{TEXT}\n— {NAME} AAAA", "notes.shape"),
        (f"{TEXT}\n- {NAME} AAAAAAAA\n", "notes.signature_line"),
        (f"{TEXT}\n— a+b AAAAAAAA\n", "notes.signature_line"),
        (f"{TEXT}\n— a\u3000b AAAAAAAA\n", "notes.signature_line"),
        (f"{TEXT}\n— {NAME} AAAAAAB=\n", "notes.signature_line"),
        (f"{TEXT}\n— {NAME} AAAA\n", "notes.signature_line"),
        (f"{TEXT}\r\n— {NAME} AAAAAAAA\n", "notes.characters"),
        (f"\ud800{TEXT}\n— {NAME} AAAAAAAA\n", "notes.characters"),
        (f"{TEXT}\n" + f"— {NAME} AAAAAAAA\n" * 65, "notes.too_many_signatures"),
        ("x" * 1_000_001, "notes.too_long"),
    ],
)
def test_a_note_has_one_shape(written, code):
    assert refusal(notes.parse, written) == code


@pytest.mark.parametrize(
    "vkey",
    [
        "", "x", PETER.replace("c74f20a3", "c74f20a4"), PETER.replace("c74f20a3", "C74F20A3"), PETER[:-1], PETER + "=",
        "a b+c74f20a3+" + PETER.rpartition("+")[2], "+c74f20a3+" + PETER.rpartition("+")[2],
    ],
)  # fmt: skip
def test_a_verifier_key_has_one_text(vkey):
    assert refusal(notes.verifier, vkey) == "notes.vkey"


def test_a_weak_key_signs_nothing():
    weak = bytes([1]) + bytes([1]) + bytes(31)  # kind, then the identity point
    key_id = hashlib.sha256(b"w\n" + weak).digest()[:4].hex()
    vkey = f"w+{key_id}+{base64.b64encode(weak).decode()}"
    assert refusal(notes.verifier, vkey) == "keys.public_small_order"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("\n3\n", "\n03\n", "checkpoints.size"),
        ("\n3\n", "\n+3\n", "checkpoints.size"),
        ("\n3\n", "\n99999999999999999999\n", "checkpoints.size"),
        ("\n3\n", "\n9999999999999999999\n", "checkpoints.size"),
        ("\n3\n", "\n", "checkpoints.shape"),
        ("3\n", "three\n", "checkpoints.size"),
        (NAME, "", "checkpoints.shape"),
        ("=\n", "\n", "checkpoints.root"),
        ("=\n", "=\n\n", "checkpoints.shape"),
    ],
)
def test_a_checkpoint_has_one_shape(old, new, code):
    assert refusal(checkpoints.parse, TEXT.replace(old, new, 1)) == code


def test_lines_beyond_the_third_are_kept_as_they_are():
    assert checkpoints.parse(TEXT + "extension\n").extensions == ("extension",)
