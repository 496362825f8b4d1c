"""Public keys as the world fetches them: ``jwks.json`` (RFC 7517, 8037, 9864) and ``did.json`` (W3C did:web)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from brand.kernel.errors import invalid
from trace.crypto.keys import ALGORITHM, PublicKey, public_key, required_members

KID = re.compile(r"[0-9a-z]{2,3}")
#: RFC 9864 names the curve; RFC 8037 before it said only this much.
_ALGORITHM_NAMES = (ALGORITHM, "EdDSA")
_HOST = re.compile(r"[0-9a-z](?:[0-9a-z.-]*[0-9a-z])?(?::[0-9]{1,5})?")
_CONTEXT = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"]


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A public key under the short id printed in codes (2–3 characters, never reused) with its window in UTC.

    ``state`` is active, retired or distrusted; what a distrusted key signed counts only where the log tells of it
    before the place ``distrusted_from``.
    """

    kid: str
    public: PublicKey
    not_before: datetime
    not_after: datetime
    state: str = "active"
    distrusted_from: int | None = None

    def __post_init__(self) -> None:
        if not KID.fullmatch(self.kid):
            raise invalid("keys.kid_shape", kid=self.kid)
        if not self.not_before < self.not_after:
            raise invalid("keys.dates_reversed")


def jwk(key: PublishedKey) -> dict[str, Any]:
    """One JWK; ``nbf`` and ``exp`` are the window in Unix seconds (IANA JWK parameters, OpenID Federation 1.0)."""
    window = {"nbf": int(key.not_before.timestamp()), "exp": int(key.not_after.timestamp())}
    told: dict[str, Any] = {"state": key.state}
    if key.distrusted_from is not None:
        told["distrusted_from"] = key.distrusted_from
    return {**_plain_jwk(key), "use": "sig", **window, **told}


def jwks(keys: Iterable[PublishedKey]) -> dict[str, Any]:
    """The JWK set, in the order of the short ids; refuses one id for two keys (``keys.kid_repeated``)."""
    return {"keys": [jwk(key) for key in _in_order(keys)]}


def read_jwks(document: object) -> dict[str, PublicKey]:
    """The Ed25519 keys of a JWK set by their short ids; keys of other kinds or for other work are passed over.

    Raises ``keys.jwks_shape``, ``keys.kid_repeated``, ``keys.public_text`` or one of ``edwards``'s codes.
    """
    found: dict[str, PublicKey] = {}
    for one in _checking(document):
        kid, text = one.get("kid"), one.get("x")
        if not isinstance(kid, str) or not isinstance(text, str):
            raise invalid("keys.jwks_shape")
        if kid in found:
            raise invalid("keys.kid_repeated", kid=kid)
        found[kid] = public_key(text)
    return found


def distrusted(document: object) -> frozenset[str]:
    """The short ids that a JWK set of ours marks as distrusted; raises ``keys.jwks_shape``."""
    return frozenset(str(one.get("kid")) for one in _checking(document) if one.get("state") == "distrusted")


def _checking(document: object) -> list[dict[str, Any]]:
    """The keys of a JWK set that check Ed25519 signatures, by all that RFC 7517 part 4 lets a key say of its work."""
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise invalid("keys.jwks_shape")
    return [one for one in listed if (one.get("kty"), one.get("crv")) == ("OKP", ALGORITHM) and _may_check(one)]


def _may_check(one: dict[str, Any]) -> bool:
    acts = one.get("key_ops", ["verify"])
    return (
        one.get("alg", ALGORITHM) in _ALGORITHM_NAMES
        and one.get("use", "sig") == "sig"
        and isinstance(acts, list)
        and "verify" in acts
    )


def did_web(host: str) -> str:
    """``did:web`` name of a host in lower case, with its port percent-encoded as the method demands."""
    if not _HOST.fullmatch(host):
        raise invalid("keys.host_shape", host=host)
    return "did:web:" + host.replace(":", "%3A")


def did_document(host: str, keys: Iterable[PublishedKey]) -> dict[str, Any]:
    """The DID document of the registry at ``host``: one verification method per key, fragment = short id."""
    did, ordered = did_web(host), _in_order(keys)
    methods = [_method(did, key) for key in ordered]
    return {
        "@context": list(_CONTEXT),
        "id": did,
        "verificationMethod": methods,
        # Whoever knows no log cannot tell before from after: to them a distrusted key asserts nothing.
        "assertionMethod": [f"{did}#{key.kid}" for key in ordered if key.state != "distrusted"],
    }


def _method(did: str, key: PublishedKey) -> dict[str, Any]:
    fragment = f"{did}#{key.kid}"
    return {"id": fragment, "type": "JsonWebKey2020", "controller": did, "publicKeyJwk": _plain_jwk(key)}


def _plain_jwk(key: PublishedKey) -> dict[str, str]:
    return {**required_members(key.public), "kid": key.kid, "alg": ALGORITHM}


def _in_order(keys: Iterable[PublishedKey]) -> list[PublishedKey]:
    ordered = sorted(keys, key=lambda key: key.kid)
    repeated = [kid for kid, times in Counter(key.kid for key in ordered).items() if times > 1]
    if repeated:
        raise invalid("keys.kid_repeated", kid=repeated[0])
    return ordered
