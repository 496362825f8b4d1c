"""Looks at the start whether this database may be written, keeps it read-only where not, and writes the evidence down.

A restored copy, a clone, an older backup and a swapped signer all meet here. There is no switch that goes around it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import inspect
from sqlmodel import Session, col, func, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from trace.models.log import LogHead
from trace.queries import log as reads
from trace.rules.standing import REFUSALS, Standing, standing
from trace.services import durable
from trace.services.signer import Signer
from trace.services.signer_memory import Signed

log = structlog.get_logger()


@dataclass(frozen=True)
class Look:
    """What was found: entries here, the signer's head, and the file of evidence where there is one."""

    standing: Standing
    size: int
    signed: Signed | None
    evidence: Path | None = None


class Guard:
    """Looks, and holds the database to what it found; ``folder`` is where evidence is kept."""

    def __init__(self, database: Database, signer: Signer, folder: Path, now: Callable[[], datetime]) -> None:
        self._database, self._signer, self._folder, self._now = database, signer, folder, now
        self.last: Look | None = None

    def look(self) -> Look | None:
        """Compare, and let the database refuse changes or take them again; None before there are tables."""
        if not inspect(self._database.engine).has_table("log_heads"):
            return None
        try:
            signed = self._signer.state().head
        except AppError as error:
            log.error("signer_silent", code=error.code)
            found = Look(Standing.UNKNOWN, 0, None)
        else:
            with self._database.reading() as session:
                found = compare(session, signed)
                if found.standing is Standing.FROZEN:
                    found = Look(found.standing, found.size, signed, self._write(session, found))
        self._database.refusal = REFUSALS.get(found.standing, "")
        if found.standing is not Standing.LIVE:
            log.error("not_live", standing=found.standing.value, size=found.size, evidence=str(found.evidence or ""))
        self.last = found
        return found

    def _write(self, session: Session, found: Look) -> Path:
        """Both histories as far as they are known, once for each finding."""
        told = json.dumps(_evidence(session, found), indent=2, sort_keys=True).encode()
        path = self._folder / f"log-{hashlib.sha256(told).hexdigest()[:16]}.json"
        if not path.exists():
            durable.write(path, told, mode=0o600)
            durable.write(path.with_suffix(".found"), f"{self._now().isoformat()}\n".encode(), mode=0o600)
        return path


def compare(session: Session, signed: Signed | None) -> Look:
    """What the log here and the signer's last head are to each other."""
    size = reads.size(session)
    noted = session.exec(select(func.max(LogHead.size)).where(LogHead.note != "")).one() or 0
    same = signed is None or signed[0] > size or _root(session, signed[0]) == signed[1]
    found = standing(size=size, noted=noted, signed=signed[0] if signed else None, same=same)
    return Look(found, size, signed)


def _root(session: Session, size: int) -> bytes:
    return reads.tree(session, size).root()


def _evidence(session: Session, found: Look) -> dict[str, Any]:
    notes = select(LogHead).where(LogHead.note != "").order_by(col(LogHead.size).desc()).limit(5)
    signed = found.signed
    return {
        "standing": found.standing.value,
        "database": {
            "size": found.size,
            "root": _root(session, found.size).hex(),
            "notes": [one.note for one in session.exec(notes)],
        },
        "signer": {"size": signed[0], "root": signed[1].hex()} if signed else None,
        "root_here_at_the_signers_size": _root(session, signed[0]).hex()
        if signed and signed[0] <= found.size
        else None,
    }
