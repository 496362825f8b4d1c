"""Looks at the start whether this database may be written, keeps it read-only where not, and writes the evidence down.

A restored copy, a clone, an older backup and a swapped signer all meet here. There is no switch that goes around it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
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
from trace.rules.standing import REFUSALS, Standing, standing, with_witnesses
from trace.services import durable
from trace.services.signer import Signer
from trace.services.signer_memory import Signed
from trace.services.witnesses import Cosigners

log = structlog.get_logger()


@dataclass(frozen=True)
class Look:
    """What was found: entries here, the signer's head, and the file of evidence where there is one.

    ``said`` holds what each witness answered at the start: its name and a code, empty where it cosigned.
    """

    standing: Standing
    size: int
    signed: Signed | None
    evidence: Path | None = None
    said: Mapping[str, str] = field(default_factory=dict)


class Guard:
    """Looks, and holds the database to what it found; ``folder`` is where evidence is kept."""

    def __init__(
        self,
        database: Database,
        signer: Signer,
        folder: Path,
        now: Callable[[], datetime],
        cosigners: Callable[[], Cosigners | None] = lambda: None,
    ) -> None:
        self._database, self._signer, self._folder, self._now = database, signer, folder, now
        self._cosigners = cosigners
        self.last: Look | None = None

    def begin(self) -> Look | None:
        """Look before anything is signed: the witnesses of the policy are asked too, each for two seconds at most.

        A machine put back as a whole has a signer that forgot as much as its database; only they know of it.
        """
        return self.look(ask=True)

    def look(self, *, ask: bool = False) -> Look | None:
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
            cosigners = self._cosigners() if ask else None
            if cosigners is not None:
                found = _asked(found, cosigners)
            if found.standing is Standing.FROZEN:
                with self._database.reading() as session:
                    found = replace(found, evidence=self._write(session, found))
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


def _asked(found: Look, cosigners: Cosigners) -> Look:
    """The same with what the witnesses say; whoever is silent or disagrees alone is told of and stops nothing."""
    said = {one.witness.name: one.code for one in cosigners.at_start()}
    for name, code in said.items():
        if code:
            log.warning("witness_at_start", witness=name, code=code)
    policy = cosigners.policy
    after = with_witnesses(found.standing, said, lambda names: policy.least() > 0 and policy.satisfied(names))
    return replace(found, standing=after, said=said)


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
        "witnesses": dict(found.said),
        "signer": {"size": signed[0], "root": signed[1].hex()} if signed else None,
        "root_here_at_the_signers_size": _root(session, signed[0]).hex()
        if signed and signed[0] <= found.size
        else None,
    }
