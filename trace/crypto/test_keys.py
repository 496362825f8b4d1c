"""Keys that everybody can make: derived from fixed labels for tests and examples, and refused wherever keys are real.

Source: threat model, part 4.2. A registry that trusted one of them would trust whoever read this file.
"""

from __future__ import annotations

import hashlib
from functools import cache

from brand.kernel.errors import refused
from trace.crypto.keys import PrivateKey, PublicKey

LABELS = (
    "another",
    "k3",
    "mixed",
    "one form",
    "other",
    "printed",
    "registry label key",
    "sealed",
    "text",
    *(f"honest {number}" for number in range(20)),
)


def derive(label: str) -> PrivateKey:
    """The test key of a label; one that is not listed above would not be known as such, so there is none."""
    if label not in LABELS:
        raise ValueError(f"no test key of this label: {label}")
    return PrivateKey(hashlib.sha256(f"brandtrace/test-key/v1\n{label}\n".encode()).digest())


@cache
def _known() -> frozenset[bytes]:
    return frozenset(derive(one).public.raw for one in LABELS)


def refuse(key: PublicKey) -> None:
    """Refuse a key of this file: ``keys.test_key``."""
    if key.raw in _known():
        raise refused("keys.test_key", thumbprint=key.thumbprint)
