"""Reads rulebooks: the edition in force on a day, the list of them, and one with the steps open to a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.models.rulebooks import Rulebook, RulebookStep
from brand.models.schemes import Scheme
from brand.queries.lookups import by_id
from brand.queries.open_steps import OpenStep, open_steps
from brand.rules import rulebooks
from brand.rules.rulebooks import FLOW, RulebookState

#: Who may look at an edition before it is published.
_STAFF = ("rulebooks.write", "rulebooks.publish")


@dataclass(frozen=True)
class Edition:
    """One edition with its scheme; ``standing`` is coming, in_force or superseded once it is published."""

    rulebook: Rulebook
    scheme: Scheme
    standing: str
    history: tuple[RulebookStep, ...] = ()
    open_steps: tuple[OpenStep, ...] = ()


def in_force(session: Session, scheme_id: str, day: date) -> Rulebook | None:
    """The published edition that applies on that day."""
    statement = select(Rulebook).where(
        Rulebook.scheme_id == scheme_id, Rulebook.state == RulebookState.PUBLISHED, col(Rulebook.effective_on) <= day
    )
    return session.exec(statement.order_by(col(Rulebook.effective_on).desc(), col(Rulebook.edition).desc())).first()


def numbered(session: Session, scheme_id: str, edition: str) -> Rulebook | None:
    """The edition of that number, as a decision quotes it."""
    wanted = int(edition) if edition.isdecimal() else 0
    return session.exec(select(Rulebook).where(Rulebook.scheme_id == scheme_id, Rulebook.edition == wanted)).first()


def latest(session: Session, scheme_id: str) -> Rulebook | None:
    statement = select(Rulebook).where(Rulebook.scheme_id == scheme_id)
    return session.exec(statement.order_by(col(Rulebook.edition).desc())).first()


def last_step(session: Session, rulebook_id: str) -> datetime:
    """When the edition took its last step; every edition has one."""
    statement = select(RulebookStep.at).where(RulebookStep.rulebook_id == rulebook_id)
    return session.exec(statement.order_by(col(RulebookStep.position).desc()).limit(1)).one()


def sees_drafts(actor: Actor) -> bool:
    return actor.signed_in and any(actor.may(one) for one in _STAFF)


def listing(session: Session, actor: Actor, today: date) -> list[Edition]:
    """Every edition the person may see, newest first: drafts are for those who write or publish."""
    statement = select(Rulebook).order_by(Rulebook.scheme_id, col(Rulebook.edition).desc())
    if not sees_drafts(actor):
        statement = statement.where(Rulebook.state == RulebookState.PUBLISHED)
    found = list(session.exec(statement))
    schemes = by_id(session, Scheme, {one.scheme_id for one in found})
    return [Edition(one, schemes[one.scheme_id], standing(session, one, today)) for one in found]


def standing(session: Session, rulebook: Rulebook, today: date) -> str:
    """Where an edition stands on a day; the text is ``rulebook.standing.<word>``."""
    if rulebook.state != RulebookState.PUBLISHED:
        return rulebook.state
    if rulebook.effective_on > today:
        return "coming"
    current = in_force(session, rulebook.scheme_id, today)
    return "in_force" if current is not None and current.id == rulebook.id else "superseded"


def edition(session: Session, actor: Actor, rulebook_id: str, today: date) -> Edition:
    """One edition; a draft only for staff. Raises ``access.unknown``."""
    rulebook = session.get(Rulebook, rulebook_id)
    scheme = session.get(Scheme, rulebook.scheme_id) if rulebook else None
    if rulebook is None or scheme is None:
        raise unknown()
    staff = sees_drafts(actor)
    if rulebook.state != RulebookState.PUBLISHED and not staff:
        raise unknown()
    known = facts(session, rulebook, actor.person_id or "", today)
    steps = open_steps(FLOW, rulebook.state, actor, None, known, (rulebooks.return_is_explained,)) if staff else ()
    history = tuple(steps_of(session, rulebook.id)) if staff else ()
    return Edition(rulebook, scheme, standing(session, rulebook, today), history, tuple(steps))


def steps_of(session: Session, rulebook_id: str) -> list[RulebookStep]:
    statement = select(RulebookStep).where(RulebookStep.rulebook_id == rulebook_id)
    return list(session.exec(statement.order_by(col(RulebookStep.position))))


def facts(session: Session, rulebook: Rulebook, person_id: str, today: date) -> dict[str, Any]:
    """What the guards of ``rules/rulebooks.py`` look at."""
    return {
        "clauses": rulebook.clauses,
        "codes": rulebook.codes,
        "effective_on": rulebook.effective_on,
        "today": today,
        "person_id": person_id,
        "hands": {one.person_id for one in steps_of(session, rulebook.id) if one.action in ("draft", "edit", "submit")},
        "digest": digest(rulebook),
        "submitted_digest": rulebook.digest,
        "comment": "",
    }


def digest(rulebook: Rulebook) -> str:
    return rulebooks.digest(rulebook.title, rulebook.effective_on.isoformat(), rulebook.clauses, rulebook.codes)
