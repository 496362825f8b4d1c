"""Signed notes: a text, and who signed it (C2SP signed-note; cosignatures of C2SP tlog-cosignature, version 1).

A signature by an unknown key says nothing and is passed over; one that names a known key and does not fit makes the
whole note worthless.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from brand.kernel.errors import invalid
from trace.crypto.keys import SIGNATURE_SIZE, PrivateKey, PublicKey

ED25519, COSIGNATURE = 1, 4
#: The specification asks for at least 16; logs with many witnesses stay far below.
MOST_SIGNATURES = 64
LONGEST = 1_000_000  # bytes
LATEST = 2**63 - 1  # a cosignature's time, seconds since 1970
_DASH = "\u2014 "
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_NAME = re.compile(r"[^\s+]+")


@dataclass(frozen=True, slots=True)
class Verifier:
    """A known key: its name in notes, what its signatures mean (``ED25519`` or ``COSIGNATURE``), and the key."""

    name: str
    kind: int
    key: PublicKey

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart; no protection against collisions, and none is needed."""
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.key.raw).digest()[:4]

    @property
    def text(self) -> str:
        """The ``vkey`` to publish: name, key id in hex, kind and key in base64."""
        key = base64.b64encode(bytes([self.kind]) + self.key.raw).decode("ascii")
        return f"{self.name}+{self.key_id.hex()}+{key}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note; ``data`` is what follows the key id."""

    name: str
    key_id: bytes
    data: bytes

    @property
    def line(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.data).decode('ascii')}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text ending in a line feed and the signatures under it, none of them checked."""

    text: str
    signatures: tuple[Signature, ...]

    @property
    def written(self) -> str:
        return f"{self.text}\n{''.join(one.line for one in self.signatures)}"


def verifier(vkey: str) -> Verifier:
    """Read a ``vkey``; raises ``notes.vkey`` or, for a weak key, one of ``edwards``'s codes."""
    name, _, rest = vkey.partition("+")
    key_id, _, text = rest.partition("+")
    data = decode64(text)
    if not _NAME.fullmatch(name) or data is None or len(data) != 33 or data[0] not in (ED25519, COSIGNATURE):
        raise invalid("notes.vkey")
    found = Verifier(name, data[0], PublicKey(data[1:]))
    if key_id != found.key_id.hex():
        raise invalid("notes.vkey")
    return found


def parse(written: str) -> Note:
    """Read a note; the last empty line divides text from signatures.

    Raises ``notes.too_long``, ``notes.characters``, ``notes.shape``, ``notes.signature_line`` or
    ``notes.too_many_signatures``.
    """
    try:
        size = len(written.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise invalid("notes.characters") from error
    if size > LONGEST:
        raise invalid("notes.too_long", most=LONGEST)
    if _CONTROL.search(written):
        raise invalid("notes.characters")
    text, empty, lines = written.rpartition("\n\n")
    if not empty or not lines.endswith("\n"):
        raise invalid("notes.shape")
    signatures = lines[:-1].split("\n")
    if len(signatures) > MOST_SIGNATURES:
        raise invalid("notes.too_many_signatures", most=MOST_SIGNATURES)
    return Note(f"{text}\n", tuple(map(_signature, signatures)))


def verified(note: Note, known: Sequence[Verifier]) -> tuple[Signature, ...]:
    """The note's signatures by known keys, each of them checked, one per key.

    Raises ``notes.signature_wrong`` when one does not fit, ``notes.no_known_signature`` when there is none.
    """
    keys = {(one.name, one.key_id): one for one in known}
    found: dict[tuple[str, bytes], Signature] = {}
    for signature in note.signatures:
        named = (signature.name, signature.key_id)
        if named not in keys:
            continue
        if not _fits(keys[named], note.text, signature.data):
            raise invalid("notes.signature_wrong", name=signature.name)
        found.setdefault(named, signature)
    if not found:
        raise invalid("notes.no_known_signature")
    return tuple(found.values())


def sign(text: str, name: str, key: PrivateKey) -> Signature:
    """Sign a text as its author; ``text`` ends in a line feed."""
    return Signature(name, Verifier(name, ED25519, key.public).key_id, key.sign(text.encode("utf-8")))


def cosign(text: str, name: str, key: PrivateKey, at: int) -> Signature:
    """Sign a checkpoint as its witness at a time in seconds since 1970."""
    signature = key.sign(_cosigned(text, at))
    return Signature(name, Verifier(name, COSIGNATURE, key.public).key_id, at.to_bytes(8, "big") + signature)


def cosigned_at(signature: Signature) -> int:
    """When a witness signed, seconds since 1970."""
    return int.from_bytes(signature.data[:8], "big")


def decode64(text: str) -> bytes | None:
    """The bytes of standard base64 in its one canonical spelling, padding included; None for every other text."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode("ascii") == text else None


def _fits(known: Verifier, text: str, data: bytes) -> bool:
    if known.kind == ED25519:
        return len(data) == SIGNATURE_SIZE and known.key.verify(text.encode("utf-8"), data)
    at = int.from_bytes(data[:8], "big")
    return len(data) == 8 + SIGNATURE_SIZE and at <= LATEST and known.key.verify(_cosigned(text, at), data[8:])


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _signature(line: str) -> Signature:
    name, _, text = line.removeprefix(_DASH).partition(" ")
    data = decode64(text)
    if not line.startswith(_DASH) or not _NAME.fullmatch(name) or data is None or len(data) < 5:
        raise invalid("notes.signature_line")
    return Signature(name, data[:4], data[4:])
