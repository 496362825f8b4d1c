"""A large file locked by a passphrase: Argon2id, then AES-256-GCM piece by piece, so that no file is held in memory.

Pieces are numbered and the last is marked (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015):
cut off, doubled or reordered pieces open nothing. The whole head is associated data of every piece.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from brand.kernel.errors import invalid, refused
from trace.crypto.sealed_keys import SHORTEST_PASSPHRASE, STANDARD, Argon2Cost

FIRST_LINE = b"brandtrace/sealed-file/v1\n"
PIECE = 1024 * 1024
_SALT, _PREFIX, _TAG = 16, 7, 16


def seal(source: BinaryIO, target: BinaryIO, passphrase: str, *, cost: Argon2Cost = STANDARD) -> None:
    """Write ``source`` locked into ``target``; raises ``keys.passphrase_short``."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise invalid("keys.passphrase_short", shortest=SHORTEST_PASSPHRASE)
    head = FIRST_LINE + secrets.token_bytes(_SALT + _PREFIX)
    lock = _lock(head, passphrase, cost)
    target.write(head)
    for number, piece, last in _pieces(source, PIECE):
        target.write(lock.encrypt(_nonce(head, number, last), piece, head))


def open_sealed(source: BinaryIO, target: BinaryIO, passphrase: str, *, cost: Argon2Cost = STANDARD) -> None:
    """Write what was locked into ``target``.

    Raises ``sealing.not_sealed`` for another kind of file, and ``sealing.not_opened`` for a wrong passphrase, a changed
    byte or a missing end, which cannot be told apart. What was written until then is worth nothing.
    """
    head = source.read(len(FIRST_LINE) + _SALT + _PREFIX)
    if len(head) != len(FIRST_LINE) + _SALT + _PREFIX or not head.startswith(FIRST_LINE):
        raise invalid("sealing.not_sealed")
    lock = _lock(head, passphrase, cost)
    for number, piece, last in _pieces(source, PIECE + _TAG):
        try:
            target.write(lock.decrypt(_nonce(head, number, last), piece, head))
        except InvalidTag:
            raise refused("sealing.not_opened") from None


def is_sealed(source: BinaryIO) -> bool:
    """Whether the file begins like a locked one; its position is where it was."""
    begin = source.read(len(FIRST_LINE))
    source.seek(-len(begin), 1)
    return begin == FIRST_LINE


def _pieces(source: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Number, bytes and whether it is the last; an empty file has one empty piece."""
    number, piece = 0, source.read(size)
    while True:
        following = source.read(size)
        yield number, piece, not following
        if not following:
            return
        number, piece = number + 1, following


def _lock(head: bytes, passphrase: str, cost: Argon2Cost) -> AESGCM:
    salt = head[len(FIRST_LINE) : len(FIRST_LINE) + _SALT]
    kdf = Argon2id(salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory)
    return AESGCM(kdf.derive(unicodedata.normalize("NFC", passphrase).encode()))


def _nonce(head: bytes, number: int, last: bool) -> bytes:
    return head[-_PREFIX:] + number.to_bytes(4, "big") + bytes([last])
