"""Reads the whole log again, values and not only hashes, and names every entry that is not what it was.

Each entry is worked out anew from its leaf, the leaf from its act, tiles and roots from the entries, and every
signature is checked. One pass, in order, with a memory that does not grow with the log.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from sqlalchemy import Row, String, func, select, type_coerce
from sqlmodel import Session

from brand.kernel import leaves, public_acts
from brand.kernel.audit import AuditEntry
from brand.kernel.leaves import Leaf, LeafSalt, PendingLeaf
from trace.crypto import canonical, merkle
from trace.models.log import LogEntry
from trace.queries import log_audit_erasures, log_audit_heads, log_audit_losses, log_audit_rows
from trace.queries.log_audit_tree import Growing, table, whatever_is_stored
from trace.rules import statements

ENTRIES = table(LogEntry)
LEAVES = table(Leaf)
SALTS = table(LeafSalt)
PENDING = table(PendingLeaf)
ACTS = table(AuditEntry)


#: Rows fetched at a time; what one pass holds in memory.
AT_ONCE = 1024
#: One encoder for a whole pass; of texts, whole numbers and lists under ASCII names this is RFC 8785.
_compact = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


_scan = json.JSONDecoder().raw_decode


@dataclass(frozen=True)
class Finding:
    """What is wrong (a dotted code), the place of the entry it is about, and figures; ``place`` is None for none.

    A loss the log itself tells of is named too, and is not ``wrong``.
    """

    code: str
    place: int | None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wrong(self) -> bool:
        return self.code != log_audit_losses.TOLD


def findings(session: Session, origin: str, folder: Path | None = None) -> Iterator[Finding]:
    """Everything that is wrong, in the order of the log; ``folder`` is that of the published files, where it is read.

    Shapes: places count from 0. Nothing is raised: what cannot be read is a finding.
    """
    with whatever_is_stored(session):
        yield from _findings(session, origin, folder)


def _findings(session: Session, origin: str, folder: Path | None) -> Iterator[Finding]:
    heads = log_audit_heads.Heads(session, origin, folder)
    growing = Growing(session, folder)
    losses, erasures = log_audit_losses.Losses(), log_audit_erasures.Erasures(session)
    expected = 0
    for rows in session.execute(_entries(), execution_options={"yield_per": AT_ONCE}).partitions(AT_ONCE):
        for row in rows:
            place = row[0]
            if place != expected:
                yield Finding("log_audit.gap", expected, {"next": place})
                expected = place
            data = _bytes(row[2])
            leaf_hash = merkle.leaf_hash(data)
            for code in _look(row, data, leaf_hash):
                lost = code == "log_audit.leaf_missing" and losses.lost(place, row[1])
                if not lost and not (code == "log_audit.salt_missing" and erasures.covers(row[5])):
                    yield Finding(code, place)
            if row[6] == log_audit_losses.KIND:
                losses.told(place, _object(row[9]))
            for code, at in growing.add(place, data, leaf_hash):
                yield Finding(code, at)
            expected += 1
            if heads.due(expected):
                yield from (Finding(code, place) for code in heads.at(expected, growing))
        yield from (Finding(*one) for one in log_audit_rows.of_entries(session, origin, rows))
    yield from (Finding(*one) for one in (*losses.findings(), *erasures.findings()))
    yield from (Finding(code, place) for code, place in growing.beyond())
    yield from (Finding(code, place) for code, place in heads.beyond(expected))
    yield from _hidden(session)
    yield from (Finding(*one) for one in log_audit_rows.counters(session))


def _entries() -> Any:
    """Each entry with its leaf, salt and act, and the place of the last entry on the same subject before it.

    The order of the columns is that in which ``_look`` takes a row apart: names cost more than all the hashing.
    """
    before = ENTRIES.alias()
    previous = (
        select(func.max(before.c.place))
        .where(before.c.subject == ENTRIES.c.subject, before.c.place < ENTRIES.c.place)
        .scalar_subquery()
    )
    entry = (ENTRIES.c.place, ENTRIES.c.leaf_id, ENTRIES.c.data, ENTRIES.c.hash, ENTRIES.c.subject.label("about"))
    leaf = (
        LEAVES.c.statement,
        LEAVES.c.subject,
        LEAVES.c.issuer,
        LEAVES.c.facts,
        LEAVES.c.commitment,
        type_coerce(LEAVES.c.at, String).label("said_at"),
    )
    act = [ACTS.c[name] for name in leaves.COLUMNS]
    act.append(type_coerce(ACTS.c.at, String).label("at"))
    return (
        select(*entry, LEAVES.c.id.label("leaf"), *leaf, SALTS.c.salt, *act, previous.label("previous"))
        .outerjoin(LEAVES, LEAVES.c.id == ENTRIES.c.leaf_id)
        .outerjoin(SALTS, SALTS.c.leaf_id == LEAVES.c.id)
        .outerjoin(ACTS, ACTS.c.id == LEAVES.c.id)
        .order_by(ENTRIES.c.place)
    )


def _look(row: Row[Any], data: bytes, leaf_hash: bytes) -> Sequence[str]:
    """Codes of what is wrong with one entry."""
    place, _, entry, stored, about, leaf, *said, facts, commit, said_at, salt = row[:_ACT]
    *act, at, previous = row[_ACT:]
    wrong = ["log_audit.hash"] if leaf_hash.hex() != stored else []
    if leaf is None:
        return [*wrong, "log_audit.leaf_missing"]
    figures = _object(facts)
    try:
        kind, subject, issuer = said
        moved = {"place": place, "previous": previous}
        spell = partial(statements.spelled, kind, subject, issuer, _moment(said_at), commit, **moved)
        told = about == subject and leaves.facts_text(figures) == facts and _says(entry, spell, figures)
    except (ValueError, TypeError):
        told = False
    if not told:
        wrong.append("log_audit.statement")
    if salt is None:
        wrong.append("log_audit.salt_missing")
    elif act[0] is not None and not _opens(salt, act, at, said_at, commit):
        wrong.append("log_audit.commitment")
    if act[0] is None:
        wrong.append("log_audit.act_missing")
    elif not figures.items() <= _object(act[_DETAIL]).items():
        wrong.append("log_audit.facts")
    return wrong


#: Where an act begins in a row, and its detail in the act.
_ACT, _DETAIL = 13, leaves.COLUMNS.index("detail")


def _says(entry: str, spell: Callable[..., str], figures: Mapping[str, Any]) -> bool:
    """Whether the entry is the one spelling of what its leaf says."""
    if spell(facts=_compact(figures)) == entry:
        return True
    # Figures with fractions, or names beyond ASCII.
    return spell(facts=canonical.canonical(figures).decode("utf-8")) == entry


def _opens(salt: str, act: Sequence[str | None], at: Any, said_at: Any, commit: str) -> bool:
    """Whether salt and act are what the leaf committed to."""
    try:
        opened, moment = bytes.fromhex(salt), _moment(at)
        same = opened.hex() == salt and moment == _moment(said_at)
        return same and leaves.commitment(opened, leaves.record(act, moment)) == commit
    except (ValueError, TypeError):
        return False


@lru_cache(maxsize=4096)
def _moment(stored: Any) -> datetime:
    """A moment as the database has it, so that a damaged one is a finding and not the end of the reading."""
    found = stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)
    if found is not stored and found.isoformat(" ", "microseconds") != stored:
        raise ValueError(stored)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _object(stored: Any) -> dict[str, Any]:
    """The members of a JSON object as a column holds it; of what is none, none that fits anything."""
    try:
        found, end = _scan(stored)
    except (ValueError, TypeError):
        return {"": ""}
    return found if isinstance(found, dict) and end == len(stored) else {"": ""}


def _bytes(stored: Any) -> bytes:
    """An entry's bytes, whatever somebody has put in the place of its text."""
    return stored.encode("utf-8", "surrogatepass") if isinstance(stored, str) else repr(stored).encode()


def _hidden(session: Session) -> Iterator[Finding]:
    """Leaves that neither have a place nor wait for one, and public acts that have no leaf."""
    lost = (
        select(LEAVES.c.id, LEAVES.c.subject)
        .outerjoin(ENTRIES, ENTRIES.c.leaf_id == LEAVES.c.id)
        .outerjoin(PENDING, PENDING.c.leaf_id == LEAVES.c.id)
        .where(ENTRIES.c.leaf_id.is_(None), PENDING.c.leaf_id.is_(None))
    )
    for one in session.execute(lost):
        yield Finding("log_audit.leaf_hidden", None, {"leaf": one.id, "subject": one.subject})
    first = select(func.min(LEAVES.c.at)).scalar_subquery()
    untold = (
        select(ACTS.c.id, ACTS.c.action, ACTS.c.object_type, ACTS.c.object_id, ACTS.c.detail)
        .outerjoin(LEAVES, LEAVES.c.id == ACTS.c.id)
        .where(LEAVES.c.id.is_(None), ACTS.c.at >= first, ACTS.c.action.in_(public_acts.PUBLIC))
    )
    for one in session.execute(untold):
        if not _object(one.detail).get("drill"):
            params = {"act": one.id, "action": one.action, "subject": f"{one.object_type}:{one.object_id}"}
            yield Finding("log_audit.act_untold", None, params)
