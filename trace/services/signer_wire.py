"""How a request to the signer's process and its answer are written: one JSON object per line.

Only kinds of documents the signer knows can be said at all; there is no way to hand it bytes to sign.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from brand.kernel.errors import AppError, Kind, invalid
from trace.crypto import checkpoints
from trace.crypto.keys import PublicKey, public_key
from trace.crypto.sealed_keys import KeyHeader, Role
from trace.crypto.signables import Head, LabelRun, OfficeStatement, RegistryNote, Signable
from trace.services.key_files import Made, State

#: A run of labels is the longest request: 20,000 elements of about 40 characters.
LONGEST = 8_000_000


def line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def read_line(data: bytes) -> dict[str, Any]:
    """Raises ``signer.wire`` for anything but one JSON object."""
    try:
        found = json.loads(data)
    except ValueError as error:
        raise invalid("signer.wire") from error
    if not isinstance(found, dict):
        raise invalid("signer.wire")
    return found


def told_document(document: Signable) -> dict[str, Any]:
    if isinstance(document, LabelRun):
        return {"kind": "labels", "origin": document.origin, "elements": list(document.elements)}
    if isinstance(document, Head):
        proof = [_text(one) for one in document.proof]
        return {"kind": "head", "text": document.checkpoint.text, "proof": proof}
    if isinstance(document, OfficeStatement):
        return {"kind": "statement", "message": _text(document.message)}
    assert isinstance(document, RegistryNote)
    return {"kind": "note", "topic": document.topic, "body": document.body}


_READ: Mapping[str, Callable[[Mapping[str, Any]], Signable]] = {
    "labels": lambda told: LabelRun(str(told["origin"]), tuple(map(str, told["elements"]))),
    "head": lambda told: Head(checkpoints.parse(told["text"]), tuple(_bytes(one) for one in told["proof"])),
    "statement": lambda told: OfficeStatement(_bytes(told["message"])),
    "note": lambda told: RegistryNote(str(told["topic"]), dict(told["body"])),
}


def read_document(told: Mapping[str, Any]) -> Signable:
    """Raises ``signer.wire`` or what the parts themselves raise."""
    try:
        return _READ[told["kind"]](told)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise invalid("signer.wire") from error


def told_made(made: Made) -> dict[str, Any]:
    return {"public": made.public.text, "signatures": [_text(one) for one in made.signatures]}


def read_made(told: Mapping[str, Any]) -> Made:
    return Made(public_key(told["public"]), [_bytes(one) for one in told["signatures"]])


def told_state(state: State) -> dict[str, Any]:
    head = {"size": state.head[0], "root": state.head[1].hex()} if state.head else None
    keys = [
        {
            "role": one.role.value,
            "kid": one.key_id,
            "thumbprint": one.thumbprint,
            **{name: getattr(one, name).isoformat() for name in ("created", "not_before", "not_after")},
        }
        for one in state.keys
    ]
    return {
        "head": head,
        "keys": keys,
        "versions": dict(state.versions),
        "counts": dict(state.counts),
        "day": state.day,
    }


def read_state(told: Mapping[str, Any]) -> State:
    head = (int(told["head"]["size"]), bytes.fromhex(told["head"]["root"])) if told["head"] else None
    keys = tuple(
        KeyHeader(
            Role(one["role"]),
            one["kid"],
            one["thumbprint"],
            *(moment(one[name]) for name in ("created", "not_before", "not_after")),
        )
        for one in told["keys"]
    )
    return State(head, keys, told["versions"], told["counts"], told["day"])


def told_refusal(error: AppError) -> dict[str, Any]:
    return {"refusal": {"kind": error.kind.value, "code": error.code, "params": error.params}}


def read_refusal(told: Mapping[str, Any]) -> AppError:
    return AppError(Kind(told["kind"]), told["code"], **told["params"])


def read_public(told: Mapping[str, Any]) -> PublicKey:
    return public_key(told["public"])


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
