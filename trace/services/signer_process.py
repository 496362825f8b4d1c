"""The signer as a process of its own: it alone holds the keys, speaks over a socket of the machine, and asks who calls.

Whoever takes over the web process can have things signed while it runs, within the day's ceilings, and never takes a
key away. Source: threat model, parts 1.3 (B4) and 4.2.
"""

from __future__ import annotations

import os
import socket
import socketserver
import struct
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from brand.kernel.errors import AppError, Kind, refused
from trace.crypto.keys import PublicKey
from trace.crypto.sealed_keys import Role
from trace.crypto.signables import Signable
from trace.services import durable
from trace.services import signer_wire as wire
from trace.services.key_files import Made, State
from trace.services.signer import Signer

log = structlog.get_logger()

#: Opening a key takes a tenth of a second of Argon2id, a run of 20,000 labels about a second.
_PATIENCE = 30.0
_CREDENTIALS = struct.Struct("3i")


class RemoteSigner:
    """The four operations over the socket; fills ``signer.Signer``. Every call may raise ``signer.unreachable``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def create(self, role: Role, kid: str, not_before: datetime, not_after: datetime, now: datetime) -> PublicKey:
        del now  # the process goes by its own clock
        window = {"not_before": not_before.isoformat(), "not_after": not_after.isoformat()}
        return wire.read_public(self._ask("create", role=role.value, kid=kid, **window))

    def sign(self, kid: str, now: datetime, document: Signable) -> Made:
        del now
        return wire.read_made(self._ask("sign", kid=kid, document=wire.told_document(document)))

    def discard(self, role: Role, kid: str) -> None:
        self._ask("discard", role=role.value, kid=kid)

    def state(self) -> State:
        return wire.read_state(self._ask("state"))

    def _ask(self, operation: str, **values: object) -> dict[str, Any]:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(_PATIENCE)
                connection.connect(str(self._path))
                connection.sendall(wire.line({"operation": operation, **values}))
                with connection.makefile("rb") as answers:
                    answer = wire.read_line(answers.readline(wire.LONGEST))
        except (OSError, AppError) as error:
            raise AppError(Kind.UNAVAILABLE, "signer.unreachable") from error
        if "refusal" in answer:
            raise wire.read_refusal(answer["refusal"])
        return answer


class SignerServer(socketserver.ThreadingUnixStreamServer):
    """Serves ``signer`` at ``path`` to processes of the user ids in ``peers``, going by the clock ``now``."""

    daemon_threads = True

    def __init__(self, path: Path, signer: Signer, peers: Collection[int], now: Callable[[], datetime]) -> None:
        durable.make_folder(path.parent, 0o750)
        path.unlink(missing_ok=True)
        before = os.umask(0o117)  # the socket is for the owner and his group; who calls is asked in any case
        try:
            super().__init__(str(path), _Call)
        finally:
            os.umask(before)
        self._signer, self._peers, self._now = signer, frozenset(peers), now

    def answer(self, peer: int, data: bytes) -> dict[str, Any]:
        """The answer to one line of a process of user ``peer``; refusals are answers."""
        try:
            if peer not in self._peers:
                raise refused("signer.peer", uid=peer)
            return self._do(wire.read_line(data))
        except AppError as error:
            log.warning("signer_refused", code=error.code, peer=peer)
            return wire.told_refusal(error)

    def _do(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        now = self._now()
        match asked.get("operation"):
            case "create":
                window = (wire.moment(asked["not_before"]), wire.moment(asked["not_after"]))
                public = self._signer.create(Role(asked["role"]), str(asked["kid"]), *window, now)
                return {"public": public.text}
            case "sign":
                document = wire.read_document(asked["document"])
                made = self._signer.sign(str(asked["kid"]), now, document)
                log.info("signed", role=document.role, kid=asked["kid"], signatures=len(made.signatures))
                return wire.told_made(made)
            case "discard":
                self._signer.discard(Role(asked["role"]), str(asked["kid"]))
                return {}
            case "state":
                return wire.told_state(self._signer.state())
            case other:
                raise refused("signer.operation", operation=str(other)[:40])


class _Call(socketserver.StreamRequestHandler):
    server: SignerServer

    def handle(self) -> None:
        credentials = self.request.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        _, uid, _ = _CREDENTIALS.unpack(credentials)
        data = self.rfile.readline(wire.LONGEST)
        if data:
            self.wfile.write(wire.line(self._answer(uid, data)))

    def _answer(self, uid: int, data: bytes) -> dict[str, Any]:
        try:
            return self.server.answer(uid, data)
        except (KeyError, TypeError, ValueError) as error:  # a request no client of ours makes
            log.warning("signer_misunderstood", error=type(error).__name__)
            return wire.told_refusal(refused("signer.wire"))
