"""The audit trail: who did what to which object, on whose behalf and when; written in the transaction of the act."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from brand.kernel import leaves, rows
from brand.kernel.ids import new_id, new_ids
from brand.kernel.records import Moment
from brand.kernel.work import Work


class AuditEntry(SQLModel, table=True):
    """One act. ``detail`` is JSON text; it never holds secrets, and personal data only by record id."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_person_id_at", "person_id", "at"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    at: datetime = Field(sa_type=Moment, index=True)
    action: str = Field(index=True)
    object_type: str
    object_id: str = Field(index=True)
    enterprise_id: str | None = Field(default=None, index=True)
    account_id: str
    person_id: str
    actor_name: str
    on_behalf_of: str | None = None
    via: str
    request_id: str = ""
    detail: str = "{}"


def record(
    work: Work,
    action: str,
    object_type: str,
    object_id: str,
    *,
    enterprise_id: str | None = None,
    **detail: Any,
) -> str:
    """Write one entry into the running transaction, and its leaf for the log where the act is a public one; its id.

    ``action`` is dotted, e.g. ``licences.grant``.

    A station's agent who touches an enterprise is noted as acting on its behalf.
    """
    return record_all(work, action, object_type, {object_id: detail}, enterprise_id=enterprise_id)[0]


def record_all(
    work: Work,
    action: str,
    object_type: str,
    details: Mapping[str, Mapping[str, Any]],
    *,
    enterprise_id: str | None = None,
) -> list[str]:
    """The same act on many objects, each with its own detail and so with an entry and a leaf of its own; their ids."""
    shared: dict[str, Any] = {
        "at": work.now,
        "action": action,
        "object_type": object_type,
        "enterprise_id": enterprise_id,
        "account_id": work.actor.account_id or "PUBLIC",
        "person_id": work.actor.person_id or "PUBLIC",
        "actor_name": work.actor.name or "public",
        "on_behalf_of": enterprise_id if work.actor.acts_for(enterprise_id) else None,
        "via": work.via,
        "request_id": work.request_id,
    }
    entries = [
        shared | {"id": fresh, "object_id": object_id, "detail": _told(detail)}
        for fresh, (object_id, detail) in zip(new_ids(len(details)), details.items(), strict=True)
    ]
    rows.add(work.session, AuditEntry, entries)
    leaves.enter_all(work.session, list(zip(entries, details.values(), strict=True)))
    return [one["id"] for one in entries]


def _plain(value: object) -> str:
    if isinstance(value, Decimal | date | datetime):
        return str(value)
    raise TypeError(f"not auditable: {type(value).__name__}")


_told = json.JSONEncoder(ensure_ascii=False, default=_plain, sort_keys=True).encode
