"""A kept proof: what is written comes back, and whatever is changed in it convinces nobody."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from trace.crypto import canonical, log_policies, merkle, notes, tlog_proofs
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.keys import PrivateKey
from trace.crypto.notes import COSIGNATURE, ED25519, Verifier
from trace.crypto.tiles import Tile, Tree
from trace.crypto.tlog_proofs import LogProof, UnitPath, unit_hash

ORIGIN, WITNESS = "registry.test.invalid/log", "witness.test.invalid"
KEY, WATCHER = PrivateKey(b"\1" * 32), PrivateKey(b"\2" * 32)
LOG = Verifier(ORIGIN, ED25519, KEY.public)
WATCHING = Verifier(WITNESS, COSIGNATURE, WATCHER.public)
UNITS = [f"u:7K3M9QXW:{number:016d}" for number in range(5)]
UNIT_HASHES = [unit_hash(one) for one in UNITS]


def path(hashes: list[bytes], index: int) -> tuple[bytes, ...]:
    def fetch(wanted: Tile) -> bytes:
        return b"".join(hashes[wanted.start : wanted.start + wanted.width])

    return tuple(Tree(len(hashes), fetch).inclusion(index))


def a_proof(unit: int | None = 3) -> LogProof:
    root = base64.b64encode(merkle.root(UNIT_HASHES)).decode()
    entries = [canonical.canonical({"v": 1, "type": "licence.grant", "seq": at}) for at in range(9)]
    entries[4] = canonical.canonical({"v": 1, "type": "code.issue", "facts": {"packs": 5, "units_root": root}})
    hashes = [merkle.leaf_hash(one) for one in entries]
    text = Checkpoint(ORIGIN, len(hashes), merkle.root(hashes)).text
    signatures = (notes.sign(text, ORIGIN, KEY), notes.cosign(text, WITNESS, WATCHER, 1_780_000_000))
    under = UnitPath(UNITS[unit], unit, 5, path(UNIT_HASHES, unit)) if unit is not None else None
    return LogProof(entries[4], 4, path(hashes, 4), notes.Note(text, signatures).written, under)


WRITTEN = tlog_proofs.write(a_proof())


def test_what_is_written_comes_back_and_convinces() -> None:
    assert tlog_proofs.parse(WRITTEN) == a_proof()
    found = tlog_proofs.verify(a_proof(), LOG, [WATCHING], quorum=1)
    assert (found.checkpoint.size, found.witnesses) == (9, (WITNESS,))
    assert tlog_proofs.verify(a_proof(None), LOG).witnesses == ()
    assert WRITTEN.startswith("c2sp.org/tlog-proof@v1\nextra ")


@given(st.integers(0, len(WRITTEN) - 1), st.characters(min_codepoint=32, max_codepoint=126))
def test_one_changed_character_convinces_nobody(at: int, character: str) -> None:
    changed = WRITTEN[:at] + character + WRITTEN[at + 1 :]
    if changed == WRITTEN:
        return
    try:
        found = tlog_proofs.verify(tlog_proofs.parse(changed), LOG, [WATCHING], quorum=1)
    except AppError:
        return
    raise AssertionError(found)


@given(st.integers(0, len(WRITTEN) - 1))
def test_a_proof_cut_short_convinces_nobody(at: int) -> None:
    with pytest.raises(AppError):
        tlog_proofs.verify(tlog_proofs.parse(WRITTEN[:at]), LOG, [WATCHING], quorum=1)


@given(st.text(max_size=300))
def test_any_text_is_refused_with_a_name(text: str) -> None:
    with pytest.raises(AppError):
        tlog_proofs.parse(text)
    with pytest.raises(AppError):
        tlog_proofs.parse(f"c2sp.org/tlog-proof@v1\nextra {text}\nindex 0\n\n{text}")


def with_unit(**changes: object) -> LogProof:
    """The proof with other words about the pack."""
    lines = WRITTEN.split("\n")
    extra = json.loads(base64.b64decode(lines[1].removeprefix("extra ")))
    extra["unit"] |= changes
    lines[1] = f"extra {base64.b64encode(canonical.canonical(extra)).decode()}"
    return tlog_proofs.parse("\n".join(lines))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"element": UNITS[2]}, "merkle.root_differs"),
        ({"index": 2}, "merkle.root_differs"),
        ({"size": 6}, "proofs.unit"),
        ({"path": []}, "merkle.proof_length"),
    ],
)
def test_another_pack_does_not_pass_under_the_same_entry(changes: dict[str, object], code: str) -> None:
    with pytest.raises(AppError) as caught:
        tlog_proofs.verify(with_unit(**changes), LOG)
    assert caught.value.code == code


@pytest.mark.parametrize("changes", [{"element": "u:é"}, {"index": "3"}, {"path": "x"}, {"path": ["AA=="]}])
def test_a_pack_that_is_not_well_told_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(AppError, match=r"proofs\.shape"):
        with_unit(**changes)


def test_a_pack_needs_an_entry_that_issues_codes() -> None:
    proof = a_proof()
    entry = canonical.canonical({"v": 1, "type": "licence.grant"})
    hashes = [merkle.leaf_hash(entry)]
    text = Checkpoint(ORIGIN, 1, hashes[0]).text
    note = notes.Note(text, (notes.sign(text, ORIGIN, KEY),)).written
    with pytest.raises(AppError, match=r"proofs\.unit"):
        tlog_proofs.verify(LogProof(entry, 0, (), note, proof.unit), LOG)


def test_only_the_log_one_trusts_speaks_for_itself() -> None:
    proof = a_proof()
    cosigned_only = LogProof(proof.entry, proof.index, proof.path, "\n".join(
        line for line in proof.note.split("\n") if not line.startswith(f"\u2014 {ORIGIN}")
    ))  # fmt: skip
    with pytest.raises(AppError, match=r"proofs\.unsigned"):
        tlog_proofs.verify(cosigned_only, LOG, [WATCHING])
    text = Checkpoint("other.test.invalid/log", 9, merkle.EMPTY_ROOT).text
    note = notes.Note(text, (notes.sign(text, ORIGIN, KEY),)).written
    with pytest.raises(AppError, match=r"proofs\.other_log"):
        tlog_proofs.verify(LogProof(proof.entry, 4, proof.path, note), LOG)
    with pytest.raises(AppError, match=r"proofs\.quorum"):
        tlog_proofs.verify(proof, LOG, [WATCHING], quorum=2)


def test_a_policy_names_the_log_and_who_must_have_looked() -> None:
    def by(lines: str) -> tlog_proofs.Proven:
        return tlog_proofs.verify_by(a_proof(), log_policies.parse(lines))

    known = f"log {LOG.text}\nwitness w {WATCHING.text}\n"
    assert by(f"{known}quorum w").witnesses == ("w",)
    assert by(f"log {LOG.text}\nquorum none").witnesses == ()
    other = Verifier(WATCHING.name, WATCHING.kind, LOG.key)
    with pytest.raises(AppError, match=r"proofs\.quorum"):
        by(f"{known}witness x {other.text}\ngroup g all w x\nquorum g")
    with pytest.raises(AppError, match=r"proofs\.other_log"):
        by(f"log {Verifier('elsewhere.test.invalid', LOG.kind, LOG.key).text}\nquorum none")
    later = Verifier(LOG.name, LOG.kind, WATCHING.key)
    assert by(f"log {later.text}\n{known}quorum w").witnesses == ("w",), "an older key of the same log"
    with pytest.raises(AppError, match=r"notes\.no_known_signature"):
        by(f"log {later.text}\nquorum none")
