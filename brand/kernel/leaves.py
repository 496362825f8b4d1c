"""What the transparency log will say of an act, written in the transaction of the act itself.

A leaf names no person and holds no words: a kind, the object, public figures, and a commitment to the audit entry,
which is a salted digest. Whoever destroys the salt has cut the link for ever, and the log stays whole.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Any

from sqlmodel import Field, Session, SQLModel

from brand.kernel import public_acts, rows
from brand.kernel.public_acts import PublicAct
from brand.kernel.records import Moment

SALT_SIZE = 16
#: The columns of an audit entry that a commitment covers besides its moment.
COLUMNS = (
    "id",
    "action",
    "object_type",
    "object_id",
    "enterprise_id",
    "account_id",
    "person_id",
    "actor_name",
    "on_behalf_of",
    "via",
    "request_id",
    "detail",
)
#: A record holds texts and nulls under ASCII names, so its RFC 8785 text is a form with places to fill in.
_ORDER = sorted((name, place) for place, name in enumerate((*COLUMNS, "at")))
_FORM = "{" + ",".join(f'"{name}":%s' for name, _ in _ORDER) + "}"
_PLACES = [place for _, place in _ORDER]
_facts_text = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
#: Whoever acts for no enterprise acts for the office.
OFFICE = "office"
#: Stands in ``session.info`` once an act of the running transaction will be told.
TOLD = "log.told"


class Leaf(SQLModel, table=True):
    """One statement to come, under the id of its audit entry. The database refuses UPDATE and DELETE."""

    __tablename__ = "log_leaves"

    id: str = Field(primary_key=True, description="That of the audit entry")
    at: datetime = Field(sa_type=Moment)
    statement: str = Field(max_length=30)
    subject: str = Field(max_length=80, description="<kind>:<record id>")
    issuer: str = Field(max_length=20, description="The enterprise's id, or «office»")
    facts: str = Field(default="{}", description="Public figures as JSON text")
    commitment: str = Field(max_length=64, description="SHA-256 of salt and record, hex")


class LeafSalt(SQLModel, table=True):
    """What opens a commitment; a row is deleted on lawful request (``ErasedSalt``), and nothing opens it any more."""

    __tablename__ = "log_salts"

    leaf_id: str = Field(primary_key=True)
    salt: str = Field(max_length=32, description="hex")


class ErasedSalt(SQLModel, table=True):
    """A salt destroyed on lawful request, and the act that tells of it. The database refuses UPDATE and DELETE."""

    __tablename__ = "log_erasures"

    leaf_id: str = Field(primary_key=True)
    act_id: str = Field(index=True, description="The audit entry of the erasure")


class PendingLeaf(SQLModel, table=True):
    """A leaf that has no place in the log yet; ``number`` keeps acts of one moment in their order."""

    __tablename__ = "log_pending"

    number: int | None = Field(default=None, primary_key=True)
    leaf_id: str = Field(unique=True)


def commitment(salt: bytes, record: bytes) -> str:
    """The digest a leaf shows, 64 hex digits."""
    return hashlib.sha256(salt + record).hexdigest()


def record_of(entry: Mapping[str, Any]) -> bytes:
    """The audit entry in its one spelling (RFC 8785), every column of it by its name."""
    return record([entry[name] for name in COLUMNS], entry["at"])


def record(values: Sequence[str | None], at: datetime) -> bytes:
    """The same of its ``COLUMNS`` in their order and its moment; raises ``TypeError`` for what is no text.

    The moment is spelled in UTC, as every later reader gets it, whatever zone the act was done in.
    """
    every = (*values, at.astimezone(UTC).isoformat())
    told = [every[place] for place in _PLACES]
    return (_FORM % tuple(["null" if one is None else encode_basestring(one) for one in told])).encode("utf-8")


def digest_of(leaf_ids: Iterable[str]) -> str:
    """SHA-256, hex, over the ids of erased leaves in their order, one a line: what the log tells of an erasure."""
    return hashlib.sha256("\n".join(sorted(leaf_ids)).encode()).hexdigest()


def facts_text(facts: Mapping[str, Any]) -> str:
    """Public figures as a leaf keeps them, in their one spelling."""
    return _facts_text(facts)


def enter_all(session: Session, entries: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> None:
    """Add the leaves of audit entries, where the act is a public one; each by its columns' names, and its detail.

    Raises ``ValueError`` where a detail lacks one of the act's facts: a log that is silent about a figure it promises
    would look no different from one that hides it.
    """
    told = [(entry, act) for entry, detail in entries if (act := public_acts.told(entry["action"], detail))]
    if not told:
        return
    salts = [secrets.token_bytes(SALT_SIZE) for _ in told]
    session.info[TOLD] = True
    rows.add(session, Leaf, [_leaf(entry, act, salt) for (entry, act), salt in zip(told, salts, strict=True)])
    ids = [entry["id"] for entry, _ in told]
    rows.add(session, LeafSalt, [{"leaf_id": one, "salt": salt.hex()} for one, salt in zip(ids, salts, strict=True)])
    rows.add(session, PendingLeaf, [{"leaf_id": one} for one in ids])


def _leaf(entry: Mapping[str, Any], act: PublicAct, salt: bytes) -> dict[str, Any]:
    written = json.loads(entry["detail"])
    lacking = [name for name in act.facts if name not in written]
    if lacking:
        raise ValueError(f"{entry['action']} does not say: {', '.join(lacking)}")
    told = (*act.facts, *act.perhaps)
    facts = {name: written[name] for name in told if written.get(name) not in (None, "")}
    return {
        "id": entry["id"],
        "at": entry["at"],
        "statement": act.statement,
        "subject": f"{entry['object_type']}:{entry['object_id']}",
        "issuer": entry["enterprise_id"] or OFFICE,
        "facts": facts_text(facts),
        "commitment": commitment(salt, record_of(entry)),
    }
