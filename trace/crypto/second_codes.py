"""The hidden second code of a pack: eight characters made from a secret and the serial, and what is kept of it.

Source: security notes part 4.5: 8 characters of 32 letters (40 bits), kept as HMAC(pepper, serial and code). Code and
digest come from two different secrets, so that whoever reads the database learns no code.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from brand.kernel.errors import Fault, invalid
from trace.crypto import crockford

SIZE, BYTES = 8, 5
_MADE, _KEPT = b"brandtrace/second-code/v1\n", b"brandtrace/second-code-kept/v1\n"
_SEPARATORS = str.maketrans("", "", " -\t\u3000\uff0d")
_AS_MEANT = str.maketrans("ILO", "110")


@dataclass(frozen=True)
class SecondCodes:
    """The two secrets of an installation: ``seed`` makes codes, ``pepper`` what is kept of them."""

    seed: bytes
    pepper: bytes

    def code(self, serial: str) -> str:
        """The code of a pack, for whoever prints its scratch layer."""
        return crockford.encode(_mac(self.seed, _MADE, serial)[:BYTES])

    def digest(self, serial: str, code: str) -> str:
        """What is kept of a code: 64 hexadecimal figures."""
        return _mac(self.pepper, _KEPT, f"{serial}\n{code}").hex()

    def fits(self, serial: str, code: str, digest: str) -> bool:
        return hmac.compare_digest(self.digest(serial, code), digest)


def as_typed(text: str) -> str:
    """A second code as people type it: any case, blanks and dashes, I, L and O forgiven; ``second_codes.shape``."""
    code = text.translate(_SEPARATORS).upper().translate(_AS_MEANT)
    if len(code) != SIZE or any(one not in crockford.ALPHABET for one in code):
        raise invalid("second_codes.shape", faults=[Fault("second_codes.shape", "/second", {"size": SIZE})], size=SIZE)
    return code


def _mac(key: bytes, domain: bytes, text: str) -> bytes:
    return hmac.new(key, domain + text.encode("ascii"), hashlib.sha256).digest()
