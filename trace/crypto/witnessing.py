"""What a log and its witness say to each other: one request, one answer, and what each status means.

Source: C2SP tlog-witness, ``add-checkpoint``. The witness trusts nothing of a request but what it proves.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from brand.kernel.errors import AppError, invalid
from trace.crypto import merkle, notes
from trace.crypto.notes import COSIGNATURE, Note, Signature, Verifier

CALL = "add-checkpoint"
#: Content type of the answer 409, whose body is the size the witness knows.
SIZE_TYPE = "text/x.tlog.size"
LONGEST_REQUEST = 100_000  # bytes
LONGEST_ANSWER = 20_000  # bytes
#: The specification's bound on the lines of a proof.
_MOST_HASHES = 63
_DAY = 86_400  # seconds
_OLD = re.compile("old (0|[1-9][0-9]{0,18})")
_SIZE = re.compile("(0|[1-9][0-9]{0,18})\n")


@dataclass(frozen=True, slots=True)
class Request:
    """«Cosign ``note``: it extends the ``old`` entries you know, as ``proof`` shows»; ``proof`` is empty for 0."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    @property
    def written(self) -> bytes:
        lines = [f"old {self.old}", *(base64.b64encode(one).decode("ascii") for one in self.proof), "", self.note]
        return "\n".join(lines).encode("utf-8")


def parse(body: bytes) -> Request:
    """Read a request; raises ``witnessing.shape`` with the line that is wrong, or ``witnessing.too_long``."""
    if len(body) > LONGEST_REQUEST:
        raise invalid("witnessing.too_long", most=LONGEST_REQUEST)
    try:
        head, empty, note = body.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError as error:
        raise invalid("witnessing.shape", line=1) from error
    first, *rest = head.split("\n")
    old = _OLD.fullmatch(first)
    if old is None or int(old[1]) > merkle.MOST:
        raise invalid("witnessing.shape", line=1)
    hashes = [notes.decode64(one) for one in rest[: _MOST_HASHES + 1]]
    for line, one in enumerate(hashes, start=2):
        if one is None or len(one) != merkle.HASH_SIZE or line > _MOST_HASHES + 1:
            raise invalid("witnessing.shape", line=line)
    if not empty:
        raise invalid("witnessing.shape", line=len(rest) + 2)
    return Request(int(old[1]), tuple(one for one in hashes if one is not None), note)


def cosignatures(answer: bytes, text: str, known: Sequence[Verifier], now: int) -> tuple[Signature, ...]:
    """The cosignatures in an answer 200, each checked against the checkpoint's ``text`` and the witness's keys.

    ``now`` is in seconds since 1970. Raises ``witnessing.answer`` for a body that is no list of signature lines, what
    ``notes.verified`` raises, and ``witnessing.time`` for one dated more than a day from ``now``.
    """
    try:
        note: Note = notes.parse(f"{text}\n{answer.decode('utf-8')}")
    except (UnicodeDecodeError, AppError) as error:
        raise invalid("witnessing.answer") from error
    if note.text != text or any(one.kind != COSIGNATURE for one in known):
        raise invalid("witnessing.answer")
    found = notes.verified(note, known)
    if any(abs(notes.cosigned_at(one) - now) > _DAY for one in found):
        raise invalid("witnessing.time")
    return found


def known_size(answer: bytes) -> int:
    """The size in an answer 409; raises ``witnessing.answer``."""
    found = _SIZE.fullmatch(answer.decode("ascii", errors="replace"))
    if found is None or int(found[1]) > merkle.MOST:
        raise invalid("witnessing.answer")
    return int(found[1])
