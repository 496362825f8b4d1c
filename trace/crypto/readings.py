"""What a person hands over as a code: the address on the pack, or the line of characters under the symbol.

Source: codes-and-log plan, parts 1–3 (the host is not signed, so only the registry's own host names are read as ours).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from brand.kernel.errors import AppError, Fault, invalid
from trace.crypto import base64url
from trace.crypto.code_profiles import GtinCode, UnitCode
from trace.crypto.label_codes import LONGEST, ScannedCode, parse
from trace.crypto.typed_codes import parse_typed

_LONGEST_HOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Reading:
    """A code and how it reached us; a ``typed`` line never has a signature."""

    scanned: ScannedCode
    typed: bool = False

    @property
    def code(self) -> UnitCode | GtinCode:
        """What the text names: one pack, by its batch or by its GTIN and lot."""
        assert isinstance(self.scanned.code, UnitCode | GtinCode)
        return self.scanned.code

    @property
    def serial(self) -> str:
        """The serial of the pack; every serial of ours has one form, whatever stands before it."""
        return self.code.serial or ""

    @property
    def key(self) -> tuple[str, ...]:
        """What tells one pack from another, however the code spells it; see ``keys_of``."""
        code = self.code
        if isinstance(code, UnitCode):
            return (code.batch, code.serial)
        return (code.gtin, code.lot, self.serial, code.expiry or "")

    def is_of(self, kid: str, signature: str) -> bool:
        """Whether a label so signed may have been read here: with no signature at all, or with just its own.

        A signature has one text, so whoever has the label's needs no key to tell a forged one from it.
        """
        own = self.scanned.signature
        return own is None or (self.scanned.kid, base64url.encode(own)) == (kid, signature)


def keys_of(batch: str, serial: str, lot: str, gtin: str | None, expiry: str | None) -> list[tuple[str, ...]]:
    """Every key under which one label may be read: by its batch always, by its GTIN where its symbol names one."""
    return [(batch, serial), *([(gtin, lot, serial, expiry or "")] if gtin else [])]


def read_address(path_and_query: str) -> Reading:
    """The address of a pack of this very registry, from its path on, exactly as it was sent.

    Refusals as ``label_codes.parse``; ``codes.profile_unknown`` for a code that names no single pack.
    """
    scanned = parse(path_and_query)
    code = scanned.code
    if not isinstance(code, UnitCode | GtinCode) or code.serial is None:
        raise invalid("codes.profile_unknown")
    return Reading(scanned)


def read_any(text: str, hosts: Collection[str]) -> Reading:
    """A pasted address or a typed line; whatever holds a slash is an address.

    ``hosts`` are our own host names, in lower case, without ports. Raises ``codes.other_host`` for an address that
    leads elsewhere, and the refusals of ``parse`` and ``parse_typed``.
    """
    text = text.strip()
    if "/" not in text:
        return Reading(ScannedCode(parse_typed(text), None, None), typed=True)
    return read_address(own_address(text, hosts))


def own_address(text: str, hosts: Collection[str]) -> str:
    """From the path on, an address of ours; raises ``codes.too_long`` and ``codes.other_host``."""
    if len(text) > LONGEST + 2 * _LONGEST_HOST_SHOWN:
        raise invalid("codes.too_long", longest=LONGEST)
    if text.startswith("/"):
        return text
    host, _, rest = text.rpartition("://")[2].partition("/") if "://" in text[:8] else text.partition("/")
    if host.partition(":")[0].lower() not in hosts:
        raise invalid("codes.other_host", host=host[:_LONGEST_HOST_SHOWN])
    return f"/{rest}"


def read_all(texts: Sequence[str], hosts: Collection[str]) -> list[Reading]:
    """As ``read_any`` for a list; raises ``codes.unreadable`` with a fault ``codes.line`` per text that is none."""
    found: list[Reading] = []
    faults: list[Fault] = []
    for place, text in enumerate(texts):
        try:
            found.append(read_any(text, hosts))
        except AppError as error:
            told = {**error.params, "why": error.code, "place": place + 1}
            faults.append(Fault("codes.line", f"/codes/{place}", told))
    if faults:
        raise invalid("codes.unreadable", faults=faults, count=len(faults))
    return found
