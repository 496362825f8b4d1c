"""Keeps looks at a batch by a checklist, signed through the digest of all that was seen; none is ever changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid
from brand.kernel.uploads import Upload
from brand.kernel.work import Work
from trace.models.checks import GoodsCheck, GoodsCheckFile
from trace.rules import checklists
from trace.services.lab_reports import of_batch

#: More photos of one look than this are a mistake.
MOST_FILES = 8


def record(
    work: Work,
    batch_id: str,
    *,
    checklist: str,
    where: str,
    checked_on: date,
    answers: Mapping[str, str],
    words: str = "",
    uploads: Sequence[Upload] = (),
) -> GoodsCheck:
    """A look by the batch's holder, or by an inspector for the authority; each no is an open finding.

    Raises ``checks.list_unknown``, ``checks.day_ahead``, ``checks.too_early``, ``checks.answer_needed`` and the like by
    question, ``materials.twice`` or ``materials.too_many``.
    """
    batch, official = of_batch(work, batch_id)
    asked = checklists.checklists().get(checklist)
    if asked is None:
        raise invalid("input.invalid", faults=[Fault("checks.list_unknown", "/checklist")])
    checklists.check_day(checked_on, batch.made_on, work.today)
    findings = checklists.check_answers(asked, answers, words)
    digests = [one.digest for one in uploads]
    if len(digests) > MOST_FILES:
        raise conflict(
            "materials.too_many", faults=[Fault("materials.too_many", "/files", {"most": MOST_FILES})], most=MOST_FILES
        )
    if len(set(digests)) < len(digests):
        raise conflict("materials.twice", faults=[Fault("materials.twice", "/files")])
    seen = {
        "batch_id": batch.id,
        "checklist": asked.code,
        "edition": asked.edition,
        "where": where,
        "checked_on": checked_on.isoformat(),
        "answers": dict(answers),
        "words": words,
    }
    made = GoodsCheck(
        batch_id=batch.id,
        enterprise_id=batch.holder_id,
        checklist=asked.code,
        edition=asked.edition,
        where=where,
        checked_on=checked_on,
        answers=dict(answers),
        findings=findings,
        words=words,
        official=official,
        digest=checklists.digest(seen, digests),
        signed_at=work.now,
        person_id=work.actor.person_id or "",
        person_name=work.actor.name,
    )
    work.session.add(made)
    work.session.flush()
    work.session.add_all(_files(made, uploads))
    work.session.flush()
    audit.record(
        work,
        "checks.record",
        "goods_check",
        made.id,
        enterprise_id=batch.holder_id,
        batch=batch.id,
        checklist=asked.code,
        findings=findings,
        official=official,
        digest=made.digest,
    )
    return made


def _files(made: GoodsCheck, uploads: Sequence[Upload]) -> list[GoodsCheckFile]:
    return [
        GoodsCheckFile(
            check_id=made.id,
            name=one.name,
            media_type=one.media_type,
            size=one.size,
            digest=one.digest,
            content=one.data,
        )
        for one in uploads
    ]
