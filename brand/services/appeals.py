"""Takes appeals in and answers them: one per decision, in time, answered by a person without a hand in it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select, update

from brand.kernel import audit, numbers
from brand.kernel.clock import local_day
from brand.kernel.errors import conflict, unknown
from brand.kernel.uploads import Upload
from brand.kernel.work import Work
from brand.models.appeals import Appeal, AppealFile
from brand.models.licences import Application, Licence
from brand.queries import appeals as reading
from brand.queries.appeals import Decided
from brand.rules.appeals import ANSWER_POLICY, FLOW


def file(work: Work, decision_id: str, *, words: str, uploads: Sequence[Upload] = ()) -> Appeal:
    """The party's appeal against one decision, with its papers.

    Raises ``appeals.twice``, ``appeals.too_late`` with the last day, ``appeals.words_missing``; a decision that cannot
    be appealed, and one against somebody else, answer ``access.unknown``.
    """
    work.actor.require("appeals.write")
    decided = reading.find_decision(work.session, work.actor, "appeals.write", decision_id)
    _hold(work, decided)
    held = reading.of_decision(work.session, decision_id)
    if held is not None:
        raise conflict("appeals.twice", number=held.number)
    facts = reading.facts(work.session, decided, work.actor.person_id or "", work.today)
    move = FLOW.apply("new", "file", facts | {"words": words})
    due = reading.term(work.session, decided, ANSWER_POLICY, work.today)[1]
    appeal = Appeal(
        number=numbers.next_number(work, "appeals"),
        kind=decided.kind.value,
        decision_id=decision_id,
        decided_by=decided.by,
        decided_at=decided.at,
        application_id=decided.of.id if decided.is_refusal else None,
        licence_id=None if decided.is_refusal else decided.of.id,
        enterprise_id=decided.enterprise_id,
        words=words,
        filed_by=work.actor.person_id or "",
        filed_by_name=work.actor.name,
        filed_at=work.now,
        answer_due=due.end,
        due_provisional=due.provisional,
    )
    work.session.add(appeal)
    work.session.flush()
    for one in uploads:
        _keep(work, appeal, one)
    _audit(work, move.audit, appeal, files=[one.digest for one in uploads])
    return appeal


def step(work: Work, appeal_id: str, action: str, *, version: int, answer: str) -> Appeal:
    """``uphold`` the decision or say it has to be ``change``d, in writing.

    Raises ``appeals.stale``, ``appeals.wrong_state``, ``appeals.four_eyes``, ``appeals.answer_missing``.
    """
    work.actor.require("appeals.answer")
    if action == "file" or action not in FLOW.actions:
        raise unknown()
    taken = work.session.exec(
        update(Appeal).where(col(Appeal.id) == appeal_id, col(Appeal.version) == version).values(version=version + 1)
    )
    appeal = work.session.get(Appeal, appeal_id, populate_existing=True)
    if appeal is None:
        raise unknown()
    if taken.rowcount != 1:
        raise conflict("appeals.stale", number=appeal.number)
    FLOW.step(appeal.state, action)
    decided = reading.decision(work.session, appeal.decision_id)
    assert decided is not None
    facts = reading.facts(work.session, decided, work.actor.person_id or "", local_day(appeal.filed_at))
    move = FLOW.apply(appeal.state, action, facts | {"answer": answer})
    appeal.state, appeal.answer = move.next_state, answer
    appeal.answered_by, appeal.answered_by_name, appeal.answered_at = work.actor.person_id, work.actor.name, work.now
    work.session.flush()
    _audit(work, move.audit, appeal)
    return appeal


def _hold(work: Work, decided: Decided) -> None:
    """Whoever appeals against the same paper waits, so that one decision is appealed once."""
    record = Application if decided.is_refusal else Licence
    work.session.exec(select(record.id).where(record.id == decided.of.id).with_for_update()).one()


def _keep(work: Work, appeal: Appeal, upload: Upload) -> None:
    work.session.add(
        AppealFile(
            appeal_id=appeal.id,
            name=upload.name,
            media_type=upload.media_type,
            size=upload.size,
            digest=upload.digest,
            content=upload.data,
            added_at=work.now,
            added_by_name=work.actor.name,
        )
    )
    work.session.flush()


def _audit(work: Work, action: str, appeal: Appeal, **detail: object) -> None:
    audit.record(
        work, action, "appeal", appeal.id, enterprise_id=appeal.enterprise_id, number=appeal.number,
        kind=appeal.kind, decision=appeal.decision_id, state=appeal.state, **detail,
    )  # fmt: skip
