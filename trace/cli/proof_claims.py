"""Checkers of ``brandtrace audit`` for the transparency log: canonical JSON, signatures, proofs and checkpoints."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

from brand.kernel.errors import invalid
from trace.cli.claims import Claim, only, text, whole
from trace.crypto import canonical, checkpoints, merkle, notes
from trace.crypto.keys import SIGNATURE_SIZE, PublicKey

_HEX = re.compile("(?:[0-9a-fA-F]{2})*")
#: A tree of any size has shorter proofs; longer lists are not worth hashing.
_LONGEST_PROOF = 128


def check_jcs(claim: Claim) -> object:
    """The canonical text of a JSON text (RFC 8785)."""
    only(claim, needed=("text",))
    return canonical.recode(text(claim, "text"))


def check_ed25519(claim: Claim) -> object:
    """Whether a signature fits a message; a weak public key is refused before anything is checked."""
    only(claim, needed=("public_key", "message", "signature"))
    key = PublicKey(_hex(claim, "public_key"))
    signature = _hex(claim, "signature")
    if len(signature) != SIGNATURE_SIZE:
        raise invalid("keys.signature_size", size=len(signature), expected=SIGNATURE_SIZE)
    if not key.verify(_hex(claim, "message"), signature):
        raise invalid("keys.signature_wrong")
    return True


def check_inclusion(claim: Claim) -> object:
    """Whether a leaf hash stands at its index of a tree."""
    only(claim, needed=("leaf_hash", "index", "size", "proof", "root"))
    leaf, root = _base64(claim, "leaf_hash"), _base64(claim, "root")
    merkle.check_inclusion(leaf, whole(claim, "index"), whole(claim, "size"), _proof(claim), root)
    return True


def check_consistency(claim: Claim) -> object:
    """Whether a tree begins with the whole of an earlier one."""
    only(claim, needed=("size1", "size2", "root1", "root2", "proof"))
    older, newer = _base64(claim, "root1"), _base64(claim, "root2")
    merkle.check_consistency(whole(claim, "size1"), whole(claim, "size2"), older, newer, _proof(claim))
    return True


def check_note(claim: Claim) -> object:
    """Whether a key signed a checkpoint, and what it says."""
    only(claim, needed=("note", "vkey"))
    note = notes.parse(text(claim, "note"))
    notes.verified(note, [notes.verifier(text(claim, "vkey"))])
    found = checkpoints.parse(note.text)
    return {"origin": found.origin, "size": found.size, "root": base64.b64encode(found.root).decode("ascii")}


PROOFS: dict[str, Callable[[Claim], object]] = {
    "jcs": check_jcs,
    "ed25519": check_ed25519,
    "inclusion": check_inclusion,
    "consistency": check_consistency,
    "note": check_note,
}


def _hex(claim: Claim, field: str) -> bytes:
    figures = text(claim, field)
    if not _HEX.fullmatch(figures):
        raise invalid("input.not_hex", field=field)
    return bytes.fromhex(figures)


def _base64(claim: Claim, field: str) -> bytes:
    return _decoded(text(claim, field), field)


def _proof(claim: Claim) -> list[bytes]:
    hashes = claim["proof"]
    if not isinstance(hashes, list) or not all(isinstance(one, str) for one in hashes):
        raise invalid("input.not_a_list", field="proof")
    if len(hashes) > _LONGEST_PROOF:
        raise invalid("merkle.proof_length", given=len(hashes))
    return [_decoded(one, "proof") for one in hashes]


def _decoded(spelling: str, field: str) -> bytes:
    data = notes.decode64(spelling)
    if data is None:
        raise invalid("input.not_base64", field=field)
    return data
