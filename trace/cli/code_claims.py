"""Checkers of ``brandtrace audit`` for codes on packs: our own, strict and signed, and GS1 Digital Links of anybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from brand.kernel.errors import invalid
from brand.kernel.settings import Settings
from trace.cli.claims import Claim, only, text
from trace.crypto import label_codes
from trace.crypto.label_codes import ScannedCode
from trace.crypto.published_keys import distrusted, read_jwks
from trace.formats import digital_link
from trace.rules.verdicts import Facts, KeyState, Signature, decide

#: What a verdict without a registry says of a code is refused here under the codes of reading.
_REFUSALS = {
    "verdicts.bad_signature": "codes.signature_wrong",
    "verdicts.key_unknown": "codes.key_unknown",
    "verdicts.key_distrusted": "codes.key_distrusted",
}
_NO_DAY = date.min  # nothing that depends on a day is known of a code nobody looked up
_ADDRESS = re.compile(r"https?://(?P<authority>[0-9a-z](?:[0-9a-z.-]*[0-9a-z])?(?::[0-9]{1,5})?)(?=/)")


def check_code(claim: Claim) -> object:
    """Read a code in its one spelling; with public keys, check that this registry signed it."""
    only(claim, needed=("text",), optional=("jwks", "origin"))
    written = text(claim, "text")
    found = _ADDRESS.match(written)
    opens = found is not None and digital_link.is_authority(found["authority"])
    scanned = label_codes.parse(written[found.end() :] if found and opens else written)
    if "jwks" in claim:
        _check_signature(claim, scanned)
    return {"element_string": scanned.code.element, "kid": scanned.kid, "verified": "jwks" in claim}


def _check_signature(claim: Claim, scanned: ScannedCode) -> None:
    """The verdict of a device that holds keys and nothing else, as the refusal its first reason is."""
    keys = read_jwks(claim["jwks"])
    origin = text(claim, "origin") if "origin" in claim else Settings().origin
    if scanned.kid is None:
        raise invalid("codes.unsigned")
    key = keys.get(scanned.kid)
    signed = key is not None and label_codes.verify(key, origin, scanned)
    facts = Facts(
        today=_NO_DAY,
        signature=Signature.OK if signed or key is None else Signature.BAD,
        key=_state(key is not None, scanned.kid in distrusted(claim["jwks"])),
        code=None,
        looked_up=False,
    )
    for reason in decide(facts).reasons:
        if reason.code in _REFUSALS:
            raise invalid(_REFUSALS[reason.code], kid=scanned.kid)


def _state(known: bool, distrusted: bool) -> KeyState:
    """Without the log nobody can say whether a code was issued before or after its key was cut off."""
    if not known:
        return KeyState.UNKNOWN
    return KeyState.DISTRUSTED if distrusted else KeyState.KNOWN


def check_digital_link(claim: Claim) -> object:
    """Read a GS1 Digital Link address: the element string of the identifiers in it."""
    only(claim, needed=("uri",))
    return {"element_string": digital_link.read(text(claim, "uri")).element_string}


CODES: dict[str, Callable[[Claim], object]] = {"code": check_code, "gs1": check_digital_link}
