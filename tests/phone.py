"""A telephone as the tests hold it: its own key, signed calls, the list put together and checked as its page does."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from brand.kernel.statements import message
from trace.crypto import base64url, serial_sets
from trace.crypto.keys import public_key
from trace.rules.field_lists import TOPIC

ORIGIN = "registry.test.invalid/log"


@dataclass
class Phone:
    """``entries`` by code and ``head`` are the list it has."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    device: str = ""
    counter: int = 0
    entries: dict[str, str] = field(default_factory=dict)
    head: dict[str, Any] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)

    @property
    def public(self) -> str:
        return base64url.encode(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def sign(self, topic: str, name: str, statement: str, origin: str = ORIGIN) -> str:
        signature = self.key.sign(message(f"field-{topic}", origin, name, statement.encode()), ec.ECDSA(SHA256()))
        r, s = decode_dss_signature(signature)
        return base64url.encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    def answer(self, token: str) -> dict[str, str]:
        """What enrols it."""
        name = hashlib.sha256(token.encode()).hexdigest()
        return {"token": token, "public_key": self.public, "proof": self.sign("enrol", name, self.public)}

    def call(self, topic: str, **payload: Any) -> dict[str, Any]:
        self.counter += 1
        text = json.dumps(payload)
        signature = self.sign(topic, self.device, f"{self.counter}\n{text}")
        return {"device": self.device, "counter": self.counter, "payload": text, "signature": signature}

    def take(self, told: dict[str, Any]) -> None:
        """Put the list together; fails when signature, version or digest are not right."""
        signed = message(TOPIC, ORIGIN, told["kid"], told["head"].encode())
        signature = base64url.decode(told["signature"], size=64)
        assert signature is not None
        assert public_key(told["keys"][told["kid"]]).verify(signed, signature)
        head = json.loads(told["head"])
        assert head["version"] >= self.head.get("version", 0)
        entries = dict(self.entries) if told["since"] else {}
        entries |= {json.loads(one)["batch"]: one for one in told["entries"]}
        entries = {code: one for code, one in entries.items() if code not in told["gone"]}
        assert hashlib.sha256("\n".join(entries[one] for one in sorted(entries)).encode()).hexdigest() == head["digest"]
        self.entries, self.head = entries, head

    def finds(self, what: str, batch: str, serial: str) -> bool:
        """Whether the list has the serial among the batch's void or idle ones."""
        found = json.loads(self.entries[batch])[what]
        return found == "all" or (found is not None and serial_sets.holds(found, serial))
