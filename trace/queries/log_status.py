"""How far the log is, who vouched for it, and what waits: for the public page and for the office's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, func, select

from brand.kernel.leaves import Leaf, PendingLeaf
from trace.crypto import notes
from trace.crypto.log_policies import Policy
from trace.models.log import LogHead, LogWitness
from trace.queries import log as reads
from trace.queries.log import Head

#: Where ``brandtrace monitor --keep`` puts its result for the desk, in the data folder.
MONITORED = "monitor.json"


@dataclass(frozen=True)
class Standing:
    """The last signed head and its day, who of the policy cosigned it, and what is not signed for yet."""

    head: Head | None
    at: datetime | None
    cosigned: tuple[str, ...]
    enough: bool
    entries: int
    waiting: int
    waiting_since: datetime | None


@dataclass(frozen=True)
class Answer:
    """A witness of the policy, and how it answered last; ``said`` is None while it was never asked."""

    name: str
    vkey: str
    said: LogWitness | None


def standing(session: Session, policy: Policy) -> Standing:
    """What anybody may know of the log now."""
    head = reads.head(session)
    at: datetime | None = None
    cosigned: tuple[str, ...] = ()
    if head is not None:
        at = session.get_one(LogHead, head.checkpoint.size).at
        cosigned = policy.cosigners(notes.parse(head.note))
    waiting = select(func.count(), func.min(Leaf.at)).join(PendingLeaf, col(PendingLeaf.leaf_id) == col(Leaf.id))
    count, since = session.exec(waiting).one()
    enough = policy.satisfied(cosigned)
    return Standing(head, at, cosigned, enough, reads.size(session), count, since)


def answers(session: Session, policy: Policy) -> list[Answer]:
    """Every witness of the policy in its order."""
    said = {one.witness: one for one in reads.witnesses(session)}
    return [Answer(one.name, one.verifier.text, said.get(one.verifier.text)) for one in policy.witnesses]


def monitored(folder: Path) -> dict[str, Any] | None:
    """What the last monitor kept here: at, size, wrong, first, source; None where none ran or it cannot be read."""
    try:
        found = json.loads((folder / MONITORED).read_text(encoding="utf-8"))
        at = datetime.fromisoformat(found["at"])
        return {name: found[name] for name in ("size", "wrong", "first", "source")} | {"at": at}
    except (OSError, ValueError, KeyError, TypeError):
        return None
