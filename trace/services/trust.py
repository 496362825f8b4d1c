"""Publishes the files of trust: all keys with their states, and what is revoked; each version newer than the last.

The signer keeps the last version of each file, so versions run forward even when an older database is brought back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from brand.kernel.actors import SYSTEM
from brand.kernel.db import Database
from brand.kernel.work import Work
from trace.crypto import notes
from trace.crypto.notes import ED25519, Note, Signature, Verifier
from trace.crypto.sealed_keys import Role
from trace.crypto.signables import RegistryNote, read_note, signer_name
from trace.crypto.trust import BUNDLE, REVOCATIONS, withdrawn_file
from trace.models.trust_files import TrustFile
from trace.queries import log as log_reads
from trace.queries import trust as reads
from trace.rules.keys import GOOD_FOR, KeyState
from trace.services import keys, registry_keys
from trace.services.signer import LabelSigner, Signer

Body = dict[str, Any]
#: What a new version always says anew; a file that differs in nothing else is published when half its time is over.
_MOVING = ("version", "issued", "expires", "log_size")


class TrustKeeper:
    """Looks after keys and files of trust on behalf of the service: keys in good time, files fresh, old keys gone."""

    def __init__(self, database: Database, signer: Signer, origin: str, now: Callable[[], datetime]) -> None:
        self._database, self._signer, self._origin, self._now = database, signer, origin, now

    def run_once(self) -> int:
        """Everything that is due; gives how many files were published."""
        with self._database.writing() as session:
            work = Work(session, SYSTEM, self._now(), "keys")
            for role in (Role.RECEIPT, Role.TRUST):
                registry_keys.ensure(work, role, partial(self._signer.create, role))
            keys.prepare(work, LabelSigner(self._signer, self._origin))
        with self._database.writing() as session:
            published = publish(Work(session, SYSTEM, self._now(), "keys"), self._signer, self._origin)
        with self._database.reading() as session:
            gone = [(one["role"], one["kid"]) for one in reads.keys(session) if one["state"] != KeyState.ACTIVE]
        held = {(one.role.value, one.key_id) for one in self._signer.state().keys}
        for role_text, kid in gone:
            if (role_text, kid) in held:
                self._signer.discard(Role(role_text), kid)
        return published


def publish(work: Work, signer: Signer, origin: str) -> int:
    """A new version of each file that says something new or is half over; gives how many.

    Raises what the signer raises.
    """
    data = withdrawn_file(reads.withdrawn(work.session))
    revoked = {
        "keys": reads.ended(work.session),
        "recalled": reads.recalled(work.session),
        "withdrawn": {"count": len(data) // 5, "sha256": hashlib.sha256(data).hexdigest()},
    }
    made = _publish(work, signer, origin, BUNDLE, {"keys": reads.keys(work.session)}, b"")
    return made + _publish(work, signer, origin, REVOCATIONS, revoked, data)


def _publish(work: Work, signer: Signer, origin: str, topic: str, body: Body, data: bytes) -> int:
    last = reads.newest(work.session, topic)
    if last is not None and _same(last, body) and work.now < last.issued_at + (last.expires_at - last.issued_at) / 2:
        return 0
    issued = work.now.astimezone(UTC).replace(microsecond=0)
    expires = issued + GOOD_FOR[topic]
    # After a crash in between the signer knows of a version that nobody ever got; it is never used for another text.
    version = max(last.version if last is not None else 0, signer.state().versions.get(topic, 0)) + 1
    head = {"v": 1, "origin": origin, "version": version, "log_size": log_reads.size(work.session)}
    times = {"issued": reads.text_of(issued), "expires": reads.text_of(expires)}
    note = sign(work, signer, origin, RegistryNote(topic, {**head, **times, **body}))
    row = TrustFile(topic=topic, version=version, issued_at=issued, expires_at=expires, note=note, data=data)
    work.session.add(row)
    return 1


def _same(last: TrustFile, body: Body) -> bool:
    _, told = read_note(last.note, last.topic)
    return {name: value for name, value in told.body.items() if name not in (*_MOVING, "v", "origin")} == body


def sign(work: Work, signer: Signer, origin: str, note: RegistryNote) -> str:
    """The note signed with every key of its role that signs now, the oldest first.

    Two trust keys sign side by side until the older is retired: whoever holds on to it reads of the newer one there.
    """
    name = signer_name(origin, note.topic)
    active = [
        one
        for one in log_reads.keys(work.session, note.role)
        if one.state == KeyState.ACTIVE and one.not_before <= work.now < one.not_after
    ]
    if not active:
        active = [registry_keys.ensure(work, note.role, partial(signer.create, note.role))]
    lines = []
    for one in active if note.role is Role.TRUST else active[-1:]:
        made = signer.sign(one.kid, work.now, note)
        lines.append(Signature(name, Verifier(name, ED25519, made.public).key_id, made.signatures[0]))
    written = Note(note.text, tuple(lines)).written
    notes.parse(written)
    return written
