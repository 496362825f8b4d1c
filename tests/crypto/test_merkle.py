"""Proofs against a tree built as RFC 6962 writes it down: every size, every leaf, and every way to spoil a proof."""

import hashlib

import pytest

from brand.kernel.errors import AppError
from trace.crypto import merkle

#: The eight entries on which implementations of RFC 6962 have long agreed, and the root over all of them.
ENTRIES = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
MOST = 40


def split(count):
    return 1 << (count - 1).bit_length() - 1


def tree(leaves):
    """The definition of section 2.1, word for word: recursive, and nothing like the code it checks."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    at = split(len(leaves))
    return hashlib.sha256(b"\x01" + tree(leaves[:at]) + tree(leaves[at:])).digest()


def path(index, leaves):
    if len(leaves) == 1:
        return []
    at = split(len(leaves))
    if index < at:
        return [*path(index, leaves[:at]), tree(leaves[at:])]
    return [*path(index - at, leaves[at:]), tree(leaves[:at])]


def grown(old, leaves, whole=True):
    if old == len(leaves):
        return [] if whole else [tree(leaves)]
    at = split(len(leaves))
    if old <= at:
        return [*grown(old, leaves[:at], whole), tree(leaves[at:])]
    return [*grown(old - at, leaves[at:], False), tree(leaves[:at])]


LEAVES = [merkle.leaf_hash(str(one).encode()) for one in range(MOST)]


def refusal(function, *arguments):
    with pytest.raises(AppError) as found:
        function(*arguments)
    return found.value.code


def test_the_root_everybody_knows():
    assert merkle.root([merkle.leaf_hash(one) for one in ENTRIES]).hex() == ROOT
    assert merkle.root([]) == merkle.EMPTY_ROOT
    assert all(merkle.root(LEAVES[:size]) == tree(LEAVES[:size]) for size in range(1, MOST))


def test_every_leaf_of_every_tree_is_proved_and_nothing_else():
    for size in range(1, MOST):
        leaves, root = LEAVES[:size], tree(LEAVES[:size])
        for index in range(size):
            proof = path(index, leaves)
            merkle.check_inclusion(leaves[index], index, size, proof, root)
            for other in {(index + 1) % size, index ^ 1} - {index}:
                assert refusal(merkle.check_inclusion, leaves[index], other, size, proof, root).startswith("merkle.")
            assert refusal(merkle.check_inclusion, leaves[index], index, size, [*proof, root], root).startswith(
                "merkle."
            )
            for at in range(len(proof)):
                spoilt = [*proof[:at], bytes(32), *proof[at + 1 :]]
                assert (
                    refusal(merkle.check_inclusion, leaves[index], index, size, spoilt, root) == "merkle.root_differs"
                )
                assert refusal(merkle.check_inclusion, leaves[index], index, size, proof[:at], root).startswith(
                    "merkle."
                )


def test_every_tree_grows_out_of_every_smaller_one():
    for size in range(1, MOST):
        root = tree(LEAVES[:size])
        for old in range(1, size + 1):
            before, proof = tree(LEAVES[:old]), grown(old, LEAVES[:size])
            merkle.check_consistency(old, size, before, root, proof)
            assert refusal(merkle.check_consistency, old, size, bytes(32), root, proof) == "merkle.root_differs"
            assert refusal(merkle.check_consistency, old, size, before, bytes(32), proof) == "merkle.root_differs"
            assert refusal(merkle.check_consistency, old, size, before, root, [*proof, root]).startswith("merkle.")
            for at in range(len(proof)):
                spoilt = [*proof[:at], bytes(32), *proof[at + 1 :]]
                assert refusal(merkle.check_consistency, old, size, before, root, spoilt) == "merkle.root_differs"
                assert refusal(merkle.check_consistency, old, size, before, root, proof[:at]).startswith("merkle.")


@pytest.mark.parametrize(
    ("old", "size", "code"),
    [(0, 8, "merkle.old_size"), (-1, 8, "merkle.old_size"), (9, 8, "merkle.old_size"), (1, 2**63, "merkle.size")],
)
def test_sizes_that_prove_nothing_are_refused(old, size, code):
    assert refusal(merkle.check_consistency, old, size, merkle.EMPTY_ROOT, LEAVES[0], []) == code


def test_a_hash_has_32_bytes_and_an_index_lies_in_the_tree():
    assert refusal(merkle.check_inclusion, b"short", 0, 1, [], LEAVES[0]) == "merkle.hash_size"
    assert refusal(merkle.check_inclusion, LEAVES[0], 1, 1, [], LEAVES[0]) == "merkle.index"
    assert refusal(merkle.check_inclusion, LEAVES[0], -1, 1, [], LEAVES[0]) == "merkle.index"
    assert refusal(merkle.check_inclusion, LEAVES[0], 0, 0, [], LEAVES[0]) == "merkle.index"
