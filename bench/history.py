"""Grows a log by the hundred thousand as services would leave it: acts, leaves and salts in bulk, places by the log.

Nine acts of ten are steps on goods, one registers a batch, whose row is there. Only the trail is made here; places,
tiles, heads and signatures come from the sequencer's own steps, so whatever reads the history meets an honest one.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, select

from bench.county import ORIGIN, County
from brand.kernel import leaves
from brand.kernel.actors import SYSTEM
from brand.kernel.audit import AuditEntry
from brand.kernel.ids import new_id
from brand.kernel.leaves import Leaf, LeafSalt, PendingLeaf
from brand.kernel.public_acts import PUBLIC
from brand.kernel.work import Work
from tests import make
from trace.models.batches import Batch
from trace.services import log
from trace.services.key_files import KeyFiles
from trace.services.log_signer import LogSigner

#: Acts written in one transaction.
AT_ONCE = 25_600
_TABLES: tuple[Any, ...] = (Batch, AuditEntry, Leaf, LeafSalt, PendingLeaf)


class History:
    """The log of a county's database and whoever signs for it."""

    def __init__(self, town: County) -> None:
        self.database = town.database
        keys = Path(town.environment["BRANDTRACE_KEYS_DIR"])
        self._signer = LogSigner(KeyFiles(keys, make.PASSPHRASE, cost=make.WEAKEST))
        self._made = 0
        with self.database.reading() as session:
            self._batch = session.exec(select(Batch)).first()
            if self._batch is None:
                raise LookupError("a county has a batch")
            self._codes = iter(range(10**7, 10**8))

    def act(self, count: int) -> None:
        """So many public acts more, none with a place yet."""
        with self.database.writing() as session:
            for start in range(0, count, AT_ONCE):
                self._write(session, min(AT_ONCE, count - start))

    def integrate(self) -> int:
        """A place for up to 256 of them, in a transaction of its own; how many."""
        with self.database.writing() as session:
            work = self._work(session)
            log.ensure_key(work, self._signer)
            session.flush()
            return log.integrate(work)

    def sign(self) -> None:
        """Have the head signed."""
        with self.database.writing() as session:
            log.sign(self._work(session), self._signer, ORIGIN)

    def grow(self, count: int) -> None:
        """So many acts with their places, a signed head every 256."""
        for start in range(0, count, AT_ONCE):
            self.act(min(AT_ONCE, count - start))
            while self.integrate() == log.AT_ONCE:
                self.sign()
            self.sign()

    def _work(self, session: Session) -> Work:
        return Work(session, SYSTEM, make.MONDAY, "bench")

    def _write(self, session: Session, count: int) -> None:
        rows: dict[Any, list[dict[str, Any]]] = {one: [] for one in _TABLES}
        for batch, act in self._acts(count):
            if batch is not None:
                rows[Batch].append(batch)
            salt = secrets.token_bytes(leaves.SALT_SIZE)
            told, detail = PUBLIC[act["action"]], json.loads(act["detail"])
            leaf = {
                "id": act["id"],
                "at": act["at"],
                "statement": told.statement,
                "subject": f"batch:{act['object_id']}",
                "issuer": act["enterprise_id"],
                "facts": leaves.facts_text({name: detail[name] for name in told.facts if detail[name] != ""}),
                "commitment": leaves.commitment(salt, leaves.record_of(act)),
            }
            for table, row in (
                (AuditEntry, act),
                (Leaf, leaf),
                (LeafSalt, {"leaf_id": act["id"], "salt": salt.hex()}),
                (PendingLeaf, {"leaf_id": act["id"]}),
            ):
                rows[table].append(row)
        for table, found in rows.items():
            if found:
                session.connection().execute(insert(table), found)

    def _acts(self, count: int) -> Iterator[tuple[dict[str, Any] | None, dict[str, Any]]]:
        """The row of a batch where the act begins one, and the act."""
        assert self._batch is not None
        subject, code = "", ""
        for _ in range(count):
            begins = not self._made % 10 or not subject
            row = None
            if begins:
                subject, code = new_id(), f"{next(self._codes)}"
                fresh = {"id": subject, "code": code, "lot": subject, "used_kg": 0, "operation_id": None}
                row = self._batch.model_dump() | fresh
            detail = (
                {"batch": code, "licence": "", "head": 3, "cold_kg": f"{self._batch.total_kg}"}
                if begins
                else {"batch": code, "kg": "18.400"}
            )
            yield row, self._audited("batches.register" if begins else "flows.split", subject, detail)
            self._made += 1

    def _audited(self, action: str, subject: str, detail: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": new_id(),
            "at": _at(self._made),
            "action": action,
            "object_type": "batch",
            "object_id": subject,
            "enterprise_id": "cooperative",
            "account_id": "producer",
            "person_id": "producer",
            "actor_name": "示范社员",
            "on_behalf_of": None,
            "via": "bench",
            "request_id": "",
            "detail": json.dumps(detail, ensure_ascii=False, sort_keys=True),
        }


def _at(number: int) -> datetime:
    """A moment for each, one after the other."""
    return make.MONDAY + timedelta(seconds=number)
