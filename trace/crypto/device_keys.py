"""Keys that telephones make and never hand out: ECDSA over P-256 with SHA-256, as every browser's WebCrypto has it.

Source: FIPS 186-5; SEC 1 section 2.3.3 (uncompressed points); W3C Web Cryptography (signatures are r‖s, 64 bytes). For
one message both s and n − s verify, so a signature is never a name for anything.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from brand.kernel.errors import invalid
from trace.crypto import base64url

POINT_SIZE, SIGNATURE_SIZE = 65, 64
_HALF = 32


def check_public(text: str) -> None:
    """Refuse what is not a point of the curve in its one spelling; raises ``field_devices.public_key``."""
    _public(text)


def verify(public: str, message: bytes, signature: str) -> bool:
    """Whether the signature (86 base64url characters) fits the message; one in another spelling never does."""
    raw = base64url.decode(signature, size=SIGNATURE_SIZE)
    if raw is None:
        return False
    r, s = (int.from_bytes(half, "big") for half in (raw[:_HALF], raw[_HALF:]))
    try:
        _public(public).verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _public(text: str) -> ec.EllipticCurvePublicKey:
    raw = base64url.decode(text, size=POINT_SIZE)
    if raw is None or raw[0] != 4:  # 4: both coordinates are there; a compressed point would be a second spelling
        raise invalid("field_devices.public_key")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError as error:
        raise invalid("field_devices.public_key") from error
