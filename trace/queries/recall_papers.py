"""Reads what the printed notice of a recall says: words from the Chinese catalogue, values from the case."""

from __future__ import annotations

from brand.kernel import texts
from brand.kernel.clock import local, local_day
from brand.kernel.settings import Settings
from trace.formats.papers import RecallNotice
from trace.queries.recalls import Case

_DUTIES = ("stop", "find", "tell", "answer", "keep")
_HEAD = ("lot", "code", "product", "holder", "kg")


def notice(case: Case, settings: Settings) -> RecallNotice:
    """The paper of a case as far as its reader may see it; a drill says so across every page."""
    recall = case.recall
    day = local_day(recall.opened_at or recall.proposed_at).isoformat()
    due = min((one.notice.due_at for one in case.holders), default=None)
    values = {
        "level": texts.say("zh", f"recalls.level.{recall.level}"),
        "reason": texts.say("zh", f"recalls.reason.{recall.reason_code}"),
        "words": recall.words,
        "answer": local(due).strftime("%Y-%m-%d %H:%M") if due else "—",
        "done": recall.done_by.isoformat() if recall.done_by else "—",
    }
    page = "recall-cases" if recall.drill else "recalls"
    return RecallNotice(
        heading=_say("heading"),
        number=recall.number,
        drill=_say("drill") if recall.drill else "",
        issuer=settings.office_contact or _say("office"),
        sentence=_say("sentence", count=len(case.lines)),
        pairs=[(_say(f"pair.{name}"), value) for name, value in values.items()],
        duties_heading=_say("duties"),
        duties=[_say(f"duty.{one}") for one in _DUTIES],
        list_heading=_say("list"),
        head=[_say(f"head.{one}") for one in _HEAD],
        rows=[
            (one.batch.lot, one.batch.code, one.product.name, one.holder.name, f"{one.part.kg:f}") for one in case.lines
        ],
        signature=_say("signature"),
        check=_say("check"),
        address=f"{settings.public_url.rstrip('/')}/{page}/{recall.number}",
        day=day,
    )


def _say(key: str, **params: object) -> str:
    return texts.say("zh", f"recall_notice.{key}", **params)
