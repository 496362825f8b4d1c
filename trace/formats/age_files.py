"""Files that only one reader opens: encrypted to a printing house's own key, in the format `age`.

Source: age-encryption.org/v1 (C2SP), recipients of type X25519; threats A9 and T34 of the security notes. The library
does the encrypting; we refuse what it would take: a key of small order, with which everybody could read the file.
"""

from __future__ import annotations

from typing import BinaryIO, Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from pyrage import RecipientError, encrypt_io, x25519

from brand.kernel.errors import AppError, Fault, invalid

_PREFIX: Final = "age1"
_LETTERS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_CHECKSUM: Final = 6


def check_recipient(text: str) -> str:
    """The key as it is used; raises ``labels.recipient_shape`` or ``labels.recipient_weak``."""
    _recipient(text)
    key = _key_of(text)
    try:
        # A key of small order gives the same shared secret, nothing but zeros, to whoever asks.
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(key))
    except ValueError:
        raise _refused("labels.recipient_weak") from None
    return text


def encrypt(plain: BinaryIO, out: BinaryIO, recipient: str) -> None:
    """Write what ``plain`` holds so that only the holder of the recipient's secret key can read it."""
    encrypt_io(plain, out, [_recipient(check_recipient(recipient))])


def _recipient(text: str) -> x25519.Recipient:
    if not text.startswith(_PREFIX):
        raise _refused("labels.recipient_shape")
    try:
        return x25519.Recipient.from_str(text)
    except RecipientError:
        raise _refused("labels.recipient_shape") from None


def _key_of(text: str) -> bytes:
    """The 32 bytes of a key whose Bech32 checksum the library has checked (BIP 173: five bits a letter)."""
    number = 0
    letters = text[len(_PREFIX) : -_CHECKSUM]
    for letter in letters:
        number = number << 5 | _LETTERS.index(letter)
    return (number >> (5 * len(letters) - 256)).to_bytes(32, "big")


def _refused(code: str) -> AppError:
    return invalid(code, faults=[Fault(code, "/recipient")])
