"""Ed25519 keys as the registry uses them: made, loaded and named (RFC 8032, RFC 8037, thumbprints of RFC 7638)."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from brand.kernel.errors import invalid
from trace.crypto import base64url, edwards

ALGORITHM = "Ed25519"
SEED_SIZE = 32
SIGNATURE_SIZE = 64


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that has passed ``edwards.check_public``: a weak one cannot be built, so cannot be asked."""

    raw: bytes

    def __post_init__(self) -> None:
        edwards.check_public(self.raw)

    @property
    def text(self) -> str:
        """43 base64url characters: the ``x`` of a JWK and the form to store."""
        return base64url.encode(self.raw)

    @property
    def thumbprint(self) -> str:
        """RFC 7638 SHA-256 thumbprint, base64url: the full name of the key."""
        members = json.dumps(required_members(self), separators=(",", ":"), sort_keys=True)
        return base64url.encode(hashlib.sha256(members.encode("ascii")).digest())

    def verify(self, message: bytes, signature: bytes) -> bool:
        """True when ``signature`` fits ``message``: RFC 8032 without the cofactor, S below the order, R of prime order.

        R is then never the identity, which RFC 8032 would take; only the holder of the key could make such a signature.
        The inspector's telephone draws the same line (``static/js/inspector/signatures.js``).
        """
        if len(signature) != SIGNATURE_SIZE:
            return False
        try:
            # libsodium: two thirds of what OpenSSL takes, at every look at every pack.
            crypto_sign_open(signature + message, self.raw)
        except BadSignatureError:
            return False
        return True


class PrivateKey:
    """A signing key held in memory; its printed form shows the thumbprint and never the seed."""

    __slots__ = ("_signer", "public")

    public: PublicKey

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_SIZE:
            raise invalid("keys.private_size", size=len(seed), expected=SEED_SIZE)
        self._signer = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = PublicKey(self._signer.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """64 bytes. The caller domain-separates the message."""
        return self._signer.sign(message)

    def seed(self) -> bytes:
        """The 32 secret bytes, for sealing only."""
        return self._signer.private_bytes_raw()

    def __repr__(self) -> str:
        return f"PrivateKey({self.public.thumbprint})"


def generate() -> PrivateKey:
    """A new key from the operating system's randomness."""
    return PrivateKey(secrets.token_bytes(SEED_SIZE))


def public_key(text: str) -> PublicKey:
    """Load a public key from its 43 base64url characters; raises ``keys.public_text`` or one of ``edwards``'s codes."""
    raw = base64url.decode(text, size=edwards.SIZE)
    if raw is None:
        raise invalid("keys.public_text")
    return PublicKey(raw)


def required_members(key: PublicKey) -> dict[str, str]:
    """The members RFC 8037 section 2 demands of an Ed25519 JWK, and the only ones the thumbprint covers."""
    return {"crv": ALGORITHM, "kty": "OKP", "x": key.text}
