"""Uses up approved places beyond a tier's limit, each once."""

from __future__ import annotations

from sqlmodel import col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.work import Work
from brand.models.scheme_changes import SchemeChange
from brand.models.schemes import Tier
from brand.rules.scheme_changes import Kind


def spare(tier: Tier, kind: Kind) -> SelectOfScalar[str]:
    """Ids of approved places of that kind (``PLACE`` or ``HERO_PLACE``) that are not used yet, the oldest first."""
    its = (SchemeChange.scheme_id == tier.scheme_id, SchemeChange.key == str(tier.level))
    held = select(SchemeChange.id).where(*its, SchemeChange.kind == kind.value)
    return held.where(SchemeChange.state == "approved").order_by(col(SchemeChange.decided_at), col(SchemeChange.id))


def use(work: Work, tier: Tier, kind: Kind) -> str | None:
    """The oldest approved place that nobody else takes at the same moment; None where there is none."""
    for one in work.session.exec(spare(tier, kind)).all():
        used = update(SchemeChange).where(col(SchemeChange.id) == one, col(SchemeChange.state) == "approved")
        if work.session.exec(used.values(state="used", version=col(SchemeChange.version) + 1)).rowcount == 1:
            return one
    return None
