"""Keys against the vectors of RFC 8032 and RFC 8037, and their loading."""

from __future__ import annotations

import pytest

from brand.kernel.errors import AppError
from tests.crypto.key_ring import derive_test_key
from trace.crypto import keys
from trace.crypto.edwards import ORDER
from trace.crypto.keys import PrivateKey

RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
]


@pytest.mark.parametrize(("seed", "public", "message", "signature"), RFC_8032)
def test_vectors_of_rfc_8032_section_7_1(seed: str, public: str, message: str, signature: str) -> None:
    key = PrivateKey(bytes.fromhex(seed))
    assert key.public.raw.hex() == public
    assert key.sign(bytes.fromhex(message)).hex() == signature
    assert key.public.verify(bytes.fromhex(message), bytes.fromhex(signature))


def test_thumbprint_of_rfc_8037_appendix_a_3() -> None:
    key = keys.public_key("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
    assert key.thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_signature_has_one_form() -> None:
    key, message = derive_test_key("one form"), b"message"
    signature = key.sign(message)
    s = int.from_bytes(signature[32:], "little")
    for other in (s + ORDER, ORDER - s, s ^ 1):
        assert not key.public.verify(message, signature[:32] + other.to_bytes(32, "little"))
    for wrong in (b"", signature[:-1], signature + b"\0", bytes(64)):
        assert not key.public.verify(message, wrong)


def test_generated_keys_differ_and_sign() -> None:
    first, second = keys.generate(), keys.generate()
    assert first.public != second.public
    assert first.public.verify(b"m", first.sign(b"m"))
    assert not second.public.verify(b"m", first.sign(b"m"))


def test_a_key_never_prints_its_seed() -> None:
    key = derive_test_key("printed")
    for shown in (repr(key), str(key), f"{key}"):
        assert shown == f"PrivateKey({key.public.thumbprint})"


def test_text_and_key_are_inverse() -> None:
    key = derive_test_key("text").public
    assert keys.public_key(key.text) == key


@pytest.mark.parametrize(
    "bend", [lambda t: t + "=", lambda t: t[:-1], lambda t: t + "A", lambda t: " " + t[1:], lambda t: ""]
)
def test_malformed_text_is_refused(bend: object) -> None:
    assert callable(bend)
    with pytest.raises(AppError) as refusal:
        keys.public_key(bend(derive_test_key("text").public.text))
    assert refusal.value.code == "keys.public_text"


def test_spare_bits_in_the_text_are_refused() -> None:
    text = keys.public_key("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").text
    with pytest.raises(AppError) as refusal:
        keys.public_key(text[:-1] + "p")
    assert refusal.value.code == "keys.public_text"


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_private_key_has_32_bytes(size: int) -> None:
    with pytest.raises(AppError) as refusal:
        PrivateKey(bytes(size))
    assert refusal.value.code == "keys.private_size"
