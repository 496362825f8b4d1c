"""Reads what several ticked records are called, for those of them the person may read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sqlmodel import Session

from brand.kernel.actors import Actor
from brand.models.complaints import Complaint
from brand.models.enterprises import Enterprise
from brand.models.licences import Application
from brand.queries.applications import rows
from brand.queries.lookups import by_id
from brand.rules.several import SeveralStep


def names(session: Session, actor: Actor, step: SeveralStep, ids: Iterable[str]) -> dict[str, str]:
    """What the records are called that this step is taken on, by id."""
    return _NAMES[step](session, actor, ids)


def _enterprises(session: Session, actor: Actor, ids: Iterable[str]) -> dict[str, str]:
    held = by_id(session, Enterprise, ids)
    return {key: one.name for key, one in held.items() if actor.may("enterprises.read", key)}


def _applications(session: Session, actor: Actor, ids: Iterable[str]) -> dict[str, str]:
    """Number, applicant and product."""
    held = by_id(session, Application, ids).values()
    readable = [one for one in held if actor.may("applications.read", one.enterprise_id)]
    return {
        one.application.id: f"{one.application.number} · {one.enterprise.name} · {one.carried.name}"
        for one in rows(session, readable)
    }


def _complaints(session: Session, actor: Actor, ids: Iterable[str]) -> dict[str, str]:
    """Numbers, for the office alone."""
    held = by_id(session, Complaint, ids) if actor.reach("complaints.read") is None else {}
    return {key: one.number for key, one in held.items()}


_NAMES: Mapping[SeveralStep, Callable[[Session, Actor, Iterable[str]], dict[str, str]]] = {
    SeveralStep.CONFIRM: _enterprises,
    SeveralStep.START_REVIEW: _applications,
    SeveralStep.ACCEPT: _complaints,
}
