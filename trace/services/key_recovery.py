"""Rebuilds what fetched entries tell of keys: those made since the backup, and those that ended since.

The log tells the public half of every key, so nothing of a key is lost with the database. Without this an older
database would ask for the private half of a key that was destroyed meanwhile, and sign nothing any more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.statement_keys import StatementKey
from trace.crypto.sealed_keys import Role
from trace.models.labels import SigningKey
from trace.models.log import LogEntry, LogKey
from trace.queries import keys as reads
from trace.rules.keys import KeyState, may_end
from trace.services.key_steps import Key, table_of

Told = Mapping[str, Any]
ENDED = {"key.retire": KeyState.RETIRED, "key.distrust": KeyState.DISTRUSTED}


def rebuild(work: Work, origin: str, entries: Sequence[Told]) -> None:
    """Rows of keys as the entries tell, in their order; a key that is here or ended already is passed over.

    So is a label key of an enterprise that is not here.
    """
    for told in entries:
        if told["type"] == "key.add":
            _add(work, origin, told)
        elif told["type"] in ENDED:
            _end(work, told, ENDED[told["type"]])


def _add(work: Work, origin: str, told: Told) -> None:
    facts = told["facts"]
    role = Role(facts["role"])
    if work.session.get(table_of(role), facts["kid"]) is not None:
        return
    if role is Role.LABEL and work.session.get(Enterprise, told["issuer"]) is None:
        return
    same = {name: facts[name] for name in ("kid", "thumbprint", "public_key")}
    work.session.add(_row(work, origin, role, told, same | {"created_at": datetime.fromisoformat(told["at"])}))
    work.session.flush()


def _row(work: Work, origin: str, role: Role, told: Told, same: dict[str, Any]) -> Key:
    """The row of a key of its kind; ``same`` is what keys of every kind have."""
    facts = told["facts"]
    if role is Role.LABEL:
        last = reads.of_quarter(work.session, told["issuer"], facts["quarter"])
        mine = {"enterprise_id": told["issuer"], "quarter": facts["quarter"]}
        return SigningKey(**same, **mine, number=last.number + 1 if last else 1)
    if role is Role.ENDORSEMENT:
        before = reads.of_year(work.session, int(facts["year"]))
        return StatementKey(**same, year=int(facts["year"]), origin=origin, number=before.number + 1 if before else 1)
    first, end = (datetime.fromisoformat(facts[name]) for name in ("not_before", "not_after"))
    return LogKey(**same, role=role.value, not_before=first, not_after=end)


def _end(work: Work, told: Told, state: KeyState) -> None:
    facts = told["facts"]
    found: Key | None = work.session.get(table_of(Role(facts["role"])), facts["kid"])  # type: ignore[assignment]
    if found is None or not may_end(found.state, state):
        return
    cut = int(facts["from_index"]) if "from_index" in facts else None
    found.state, found.distrusted_from, found.ended_at = state.value, cut, _moment(work, told, cut)
    work.session.flush()


def _moment(work: Work, told: Told, cut: int | None) -> datetime:
    """When it ended; for a distrusted key when the entry at the cut was made, because some things are told by time."""
    entry = work.session.get(LogEntry, cut) if cut is not None else None
    at = json.loads(entry.data)["at"] if entry is not None else told["at"]
    return datetime.fromisoformat(min(at, told["at"]))
