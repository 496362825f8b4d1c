"""Reads the standards library: what is in force on a day, what was, and what is still being written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, func
from sqlmodel import Session, col, select

from brand.kernel import rows
from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.models.schemes import Product
from brand.models.standards import (
    Adoption,
    Standard,
    StandardEdition,
    StandardFile,
    StandardRevision,
    StandardStep,
)
from brand.queries.open_steps import OpenStep, open_steps
from brand.rules import standards as rules
from brand.rules.grade_tables import GradeTable, table_of
from brand.rules.standards import PUBLIC_STATES, STANDARD, EditionState

#: The step that lets an edition speak: published by a second person, or shipped with the program.
_LETS_SPEAK = ("publish", "load")

#: Grade tables of published wordings by the digest of the wording, which never changes; emptied when full.
_MOST_TABLES = 256
TABLES: dict[str, GradeTable | None] = {}

#: The wording an edition speaks with: that which the step lets speak.
_APPROVED = and_(
    col(StandardRevision.edition_id) == col(StandardEdition.id),
    col(StandardRevision.digest) == col(StandardStep.digest),
    col(StandardRevision.position) == col(StandardEdition.revision),
)
_WORDINGS = (
    select(StandardRevision.id, StandardRevision.digest)
    .join(StandardEdition, col(StandardEdition.id) == col(StandardRevision.edition_id))
    .join(StandardStep, and_(col(StandardStep.edition_id) == col(StandardEdition.id), _APPROVED))
    .join(Standard, col(Standard.id) == col(StandardEdition.standard_id))
    .where(
        col(Standard.code) == bindparam("code"),
        col(StandardEdition.label) == bindparam("label"),
        col(StandardStep.action).in_(_LETS_SPEAK),
    )
    .order_by(col(StandardStep.effective_on).desc())
)


@dataclass(frozen=True)
class Edition:
    """An edition with its latest wording; ``in_force`` is said of the day that was asked about."""

    standard: Standard
    edition: StandardEdition
    written: StandardRevision
    effective_on: date | None
    in_force: bool = False
    adopters: int = 0

    @property
    def content(self) -> dict[str, Any]:
        return self.written.content


@dataclass(frozen=True)
class Library:
    """One standard for the public: the edition in force (or the first to come), every published one, newest first."""

    standard: Standard
    current: Edition
    editions: Sequence[Edition]
    products: Sequence[Product]


@dataclass(frozen=True)
class Draft:
    """Everything the page of one edition shows to the office."""

    shown: Edition
    history: Sequence[StandardStep]
    open_steps: Sequence[OpenStep]


def by_code(session: Session, code: str) -> Standard | None:
    return session.exec(select(Standard).where(Standard.code == code)).first()


def latest(session: Session, edition_id: str) -> StandardRevision:
    """The latest wording of an edition; raises ``access.unknown``."""
    statement = select(StandardRevision).where(StandardRevision.edition_id == edition_id)
    found = session.exec(statement.order_by(col(StandardRevision.position).desc())).first()
    if found is None:
        raise unknown()
    return found


def facts(session: Session, edition: StandardEdition, person_id: str, today: date) -> dict[str, Any]:
    """What the guards of ``rules/standards.py`` look at; the step adds its comment."""
    standard = session.get_one(Standard, edition.standard_id)
    written = latest(session, edition.id)
    steps = _steps(session, edition.id)
    words = select(StandardRevision.person_id).where(StandardRevision.edition_id == edition.id)
    first = written.content["effective_on"]
    return {
        "content": written.content,
        "digest": rules.digest(standard.code, edition.label, written.content),
        "submitted_digest": next((one.digest for one in reversed(steps) if one.action == "submit"), ""),
        "hands": {*session.exec(words), *(one.person_id for one in steps if one.action in ("submit", "edit"))},
        "person_id": person_id,
        "effective_on": date.fromisoformat(first) if first else None,
        "latest_effective": _latest_effective(session, edition.standard_id),
        "today": today,
        "comment": "",
    }


def _latest_effective(session: Session, standard_id: str) -> date | None:
    """The first day of the newest edition that is published."""
    statement = (
        select(StandardStep)
        .join(StandardEdition, col(StandardEdition.id) == col(StandardStep.edition_id))
        .where(StandardEdition.standard_id == standard_id, col(StandardStep.action).in_(_LETS_SPEAK))
        .order_by(col(StandardStep.effective_on).desc())
    )
    found = session.exec(statement).first()
    return found.effective_on if found else None


def _steps(session: Session, edition_id: str) -> list[StandardStep]:
    statement = select(StandardStep).where(StandardStep.edition_id == edition_id)
    return list(session.exec(statement.order_by(col(StandardStep.position))))


def published(session: Session, day: date) -> list[Library]:
    """Every standard with a published edition, by code."""
    speaking = select(StandardEdition.standard_id).where(col(StandardEdition.state).in_(PUBLIC_STATES))
    standards = session.exec(select(Standard).where(col(Standard.id).in_(speaking)).order_by(Standard.code)).all()
    return [_library(session, one, day) for one in standards]


def library(session: Session, slug: str, day: date) -> Library:
    """One standard for the public; raises ``access.unknown`` while none of its editions is published."""
    standard = session.exec(select(Standard).where(Standard.slug == slug)).first()
    if standard is None:
        raise unknown()
    return _library(session, standard, day)


def _library(session: Session, standard: Standard, day: date) -> Library:
    editions = _published_editions(session, standard, day)
    if not editions:
        raise unknown()
    current = next((one for one in editions if one.in_force), editions[-1])
    products = session.exec(select(Product).where(Product.standard == standard.code).order_by(Product.code)).all()
    return Library(standard, current, editions, products)


def _published_editions(session: Session, standard: Standard, day: date) -> list[Edition]:
    """Newest first; the one in force is the newest that has begun. Words and first day are those that were approved."""
    statement = (
        select(StandardEdition, StandardRevision, StandardStep)
        .join(StandardStep, col(StandardStep.edition_id) == col(StandardEdition.id))
        .join(StandardRevision, _APPROVED)
        .where(StandardEdition.standard_id == standard.id, col(StandardStep.action).in_(_LETS_SPEAK))
        .order_by(col(StandardStep.effective_on).desc())
    )
    adopters = dict(session.exec(select(Adoption.edition_id, func.count()).group_by(col(Adoption.edition_id))).all())
    found: list[Edition] = []
    for edition, written, step in session.exec(statement):
        begun = step.effective_on is not None and step.effective_on <= day
        in_force = begun and not any(one.in_force for one in found)
        found.append(Edition(standard, edition, written, step.effective_on, in_force, adopters.get(edition.id, 0)))
    return found


def edition_of(session: Session, slug: str, label: str, day: date) -> tuple[Library, Edition]:
    """One published edition by its label; raises ``access.unknown``."""
    found = library(session, slug, day)
    for one in found.editions:
        if one.edition.label == label:
            return found, one
    raise unknown()


def in_force(session: Session, code: str, day: date) -> Edition | None:
    """The edition of the standard a product cites that is in force on that day."""
    standard = by_code(session, code) if code else None
    if standard is None:
        return None
    return next((one for one in _published_editions(session, standard, day) if one.in_force), None)


def grade_table(session: Session, code: str, day: date) -> GradeTable | None:
    """The grade table of the edition in force on that day, or nothing where it has none."""
    found = in_force(session, code, day)
    return table_of(found.content["grade_table"]) if found and found.content["grade_table"] else None


def published_table(session: Session, code: str, label: str) -> GradeTable | None:
    """The grade table a record names by standard and edition."""
    return published_wording(session, code, label)[1]


def published_wording(session: Session, code: str, label: str) -> tuple[str, GradeTable | None]:
    """The same, and the digest of the words it stands in: what is made of them may be kept under it."""
    for revision_id, digest in rows.ask(session, _WORDINGS, code=code, label=label):
        if digest not in TABLES:
            content = session.get_one(StandardRevision, revision_id).content
            if len(TABLES) >= _MOST_TABLES:
                TABLES.clear()
            TABLES[digest] = table_of(content["grade_table"]) if content["grade_table"] else None
        if TABLES[digest] is not None:
            return digest, TABLES[digest]
    return "", None


def drafts(session: Session, state: str = "") -> list[Edition]:
    """Every edition for the office, the latest change first."""
    statement = (
        select(Standard, StandardEdition, StandardRevision)
        .join(StandardEdition, col(StandardEdition.standard_id) == col(Standard.id))
        .join(
            StandardRevision,
            and_(
                col(StandardRevision.edition_id) == col(StandardEdition.id),
                col(StandardRevision.position) == col(StandardEdition.revision),
            ),
        )
        .order_by(col(StandardEdition.updated_at).desc(), Standard.code)
    )
    if state:
        statement = statement.where(StandardEdition.state == state)
    return [_edition(*row) for row in session.exec(statement)]


def _edition(standard: Standard, edition: StandardEdition, written: StandardRevision) -> Edition:
    first = written.content["effective_on"]
    return Edition(standard, edition, written, date.fromisoformat(first) if first else None)


def draft(session: Session, actor: Actor, edition_id: str, today: date) -> Draft:
    """One edition for the office with its history and the steps open to this person; raises ``access.unknown``."""
    edition = session.get(StandardEdition, edition_id)
    if edition is None or not actor.may("standards.read"):
        raise unknown()
    standard = session.get_one(Standard, edition.standard_id)
    known = facts(session, edition, actor.person_id or "", today)
    return Draft(
        _edition(standard, edition, latest(session, edition_id)),
        _steps(session, edition_id),
        tuple(open_steps(STANDARD, edition.state, actor, "", known, (rules.comment_is_given,))),
    )


def document(session: Session, edition: Edition, sha256: str) -> tuple[StandardFile, str]:
    """A document the edition names, with the name it was given; raises ``access.unknown``."""
    named = {one["sha256"]: one["name"] for one in edition.content["documents"]}
    found = session.get(StandardFile, sha256) if sha256 in named else None
    if found is None:
        raise unknown()
    return found, named[sha256]


def last_step(session: Session, edition_id: str) -> datetime:
    """When the edition took its last step."""
    statement = select(StandardStep.at).where(StandardStep.edition_id == edition_id)
    return session.exec(statement.order_by(col(StandardStep.position).desc()).limit(1)).one()


def waiting_to_publish(session: Session, person_id: str, today: date) -> Iterable[Edition]:
    """Submitted editions in which this person had no hand."""
    for one in drafts(session, EditionState.SUBMITTED):
        if person_id not in facts(session, one.edition, person_id, today)["hands"]:
            yield one
