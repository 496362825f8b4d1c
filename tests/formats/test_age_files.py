"""Encrypted label files, read back by a reader of the test's own that follows the format's text and not the library."""

from __future__ import annotations

import base64
import hmac
from io import BytesIO

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from brand.kernel.errors import AppError
from trace.formats.age_files import check_recipient, encrypt

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def bech32(data: bytes) -> str:
    """BIP 173 with the prefix of age's recipients."""
    bits = "".join(f"{one:08b}" for one in data)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]
    whole = [*(ord(one) >> 5 for one in "age"), 0, *(ord(one) & 31 for one in "age"), *values, *[0] * 6]
    check = 1
    for value in whole:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    check ^= 1
    return "age1" + "".join(_LETTERS[one] for one in [*values, *(check >> 5 * (5 - at) & 31 for at in range(6))])


def hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, info).derive(secret)


def unpadded(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)


def read(data: bytes, secret: X25519PrivateKey) -> bytes:
    """The plain bytes of a file with X25519 stanzas: header, file key, MAC, then pieces of 64 KiB."""
    head, mac, body = data.partition(b"\n---")
    lines = (head + b"\n").split(b"\n")
    assert lines[0] == b"age-encryption.org/v1"
    arguments = lines[1].split(b" ")
    assert arguments[:2] == [b"->", b"X25519"]
    share, own = unpadded(arguments[2]), secret.public_key().public_bytes_raw()
    shared = secret.exchange(X25519PublicKey.from_public_bytes(share))
    wrap = hkdf(shared, share + own, b"age-encryption.org/v1/X25519")
    key = ChaCha20Poly1305(wrap).decrypt(bytes(12), unpadded(lines[2]), None)
    told, _, payload = body.partition(b"\n")
    assert hmac.digest(hkdf(key, b"", b"header"), head + mac, "sha256") == unpadded(told.strip())
    cipher = ChaCha20Poly1305(hkdf(key, payload[:16], b"payload"))
    pieces = [payload[at : at + 65552] for at in range(16, len(payload), 65552)]
    last = len(pieces) - 1
    return b"".join(
        cipher.decrypt(number.to_bytes(11, "big") + bytes([number == last]), piece, None)
        for number, piece in enumerate(pieces)
    )


@pytest.mark.parametrize("size", [1, 65_536, 200_000])
def test_only_the_holder_of_the_key_reads_it(size: int) -> None:
    mine, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    plain = bytes(range(256)) * (size // 256 + 1)
    out = BytesIO()
    encrypt(BytesIO(plain[:size]), out, bech32(mine.public_key().public_bytes_raw()))
    assert read(out.getvalue(), mine) == plain[:size]
    with pytest.raises(InvalidTag):
        read(out.getvalue(), other)


#: Points whose multiples are few: 0, 1, p-1, p, p+1 and one of order 8 (the list every X25519 text gives).
_WEAK = (
    bytes(32),
    (1).to_bytes(32, "little"),
    (2**255 - 20).to_bytes(32, "little"),
    (2**255 - 19).to_bytes(32, "little"),
    (2**255 - 18).to_bytes(32, "little"),
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
)


@pytest.mark.parametrize("point", _WEAK)
def test_a_key_of_small_order_is_refused(point: bytes) -> None:
    with pytest.raises(AppError) as caught:
        check_recipient(bech32(point))
    assert (caught.value.code, caught.value.faults[0].pointer) == ("labels.recipient_weak", "/recipient")


_GOOD = bech32(X25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw())


_SWAPPED = _GOOD[:-1] + ("q" if _GOOD[-1] != "q" else "p")
_NO_KEYS = ("", "age1", _GOOD[:-1], _SWAPPED, _GOOD.upper(), f" {_GOOD}", "ssh-ed25519 AAAA")


@pytest.mark.parametrize("text", _NO_KEYS)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(AppError) as caught:
        check_recipient(text)
    assert caught.value.code == "labels.recipient_shape"
