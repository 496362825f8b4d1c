"""Changes applications: writing, editing, and every step of their life through one door."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlmodel import select

from brand.kernel import audit, numbers
from brand.kernel.errors import Fault, conflict, invalid, unknown
from brand.kernel.work import Work
from brand.kernel.workflow import Step
from brand.models.enterprises import Enterprise
from brand.models.licences import Application, ApplicationStep, Notice
from brand.models.rulebooks import Rulebook
from brand.models.schemes import Brand, Product
from brand.queries import application_digests, schemes
from brand.queries import applications as reading
from brand.queries import calendar as calendars
from brand.queries import licences as reads_licences
from brand.rules.licence_flow import APPLICATION
from brand.rules.reviews import ACTIONS
from brand.rules.rulebooks import GRANT
from brand.rules.working_days import add_working_days
from brand.services import licences

#: Steps that change what is asked for come through ``draft`` and ``edit``, records of the office through
#: ``services/reviews.py``, all others through ``step``.
_WRITING = frozenset({"draft", "edit", *ACTIONS})
#: Steps that name by its digest what they are about.
_COVERED = frozenset({"submit", "publish_notice", "grant"})


def draft(
    work: Work,
    *,
    enterprise_id: str,
    product_id: str | None = None,
    brand_id: str | None = None,
    cap_kg: Decimal | None = None,
    uses: list[str],
    capacity: str,
    promise: bool = False,
) -> Application:
    """A new application of one's own enterprise: for a product with ``cap_kg`` per year, or for a brand without goods.

    ``uses`` are values of ``rules.presets.Use``. Raises ``applications.nothing_asked``, ``applications.already_open``
    while another one runs for the same, or what a guard refuses.
    """
    work.actor.require("applications.write", enterprise_id)
    brand_id = _brand_asked(work, product_id, brand_id)
    if work.session.get(Enterprise, enterprise_id) is None:
        raise unknown()
    running = reading.open_application(work.session, enterprise_id, brand_id, product_id)
    if running is not None:
        raise conflict("applications.already_open", number=running.number)
    held = reads_licences.running(work.session, enterprise_id, brand_id, product_id, work.today)
    application = Application(
        number="",
        enterprise_id=enterprise_id,
        brand_id=brand_id,
        product_id=product_id,
        cap_kg=cap_kg,
        uses=uses,
        capacity=capacity,
        promise=promise,
        renews_id=held.id if held else None,
        state="new",
        version=0,
        written_by=work.actor.person_id or "",
        created_at=work.now,
        updated_at=work.now,
    )
    move = APPLICATION.apply("new", "draft", known(work, application))
    application.number = numbers.next_number(work, "applications")
    work.session.add(application)
    return take(work, application, move)


def _brand_asked(work: Work, product_id: str | None, brand_id: str | None) -> str:
    """The brand of the product, or the one asked for without goods; a guard compares where both are named."""
    if product_id:
        product = work.session.get(Product, product_id)
        if product is None:
            raise unknown()
        return brand_id or product.brand_id
    if not brand_id:
        fault = Fault("applications.nothing_asked", "/product_id")
        raise invalid("applications.nothing_asked", faults=[fault])
    return schemes.brand(work.session, brand_id).brand.id


def edit(
    work: Work,
    application_id: str,
    *,
    version: int,
    cap_kg: Decimal | None = None,
    uses: list[str],
    capacity: str,
    promise: bool = False,
) -> Application:
    """Change what is asked for, while it is still with the applicant."""
    application = locked(work, application_id, "applications.write", version)
    APPLICATION.step(application.state, "edit")
    application.cap_kg, application.uses = cap_kg, uses
    application.capacity, application.promise = capacity, promise
    return take(work, application, APPLICATION.apply(application.state, "edit", known(work, application)))


def step(
    work: Work,
    application_id: str,
    action: str,
    *,
    version: int,
    reason_code: str = "",
    comment: str = "",
    digest: str = "",
) -> Application:
    """One step of the life in ``rules/licence_flow.py``; ``version`` is the one the person saw.

    ``digest`` is that of the content the person saw. A grant names it (``applications.digest_missing``); one of
    anything else is refused, as is one of anything but what was on notice (``applications.content_changed``).

    Raises ``applications.stale``, ``applications.wrong_state`` or what a guard refuses.
    """
    permission = next((one.permission for one in APPLICATION.steps if one.action == action), None)
    if permission is None or action in _WRITING:
        raise unknown()
    application = locked(work, application_id, permission, version)
    APPLICATION.step(application.state, action)
    said = {"reason_code": reason_code, "comment": comment, "digest_shown": digest}
    facts = known(work, application) | said
    move = APPLICATION.apply(application.state, action, facts)
    told: dict[str, Any] = {}
    if action == "publish_notice":
        notice = _publish(work, application)
        told = {"notice": notice.number, "working_days": notice.working_days, "ends_on": notice.ends_on}
    taken = take(work, application, move, reason_code=reason_code, comment=comment, rulebook=facts["rulebook"], **told)
    if action == "grant":
        licences.issue(work, application, facts["rulebook"])
    return taken


def locked(work: Work, application_id: str, permission: str, version: int) -> Application:
    """The application, held until this work is done (SQLite holds the whole database anyway)."""
    work.actor.require(permission)
    statement = select(Application).where(Application.id == application_id).with_for_update()
    application = work.session.exec(statement, execution_options={"populate_existing": True}).first()
    if application is None:
        raise unknown()
    work.actor.require(permission, application.enterprise_id)
    if application.version != version:
        raise conflict("applications.stale", number=application.number)
    return application


def known(work: Work, application: Application) -> dict[str, Any]:
    with work.session.no_autoflush:
        return reading.facts(work.session, application, work.actor.person_id or "", work.today)


def take(
    work: Work,
    application: Application,
    move: Step,
    *,
    reason_code: str = "",
    comment: str = "",
    rulebook: Rulebook | None = None,
    **told: Any,
) -> Application:
    """Write the step down: the row's new state and version, one line of history, one of the audit trail.

    A decision quotes the edition of the rulebook and the clause its reason rests on.
    """
    rests_on = GRANT if move.action == "grant" else reason_code if move.reason else ""
    quoted = rulebook if rests_on else None
    edition, clause = (str(quoted.edition), quoted.clause(rests_on)) if quoted else ("", "")
    application.state, application.updated_at = move.next_state, work.now
    application.version += 1
    work.session.flush()
    work.session.add(
        ApplicationStep(
            application_id=application.id,
            position=application.version,
            action=move.action,
            from_state=move.state,
            to_state=move.next_state,
            at=work.now,
            person_id=work.actor.person_id or "",
            person_name=work.actor.name,
            reason_code=reason_code if move.reason else "",
            rulebook=edition,
            clause=clause,
            comment=comment,
            digest=_digest(work, application, move.action),
        )
    )
    audit.record(
        work,
        move.audit,
        "application",
        application.id,
        enterprise_id=application.enterprise_id,
        number=application.number,
        from_state=move.state,
        to_state=move.next_state,
        cap_kg=application.cap_kg,
        uses=application.uses,
        reason_code=reason_code,
        rulebook=edition,
        clause=clause,
        **told,
    )
    work.session.flush()
    return application


def _digest(work: Work, application: Application, action: str) -> str:
    """What was sent carries no records of the office yet; notice and grant cover those that count."""
    if action not in _COVERED:
        return ""
    return application_digests.now(work.session, application, seen=action != "submit")


def _publish(work: Work, application: Application) -> Notice:
    """The public notice; the day it goes up is not counted."""
    brand = work.session.get(Brand, application.brand_id)
    assert brand is not None
    days = schemes.policy(work.session, brand.scheme_id, "notice_working_days")
    deadline = add_working_days(calendars.calendar(work.session), work.today, days)
    notice = Notice(
        number=numbers.next_number(work, "notices"),
        application_id=application.id,
        starts_on=work.today,
        ends_on=deadline.end,
        working_days=days,
        provisional=deadline.provisional,
        published_at=work.now,
    )
    work.session.add(notice)
    return notice
