"""Reads a whole log from outside, builds its root again from the entries, and holds what they say against the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from brand.kernel.errors import AppError
from trace.crypto import canonical, keys, merkle, notes
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.frontier import Frontier
from trace.crypto.log_policies import Policy
from trace.crypto.tiles import WIDTH
from trace.rules.watching import Seen, Watch
from trace.services import log_sources
from trace.services.log_sources import Fetch


@dataclass(frozen=True)
class Read:
    """The checkpoint everything was held against, who cosigned it, and what is wrong; places count from 0."""

    checkpoint: Checkpoint
    witnesses: tuple[str, ...]
    seen: tuple[Seen, ...]


def read(fetch: Fetch, policy: Policy, now: datetime) -> Read:
    """Everything the log says up to its published checkpoint.

    Raises what ``log_sources`` raises: without a signed checkpoint and its entries there is nothing to say.
    """
    written, found, names = log_sources.checkpoint(fetch, policy)
    watch = Watch()
    seen = [*_entries(fetch, found, watch), *_signer(written, found, policy, watch, now)]
    return Read(found, names, tuple(seen))


def _entries(fetch: Fetch, found: Checkpoint, watch: Watch) -> Iterator[Seen]:
    edge = Frontier()
    for index in range(-(-found.size // WIDTH)):
        for place, data in enumerate(log_sources.bundle(fetch, index, found.size), start=index * WIDTH):
            edge.add(merkle.leaf_hash(data))
            try:
                said = canonical.parse(data.decode("utf-8"))
            except (UnicodeDecodeError, AppError):
                yield Seen("watch.unreadable", place, {"reason": "JSON"})
                continue
            yield from watch.look(place, said)
    if edge.root() != found.root:
        yield Seen("watch.root_differs", found.size - 1)


def _signer(written: str, found: Checkpoint, policy: Policy, watch: Watch, now: datetime) -> Iterator[Seen]:
    """The key under the checkpoint must be one the log itself tells of, and its window must not be over."""
    note = notes.parse(written)
    signed = {(one.name, one.key_id) for one in notes.verified(note, policy.logs)}
    told = {keys.public_key(text).raw: window for text, window in watch.log_keys.items()}
    for one in policy.logs:
        window = told.get(one.key.raw)
        if (one.name, one.key_id) in signed and (window is None or not window[0] <= now < window[1]):
            yield Seen("watch.log_key_outside_window", found.size - 1, {"vkey": one.text})
