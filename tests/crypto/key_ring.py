"""Keys and codes for tests: derived from a fixed label, never files, for a registry that cannot exist."""

from __future__ import annotations

import hashlib

from trace.crypto import test_keys
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import new_batch_code, serial_from

ORIGIN = "registry.test.invalid"
KID = "k3"


derive_test_key = test_keys.derive


def derive_test_code(label: str) -> UnitCode:
    material = hashlib.sha256(f"brandtrace/test-code/v1\n{label}\n".encode()).digest()
    return UnitCode(new_batch_code(material[:5]), serial_from(material[5:15]))
