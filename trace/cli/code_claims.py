"""Checkers of ``brandtrace audit`` for codes on packs: our own, strict and signed, and GS1 Digital Links of anybody."""

from __future__ import annotations

import re
from collections.abc import Callable

from brand.kernel.errors import invalid
from brand.kernel.settings import Settings
from trace.cli.claims import Claim, only, text
from trace.crypto import label_codes
from trace.crypto.label_codes import ScannedCode
from trace.crypto.published_keys import read_jwks
from trace.formats import digital_link

_ADDRESS = re.compile(r"https?://[0-9a-z](?:[0-9a-z.-]*[0-9a-z])?(?::[0-9]{1,5})?(?=/)")


def check_code(claim: Claim) -> object:
    """Read a code in its one spelling; with public keys, check that this registry signed it."""
    only(claim, needed=("text",), optional=("jwks", "origin"))
    written = text(claim, "text")
    scanned = label_codes.parse(_ADDRESS.sub("", written, count=1))
    if "jwks" in claim:
        _check_signature(claim, scanned)
    return {"element_string": scanned.code.element, "kid": scanned.kid, "verified": "jwks" in claim}


def _check_signature(claim: Claim, scanned: ScannedCode) -> None:
    keys = read_jwks(claim["jwks"])
    origin = text(claim, "origin") if "origin" in claim else Settings().origin
    if scanned.kid is None:
        raise invalid("codes.unsigned")
    if scanned.kid not in keys:
        raise invalid("codes.key_unknown", kid=scanned.kid)
    if not label_codes.verify(keys[scanned.kid], origin, scanned):
        raise invalid("codes.signature_wrong")


def check_digital_link(claim: Claim) -> object:
    """Read a GS1 Digital Link address: the element string of the identifiers in it."""
    only(claim, needed=("uri",))
    return {"element_string": digital_link.read(text(claim, "uri")).element_string}


CODES: dict[str, Callable[[Claim], object]] = {"code": check_code, "gs1": check_digital_link}
