"""The log as plain files that any web server can serve: tiles first, the checkpoint last, each whole or not there.

Source: C2SP tlog-tiles. The files are made from rows and can be made again; a folder is brought from the size of its
own checkpoint to the last signed one.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlmodel import Session

from brand.kernel.errors import AppError
from trace.crypto import checkpoints, notes
from trace.crypto.tiles import WIDTH, Tile, of_size
from trace.queries import log as reads
from trace.services import durable

CHECKPOINT = "checkpoint"


def publish(session: Session, folder: Path) -> int:
    """Write what the folder lacks of the last signed head; gives the size published, 0 while nothing is signed."""
    head = reads.head(session)
    if head is None:
        return 0
    size = head.checkpoint.size
    since = published_size(folder)
    note = head.note.encode("utf-8")
    if since == size and read_checkpoint(folder) == note:
        return size
    for one in of_size(size, min(since, size)):
        durable.write(folder / one.path, reads.tile(session, one))
        if one.width == WIDTH:  # whoever held a smaller size finds the whole tile instead
            shutil.rmtree(folder / f"{one.path}.p", ignore_errors=True)
    durable.write(folder / CHECKPOINT, note)
    return size


def published_size(folder: Path) -> int:
    """The size of the checkpoint in the folder, 0 where there is none that can be read."""
    try:
        note = (folder / CHECKPOINT).read_text(encoding="utf-8")
        return checkpoints.parse(notes.parse(note).text).size
    except (OSError, ValueError, AppError):
        return 0


def read(folder: Path, tile: Tile) -> bytes | None:
    """The bytes of a published tile, or None."""
    return _read(folder / tile.path)


def read_checkpoint(folder: Path) -> bytes | None:
    """The published checkpoint, or None."""
    return _read(folder / CHECKPOINT)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
