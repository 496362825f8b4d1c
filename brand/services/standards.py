"""Changes editions of standards: writing, editing, submitting, publishing by a second person, and what is shipped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.actors import SYSTEM
from brand.kernel.errors import AppError, Fault, conflict, invalid, unknown
from brand.kernel.uploads import Upload
from brand.kernel.work import Work
from brand.kernel.workflow import Step
from brand.models.standards import Standard, StandardEdition, StandardFile, StandardRevision, StandardStep
from brand.queries import standards as reads
from brand.rules import grade_table_forms, shipped_standards
from brand.rules import standards as rules
from brand.rules.grade_tables import CarcassClass
from brand.rules.standards import STANDARD, EditionState

#: Steps that change words come through ``draft`` and ``edit``; a predecessor is superseded by its successor alone.
_NOT_ALONE = frozenset({"draft", "edit", "load", "supersede"})


def draft(work: Work, *, code: str, label: str, based_on: str = "") -> StandardEdition:
    """A new edition, of a standard already here or of a new one; its words start as those of ``based_on``.

    Raises ``standards.code`` (nothing an address could hold), ``standards.label_taken``.
    """
    work.actor.require("standards.write")
    content = dict(rules.EMPTY)
    if based_on:
        content = dict(reads.latest(work.session, based_on).content)
        content["effective_on"] = ""
    return _begin(work, code, label, content, STANDARD.step("new", "draft"))


def load_shipped(work: Work, codes: Iterable[str]) -> None:
    """Publish the shipped edition of each of these standards that is not here yet; others are left alone."""
    for code in codes:
        found = shipped_standards.edition(code)
        if found is None or reads.by_code(work.session, code) is not None:
            continue
        facts = {"content": found.content}
        _begin(work, found.code, found.label, found.content, STANDARD.apply("new", "load", facts))


def edit(work: Work, edition_id: str, *, version: int, **changes: Any) -> StandardEdition:
    """New words for some of the entries of ``rules.standards.EMPTY``; a submitted edition becomes a draft again."""
    edition = _take(work, edition_id, "standards.write", version)
    move = STANDARD.step(edition.state, "edit")
    return _write(work, edition, rules.changed(_content(work, edition), changes), move)


def edit_table(work: Work, edition_id: str, *, version: int, **entries: str) -> StandardEdition:
    """Where the grade table was read, how sure that is, and the measuring sites; begins a table where there is none."""
    edition = _take(work, edition_id, "standards.write", version)
    content = _content(work, edition)
    table = grade_table_forms.with_head(content["grade_table"], entries)
    move = STANDARD.step(edition.state, "edit")
    return _write(work, edition, rules.changed(content, {"grade_table": table}), move)


def edit_class(
    work: Work, edition_id: str, carcass_class: CarcassClass, *, version: int, **cells: str
) -> StandardEdition:
    """The rows of one class as a form gives them; raises ``standards.table_faulty`` with a fault per cell."""
    edition = _take(work, edition_id, "standards.write", version)
    content = _content(work, edition)
    if content["grade_table"] is None:
        raise unknown()
    table = grade_table_forms.with_class(content["grade_table"], carcass_class, cells)
    move = STANDARD.step(edition.state, "edit")
    return _write(work, edition, rules.changed(content, {"grade_table": table}), move)


def drop_table(work: Work, edition_id: str, *, version: int) -> StandardEdition:
    """Take the grade table out of a draft."""
    return edit(work, edition_id, version=version, grade_table=None)


def add_document(work: Work, edition_id: str, *, version: int, upload: Upload) -> StandardEdition:
    """A document beside the words; raises ``standards.document_twice``, ``standards.too_many_documents``."""
    edition = _take(work, edition_id, "standards.write", version)
    move = STANDARD.step(edition.state, "edit")
    content = _content(work, edition)
    documents = list(content["documents"])
    if any(one["sha256"] == upload.digest for one in documents):
        raise _at("/file", "standards.document_twice")
    if len(documents) >= rules.MOST_DOCUMENTS:
        raise _at("/file", "standards.too_many_documents", most=rules.MOST_DOCUMENTS)
    if work.session.get(StandardFile, upload.digest) is None:
        work.session.add(
            StandardFile(
                sha256=upload.digest, media_type=upload.media_type, size=upload.size, data=upload.data, at=work.now
            )
        )
    named = {"name": upload.name, "media_type": upload.media_type, "size": upload.size, "sha256": upload.digest}
    return _write(work, edition, rules.changed(content, {"documents": [*documents, named]}), move)


def remove_document(work: Work, edition_id: str, *, version: int, sha256: str) -> StandardEdition:
    """Take a document out of a draft; its bytes stay with the wordings that named them."""
    edition = _take(work, edition_id, "standards.write", version)
    content = _content(work, edition)
    kept = [one for one in content["documents"] if one["sha256"] != sha256]
    if len(kept) == len(content["documents"]):
        raise unknown()
    return _write(work, edition, rules.changed(content, {"documents": kept}), STANDARD.step(edition.state, "edit"))


def step(work: Work, edition_id: str, action: str, *, version: int, comment: str = "") -> StandardEdition:
    """submit, return, publish or withdraw; raises ``standards.stale``, ``.wrong_state`` or what a guard refuses."""
    permission = next((one.permission for one in STANDARD.steps if one.action == action), None)
    if permission is None or action in _NOT_ALONE:
        raise unknown()
    edition = _take(work, edition_id, permission, version)
    STANDARD.step(edition.state, action)
    facts = reads.facts(work.session, edition, work.actor.person_id or "", work.today) | {"comment": comment}
    move = STANDARD.apply(edition.state, action, facts)
    if action == "publish":
        _supersede_others(work, edition)
    return _note(work, edition, move, comment=comment)


def _begin(work: Work, code: str, label: str, content: Mapping[str, Any], move: Step) -> StandardEdition:
    standard = _standard(work, code)
    held = select(StandardEdition.id).where(StandardEdition.standard_id == standard.id, StandardEdition.label == label)
    if work.session.exec(held).first():
        raise _at("/label", "standards.label_taken", code=standard.code, label=label)
    edition = StandardEdition(
        standard_id=standard.id, label=label, state="new", version=0, created_at=work.now, updated_at=work.now
    )
    work.session.add(edition)
    work.session.flush()
    edition.version = 1
    return _write(work, edition, content, move)


def _standard(work: Work, code: str) -> Standard:
    found = reads.by_code(work.session, code)
    if found is not None:
        return found
    slug = rules.slug(code)
    if not slug or work.session.exec(select(Standard.id).where(Standard.slug == slug)).first():
        raise _at("/code", "standards.code", code=code)
    standard = Standard(code=code, slug=slug, created_at=work.now)
    work.session.add(standard)
    work.session.flush()
    return standard


def _take(work: Work, edition_id: str, permission: str, version: int) -> StandardEdition:
    """The edition, locked for this transaction and one version on, its standard locked with it."""
    work.actor.require(permission)
    taken = work.session.exec(
        update(StandardEdition)
        .where(col(StandardEdition.id) == edition_id, col(StandardEdition.version) == version)
        .values(version=version + 1)
    )
    edition = work.session.get(StandardEdition, edition_id, populate_existing=True)
    if edition is None:
        raise unknown()
    standard = work.session.exec(select(Standard).where(Standard.id == edition.standard_id).with_for_update()).one()
    if taken.rowcount != 1:
        raise conflict("standards.stale", code=standard.code, label=edition.label)
    return edition


def _content(work: Work, edition: StandardEdition) -> dict[str, Any]:
    return dict(reads.latest(work.session, edition.id).content)


def _write(work: Work, edition: StandardEdition, content: Mapping[str, Any], move: Step) -> StandardEdition:
    """One more wording. A grade table always bears the names of its own standard and edition."""
    standard = work.session.get_one(Standard, edition.standard_id)
    words = dict(content)
    if words["grade_table"] is not None:
        names = {"table": standard.code, "name": words["title"], "edition": edition.label}
        words["grade_table"] = {**words["grade_table"], **names, "in_force_from": words["effective_on"]}
    edition.revision += 1
    person_id, person_name = _person(work)
    work.session.add(
        StandardRevision(
            edition_id=edition.id,
            position=edition.revision,
            content=words,
            digest=rules.digest(standard.code, edition.label, words),
            at=work.now,
            person_id=person_id,
            person_name=person_name,
        )
    )
    work.session.flush()
    return _note(work, edition, move)


def _note(work: Work, edition: StandardEdition, move: Step, *, comment: str = "") -> StandardEdition:
    """Write the step down: the row's new state, one line of history, one of the audit trail."""
    written = reads.latest(work.session, edition.id)
    person_id, person_name = _person(work)
    edition.state, edition.updated_at = move.next_state, work.now
    first = written.content["effective_on"]
    work.session.add(
        StandardStep(
            edition_id=edition.id,
            position=edition.version,
            action=move.action,
            from_state=move.state,
            to_state=move.next_state,
            digest=written.digest,
            effective_on=date.fromisoformat(first) if first else None,
            at=work.now,
            person_id=person_id,
            person_name=person_name,
            comment=comment,
        )
    )
    audit.record(
        work,
        move.audit,
        "standard_edition",
        edition.id,
        from_state=move.state,
        to_state=move.next_state,
        digest=written.digest,
    )
    work.session.flush()
    return edition


def _supersede_others(work: Work, successor: StandardEdition) -> None:
    """What the public read until now stays readable as it is, and stays in force until the successor's first day."""
    others = select(StandardEdition).where(
        StandardEdition.standard_id == successor.standard_id, StandardEdition.state == EditionState.PUBLISHED
    )
    for one in work.session.exec(others).all():
        one.version += 1
        _note(work, one, STANDARD.apply(one.state, "supersede", {}))


def _person(work: Work) -> tuple[str | None, str]:
    """Who writes; the service itself is named and is no person of the register."""
    return (None if work.actor == SYSTEM else work.actor.person_id), work.actor.name


def _at(pointer: str, fault: str, /, **params: Any) -> AppError:
    return invalid(fault, faults=[Fault(fault, pointer, params)], **params)
