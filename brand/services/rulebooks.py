"""Changes rulebooks: a new edition from the last one, its words, and its way to publication by a second person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from sqlmodel import select

from brand.kernel import audit
from brand.kernel.errors import conflict, unknown
from brand.kernel.work import Work
from brand.kernel.workflow import Step
from brand.models.rulebooks import Rulebook, RulebookStep
from brand.models.schemes import Scheme
from brand.queries import rulebooks as reading
from brand.rules import rulebooks
from brand.rules.rulebooks import CODES, FLOW, RulebookState


def seed(work: Work, scheme: Scheme) -> Rulebook:
    """The demonstration rulebook as a scheme's first edition, so that decisions have clauses to rest on."""
    text = rulebooks.shipped()
    first = Rulebook(
        scheme_id=scheme.id,
        edition=1,
        title=text.title,
        effective_on=date.fromisoformat(text.effective_on),
        content=[asdict(one) for one in text.clauses],
        codes=dict(text.codes),
        source=text.source,
        source_en=text.source_en,
        confidence=text.confidence,
        state=RulebookState.PUBLISHED.value,
        published_at=work.now,
    )
    first.digest = reading.digest(first)
    work.session.add(first)
    work.session.flush()
    audit.record(work, "rulebooks.seed", "rulebook", first.id, scheme=scheme.code, edition=1, digest=first.digest)
    return first


def draft(work: Work, scheme_id: str) -> Rulebook:
    """A new edition that begins as a copy of the last; raises ``rulebooks.already_open`` while one is being written."""
    work.actor.require("rulebooks.write")
    last = reading.latest(work.session, scheme_id)
    if last is None:
        raise unknown()
    if last.state != RulebookState.PUBLISHED:
        raise conflict("rulebooks.already_open", edition=last.edition)
    made = Rulebook(
        scheme_id=scheme_id,
        edition=last.edition + 1,
        title=last.title,
        effective_on=work.today,
        content=list(last.content),
        codes=dict(last.codes),
        version=0,
    )
    work.session.add(made)
    work.session.flush()
    return _take(work, made, FLOW.step("new", "draft"))


def edit(
    work: Work,
    rulebook_id: str,
    *,
    version: int,
    title: str,
    effective_on: date,
    text: str,
    codes: Mapping[str, str],
) -> Rulebook:
    """Change the words of a draft; ``text`` as ``rules.rulebooks.read_clauses`` reads it, ``codes`` reason → clause."""
    rulebook = _locked(work, rulebook_id, "rulebooks.write", version)
    move = FLOW.step(rulebook.state, "edit")
    clauses = rulebooks.read_clauses(text)
    rulebook.title, rulebook.effective_on = title, effective_on
    rulebook.content = [asdict(one) for one in clauses]
    rulebook.codes = {code: codes[code] for code in CODES if codes.get(code)}
    return _take(work, rulebook, move)


def step(work: Work, rulebook_id: str, action: str, *, version: int, comment: str = "") -> Rulebook:
    """Submit, return or publish. Raises ``rulebooks.stale``, ``rulebooks.wrong_state`` or what a guard refuses."""
    permission = next((one.permission for one in FLOW.steps if one.action == action), None)
    if permission is None or action in ("draft", "edit"):
        raise unknown()
    rulebook = _locked(work, rulebook_id, permission, version)
    FLOW.step(rulebook.state, action)
    facts = reading.facts(work.session, rulebook, work.actor.person_id or "", work.today)
    move = FLOW.apply(rulebook.state, action, facts | {"comment": comment})
    rulebook.digest = reading.digest(rulebook) if action == "submit" else rulebook.digest
    if action == "publish":
        rulebook.published_at = work.now
    return _take(work, rulebook, move, comment)


def _locked(work: Work, rulebook_id: str, permission: str, version: int) -> Rulebook:
    work.actor.require(permission)
    statement = select(Rulebook).where(Rulebook.id == rulebook_id).with_for_update()
    rulebook = work.session.exec(statement, execution_options={"populate_existing": True}).first()
    if rulebook is None:
        raise unknown()
    if rulebook.version != version:
        raise conflict("rulebooks.stale")
    return rulebook


def _take(work: Work, rulebook: Rulebook, move: Step, comment: str = "") -> Rulebook:
    rulebook.state = move.next_state
    rulebook.version += 1
    work.session.flush()
    work.session.add(
        RulebookStep(
            rulebook_id=rulebook.id,
            position=rulebook.version,
            action=move.action,
            at=work.now,
            person_id=work.actor.person_id or "",
            person_name=work.actor.name,
            comment=comment,
        )
    )
    audit.record(
        work,
        move.audit,
        "rulebook",
        rulebook.id,
        edition=rulebook.edition,
        state=rulebook.state,
        digest=rulebook.digest,
    )
    work.session.flush()
    return rulebook
