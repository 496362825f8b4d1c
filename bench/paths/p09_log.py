"""P9: entries put into the log's tree 256 at a time, with tiles and a root for each commit; yardstick: the bare hashes.

A tree of n leaves is n leaf hashes and n - 1 node hashes; the yardstick does these and keeps nothing. Beside it stand
what the whole step of the sequencer costs, with canonical entries as durable rows, and a proof in a log of 10⁶.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path as File
from random import Random
from statistics import median
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import insert, update

from bench.county import County, county
from bench.history import History
from bench.rounds import Contest, Path
from tests import make
from trace.crypto import merkle
from trace.crypto.frontier import Frontier, Whole
from trace.crypto.tiles import pack_entries
from trace.models.log import LogEntry, LogSize, LogTile
from trace.queries import log as reads
from trace.services import log

LEAVES = 1_000_000
#: The longest a proof may take, ms of this process's time.
PROOF_MS = 1.0
_ENTRY = b'{"at":"2026-09-14T01:00:00Z","commit":"%064x","facts":{"batch":"KK58SW6G","kg":"18.400"},"seq":%d}'
_STORED, _PROOFS = 5_120, 1_000


@contextmanager
def _enter(quick: bool) -> Iterator[Contest]:
    with county(1, File.cwd()) as town:
        _tree(town, LEAVES)
        yield Contest(_append, _floor, lambda: _stored(town) | _proof(town, _PROOFS // 10 if quick else _PROOFS))


PATH = Path("P9", "a log's tree at 256 entries per commit against bare SHA-256", 0.12, 10_240, 102_400, _enter)


def _append(count: int) -> bytes:
    """What a commit makes of its entries besides rows: leaf hashes, whole tiles and bundles, the root."""
    edge, root = Frontier(), b""
    for start in range(0, count, log.AT_ONCE):
        entries = [_ENTRY % (place, place) for place in range(start, start + log.AT_ONCE)]
        for one in entries:
            for made in edge.add(merkle.leaf_hash(one)):
                b"".join(made.hashes)
        pack_entries(entries)
        root = edge.root()
    return root


def _floor(count: int) -> None:
    node, sha256 = bytes(65), hashlib.sha256
    for place in range(count):
        sha256(_ENTRY % (place, place)).digest()
        sha256(node).digest()


def _stored(town: County) -> dict[str, Any]:
    """Entries per second through the sequencer's step, each 256 in a durable transaction; their share of the floor."""
    history = History(town)
    history.act(_STORED)
    begun = perf_counter()
    while history.integrate() == log.AT_ONCE:
        pass
    middle = perf_counter()
    _floor(_STORED)
    rate = _STORED / (middle - begun)
    return {"stored": round(rate, 1), "stored_ratio": round(rate * (perf_counter() - middle) / _STORED, 4)}


def _proof(town: County, count: int) -> dict[str, Any]:
    """Median time of a proof of inclusion out of the rows of a log of 10⁶."""
    chance, times = Random(9), []
    for _ in range(count):
        begun = process_time()
        with town.database.reading() as session:
            reads.tree(session, LEAVES).inclusion(chance.randrange(LEAVES))
        times.append((process_time() - begun) * 1000)
    found = round(median(times), 3)
    return {"leaves": LEAVES, "proof_ms": found, "proof_in_time": found <= PROOF_MS}


def _tree(town: County, leaves: int) -> None:
    """The whole tiles of so many leaves, and the entries of the tile that is begun: no proof reads more."""
    edge = Frontier()
    made: list[Whole] = []
    for _ in range(leaves):
        made += edge.add(secrets.token_bytes(merkle.HASH_SIZE))
    tiles = [
        {"level": one.level, "place": one.index, "hashes": b"".join(one.hashes).hex(), "root": one.root.hex()}
        for one in made
    ]
    first = edge.whole[0] * log.AT_ONCE
    entries = [
        {"place": first + at, "leaf_id": f"L{at}", "subject": "", "data": "", "hash": one.hex(), "at": make.MONDAY}
        for at, one in enumerate(edge.levels[0])
    ]
    with town.database.writing() as session:
        connection = session.connection()
        connection.execute(insert(LogTile), tiles)
        connection.execute(insert(LogEntry), entries)
        connection.execute(update(LogSize).values(size=leaves))
