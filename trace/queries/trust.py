"""Reads what the registry's files of trust say now, and the versions that were published."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from brand.kernel.audit import AuditEntry
from brand.kernel.errors import unknown
from brand.models.statement_keys import StatementKey
from trace.crypto.sealed_keys import Role
from trace.models.batches import Batch
from trace.models.labels import Label, SigningKey
from trace.models.log import LogKey
from trace.models.recalls import Recall, RecallBatch
from trace.models.trust_files import TrustFile
from trace.rules.labels import quarter_window, year_window

Row = dict[str, Any]


@dataclass(frozen=True)
class Backup:
    """What was written down of a backup: its file, when, how far its log reached, and whether it is locked."""

    name: str
    at: datetime
    log_size: int
    sealed: bool


def newest(session: Session, topic: str) -> TrustFile | None:
    """The last version of a file, or None while there is none."""
    mine = select(TrustFile).where(TrustFile.topic == topic)
    return session.exec(mine.order_by(col(TrustFile.version).desc()).limit(1)).first()


def keys(session: Session) -> list[Row]:
    """Every key of every role, with its window and state; times are UTC to the second."""
    labels = session.exec(select(SigningKey)).all()
    office = session.exec(select(StatementKey)).all()
    rows = [
        *(_row(Role.LABEL, one, *quarter_window(one.quarter), licensee=one.enterprise_id) for one in labels),
        *(_row(Role.ENDORSEMENT, one, *year_window(one.year)) for one in office),
        *(_row(one.role, one, one.not_before, one.not_after) for one in session.exec(select(LogKey))),
    ]
    return sorted(rows, key=lambda row: (row["role"], row["not_before"], row["kid"]))


def key(session: Session, role: str, kid: str) -> Row:
    """One of them; raises ``access.unknown``."""
    for one in keys(session):
        if (one["role"], one["kid"]) == (role, kid):
            return one
    raise unknown()


def ended(session: Session) -> list[Row]:
    """Keys whose word is cut off, with the place in the log from which it is."""
    return [
        {"role": one["role"], "kid": one["kid"], "distrusted_from": one["distrusted_from"]}
        for one in keys(session)
        if one["state"] == "distrusted"
    ]


def recalled(session: Session) -> list[str]:
    """Codes of batches that are called back, drills left out."""
    statement = (
        select(Batch.code)
        .join(RecallBatch, col(RecallBatch.batch_id) == col(Batch.id))
        .join(Recall, col(Recall.id) == col(RecallBatch.recall_id))
        .where(col(RecallBatch.drill).is_(False))
        .distinct()
    )
    return sorted(session.exec(statement))


def withdrawn(session: Session) -> list[str]:
    """Serials of labels that were withdrawn."""
    return list(session.exec(select(Label.serial).where(Label.state == "void")))


def text_of(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}+00:00"


def _row(
    role: str, key: SigningKey | StatementKey | LogKey, not_before: datetime, not_after: datetime, **more: str
) -> Row:
    cut = {} if key.distrusted_from is None else {"distrusted_from": key.distrusted_from}
    return {
        "role": str(role),
        "kid": key.kid,
        "thumbprint": key.thumbprint,
        "public_key": key.public_key,
        "not_before": text_of(not_before),
        "not_after": text_of(not_after),
        "state": key.state,
        **more,
        **cut,
    }


def last_backup(session: Session) -> Backup | None:
    """The last backup made of this database, or None where none was."""
    mine = select(AuditEntry).where(AuditEntry.action == "backups.make")
    found = session.exec(mine.order_by(col(AuditEntry.at).desc()).limit(1)).first()
    if found is None:
        return None
    told = json.loads(found.detail)
    return Backup(found.object_id, found.at, int(told["log_size"]), bool(told["sealed"]))
