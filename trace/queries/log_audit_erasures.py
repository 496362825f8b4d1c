"""Salts that are gone: destroyed on lawful request as the log says it, so many and those, or something is hidden."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import Session

from brand.kernel.leaves import ErasedSalt, Leaf, digest_of
from trace.queries.log_audit_rows import Wrong
from trace.queries.log_audit_tree import table

ERASED = table(ErasedSalt)
LEAVES = table(Leaf)
#: The statement that tells of an erasure.
KIND = "record.erase"


class Erasures:
    """Leaves whose salts were erased, by the act that says so."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._by_act: dict[str, list[str]] = defaultdict(list)
        for row in session.execute(select(ERASED.c.leaf_id, ERASED.c.act_id)):
            self._by_act[row.act_id].append(row.leaf_id)
        self._leaves = frozenset(one for erased in self._by_act.values() for one in erased)

    def covers(self, leaf: str | None) -> bool:
        return leaf in self._leaves

    def findings(self) -> Iterator[Wrong]:
        """Each erasure of which the log says nothing, another number or other entries."""
        for act, erased in self._by_act.items():
            said = select(LEAVES.c.facts).where(LEAVES.c.id == act, LEAVES.c.statement == KIND)
            if self._session.execute(said).scalar() != _facts(erased):
                yield "log_audit.erasure", None, {"act": act, "salts": len(erased)}


def _facts(erased: list[str]) -> str:
    return json.dumps({"digest": digest_of(erased), "salts": len(erased)}, ensure_ascii=False, sort_keys=True)
