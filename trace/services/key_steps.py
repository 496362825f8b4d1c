"""Keys follow one another and end: turned over to a new one, retired, or distrusted from a place in the log on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from sqlmodel import col, update

from brand.kernel import audit
from brand.kernel.errors import conflict, invalid, unknown
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.statement_keys import StatementKey
from trace.crypto.sealed_keys import Role
from trace.models.labels import SigningKey
from trace.models.log import LogKey
from trace.queries import keys as reads
from trace.queries import log as log_reads
from trace.rules.keys import TURNED, EndReason, KeyState, check_cut, check_end
from trace.rules.labels import quarter_of
from trace.services import keys, log, registry_keys
from trace.services.signer import LabelSigner, Signer
from trace.services.statement_keys import OfficeSigner

Key = SigningKey | StatementKey | LogKey
_TABLES: Mapping[Role, type[Key]] = {Role.LABEL: SigningKey, Role.ENDORSEMENT: StatementKey}


def table_of(role: Role) -> type[Key]:
    """Where keys of a role stand."""
    return _TABLES.get(role, LogKey)


def turn(work: Work, signer: Signer, origin: str, role: str, *, enterprise_id: str | None = None) -> str:
    """Make a new key of the role and retire the one that signs now; gives the new key's id.

    A label key is turned for one enterprise. The old trust key goes on signing beside the new one until it is retired:
    whoever holds on to it must first read of the new one. Raises ``keys.role``, ``keys.enterprise_needed`` and what
    making a key raises.
    """
    work.actor.require("keys.manage")
    kind = _role(role)
    current = _current(work, kind, enterprise_id)
    made = _make(work, signer, origin, kind, enterprise_id)
    if current is not None and kind is not Role.TRUST:
        _end(work, kind, current, KeyState.RETIRED, EndReason.ROTATED, None, work.now)
    return made


def retire(work: Work, role: str, kid: str, *, reason: str) -> None:
    """The key signs no more; what it signed stays good. Raises ``keys.ended``, ``keys.last_trust``."""
    work.actor.require("keys.manage")
    kind = _role(role)
    found = _found(work, kind, kid)
    active = [one for one in log_reads.keys(work.session, Role.TRUST) if one.state == KeyState.ACTIVE]
    if kind is Role.TRUST and len(active) < 2:
        raise conflict("keys.last_trust")
    _end(work, kind, found, KeyState.RETIRED, EndReason(reason), None, work.now)


def distrust(work: Work, role: str, kid: str, *, reason: str, from_index: int | None = None) -> int:
    """What the key signed counts only where the log tells of it before ``from_index``; gives that place.

    Everything that waits gets its place first, so that honest work of the last seconds is not cut off. Without a place
    it is the end of the log: all so far stays good. Raises ``keys.ended``, ``keys.cut``.
    """
    work.actor.require("keys.manage")
    kind = _role(role)
    found = _found(work, kind, kid)
    while log.integrate(work) == log.AT_ONCE:
        work.session.flush()
    size = log_reads.size(work.session)
    cut = size if from_index is None else from_index
    check_cut(cut, size)
    _end(work, kind, found, KeyState.DISTRUSTED, EndReason(reason), cut, _moment(work, cut))
    return cut


def _role(role: str) -> Role:
    if role not in TURNED:
        raise invalid("keys.role", role=role)
    return Role(role)


def _found(work: Work, role: Role, kid: str) -> Key:
    found: Key | None = work.session.get(table_of(role), kid)  # type: ignore[assignment]
    if found is None or (isinstance(found, LogKey) and found.role != role):
        raise unknown()
    return found


def _current(work: Work, role: Role, enterprise_id: str | None) -> Key | None:
    if role is Role.LABEL:
        if not enterprise_id:
            raise invalid("keys.enterprise_needed")
        if work.session.get(Enterprise, enterprise_id) is None:
            raise unknown()
        found: Key | None = reads.of_quarter(work.session, enterprise_id, quarter_of(work.today))
    elif role is Role.ENDORSEMENT:
        found = reads.of_year(work.session, work.today.year)
    else:
        active = [one for one in log_reads.keys(work.session, role) if one.not_before <= work.now]
        found = active[-1] if active else None
    return found if found is not None and found.state == KeyState.ACTIVE else None


def _make(work: Work, signer: Signer, origin: str, role: Role, enterprise_id: str | None) -> str:
    if role is Role.LABEL:
        return keys.turn(work, LabelSigner(signer, origin), enterprise_id or "").kid
    if role is Role.ENDORSEMENT:
        return OfficeSigner(signer, origin).turn(work).kid
    return registry_keys.make(work, role, partial(signer.create, role), work.now).kid


def _moment(work: Work, cut: int) -> datetime:
    """When the entry at the cut was made, for what is told by time only; now where there is none."""
    at = log_reads.entry(work.session, cut).at if cut < log_reads.size(work.session) else work.now
    return min(at, work.now)


def _end(
    work: Work, role: Role, key: Key, state: KeyState, reason: EndReason, cut: int | None, ended: datetime
) -> None:
    check_end(key.state, state)
    table = type(key)
    same = update(table).where(col(table.kid) == key.kid, col(table.state) == key.state)
    values = {"state": state.value, "distrusted_from": cut, "ended_at": ended}
    if work.session.exec(same.values(**values)).rowcount != 1:
        raise conflict("keys.ended", state=key.state)
    work.session.refresh(key)
    told = {"role": role, "kid": key.kid, "thumbprint": key.thumbprint, "reason_code": reason}
    if cut is None:
        audit.record(work, "keys.retire", "key", key.kid, **told)
    else:
        audit.record(work, "keys.distrust", "key", key.kid, from_index=cut, **told)
