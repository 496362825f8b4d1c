"""How a licence comes about in the demo county: application, review, notice, decision by a second person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import partial

from sqlmodel import select

from brand.kernel.work import Work
from brand.models.licences import Application
from brand.queries import application_digests
from brand.rules.reviews import ACTIONS
from brand.services import applications
from trace.cli import demo_papers
from trace.cli.demo_people import of, product
from trace.cli.demo_telling import Party, Telling

#: From the first form to the grant: moment, user name (none: the applicant's clerk), action.
_GRANTED = (
    ("2026-08-06 11:10", None, "submit"),
    ("2026-08-07 09:00", "clerk", "start_review"),
    ("2026-08-07 11:00", "clerk", "review_desk"),
    ("2026-08-07 15:00", "inspector", "inspect_site"),
    ("2026-08-07 16:00", "clerk", "publish_notice"),
    ("2026-08-17 10:00", "approver", "grant"),
)


def granted(told: Telling, party: Party, code: str, cap_kg: int, capacity: str) -> None:
    """The licence of that party for that product, through the whole procedure."""
    told.act("2026-08-06 11:00", party.username, lambda work: apply(work, party, code, cap_kg, capacity))
    go_on(told, party, code, _GRANTED)


def go_on(told: Telling, party: Party, code: str, steps: Iterable[tuple[str | datetime, str | None, str]]) -> None:
    """The next steps of an application."""
    for moment, username, action in steps:
        told.act(moment, username or party.username, partial(step, party=party, code=code, action=action))


def apply(work: Work, party: Party, code: str, cap_kg: int, capacity: str) -> None:
    """The form with one paper of each kind that is asked for."""
    application = applications.draft(
        work,
        enterprise_id=of(work.session, party).id,
        product_id=product(work.session, code).id,
        cap_kg=Decimal(cap_kg),
        uses=demo_papers.USES,
        capacity=capacity,
        promise=True,
    )
    demo_papers.hand_in(work, application)


def step(work: Work, party: Party, code: str, action: str) -> None:
    """One step of the party's application for that product, by whoever is at work."""
    theirs = (
        Application.enterprise_id == of(work.session, party).id,
        Application.product_id == product(work.session, code).id,
    )
    found = work.session.exec(select(Application).where(*theirs)).one()
    if action in ACTIONS:
        demo_papers.record(work, found, action)
    else:
        seen = application_digests.now(work.session, found, seen=True)
        applications.step(work, found.id, action, version=found.version, digest=seen)
