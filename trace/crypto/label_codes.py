"""Signed codes on packs: what is printed, what is signed, and the one text each code has.

Source: codes-and-log plan, parts 2 and 3; Ed25519 of RFC 8032; base64url of RFC 4648. A signature proves who issued a
code, never that the pack bearing it is not a copy.

What a code names is a profile of ``code_profiles``, with its path and its element string; signing and checking know
nothing else about it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from brand.kernel.errors import invalid
from trace.crypto import base64url, crockford
from trace.crypto.code_profiles import BATCH_MARK, BATCH_SIZE, PROFILES, SERIAL_SIZE, Code, Pairs
from trace.crypto.keys import SEED_SIZE, SIGNATURE_SIZE, PrivateKey, PublicKey
from trace.crypto.published_keys import KID

DOMAIN = "brandtrace/label/v1"
LONGEST = 256
BATCH_BYTES, SERIAL_BYTES = 5, 10
_SIGNATURE = re.compile("[0-9A-Za-z_-]{86}")
_PRINTABLE = re.compile("[!-~]+")
#: Made anew by each process and known to nobody: nothing is signed with it.
_NOBODYS_KEY = PrivateKey(secrets.token_bytes(SEED_SIZE)).public
_ORIGIN = re.compile("[0-9a-z](?:[0-9a-z.:/_-]{0,251}[0-9a-z])?")


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """A code as read from a pack; ``kid`` and ``signature`` (64 bytes) are both there or (unsigned) both None."""

    code: Code
    kid: str | None
    signature: bytes | None


def path(code: Code) -> str:
    """The address of a code without its signature: the compact, unsigned form."""
    return code.address


def signed_bytes(origin: str, element: str, kid: str) -> bytes:
    """What the signature covers. ``origin`` names the registry, not the host: printed labels outlive a domain.

    No part can hold a line feed, so no two different triples give the same bytes. Raises ``codes.origin_shape``,
    ``codes.kid_shape``, ``codes.element_shape``.
    """
    return signed_run(origin, [element], kid)[0]


def signed_run(origin: str, elements: Iterable[str], kid: str) -> list[bytes]:
    """The same for a whole run, in its order; origin and kid are checked once."""
    head, tail = _frame(origin, kid)
    found = list(elements)
    if not all(map(_PRINTABLE.fullmatch, found)):
        raise invalid("codes.element_shape")
    return [head + one.encode("ascii") + tail for one in found]


def sign(private_key: PrivateKey, origin: str, kid: str, code: Code) -> str:
    """Path and query of the signed code; the caller puts ``https://host`` in front."""
    return sign_many(private_key, origin, kid, [code])[0]


def sign_many(private_key: PrivateKey, origin: str, kid: str, codes: Iterable[Code]) -> list[str]:
    """As ``sign`` for a whole run, in its order."""
    run = list(codes)
    texts = signed_run(origin, (one.element for one in run), kid)
    return signed_addresses(run, kid, map(private_key.sign, texts))


def signed_addresses(codes: Iterable[Code], kid: str, signatures: Iterable[bytes]) -> list[str]:
    """Path and query of each code with its signature, 64 bytes each."""
    both = zip(codes, signatures, strict=True)
    return [signed_address(code, kid, base64url.encode(signature)) for code, signature in both]


def signed_address(code: Code, kid: str, signature: str) -> str:
    """Path and query of a code with its signature, the last of its query."""
    joint = "&" if "?" in code.address else "?"
    return f"{code.address}{joint}s={kid}.{signature}"


def parse(path_and_query: str) -> ScannedCode:
    """Read a code from the address *as it was sent*, before any server or framework decoded it.

    A code has one text. Whatever differs from what ``sign`` or ``path`` would print is refused, other query keys
    included; each refusal is an ``invalid`` with a code of this list: ``codes.too_long``, ``codes.characters``,
    ``codes.percent_encoding``, ``codes.profile_unknown``, ``codes.path_shape``, ``codes.batch_shape``,
    ``codes.batch_check``, ``codes.serial_shape``, ``codes.query_shape``, ``codes.signature_repeated``,
    ``codes.kid_shape``, ``codes.signature_shape``, ``codes.not_canonical``, ``codes.gtin_lot_shape``,
    ``codes.gtin_serial_shape``, ``codes.expiry_shape`` or ``gtins.*``.
    """
    _refuse_foreign_characters(path_and_query)
    address, mark, query = path_and_query.partition("?")
    pairs = [_pair(one) for one in query.split("&")] if mark else []
    if sum(key == "s" for key, _ in pairs) > 1:
        raise invalid("codes.signature_repeated")
    kid, signature = _signed_with(pairs.pop()[1]) if pairs and pairs[-1][0] == "s" else (None, None)
    return ScannedCode(_code_at(address, pairs), kid, signature)


def verify(public_key: PublicKey, origin: str, scanned: ScannedCode) -> bool:
    """Whether ``scanned`` was signed for this registry with the key its kid names; an unsigned code never was."""
    if scanned.kid is None or scanned.signature is None:
        return False
    return public_key.verify(signed_bytes(origin, scanned.code.element, scanned.kid), scanned.signature)


def verify_with(public_key: PublicKey | None, origin: str, scanned: ScannedCode) -> bool:
    """As ``verify``; without a key the same work for a refusal, so that time does not tell which codes there are."""
    return verify(public_key or _NOBODYS_KEY, origin, scanned) and public_key is not None


def new_batch_code(random_bytes: bytes) -> str:
    """A batch code from 5 random bytes, of which 35 bits are used. The caller's unique key catches a repetition."""
    _need(random_bytes, BATCH_BYTES)
    number = crockford.encode(random_bytes)[: BATCH_SIZE - 1]
    return number + crockford.check_character(number, mark=BATCH_MARK)


def serial_from(random_bytes: bytes) -> str:
    """A serial from 10 random bytes: all 80 bits are in its 16 characters, so it can be neither guessed nor counted."""
    _need(random_bytes, SERIAL_BYTES)
    return crockford.encode(random_bytes)


def fresh_batch_code() -> str:
    """A batch code from the operating system's randomness."""
    return new_batch_code(secrets.token_bytes(BATCH_BYTES))


def fresh_serials(count: int) -> list[str]:
    """``count`` serials from one draw of the operating system's randomness."""
    characters = crockford.encode(secrets.token_bytes(SERIAL_BYTES * count))
    return [characters[start : start + SERIAL_SIZE] for start in range(0, len(characters), SERIAL_SIZE)]


def _frame(origin: str, kid: str) -> tuple[bytes, bytes]:
    """The signed bytes before and behind the element string."""
    if not _ORIGIN.fullmatch(origin):
        raise invalid("codes.origin_shape", origin=origin)
    if not KID.fullmatch(kid):
        raise invalid("codes.kid_shape", kid=kid)
    return f"{DOMAIN}\n{origin}\n".encode("ascii"), f"\n{kid}\n".encode("ascii")


def _refuse_foreign_characters(text: str) -> None:
    if len(text) > LONGEST:
        raise invalid("codes.too_long", longest=LONGEST)
    if not _PRINTABLE.fullmatch(text):
        raise invalid("codes.characters")
    if "%" in text:
        raise invalid("codes.percent_encoding")


def _code_at(address: str, query: Pairs) -> Code:
    start, *segments = address.split("/")
    profile = PROFILES.get(segments[0]) if not start and segments else None
    if profile is None:
        raise invalid("codes.profile_unknown")
    return profile.read(segments[1:], query)


def _pair(part: str) -> tuple[str, str]:
    key, equals, value = part.partition("=")
    if not equals:
        raise invalid("codes.query_shape")
    return key, value


def _signed_with(text: str) -> tuple[str, bytes]:
    kid, _, spelled = text.partition(".")
    if not KID.fullmatch(kid):
        raise invalid("codes.kid_shape", kid=kid)
    if not _SIGNATURE.fullmatch(spelled):
        raise invalid("codes.signature_shape")
    signature = base64url.decode(spelled, size=SIGNATURE_SIZE)
    if signature is None:  # 86 characters carry four bits more than 64 bytes: 15 further spellings
        raise invalid("codes.not_canonical")
    return kid, signature


def _need(random_bytes: bytes, size: int) -> None:
    if len(random_bytes) != size:
        raise invalid("codes.randomness_size", size=len(random_bytes), expected=size)
