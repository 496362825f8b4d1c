"""Reads the whole log again, values and not only hashes, and names every entry that is not what it was.

Each entry is worked out anew from its leaf, the leaf from its act, tiles and roots from the entries, and every
signature is checked. One pass, in order, with a memory that does not grow with the log.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
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
from trace.crypto import canonical
from trace.models.log import LogEntry
from trace.queries import log_audit_heads, log_audit_rows
from trace.queries.log_audit_tree import Growing, table
from trace.rules.statements import statement

ENTRIES = table(LogEntry)
LEAVES = table(Leaf)
SALTS = table(LeafSalt)
PENDING = table(PendingLeaf)
ACTS = table(AuditEntry)


#: Rows fetched at a time; what one pass holds in memory.
AT_ONCE = 1024
_spelled = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True)
class Finding:
    """What is wrong (a dotted code), the place of the entry it is about, and figures; ``place`` is None for none."""

    code: str
    place: int | None
    params: Mapping[str, Any] = field(default_factory=dict)


def findings(session: Session, origin: str, folder: Path | None = None) -> Iterator[Finding]:
    """Everything that is wrong, in the order of the log; ``folder`` is that of the published files, where it is read.

    Shapes: places count from 0. Nothing is raised: what cannot be read is a finding.
    """
    heads = log_audit_heads.Heads(session, origin, folder)
    growing = Growing(session, folder)
    expected = 0
    for rows in session.execute(_entries(), execution_options={"yield_per": AT_ONCE}).partitions(AT_ONCE):
        for row in rows:
            if row.place != expected:
                yield Finding("log_audit.gap", expected, {"next": row.place})
                expected = row.place
            yield from map(partial(_finding, row.place), _look(row))
            data = row.data.encode("utf-8", "surrogatepass")
            for code, place in growing.add(row.place, data):
                yield Finding(code, place)
            expected += 1
            yield from (Finding(code, expected - 1) for code in heads.at(expected, growing))
        yield from (Finding(*one) for one in log_audit_rows.of_entries(session, origin, rows))
    yield from (Finding(code, place) for code, place in growing.beyond())
    yield from (Finding(code, place) for code, place in heads.beyond(expected))
    yield from _hidden(session)
    yield from (Finding(*one) for one in log_audit_rows.counters(session))


def _finding(place: int, code: str) -> Finding:
    return Finding(code, place)


def _entries() -> Any:
    """Each entry with its leaf, salt and act, and the place of the last entry on the same subject before it."""
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
    act = [ACTS.c[name] for name in AuditEntry.model_fields if name != "at"]
    act.append(type_coerce(ACTS.c.at, String).label("at"))
    return (
        select(*entry, LEAVES.c.id.label("leaf"), *leaf, SALTS.c.salt, *act, previous.label("previous"))
        .outerjoin(LEAVES, LEAVES.c.id == ENTRIES.c.leaf_id)
        .outerjoin(SALTS, SALTS.c.leaf_id == LEAVES.c.id)
        .outerjoin(ACTS, ACTS.c.id == LEAVES.c.id)
        .order_by(ENTRIES.c.place)
    )


def _look(row: Row[Any]) -> Iterator[str]:
    """Codes of what is wrong with one entry."""
    data = row.data.encode("utf-8", "surrogatepass")
    if hashlib.sha256(b"\x00" + data).hexdigest() != row.hash:
        yield "log_audit.hash"
    if row.leaf is None:
        yield "log_audit.leaf_missing"
        return
    if row.about != row.subject or not _says(row, data):
        yield "log_audit.statement"
    if row.salt is None:
        yield "log_audit.salt_missing"
    elif row.id is not None and not _opens(row):
        yield "log_audit.commitment"
    if row.id is None:
        yield "log_audit.act_missing"
    elif not _told(row):
        yield "log_audit.facts"


def _says(row: Row[Any], data: bytes) -> bool:
    """Whether the entry is the one spelling of what its leaf says."""
    try:
        facts = json.loads(row.facts)
        if leaves.facts_text(facts) != row.facts:
            return False
        at = _moment(row.said_at)
        said = statement(row.statement, row.subject, row.issuer, at, row.commitment, facts, row.place, row.previous)
        return bool(_spelled(said) == row.data or canonical.canonical(said) == data)
    except (ValueError, TypeError):
        return False


def _opens(row: Row[Any]) -> bool:
    try:
        salt, at = bytes.fromhex(row.salt), _moment(row.at)
        if salt.hex() != row.salt or at != _moment(row.said_at):
            return False
    except ValueError:
        return False
    return bool(leaves.commitment(salt, leaves.record_of(row, at)) == row.commitment)


@lru_cache(maxsize=4096)
def _moment(stored: Any) -> datetime:
    """A moment as the database has it, so that a damaged one is a finding and not the end of the reading."""
    found = stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)
    if found is not stored and f"{found:%Y-%m-%d %H:%M:%S.%f}" != stored:
        raise ValueError(stored)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _told(row: Row[Any]) -> bool:
    """Whether every public figure is that of the act."""
    try:
        detail, facts = json.loads(row.detail), json.loads(row.facts)
        return all(name in detail and detail[name] == value for name, value in facts.items())
    except (ValueError, TypeError):
        return False


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
        if not _drill(one.detail):
            params = {"act": one.id, "action": one.action, "subject": f"{one.object_type}:{one.object_id}"}
            yield Finding("log_audit.act_untold", None, params)


def _drill(detail: str) -> bool:
    try:
        return bool(json.loads(detail).get("drill"))
    except ValueError:
        return False
