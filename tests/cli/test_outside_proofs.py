"""Proofs and notes: ``brandtrace audit`` against vectors and probes others published, source and licence named."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from trace.cli.audit import CHECKERS, answer
from trace.crypto import merkle


def ask(what: str, claim: object) -> dict[str, Any]:
    return answer(CHECKERS[what], json.dumps(claim).encode())


#: transparency-dev/merkle, proof/verify_test.go (Apache-2.0): leaves, roots at each size, paths; places count from 0.
LEAVES = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [bytes.fromhex(one) for one in (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)]  # fmt: skip
_96, _5F, _6B, _BC, _CA, _0E, _B0 = (
    bytes.fromhex(one) for one in (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    )
)  # fmt: skip
INCLUDED = [
    (0, 1, []),
    (0, 8, [_96, _5F, _6B]),
    (5, 8, [_BC, _CA, ROOTS[3]]),
    (2, 3, [ROOTS[1]]),
    (1, 5, [ROOTS[0], _5F, _BC]),
]
CONSISTENT = [
    (1, 1, []),
    (1, 8, [_96, _5F, _6B]),
    (6, 8, [_0E, _CA, ROOTS[3]]),
    (2, 5, [_5F, _BC]),
    (6, 7, [_0E, _B0, ROOTS[3]]),
]
SOME = bytes.fromhex("abacaba000000000000000000000000000000000000000000060061e00123456")


def text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def spoilt(proof: list[bytes], *roots: bytes) -> Iterator[list[bytes]]:
    """The same suite's ways to spoil a path."""
    for one in (b"", *roots):
        yield [*proof, one]
        yield [one, *proof]
    for at, one in enumerate(proof):
        yield [*proof[:at], bytes([one[0] ^ 8]) + one[1:], *proof[at + 1 :]]
        yield [*proof[:at], bytes([one[0] ^ 16]) + one[1:], *proof[at + 1 :]]
    if proof:
        yield proof[:-1]
        yield []
        yield [proof[0], *proof]
    if len(proof) > 1:
        yield [proof[0], SOME, *proof[1:]]


@pytest.mark.parametrize(("index", "size", "proof"), INCLUDED)
def test_inclusion(index: int, size: int, proof: list[bytes]) -> None:
    leaf, root = merkle.leaf_hash(LEAVES[index]), ROOTS[size - 1]

    def asked(at: int, of: int, path: list[bytes], under: bytes, hashed: bytes = leaf) -> dict[str, Any]:
        claim = {"leaf_hash": text(hashed), "index": at, "size": of, "proof": list(map(text, path))}
        return ask("inclusion", {**claim, "root": text(under)})

    assert asked(index, size, proof, root) == {"ok": True, "value": True, "code": ""}
    wrong = [asked(at, size, proof, root) for at in (index - 1, index + 1, index ^ 2)]
    wrong += [asked(index, of, proof, root) for of in (size * 2, size // 2)]
    wrong += [asked(index, size, proof, under) for under in (merkle.EMPTY_ROOT, SOME, b"", b"WrongRoot")]
    wrong += [asked(index, size, path, root) for path in spoilt(proof, root)]
    wrong += [asked(index, size, proof, root, hashed) for hashed in (b"", b"WrongLeaf", SOME)]
    assert {one["ok"] for one in wrong} == {False}
    assert all(one["code"].startswith("merkle.") for one in wrong)


@pytest.mark.parametrize(("old", "size", "proof"), CONSISTENT)
def test_consistency(old: int, size: int, proof: list[bytes]) -> None:
    before, after = ROOTS[old - 1], ROOTS[size - 1]

    def asked(size1: int, size2: int, root1: bytes, root2: bytes, path: list[bytes]) -> dict[str, Any]:
        claim = {"size1": size1, "size2": size2, "root1": text(root1), "root2": text(root2)}
        return ask("consistency", {**claim, "proof": list(map(text, path))})

    assert asked(old, size, before, after, proof) == {"ok": True, "value": True, "code": ""}
    wrong = [asked(one, size, before, after, proof) for one in (old - 1, old + 1, old ^ 2)]
    wrong += [asked(old, size, one, after, proof) for one in (b"WrongRoot", SOME)]
    wrong += [asked(old, size, before, one, proof) for one in (b"WrongRoot", SOME)]
    wrong += [asked(old, size, before, after, path) for path in spoilt(proof, before, after)]
    if proof:  # with equal sizes these say the same
        wrong += [asked(old, of, before, after, proof) for of in (size * 2, size // 2)]
        wrong.append(asked(old, size, after, before, proof))
    assert {one["ok"] for one in wrong} == {False}
    assert all(one["code"].startswith("merkle.") for one in wrong)


def test_what_an_empty_log_proves() -> None:
    """The suite lets size 0 be consistent with everything; here nothing is proved by it, and the claim is an error."""
    for root1, root2, proof in ((SOME, SOME, []), (merkle.EMPTY_ROOT, SOME, []), (SOME, SOME, [merkle.EMPTY_ROOT])):
        for size in (0, 1):
            claim = {"size1": 0, "size2": size, "root1": text(root1), "root2": text(root2)}
            found = ask("consistency", {**claim, "proof": list(map(text, proof))})
            assert found == {"ok": False, "value": None, "code": "merkle.old_size"}


#: golang.org/x/mod, sumdb/note/note_test.go (BSD-3-Clause): two keys and what they signed.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
SAID = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETERS = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
ENOCHS = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"


def note(written: str, vkey: str = PETER) -> str:
    return str(ask("note", {"note": written, "vkey": vkey})["code"])


def test_notes() -> None:
    """Signatures are checked before the text is read as a checkpoint, which these texts are not."""
    read = "checkpoints.shape"
    assert note(f"{SAID}\n{PETERS}") == note(f"{SAID}\n{PETERS}{ENOCHS}") == read
    assert note(f"{SAID}\n{PETERS}{ENOCHS}", ENOCH) == note(f"{SAID}\n{PETERS}{PETERS}") == read
    assert note(f"{SAID}\n{ENOCHS}") == "notes.no_known_signature"
    assert note(f"{SAID}\n{PETERS[:60]}ABCD{PETERS[60:]}") == "notes.signature_wrong"
    assert note(f"{SAID}\n{PETERS * 101}") == "notes.too_many_signatures"
    assert note(SAID) == note(f"{SAID}\n") == note(f"{SAID}\n{PETERS[:-1]}") == "notes.shape"
    assert note(f"\x01{SAID}\n{PETERS}") == note(f"\udcff{SAID}\n{PETERS}") == "notes.characters"
    assert note(f"{SAID}\n{PETERS.replace('PeterNeumann', 'Bad Name')}") == "notes.signature_line"
    assert note(f"{SAID}\n{PETERS}Unexpected line.\n") == "notes.signature_line"
    assert note(f"{SAID}\n{PETERS.replace('PeterNeumann', 'CarmenSandiego')}") == "notes.no_known_signature"
    assert note(f"{SAID}\n{PETERS.replace('x08g', 'xxxx')}") == "notes.no_known_signature"


def test_mangled_keys_of_notes() -> None:
    """Every part of a key and every one of its characters moved on by one; then two with a key id worked out anew."""
    written = f"{SAID}\n{PETERS}"
    parts = {PETER[start:end] for start in range(len(PETER)) for end in range(start + 1, len(PETER) + 1)} - {PETER}
    moved = {PETER[:at] + chr(ord(PETER[at]) + 1) + PETER[at + 1 :] for at in range(len(PETER))}
    longer = "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=="
    other = "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    for one in (*parts, *moved, longer, other):
        assert note(written, one).startswith(("notes.vkey", "keys.")), one
