"""Where a log is read from by somebody outside: its address on the web, or a folder of its files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from brand.kernel.errors import AppError, invalid, unknown
from trace.crypto import checkpoints, merkle, notes, tiles
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.log_policies import Policy
from trace.crypto.tiles import Tile, Tree
from trace.services.wire import call

#: The bytes at a path below the log's prefix; raises ``sources.missing`` or what the wire does.
Fetch = Callable[[str], bytes]
SECONDS = 30.0
_MOST = 256 * (tiles.LONGEST_ENTRY + 2)


def source(where: str) -> Fetch:
    """A log at ``https://…/log`` or in a folder."""
    if where.startswith(("https://", "http://")):
        return lambda path: _got(f"{where.rstrip('/')}/{path}")
    return lambda path: _read(Path(where), path)


def checkpoint(fetch: Fetch, policy: Policy) -> tuple[str, Checkpoint, tuple[str, ...]]:
    """The published checkpoint as text and read, and the policy's names of those who cosigned it.

    Raises what ``notes.verified`` does when no log of the policy signed it, ``proofs.other_log``, and ``proofs.quorum``
    where the policy is not satisfied.
    """
    try:
        written = fetch("checkpoint").decode("utf-8")
    except UnicodeDecodeError as error:
        raise invalid("notes.characters") from error
    note = notes.parse(written)
    notes.verified(note, policy.logs)
    found = checkpoints.parse(note.text)
    if found.origin not in {one.name for one in policy.logs}:
        raise invalid("proofs.other_log", origin=found.origin, expected=", ".join(one.name for one in policy.logs))
    names = policy.cosigners(note)
    if not policy.satisfied(names):
        raise invalid("proofs.quorum", given=len(names), needed=policy.least())
    return written, found, names


def bundle(fetch: Fetch, index: int, size: int) -> list[bytes]:
    """The entries of the bundle at ``index`` in a log of ``size``; a partial one may have become whole meanwhile."""
    width = min(tiles.WIDTH, size - index * tiles.WIDTH)
    data, given = _tile(fetch, Tile(-1, index, width))
    return tiles.unpack_entries(data, given)[:width]


def entry(fetch: Fetch, head: Checkpoint, index: int) -> bytes:
    """The entry at ``index`` of a log with that head, once its tiles have led from the entry to the head's root.

    Raises ``sources.unsound`` for files that are not those of the head, and what ``bundle`` raises.
    """
    found = bundle(fetch, index // tiles.WIDTH, head.size)[index % tiles.WIDTH]

    def hashes(tile: Tile) -> bytes:
        return _tile(fetch, tile)[0][: tile.width * merkle.HASH_SIZE]

    try:
        proof = Tree(head.size, hashes).inclusion(index)
        merkle.check_inclusion(merkle.leaf_hash(found), index, head.size, proof, head.root)
    except AppError as error:
        raise (error if error.code == "sources.missing" else invalid("sources.unsound", index=index)) from error
    return found


def _tile(fetch: Fetch, tile: Tile) -> tuple[bytes, int]:
    """The bytes of a tile or bundle and for how many places they are: a partial one may have become whole meanwhile."""
    try:
        return fetch(tile.path), tile.width
    except AppError as error:
        if error.code != "sources.missing" or tile.width == tiles.WIDTH:
            raise
    whole = Tile(tile.level, tile.index)
    return fetch(whole.path), whole.width


def _got(url: str) -> bytes:
    reply = call(url, seconds=SECONDS, most=_MOST)
    if reply.status != 200:
        raise unknown("sources.missing", path=url, status=reply.status)
    return reply.body


def _read(folder: Path, path: str) -> bytes:
    try:
        return (folder / path).read_bytes()
    except OSError:
        raise unknown("sources.missing", path=path, status="") from None
