"""Key files: they open with their passphrase, and with nothing else changed by a single character."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from brand.kernel.errors import AppError
from tests.crypto.key_ring import derive_test_key
from trace.crypto.keys import PrivateKey
from trace.crypto.sealed_keys import Argon2Cost, Role, open_sealed, read_header, seal

CHEAP = Argon2Cost(memory=8, passes=1, lanes=1)
PASSPHRASE = "示范 passphrase for tests"
KEY = derive_test_key("sealed")
TERM: dict[str, Any] = {
    "role": Role.LABEL,
    "key_id": "k3",
    "created": datetime(2026, 6, 15, 1, 2, 3, tzinfo=UTC),
    "not_before": datetime(2026, 7, 1, tzinfo=UTC),
    "not_after": datetime(2026, 10, 1, tzinfo=UTC),
}


def sealed(key: PrivateKey = KEY, passphrase: str = PASSPHRASE, **changes: Any) -> str:
    return seal(key, passphrase, **{**TERM, "cost": CHEAP, **changes})


TEXT = sealed()
GOLDEN = """brandtrace/private-key/v1
role: label
key-id: k3
algorithm: Ed25519
thumbprint: 4qHk76wlwtvGBieAQQIRa9Y5mXQxwCBNALO89OEMXkg
created: 2026-06-15T01:02:03Z
not-before: 2026-07-01T00:00:00Z
not-after: 2026-10-01T00:00:00Z
kdf: argon2id m=8 t=1 p=1
salt: aFR_YnhUvOPDGDL1eOJ93g
cipher: AES-256-GCM
nonce: s9Sl0HkekwfGso1I

2H3toBElfSRxHII05N0pxsBfrJAS1AL76bY_g63EbOcA8duv9o8IJdcSxp2Uc107
"""


def refusal_of(text: str, passphrase: str = PASSPHRASE, floor: Argon2Cost = CHEAP) -> str:
    with pytest.raises(AppError) as refusal:
        open_sealed(text, passphrase, floor=floor)
    return refusal.value.code


def test_what_was_sealed_opens() -> None:
    opened = open_sealed(TEXT, PASSPHRASE, floor=CHEAP)
    assert opened.seed() == KEY.seed()
    assert opened.public == KEY.public


def test_the_header_tells_what_was_sealed() -> None:
    header = read_header(TEXT)
    assert header.thumbprint == KEY.public.thumbprint
    assert {name: getattr(header, name) for name in TERM} == TERM


def test_a_file_of_today_opens_for_ever() -> None:
    assert open_sealed(GOLDEN, PASSPHRASE, floor=CHEAP).seed() == KEY.seed()


def test_the_standard_cost_is_that_of_the_policy_and_the_default() -> None:
    text = seal(KEY, PASSPHRASE, **TERM)
    assert "\nkdf: argon2id m=65536 t=3 p=1\n" in text
    assert open_sealed(text, PASSPHRASE).seed() == KEY.seed()


def test_a_cheap_file_is_refused_unless_asked_for() -> None:
    with pytest.raises(AppError) as refusal:
        open_sealed(TEXT, PASSPHRASE)
    assert refusal.value.code == "keys.envelope_cost"


def test_two_sealings_share_neither_salt_nor_nonce_nor_ciphertext() -> None:
    first, second = (sealed().splitlines() for _ in range(2))
    differing = [a.partition(":")[0] for a, b in zip(first, second, strict=True) if a != b]
    assert differing[:2] == ["salt", "nonce"]
    assert len(differing) == 3


def test_the_passphrase_is_one_text_however_it_is_composed() -> None:
    composed, decomposed = "caf\u00e9 caf\u00e9 caf\u00e9", "cafe\u0301 cafe\u0301 cafe\u0301"
    assert open_sealed(sealed(passphrase=composed), decomposed, floor=CHEAP).seed() == KEY.seed()


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE + " ", PASSPHRASE.upper(), "示范"])
def test_a_wrong_passphrase_opens_nothing(passphrase: str) -> None:
    assert refusal_of(TEXT, passphrase) == "keys.not_opened"


OTHER_VALUES = {
    "role": "log",
    "key-id": "k4",
    "thumbprint": derive_test_key("another").public.thumbprint,
    "created": "2026-06-15T01:02:04Z",
    "not-before": "2026-06-30T00:00:00Z",
    "not-after": "2036-10-01T00:00:00Z",
    "kdf": "argon2id m=16 t=1 p=1",
    "salt": "A" * 22,
    "nonce": "A" * 16,
}


def with_value(name: str, value: str) -> str:
    lines = TEXT.split("\n")
    return "\n".join(f"{name}: {value}" if line.startswith(f"{name}: ") else line for line in lines)


@pytest.mark.parametrize("name", OTHER_VALUES)
def test_a_plausible_change_of_any_header_line_opens_nothing(name: str) -> None:
    assert refusal_of(with_value(name, OTHER_VALUES[name])) == "keys.not_opened"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("role", "root"),
        ("key-id", "K3"),
        ("algorithm", "ES256"),
        ("thumbprint", "short"),
        ("created", "2026-06-31T00:00:00Z"),
        ("not-before", "2026-07-01"),
        ("not-after", "2026-10-01T00:00:00+00:00"),
        ("kdf", "pbkdf2 m=8 t=1 p=1"),
        ("salt", "A" * 21),
        ("cipher", "AES-256-CBC"),
        ("nonce", "A" * 15 + "="),
    ],
)
def test_a_malformed_header_line_is_named(name: str, value: str) -> None:
    text = with_value(name, value)
    number = next(n for n, line in enumerate(text.split("\n"), start=1) if line.startswith(f"{name}: "))
    with pytest.raises(AppError) as refusal:
        read_header(text)
    assert (refusal.value.code, refusal.value.params) == ("keys.envelope_line", {"line": number})


def test_a_header_line_removed_doubled_moved_or_added_is_refused() -> None:
    lines = TEXT.split("\n")
    for at in range(1, len(lines) - 1):
        assert refusal_of("\n".join(lines[:at] + lines[at + 1 :])) == "keys.envelope_line"
        assert refusal_of("\n".join([*lines[:at], lines[at], *lines[at:]])) == "keys.envelope_line"
        swapped = [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]
        if lines[at] != lines[at + 1]:
            assert refusal_of("\n".join(swapped)) == "keys.envelope_line"
    assert refusal_of(TEXT + "\n") == "keys.envelope_line"
    assert refusal_of(TEXT.replace("\n", "\r\n")) == "keys.envelope_version"


@pytest.mark.parametrize(
    "text", ["", "-----BEGIN PRIVATE KEY-----\n", TEXT.replace("/v1", "/v2"), "\ufeff" + TEXT, " " + TEXT]
)
def test_another_kind_of_file_is_refused(text: str) -> None:
    assert refusal_of(text) == "keys.envelope_version"


def test_no_single_character_can_be_changed() -> None:
    allowed = {"keys.not_opened", "keys.envelope_version", "keys.envelope_line", "keys.envelope_cost"}
    for at, letter in enumerate(TEXT):
        for other in ("A" if letter != "A" else "B", "1" if letter != "1" else "2"):
            assert refusal_of(TEXT[:at] + other + TEXT[at + 1 :]) in allowed


def test_the_spare_bits_of_the_salt_are_protected_too() -> None:
    letters = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    salt = next(line for line in TEXT.split("\n") if line.startswith("salt: ")).removeprefix("salt: ")
    for other in letters.replace(salt[-1], ""):
        assert refusal_of(with_value("salt", salt[:-1] + other)) == "keys.not_opened"


def test_every_truncation_is_refused() -> None:
    for end in range(len(TEXT)):
        assert refusal_of(TEXT[:end]) in {"keys.envelope_version", "keys.envelope_line"}


@pytest.mark.parametrize(
    "cost", ["m=7 t=1 p=1", "m=8 t=0 p=1", "m=8 t=1 p=0", "m=8 t=1 p=2", "m=999999999 t=1 p=1", "m=8 t=9999 p=1"]
)
def test_a_work_factor_beyond_bounds_is_refused_before_any_work(cost: str) -> None:
    assert refusal_of(with_value("kdf", f"argon2id {cost}")) == "keys.envelope_cost"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"passphrase": "short"}, "keys.passphrase_short"),
        ({"key_id": "K3"}, "keys.key_id_shape"),
        ({"key_id": "a\nrole: log"}, "keys.key_id_shape"),
        ({"created": datetime(2026, 6, 15)}, "keys.time_shape"),  # noqa: DTZ001 - the naive time is the case
        ({"created": datetime(2026, 6, 15, microsecond=1, tzinfo=UTC)}, "keys.time_shape"),
        ({"not_before": datetime(2026, 7, 1, tzinfo=timezone(timedelta(hours=8)))}, "keys.time_shape"),
        ({"not_before": datetime(2026, 10, 1, tzinfo=UTC)}, "keys.dates_reversed"),
        ({"cost": Argon2Cost(memory=8, passes=0, lanes=1)}, "keys.envelope_cost"),
    ],
)
def test_what_may_not_be_sealed(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(AppError) as refusal:
        sealed(**changes)
    assert refusal.value.code == code


def test_roles_in_the_file_are_the_roles_of_the_policy() -> None:
    for role in Role:
        assert read_header(sealed(role=role)).role is role
