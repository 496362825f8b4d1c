"""The files by which others trust our keys, and what a code is worth to whoever has only them.

Source: threat model, parts 4.2 and 4.4. Off-line nobody learns that a pack is no copy, and every answer says how old
the files are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from brand.kernel.errors import invalid
from trace.crypto import crockford, keys, label_codes, notes
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import ScannedCode
from trace.crypto.notes import Verifier
from trace.crypto.sealed_keys import Role
from trace.crypto.signables import RECEIPT, read_note, signer_name

BUNDLE, REVOCATIONS = "trust-bundle", "revocations"
#: Of a withdrawn serial its first 40 bits: among a million, one serial in a million is taken for one wrongly.
PREFIX_CHARACTERS, PREFIX_SIZE = 8, 5


@dataclass(frozen=True, slots=True)
class TrustedFile:
    """A file whose signature was checked: its body, and whether it is still good at the moment asked."""

    topic: str
    version: int
    origin: str
    issued: datetime
    expires: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that stands against a code; ``red`` ends the matter, otherwise it is a doubt."""

    code: str
    red: bool
    params: Mapping[str, Any]


def read(written: str, topic: str, trusted: Sequence[Verifier], newest: int = 0) -> TrustedFile:
    """A file signed by one of the keys one holds on to.

    ``newest`` is the highest version ever seen: an older file is refused for ever. Raises what ``read_note`` and
    ``notes.verified`` raise, ``trust.shape`` and ``trust.older``.
    """
    note, found = read_note(written, topic)
    notes.verified(note, trusted)
    body: Mapping[str, Any] = found.body
    try:
        version, origin = int(body["version"]), str(body["origin"])
        issued, expires = (datetime.fromisoformat(body[name]).astimezone(UTC) for name in ("issued", "expires"))
    except (KeyError, TypeError, ValueError) as error:
        raise invalid("trust.shape") from error
    if version < newest:
        raise invalid("trust.older", version=version, newest=newest)
    return TrustedFile(topic, version, origin, issued, expires, body)


def verifiers(bundle: TrustedFile, role: Role, name: str) -> list[Verifier]:
    """The keys of a role that the bundle tells of, distrusted ones left out, as verifiers of notes."""
    good = [one for one in bundle.body["keys"] if one["role"] == role and one["state"] != "distrusted"]
    return [Verifier(name, notes.ED25519, keys.public_key(one["public_key"])) for one in good]


def receipt(written: str, bundle: TrustedFile) -> Mapping[str, Any]:
    """What a receipt says, once a receipt key of the bundle has been found to fit.

    Raises what reading a note raises, ``receipts.shape``, and ``receipts.distrusted`` for a key cut off before.
    """
    note, found = read_note(written, RECEIPT)
    body: Mapping[str, Any] = found.body
    texts = all(isinstance(body.get(name), str) for name in ("act", "type", "subject", "at", "leaf_hash"))
    if not texts or type(body.get("index")) is not int or body.get("origin") != bundle.origin:
        raise invalid("receipts.shape")
    name = signer_name(bundle.origin, RECEIPT)
    keys_of = {Verifier(name, notes.ED25519, keys.public_key(one["public_key"])): one for one in _receipt_keys(bundle)}
    fitting = {(one.name, one.key_id) for one in notes.verified(note, list(keys_of))}
    for known, told in keys_of.items():
        cut = told.get("distrusted_from")
        if (known.name, known.key_id) in fitting and cut is not None and body["index"] >= cut:
            raise invalid("receipts.distrusted", index=cut)
    return body


def _receipt_keys(bundle: TrustedFile) -> list[Mapping[str, Any]]:
    return [one for one in bundle.body["keys"] if one["role"] == Role.RECEIPT]


def judge(
    bundle: TrustedFile,
    scanned: ScannedCode,
    now: datetime,
    *,
    revocations: TrustedFile | None = None,
    withdrawn: bytes = b"",
    place: int | None = None,
) -> list[Finding]:
    """What stands against a code; nothing at all means: this registry issued it, as far as the files reach.

    ``withdrawn`` is the file that the revocations name by its digest; ``place`` where a proof shows the code's issue.
    Raises ``trust.withdrawn_file`` when it is another file.
    """
    found = list(_ages(bundle, revocations, now))
    if scanned.kid is None:
        return [*found, Finding("trust.unsigned", False, {})]
    known = {one["kid"]: one for one in bundle.body["keys"] if one["role"] == Role.LABEL}
    key = known.get(scanned.kid)
    if key is None:
        return [*found, Finding("trust.key_unknown", False, {"kid": scanned.kid})]
    if not label_codes.verify(keys.public_key(key["public_key"]), bundle.origin, scanned):
        return [*found, Finding("verdicts.bad_signature", True, {})]
    cut = _cut(key, revocations)
    if cut is not None and (place is None or place >= cut):
        proven = place is not None
        found.append(Finding("trust.distrusted" if proven else "trust.distrusted_unproven", proven, {"index": cut}))
    if revocations is not None:
        found.extend(_withdrawn(revocations, scanned, withdrawn))
    return found


def withdrawn_file(serials: Iterable[str]) -> bytes:
    """The beginnings of withdrawn serials, five bytes each, in order."""
    return b"".join(sorted({_beginning(one) for one in serials}))


def _ages(bundle: TrustedFile, revocations: TrustedFile | None, now: datetime) -> Iterable[Finding]:
    for one in (bundle, revocations):
        if one is not None and now >= one.expires:
            yield Finding("trust.expired", False, {"topic": one.topic, "expired": one.expires.date().isoformat()})
    if revocations is None:
        yield Finding("trust.no_revocations", False, {})


def _cut(key: Mapping[str, Any], revocations: TrustedFile | None) -> int | None:
    """The smallest place any file names: whoever has a newer list of either kind knows more."""
    rows = [key, *(one for one in (revocations.body["keys"] if revocations else ()) if one["kid"] == key["kid"])]
    cuts = [int(one["distrusted_from"]) for one in rows if one.get("distrusted_from") is not None]
    return min(cuts, default=None)


def _withdrawn(revocations: TrustedFile, scanned: ScannedCode, withdrawn: bytes) -> Iterable[Finding]:
    if not isinstance(scanned.code, UnitCode):
        return
    if scanned.code.batch in revocations.body["recalled"]:
        yield Finding("verdicts.recalled", True, {"batch": scanned.code.batch})
    if hashlib.sha256(withdrawn).hexdigest() != revocations.body["withdrawn"]["sha256"]:
        if withdrawn:
            raise invalid("trust.withdrawn_file")
        yield Finding("trust.no_withdrawn", False, {})
    elif _holds(withdrawn, _beginning(scanned.code.serial)):
        yield Finding("verdicts.void", True, {})


def _beginning(serial: str) -> bytes:
    return crockford.decode(serial[:PREFIX_CHARACTERS])


def _holds(data: bytes, wanted: bytes) -> bool:
    """Whether one of the sorted pieces is the wanted one."""
    low, high = 0, len(data) // PREFIX_SIZE
    while low < high:
        middle = (low + high) // 2
        piece = data[middle * PREFIX_SIZE : (middle + 1) * PREFIX_SIZE]
        if piece == wanted:
            return True
        low, high = (middle + 1, high) if piece < wanted else (low, middle)
    return False
