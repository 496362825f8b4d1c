"""The two documents in which the world finds our public keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from brand.kernel.errors import AppError
from tests.crypto.key_ring import derive_test_key
from trace.crypto import keys, published_keys
from trace.crypto.published_keys import PublishedKey

JULY, OCTOBER = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)


def published(kid: str) -> PublishedKey:
    return PublishedKey(kid, derive_test_key({"0a": "another"}.get(kid, "k3")).public, JULY, OCTOBER)


def test_the_jwk_set_is_complete_ordered_and_public_only() -> None:
    document = published_keys.jwks([published("k3"), published("0a")])
    assert [key["kid"] for key in document["keys"]] == ["0a", "k3"]
    k3 = document["keys"][1]
    assert k3 == {
        **{"kty": "OKP", "crv": "Ed25519", "alg": "Ed25519", "use": "sig", "kid": "k3"},
        **{"x": derive_test_key("k3").public.text, "nbf": 1782864000, "exp": 1790812800, "state": "active"},
    }
    assert keys.public_key(k3["x"]) == derive_test_key("k3").public
    json.dumps(document)


def test_the_did_document_names_every_key_by_its_short_id() -> None:
    document = published_keys.did_document("trace.example.cn", [published("k3"), published("0a")])
    did = "did:web:trace.example.cn"
    assert document["id"] == did
    assert document["assertionMethod"] == [f"{did}#0a", f"{did}#k3"]
    method = document["verificationMethod"][1]
    assert (method["id"], method["controller"], method["type"]) == (f"{did}#k3", did, "JsonWebKey2020")
    assert method["publicKeyJwk"]["x"] == derive_test_key("k3").public.text
    assert "d" not in method["publicKeyJwk"]


def test_a_port_is_percent_encoded() -> None:
    assert published_keys.did_web("127.0.0.1:8000") == "did:web:127.0.0.1%3A8000"


@pytest.mark.parametrize(
    "host", ["", "Trace.example.cn", "https://trace.example.cn", "a/b", "a b", "a:", "a#k", "源标.cn"]
)
def test_a_malformed_host_is_refused(host: str) -> None:
    with pytest.raises(AppError) as refusal:
        published_keys.did_web(host)
    assert refusal.value.code == "keys.host_shape"


def test_one_id_for_two_keys_is_refused() -> None:
    twins = [published("k3"), PublishedKey("k3", derive_test_key("other").public, JULY, OCTOBER)]
    for build in (published_keys.jwks, lambda twins: published_keys.did_document("a.cn", twins)):
        with pytest.raises(AppError) as refusal:
            build(twins)
        assert refusal.value.code == "keys.kid_repeated"


@pytest.mark.parametrize("kid", ["", "k", "k333", "K3", "k٣", "k3\n"])
def test_a_malformed_short_id_is_refused(kid: str) -> None:
    with pytest.raises(AppError) as refusal:
        published(kid)
    assert refusal.value.code == "keys.kid_shape"


def test_a_window_must_run_forward() -> None:
    with pytest.raises(AppError) as refusal:
        PublishedKey("k3", derive_test_key("k3").public, OCTOBER, JULY)
    assert refusal.value.code == "keys.dates_reversed"


def listed(**members: object) -> dict[str, Any]:
    return {"keys": [published_keys.jwk(published("k3")) | members]}


@pytest.mark.parametrize(
    "members",
    [{"alg": "EdDSA"}, {"use": "sig"}, {"key_ops": ["verify"]}, {"key_ops": ["sign", "verify"]}, {"state": "retired"}],
)
def test_a_key_that_says_it_checks_signatures_is_read(members: dict[str, object]) -> None:
    assert list(published_keys.read_jwks(listed(**members))) == ["k3"]


@pytest.mark.parametrize(
    "members",
    [
        {"kty": "EC"},
        {"crv": "X25519"},
        *({"alg": alg} for alg in ("ES256", "none", "ed25519", None, 5, [])),
        *({"use": use} for use in ("enc", None, {})),
        *({"key_ops": acts} for acts in (["sign"], [], "verify", None, 5)),
    ],
    ids=str,
)
def test_a_key_of_another_kind_or_for_other_work_is_passed_over(members: dict[str, object]) -> None:
    other = listed(**members, state="distrusted")
    assert published_keys.read_jwks(other) == {}
    both = {"keys": other["keys"] + listed()["keys"]}
    assert list(published_keys.read_jwks(both)) == ["k3"]
    assert published_keys.distrusted(both) == frozenset()
