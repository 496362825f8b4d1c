"""Asks the witnesses of the policy to cosign the newest head, and keeps what they answer.

No transaction is open while a witness is asked, and nobody waits for one: a head is published first and cosigned when
the witnesses have looked. What a witness answers is checked before it is believed. Source: C2SP tlog-witness.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session, col, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError, refused
from trace.crypto import notes, witnessing
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.log_policies import Policy
from trace.crypto.log_policies import Witness as Known
from trace.crypto.notes import Note
from trace.models.log import LogCosignature, LogWitness, LogWitnessed
from trace.queries import log as reads
from trace.queries.log import Head
from trace.services.wire import Reply, call

#: How long one witness may take with one answer, and how often it may send us to another size.
SECONDS = 5.0
_TRIES = 3
#: How long one may take with its answer while a service starts and waits for it.
START_SECONDS = 2.0
#: A witness that did not cosign is asked again after this long.
PATIENCE = timedelta(seconds=30)

Post = Callable[[str, bytes], Reply]
_MEANS: Mapping[int, str] = {
    400: "witnesses.bad_request",
    403: "witnesses.untrusted_key",
    404: "witnesses.unknown_log",
    422: "witnesses.unproven",
}


def post(url: str, body: bytes, seconds: float = SECONDS) -> Reply:
    """One question to a witness; raises what ``wire.call`` raises."""
    return call(url, body, seconds=seconds, most=witnessing.LONGEST_ANSWER)


@dataclass(frozen=True)
class Said:
    """What one witness said: its checked lines, or the code why there are none."""

    witness: Known
    lines: tuple[str, ...] = ()
    code: str = ""
    detail: str = ""


@dataclass(frozen=True)
class _Asking:
    """One head on its way to one witness."""

    database: Database
    note: Note
    checkpoint: Checkpoint
    post: Post
    now: datetime


class Cosigners:
    """Brings the newest head to the witnesses of a policy."""

    def __init__(
        self,
        database: Database,
        policy: Policy,
        now: Callable[[], datetime],
        *,
        ask: Post = post,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._database, self.policy, self._now, self._post, self._patience = database, policy, now, ask, patience
        self._asked = [one for one in policy.witnesses if one.url]
        self._vouched: dict[str, int] = {}

    def run_once(self) -> bool:
        """Ask every witness that has not cosigned the newest head; returns whether there is a new cosignature."""
        with self._database.reading() as session:
            head = reads.newest(session)
            if head is None:
                return False
            done = {one.witness: one for one in session.exec(select(LogWitness))}
        self._vouched = {vkey: one.size for vkey, one in done.items()}
        size = head.checkpoint.size
        waiting = [one for one in self._asked if self._due(done.get(one.verifier.text), size)]
        if not waiting:
            return False
        said = self._said(head, waiting, done, self._post)
        with self._database.writing() as session:
            return self._keep(session, size, said)

    def vouching(self, place: int) -> tuple[str, ...]:
        """Names of the witnesses known to have checked a history with the entry at ``place``; asks no database."""
        held = self._vouched
        return tuple(one.name for one in self.policy.witnesses if held.get(one.verifier.text, 0) > place)

    def at_start(self) -> list[Said]:
        """What every witness answers to the newest head before anything is signed; nothing is kept of it."""
        with self._database.reading() as session:
            head = reads.newest(session)
            done = {one.witness: one for one in session.exec(select(LogWitness))}
        if head is None or not self._asked:
            return []
        ask = partial(self._post, seconds=START_SECONDS) if self._post is post else self._post
        return self._said(head, self._asked, done, ask)

    def _said(self, head: Head, waiting: Sequence[Known], done: Mapping[str, LogWitness], ask: Post) -> list[Said]:
        known = [done[one.verifier.text].size if one.verifier.text in done else 0 for one in waiting]
        asking = _Asking(self._database, notes.parse(head.note), head.checkpoint, ask, self._now())
        with ThreadPoolExecutor(len(waiting)) as pool:
            return list(pool.map(partial(_ask, asking), waiting, known))

    def _due(self, last: LogWitness | None, size: int) -> bool:
        if last is None or (last.size < size and not last.code):
            return True
        return last.size < size and self._now() - last.asked_at >= self._patience

    def _keep(self, session: Session, size: int, said: Sequence[Said]) -> bool:
        """Store the answers; another process may have stored the same cosignatures meanwhile."""
        now, fresh = self._now(), False
        for one in said:
            vkey = one.witness.verifier.text
            row = session.get(LogWitness, vkey) or LogWitness(witness=vkey, asked_at=now)
            row.asked_at, row.code, row.detail = now, one.code, one.detail[:200]
            if one.lines:
                row.cosigned_at, row.size = now, max(row.size, size)
                self._vouched[vkey] = row.size
                if session.get(LogCosignature, (size, vkey)) is None:
                    session.add(LogCosignature(size=size, witness=vkey, line="".join(one.lines), at=now))
                    fresh = True
            session.add(row)
        session.flush()
        held = set(session.exec(select(LogCosignature.witness).where(col(LogCosignature.size) == size)))
        names = {one.name for one in self.policy.witnesses if one.verifier.text in held}
        if names and self.policy.satisfied(names) and session.get(LogWitnessed, size) is None:
            session.add(LogWitnessed(size=size, at=now))
        return fresh


def _ask(asking: _Asking, witness: Known, known: int) -> Said:
    """One witness's answer, whatever it does."""
    try:
        return Said(witness, _lines(asking, witness, known))
    except AppError as error:
        return Said(witness, code=error.code, detail=str(error.params.get("detail", error.params.get("reason", ""))))


def _lines(asking: _Asking, witness: Known, known: int) -> tuple[str, ...]:
    """Raises the refusals of the witness, of its answer and of the wire."""
    url = f"{witness.url.rstrip('/')}/{witnessing.CALL}"
    size, old = asking.checkpoint.size, known
    for _ in range(_TRIES):
        reply = asking.post(url, _request(asking, old))
        if reply.status == 200:
            at = int(asking.now.timestamp())
            found = witnessing.cosignatures(reply.body, asking.note.text, [witness.verifier], at)
            return tuple(one.line for one in found)
        if reply.status != 409:
            raise refused(_MEANS.get(reply.status, "witnesses.status"), detail=reply.status)
        told = witnessing.known_size(reply.body)
        if told > size:
            # It has seen more of this log than we have: we are an old copy, or somebody else signs with our key.
            raise refused("witnesses.ahead", detail=told)
        if told == old:
            raise refused("witnesses.contradicts", detail=told)
        old = told
    raise refused("witnesses.undecided", detail=old)


def _request(asking: _Asking, old: int) -> bytes:
    size, proof = asking.checkpoint.size, []
    if 0 < old < size:
        with asking.database.reading() as session:
            proof = reads.tree(session, size).consistency(old)
    return witnessing.Request(old, tuple(proof), asking.note.written).written
