"""Reads what several ticked records are called, for those of them the person may read."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from brand.kernel.actors import Actor
from brand.models.complaints import Complaint
from brand.models.enterprises import Enterprise
from brand.models.licences import Application
from brand.queries.applications import rows
from brand.queries.lookups import by_id


def enterprises(session: Session, actor: Actor, ids: Iterable[str]) -> dict[str, str]:
    """Names by id."""
    held = by_id(session, Enterprise, ids)
    return {key: one.name for key, one in held.items() if actor.may("enterprises.read", key)}


def applications(session: Session, actor: Actor, ids: Iterable[str]) -> dict[str, str]:
    """Number, applicant and product by id."""
    held = by_id(session, Application, ids).values()
    readable = [one for one in held if actor.may("applications.read", one.enterprise_id)]
    return {
        one.application.id: f"{one.application.number} · {one.enterprise.name} · {one.carried.name}"
        for one in rows(session, readable)
    }


def complaints(session: Session, actor: Actor, ids: Iterable[str]) -> dict[str, str]:
    """Numbers by id, for the office alone."""
    held = by_id(session, Complaint, ids) if actor.reach("complaints.read") is None else {}
    return {key: one.number for key, one in held.items()}
