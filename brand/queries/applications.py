"""Reads applications: the list within reach, one with all its page shows, and the facts its rules look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.models.licences import Application, ApplicationStep, Notice
from brand.models.schemes import Brand, Product, Tier
from brand.queries import (
    adoptions,
    appeal_states,
    application_digests,
    brand_chains,
    licences,
    objections,
    rulebooks,
    schemes,
)
from brand.queries import calendar as calendars
from brand.queries import materials as papers
from brand.queries import reviews as records
from brand.queries.lookups import by_id
from brand.queries.materials import Paper
from brand.queries.open_steps import OpenStep, open_steps
from brand.queries.reviews import Ask, Record
from brand.rules import licence_flow, licence_terms
from brand.rules.adoptions import ADOPTION_POLICY, TRAINING_POLICY
from brand.rules.applications import content_was_read
from brand.rules.licence_flow import APPLICATION
from brand.rules.working_days import Deadline

#: What the person types with a step is not judged before it is typed.
_TYPED = (
    licence_flow.comment_is_given,
    licence_flow.refusal_is_named,
    licence_flow.opinion_fits_score,
    content_was_read,
)


@dataclass(frozen=True)
class Row:
    """One application with the names a list shows."""

    application: Application
    enterprise: Enterprise
    brand: Brand
    product: Product | None

    @property
    def carried(self) -> Product | Brand:
        """What is asked for: the product, or without goods the brand itself."""
        return self.product or self.brand


@dataclass(frozen=True)
class Detail:
    """Everything the page of one application shows."""

    application: Application
    enterprise: Enterprise
    brand: Brand
    product: Product | None
    tier: Tier
    history: tuple[ApplicationStep, ...]
    notice: Notice | None
    notice_end: Deadline | None
    licence_number: str | None
    open_steps: tuple[OpenStep, ...]
    open_objections: int = 0
    papers: tuple[Paper, ...] = ()
    records: tuple[Record, ...] = ()
    asks: tuple[Ask, ...] = ()
    digest: str = ""

    @property
    def carried(self) -> Product | Brand:
        return self.product or self.brand


def listing(
    session: Session, actor: Actor, *, text: str = "", state: str = "", number: int = 1, size: int = 25
) -> Page[Row]:
    """Applications within reach, newest change first; ``text`` is a piece of a number or of an enterprise's name."""
    statement = _within_reach(actor).order_by(col(Application.updated_at).desc(), col(Application.id))
    if state:
        statement = statement.where(Application.state == state)
    if text:
        statement = statement.where(
            or_(
                col(Application.number).contains(text, autoescape=True),
                col(Enterprise.name).contains(text, autoescape=True),
                col(Enterprise.name_en).icontains(text, autoescape=True),
            )
        )
    found = page(session, statement, number, size)
    return Page(rows(session, found.rows), found.number, found.size, found.total)


def _within_reach(actor: Actor, permission: str = "applications.read") -> SelectOfScalar[Application]:
    reach = actor.reach(permission)
    statement = select(Application).join(Enterprise, col(Enterprise.id) == col(Application.enterprise_id))
    return statement if reach is None else statement.where(col(Application.enterprise_id).in_(reach))


def rows(session: Session, applications: Iterable[Application]) -> list[Row]:
    """The applications with their names, three look-ups for any number of them."""
    found = list(applications)
    enterprises = by_id(session, Enterprise, (one.enterprise_id for one in found))
    brands = by_id(session, Brand, (one.brand_id for one in found))
    products = by_id(session, Product, (one.product_id for one in found if one.product_id))
    return [
        Row(one, enterprises[one.enterprise_id], brands[one.brand_id], products.get(one.product_id or ""))
        for one in found
    ]


def in_state(session: Session, actor: Actor, permission: str, state: str, most: int) -> list[Row]:
    """Applications in one state for which the actor holds the permission, longest waiting first."""
    statement = _within_reach(actor, permission).where(Application.state == state)
    return rows(session, session.exec(statement.order_by(col(Application.updated_at)).limit(most)))


def find(session: Session, actor: Actor, application_id: str) -> Application:
    """The application, if it is within reach; raises ``access.unknown``."""
    found = session.exec(_within_reach(actor).where(Application.id == application_id)).first()
    if found is None:
        raise unknown()
    return found


def detail(session: Session, actor: Actor, application_id: str, today: date) -> Detail:
    """One application with history, notice and the steps open to this person; raises ``access.unknown``."""
    application = find(session, actor, application_id)
    row = rows(session, [application])[0]
    notice = notice_of(session, application_id)
    tier = session.get(Tier, row.brand.tier_id)
    assert tier is not None
    known = facts(session, application, actor.person_id or "", today)
    return Detail(
        application,
        row.enterprise,
        row.brand,
        row.product,
        tier,
        tuple(steps_of(session, application_id)),
        notice,
        known["notice_end"],
        licences.number_for_application(session, application_id),
        tuple(open_steps(APPLICATION, application.state, actor, application.enterprise_id, known, _TYPED)),
        known["open_objections"],
        tuple(papers.papers(session, application, row.brand, today)),
        tuple(records.records(session, application_id)),
        tuple(records.asks(session, row.brand)),
        known["digests"].seen_now,
    )


def steps_of(session: Session, application_id: str) -> list[ApplicationStep]:
    statement = select(ApplicationStep).where(ApplicationStep.application_id == application_id)
    return list(session.exec(statement.order_by(col(ApplicationStep.position))))


def notice_of(session: Session, application_id: str) -> Notice | None:
    statement = select(Notice).where(Notice.application_id == application_id)
    return session.exec(statement.order_by(col(Notice.published_at).desc())).first()


def open_application(session: Session, enterprise_id: str, brand_id: str, product_id: str | None) -> Application | None:
    """The one application of this enterprise for this product, or for the brand without goods, that still runs."""
    return session.exec(
        select(Application).where(
            Application.enterprise_id == enterprise_id,
            Application.brand_id == brand_id,
            Application.product_id == product_id,
            col(Application.state).in_(licence_flow.OPEN_STATES),
        )
    ).first()


def facts(session: Session, application: Application, person_id: str, today: date) -> dict[str, Any]:
    """What the guards of ``rules/licence_flow.py`` look at, as plain values; the step adds reason and comment."""
    enterprise = session.get(Enterprise, application.enterprise_id)
    product = session.get(Product, application.product_id) if application.product_id else None
    brand = session.get(Brand, application.brand_id)
    tier = session.get(Tier, brand.tier_id) if brand else None
    if enterprise is None or tier is None:
        raise unknown()
    notice = notice_of(session, application.id)
    rulebook = rulebooks.in_force(session, brand.scheme_id, today) if brand else None
    raised = objections.counts(session, application.id)
    return {
        "enterprise_confirmed": enterprise.state == EnterpriseState.CONFIRMED,
        "enterprise_suspended": enterprise.state == EnterpriseState.SUSPENDED,
        "brand_state": brand_chains.state_of(session, brand) if brand else "in_force",
        "tier_process": tier.process,
        "brand_id": application.brand_id,
        "tier_uses": tier.allowed_uses,
        "product_brand_id": product.brand_id if product else None,
        "cap_kg": application.cap_kg,
        "uses": application.uses,
        "promise": application.promise,
        "materials": papers.needs(session, application, brand.scheme_id, today) if brand else [],
        **(records.facts(session, application, brand.scheme_id) if brand else {}),
        **(
            _uptake(session, enterprise.id, product, brand.scheme_id, _asked_on(application, notice, today))
            if brand
            else {}
        ),
        "digests": application_digests.of(session, application),
        "digest_shown": "",
        "appeal_changed": appeal_states.refusal_changed(session, application.id) is not None,
        "other_application": _other(session, application),
        "running_licence": _blocking(session, application, brand, today) if brand else "",
        "banned_until": _banned_until(session, application, brand) if brand else None,
        "rulebook": rulebook,
        "notice_end": _end_of(session, notice) if notice else None,
        "open_objections": raised.open,
        "upheld_objections": raised.upheld,
        "today": today,
        "person_id": person_id,
        "hands": {
            application.written_by,
            *(one.person_id for one in steps_of(session, application.id)),
            *raised.answered_by,
            *papers.hands(session, application.id),
        },
        "reason_code": "",
        "comment": "",
        "opinion": "",
        "score": None,
    }


def _other(session: Session, application: Application) -> str:
    """The number of another application of the same enterprise for the same product that still runs."""
    found = open_application(session, application.enterprise_id, application.brand_id, application.product_id)
    return found.number if found is not None and found.id != application.id else ""


def _asked_on(application: Application, notice: Notice | None, today: date) -> date:
    """The day whose values hold: once an application stands on notice, what it must bring is no longer raised."""
    return notice.starts_on if notice is not None and application.state == "on_notice" else today


def _uptake(
    session: Session, enterprise_id: str, product: Product | None, scheme_id: str, today: date
) -> dict[str, Any]:
    """What the scheme asks about the product's standard on a day; a scheme that says nothing asks for nothing."""
    asked = [schemes.policy_row(session, scheme_id, key, today) for key in (ADOPTION_POLICY, TRAINING_POLICY)]
    adoption, trainings = (one.value if one else 0 for one in asked)
    return adoptions.missing(
        session,
        enterprise_id=enterprise_id,
        code=product.standard if product else "",
        today=today,
        adoption=adoption,
        trainings=trainings,
    )


def _blocking(session: Session, application: Application, brand: Brand, today: date) -> str:
    """The number of a running licence that leaves no room for another: all but one that may be renewed."""
    held = licences.running(session, application.enterprise_id, brand.id, application.product_id, today)
    if held is None:
        return ""
    months = policies_of(session, brand).get("renewal_window_months", 0)
    follows = application.renews_id == held.id and licences.renewable(session, held, months, today)
    return "" if follows else held.number


def policies_of(session: Session, brand: Brand) -> dict[str, int]:
    """The numbers of the brand's scheme by key."""
    return {one.key: one.value for one in schemes.policies(session, brand.scheme_id)}


def _banned_until(session: Session, application: Application, brand: Brand) -> date | None:
    years = policies_of(session, brand).get("reapply_ban_years", 0)
    day = licences.revoked_on(session, application.enterprise_id, brand.scheme_id)
    return licence_terms.ban_ends(day, years) if day and years else None


def _end_of(session: Session, notice: Notice) -> Deadline:
    calendar = calendars.calendar(session)
    return licence_flow.notice_end(calendar, notice.starts_on, notice.working_days, notice.ends_on)


def applicants(session: Session, actor: Actor) -> list[Enterprise]:
    """The enterprises this person may write applications for, confirmed or not."""
    reach = actor.reach("applications.write")
    statement = select(Enterprise).order_by(Enterprise.name)
    return list(session.exec(statement if reach is None else statement.where(col(Enterprise.id).in_(reach))))
