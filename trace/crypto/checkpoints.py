"""Checkpoints: what a log says of its whole content at one size (C2SP tlog-checkpoint)."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from brand.kernel.errors import invalid
from trace.crypto import merkle, notes

_SIZE = re.compile("0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Which log (``origin``), how many entries, and the root over them (32 bytes); ``extensions`` are opaque lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that is signed."""
        root = base64.b64encode(self.root).decode("ascii")
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), root, *self.extensions))


def parse(text: str) -> Checkpoint:
    """Read the text of a note as a checkpoint; raises ``checkpoints.shape``, ``checkpoints.size`` or ``.root``."""
    *lines, rest = text.split("\n")
    if rest or len(lines) < 3 or not all(lines):
        raise invalid("checkpoints.shape")
    if not _SIZE.fullmatch(lines[1]) or int(lines[1]) > merkle.MOST:
        raise invalid("checkpoints.size")
    root = notes.decode64(lines[2])
    if root is None or len(root) != merkle.HASH_SIZE:
        raise invalid("checkpoints.root")
    return Checkpoint(lines[0], int(lines[1]), root, tuple(lines[3:]))
