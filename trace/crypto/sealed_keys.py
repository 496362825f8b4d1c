"""A private key in a text file, locked by a passphrase: the envelope of the key policy in ``keys/README.md``.

Argon2id (RFC 9106) turns the passphrase into an AES-256-GCM key; the whole header is associated data, so a changed
date or role opens nothing. The library's own encrypted PKCS#8 uses 2,048 rounds of PBKDF2 and no integrity check.
"""

from __future__ import annotations

import base64
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import zip_longest

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from brand.kernel.errors import invalid, refused
from trace.crypto import base64url
from trace.crypto.keys import ALGORITHM, PrivateKey

FIRST_LINE = "brandtrace/private-key/v1"
CIPHER = "AES-256-GCM"
SHORTEST_PASSPHRASE = 12
_SALT_SIZE, _NONCE_SIZE = 16, 12
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_KEY_ID = "[0-9a-z][0-9a-z.-]{0,63}"
_TIME_SHAPE = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
_SHAPES = {
    "role": "(?:label|log|receipt|endorsement|trust|witness)",
    "key-id": _KEY_ID,
    "algorithm": ALGORITHM,
    "thumbprint": "[0-9A-Za-z_-]{43}",
    "created": _TIME_SHAPE,
    "not-before": _TIME_SHAPE,
    "not-after": _TIME_SHAPE,
    "kdf": "argon2id m=[0-9]{1,9} t=[0-9]{1,4} p=[0-9]{1,3}",
    "salt": "[0-9A-Za-z_-]{22}",
    "cipher": CIPHER,
    "nonce": "[0-9A-Za-z_-]{16}",
}
_SEALED = "[0-9A-Za-z_-]{64}"


class Role(StrEnum):
    """What a key may sign; the signer compares this with what it is asked for."""

    LABEL = "label"
    LOG = "log"
    RECEIPT = "receipt"
    ENDORSEMENT = "endorsement"
    TRUST = "trust"
    WITNESS = "witness"


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """Work factor of Argon2id: memory in KiB, passes, lanes."""

    memory: int
    passes: int
    lanes: int

    def __str__(self) -> str:
        return f"argon2id m={self.memory} t={self.passes} p={self.lanes}"


STANDARD = Argon2Cost(memory=64 * 1024, passes=3, lanes=1)
WEAKEST = Argon2Cost(memory=8, passes=1, lanes=1)
"""What Argon2 itself can do; files of this cost are for tests, ``open_sealed`` refuses them unless told otherwise."""
LARGEST = Argon2Cost(memory=1024 * 1024, passes=16, lanes=8)
"""A file asking for more than this is refused before any memory is taken."""


@dataclass(frozen=True, slots=True)
class KeyHeader:
    """What the envelope says in clear about the key: UTC times in whole seconds, thumbprint of the public half."""

    role: Role
    key_id: str
    thumbprint: str
    created: datetime
    not_before: datetime
    not_after: datetime

    def __post_init__(self) -> None:
        check_key_id(self.key_id)
        for moment in (self.created, self.not_before, self.not_after):
            if moment.tzinfo is not UTC or moment.microsecond:
                raise invalid("keys.time_shape")
        if not self.not_before < self.not_after:
            raise invalid("keys.dates_reversed")


def check_key_id(key_id: str) -> None:
    """Refuse what cannot be the id of a key: ``keys.key_id_shape``."""
    if not re.fullmatch(_KEY_ID, key_id):
        raise invalid("keys.key_id_shape", key_id=key_id)


def seal(
    key: PrivateKey,
    passphrase: str,
    *,
    role: Role,
    key_id: str,
    created: datetime,
    not_before: datetime,
    not_after: datetime,
    cost: Argon2Cost = STANDARD,
) -> str:
    """The text of the key file for ``key``. Salt and nonce are fresh each time.

    Raises ``keys.passphrase_short`` (under 12 characters), ``keys.key_id_shape``, ``keys.time_shape``,
    ``keys.dates_reversed``, ``keys.envelope_cost``.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise invalid("keys.passphrase_short", shortest=SHORTEST_PASSPHRASE)
    _check_cost(cost, WEAKEST)
    header = KeyHeader(role, key_id, key.public.thumbprint, created, not_before, not_after)
    salt, nonce = secrets.token_bytes(_SALT_SIZE), secrets.token_bytes(_NONCE_SIZE)
    head = _head(header, cost, salt, nonce)
    ciphertext = _lock(passphrase, cost, salt).encrypt(nonce, key.seed(), head.encode("ascii"))
    return f"{head}\n{base64url.encode(ciphertext)}\n"


def read_header(text: str) -> KeyHeader:
    """What the file claims about its key. Proven only once ``open_sealed`` has opened the same text."""
    values = _read(text)
    created, not_before, not_after = (_moment(values, name) for name in ("created", "not-before", "not-after"))
    return KeyHeader(Role(values["role"]), values["key-id"], values["thumbprint"], created, not_before, not_after)


def open_sealed(text: str, passphrase: str, *, floor: Argon2Cost = STANDARD) -> PrivateKey:
    """The private key in the file ``text``.

    Raises ``keys.envelope_version``, ``keys.envelope_line`` (with the line number), ``keys.envelope_cost`` when the
    work factor is below ``floor`` or beyond ``LARGEST``, and ``keys.not_opened`` for a wrong passphrase or any altered
    character, which cannot be told apart.
    """
    values = _read(text)
    memory, passes, lanes = (int(number) for number in re.findall("[0-9]+", values["kdf"].removeprefix("argon2id")))
    cost = Argon2Cost(memory, passes, lanes)
    _check_cost(cost, floor)
    # The associated data are the characters of the file, not a re-rendering of them: no second spelling opens.
    head = text[: text.index("\n\n") + 1].encode("ascii")
    salt, nonce, sealed = (_bytes(values[name]) for name in ("salt", "nonce", "sealed"))
    try:
        return PrivateKey(_lock(passphrase, cost, salt).decrypt(nonce, sealed, head))
    except InvalidTag:
        raise refused("keys.not_opened") from None


def _head(header: KeyHeader, cost: Argon2Cost, salt: bytes, nonce: bytes) -> str:
    times = (moment.strftime(_TIME) for moment in (header.created, header.not_before, header.not_after))
    lock = (str(cost), base64url.encode(salt), CIPHER, base64url.encode(nonce))
    values = (header.role, header.key_id, ALGORITHM, header.thumbprint, *times, *lock)
    return FIRST_LINE + "\n" + "".join(f"{name}: {value}\n" for name, value in zip(_SHAPES, values, strict=True))


def _lock(passphrase: str, cost: Argon2Cost, salt: bytes) -> AESGCM:
    kdf = Argon2id(salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory)
    return AESGCM(kdf.derive(unicodedata.normalize("NFC", passphrase).encode()))


def _check_cost(cost: Argon2Cost, floor: Argon2Cost) -> None:
    enough = cost.memory >= floor.memory and cost.passes >= floor.passes and cost.lanes >= floor.lanes
    bearable = cost.memory <= LARGEST.memory and cost.passes <= LARGEST.passes and cost.lanes <= LARGEST.lanes
    if not (enough and bearable and cost.memory >= 8 * cost.lanes):  # the last is Argon2's own demand
        raise refused("keys.envelope_cost", cost=str(cost), floor=str(floor), ceiling=str(LARGEST))


def _read(text: str) -> dict[str, str]:
    """The header values by name and the ciphertext as ``sealed``; every line has exactly one allowed shape."""
    first, *lines = text.split("\n")
    if first != FIRST_LINE:
        raise invalid("keys.envelope_version", expected=FIRST_LINE)
    shapes = [*(f"{re.escape(name)}: {shape}" for name, shape in _SHAPES.items()), "", _SEALED, ""]
    for number, (shape, line) in enumerate(zip_longest(shapes, lines), start=2):
        if shape is None or line is None or not re.fullmatch(shape, line):
            raise invalid("keys.envelope_line", line=number)
    values = {name: line.removeprefix(f"{name}: ") for name, line in zip(_SHAPES, lines, strict=False)}
    return {**values, "sealed": lines[-2]}


def _moment(values: dict[str, str], name: str) -> datetime:
    try:
        return datetime.strptime(values[name], _TIME).replace(tzinfo=UTC)
    except ValueError:  # the 31st of June has the right shape
        raise invalid("keys.envelope_line", line=list(_SHAPES).index(name) + 2) from None


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
