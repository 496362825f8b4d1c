"""Bent texts of a signed code, and the verifier with the well-known bugs that must fall for some of them."""

from __future__ import annotations

import base64
import binascii
import random
import string
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from brand.kernel.errors import AppError
from trace.crypto import label_codes
from trace.crypto.code_profiles import UnitCode
from trace.crypto.keys import PublicKey
from trace.crypto.label_codes import ScannedCode

BASE64URL = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
LOOK_ALIKES = str.maketrans("AaBcEeHiKMoOPpSsTXxy013", "АаВсЕеНіКМоОРрЅѕТХху٠١３")

Verifier = Callable[[str], bool]


def strict(public: PublicKey, origin: str) -> Verifier:
    """The verifier under test."""

    def accepts(text: str) -> bool:
        try:
            return label_codes.verify(public, origin, label_codes.parse(text))
        except AppError:
            return False

    return accepts


def stock(public: PublicKey, origin: str) -> Verifier:
    """The planted bug: a framework's address parsing, forgiving letters and the stock base64 decoder."""

    def accepts(text: str) -> bool:
        try:
            parts = urlsplit(text)
            _, profile, batch, serial = unquote(parts.path).rstrip("/").split("/")
            kid, signature = parse_qs(parts.query)["s"][-1].split(".")
            code = UnitCode(batch.upper(), serial.upper())
            scanned = ScannedCode(code, kid.lower(), base64.urlsafe_b64decode(signature + "=="))
            return profile == "u" and label_codes.verify(public, origin, scanned)
        except (AppError, KeyError, ValueError, binascii.Error):
            return False

    return accepts


def accepted(verifier: Verifier, texts: Iterable[str], canonical: str) -> list[str]:
    """The texts, other than the canonical one, that ``verifier`` takes for it."""
    return [text for text in texts if text != canonical and verifier(text)]


def random_mutants(canonical: str, others: list[str], count: int, seed: int) -> Iterator[str]:
    """``count`` texts, each bent once to three times; the sequence depends on ``seed`` only."""
    dice = random.Random(seed)
    for _ in range(count):
        text = canonical
        for _ in range(dice.choice((1, 1, 1, 2, 3))):
            text = dice.choice(BENDS)(dice, text or canonical, dice.choice(others))
        yield text


def _place(dice: random.Random, text: str) -> int:
    return dice.randrange(len(text))


def _replace(dice: random.Random, text: str, _: str) -> str:
    at = _place(dice, text)
    return text[:at] + dice.choice(BASE64URL + "%/?&=.+~! ") + text[at + 1 :]


def _insert(dice: random.Random, text: str, _: str) -> str:
    at = _place(dice, text)
    return text[:at] + dice.choice(BASE64URL + "%/?&=.+~! \n\u200b") + text[at:]


def _delete(dice: random.Random, text: str, _: str) -> str:
    at = _place(dice, text)
    return text[:at] + text[at + dice.choice((1, 1, 2, 5)) :]


def _swap(dice: random.Random, text: str, _: str) -> str:
    at = _place(dice, text)
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _case(dice: random.Random, text: str, _: str) -> str:
    at, end = sorted((_place(dice, text), _place(dice, text) + 1))
    return text[:at] + text[at:end].swapcase() + text[end:]


def _look_alike(dice: random.Random, text: str, _: str) -> str:
    at = _place(dice, text)
    return text[:at] + text[at : at + 3].translate(LOOK_ALIKES) + text[at + 3 :]


def _full_width(dice: random.Random, text: str, _: str) -> str:
    at = _place(dice, text)
    wide = chr(ord(text[at]) + 0xFEE0) if "!" <= text[at] <= "~" else text[at]
    return text[:at] + wide + text[at + 1 :]


def _percent(dice: random.Random, text: str, _: str) -> str:
    at = _place(dice, text)
    hexadecimal = "".join(f"%{byte:02X}" for byte in text[at].encode("utf-8"))
    return text[:at] + dice.choice((hexadecimal, hexadecimal.lower())) + text[at + 1 :]


def _spare_bits(dice: random.Random, text: str, _: str) -> str:
    return text[:-1] + dice.choice(BASE64URL)


def _tail(dice: random.Random, text: str, other: str) -> str:
    signature = other.partition("?")[2]
    return text + dice.choice(("=", "==", "&", f"&{signature}", "&a=1", "#x", "/", "\n", "%0A", "?"))


def _stitch(dice: random.Random, text: str, other: str) -> str:
    separator = dice.choice("/?.=")
    return text.rpartition(separator)[0] + separator + other.rpartition(separator)[2]


BENDS = (
    *(_replace, _insert, _delete, _swap, _case, _look_alike),
    *(_full_width, _percent, _spare_bits, _tail, _stitch),
)
