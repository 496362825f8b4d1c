"""Merkle trees of a log: leaf and node hashes, inclusion and consistency proofs checked, SHA-256.

Source: RFC 6962 section 2.1 for the tree, RFC 9162 sections 2.1.3.2 and 2.1.4.2 for the two checks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from brand.kernel.errors import invalid

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256().digest()
#: Trees beyond this size do not exist; a bound keeps the arithmetic and the proofs small.
MOST = 2**63 - 1


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry, 32 bytes; its prefix keeps a leaf from passing for a node."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees, 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, 32 bytes, in linear time."""
    if not leaves:
        return EMPTY_ROOT
    level, sha256 = list(leaves), hashlib.sha256
    while len(level) > 1:
        # An odd last node stands for itself: exactly the largest-power-of-two split of the RFC.
        odd = level[-1:] if len(level) & 1 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
    return level[0]


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> None:
    """Whether the leaf hash stands at ``index`` of the tree of that size and root; returns or raises.

    Raises ``merkle.hash_size``, ``merkle.size``, ``merkle.index``, ``merkle.proof_length`` or ``merkle.root_differs``.
    """
    _check_hashes(leaf, expected, *proof)
    _check_size(size)
    if not 0 <= index < size:
        raise invalid("merkle.index", index=index, size=size)
    at, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise invalid("merkle.proof_length", given=len(proof))
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise invalid("merkle.proof_length", given=len(proof))
    if found != expected:
        raise invalid("merkle.root_differs")


def check_consistency(old_size: int, size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Whether the tree of ``size`` begins with the whole tree of ``old_size``; returns or raises.

    An old size of 0 proves nothing and is refused (``merkle.old_size``). Raises besides ``merkle.hash_size``,
    ``merkle.size``, ``merkle.proof_length`` or ``merkle.root_differs``.
    """
    _check_hashes(old_root, new_root, *proof)
    _check_size(size)
    if not 0 < old_size <= size:
        raise invalid("merkle.old_size", old=old_size, size=size)
    if old_size == size:
        if proof:
            raise invalid("merkle.proof_length", given=len(proof))
        if old_root != new_root:
            raise invalid("merkle.root_differs")
        return
    if _grown(old_size, size, old_root, proof) != (old_root, new_root):
        raise invalid("merkle.root_differs")


def _grown(old_size: int, size: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Both roots as the proof gives them."""
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)  # a whole left subtree: its hash is known and so left out of the proof
    if not path:
        raise invalid("merkle.proof_length", given=len(proof))
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise invalid("merkle.proof_length", given=len(proof))
        if at & 1 or at == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            newer = node_hash(newer, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise invalid("merkle.proof_length", given=len(proof))
    return older, newer


def _check_hashes(*hashes: bytes) -> None:
    for one in hashes:
        if len(one) != HASH_SIZE:
            raise invalid("merkle.hash_size", given=len(one), expected=HASH_SIZE)


def _check_size(size: int) -> None:
    if not 0 <= size <= MOST:
        raise invalid("merkle.size", size=size)
