"""Writes down what the office saw and said of an application, as a step of its life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from brand.kernel.errors import unknown
from brand.kernel.uploads import Upload
from brand.kernel.work import Work
from brand.models.reviews import Review
from brand.models.schemes import Brand
from brand.queries import office_tables
from brand.rules import reviews
from brand.rules.licence_flow import APPLICATION
from brand.rules.reviews import ACTIONS
from brand.services import applications, materials


def record(
    work: Work,
    application_id: str,
    action: str,
    *,
    version: int,
    held_on: date,
    opinion: str,
    comment: str,
    present: str = "",
    scores: Mapping[str, int] | None = None,
    uploads: Sequence[Upload] = (),
) -> Review:
    """Recommendation, desk review, site inspection or expert meeting; ``scores`` are points by item of its sheet.

    Raises ``applications.stale``, ``applications.wrong_state``, ``reviews.*`` or what a guard refuses.
    """
    kind = ACTIONS.get(action)
    if kind is None:
        raise unknown()
    permission = next(one.permission for one in APPLICATION.steps if one.action == action)
    application = applications.locked(work, application_id, permission, version)
    APPLICATION.step(application.state, action)
    reviews.check_day(held_on, work.today)
    scheme_id = work.session.get_one(Brand, application.brand_id).scheme_id
    sheet = office_tables.sheet(work.session, scheme_id, kind)
    score = reviews.percent(sheet, scores or {})
    facts = applications.known(work, application) | {"comment": comment, "opinion": opinion, "score": score}
    pictures = sum(one.media_type.startswith("image/") for one in uploads)
    reviews.check_pictures(kind, pictures, facts["pictures_needed"])
    move = APPLICATION.apply(application.state, action, facts)
    applications.take(work, application, move, comment=comment)
    row = Review(
        application_id=application.id,
        position=application.version,
        kind=kind.value,
        held_on=held_on,
        opinion=opinion,
        scores=dict(scores or {}),
        score=score,
        sheet=sheet.edition if sheet else "",
        present=present,
        comment=comment,
        at=work.now,
        person_id=work.actor.person_id or "",
        person_name=work.actor.name,
    )
    work.session.add(row)
    work.session.flush()
    for one in uploads:
        materials.keep(work, application, kind.value, one, review_id=row.id)
    return row
