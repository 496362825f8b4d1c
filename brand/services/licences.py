"""Changes licences: issuing one on a decision, sanctions and their end, and spending the yearly allowance."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import col, select, update

from brand.kernel import audit, numbers
from brand.kernel.errors import conflict, invalid, quota_exceeded, unknown
from brand.kernel.work import Work
from brand.models.licences import Application, Licence, LicenceStep, LicenceYear
from brand.models.rulebooks import Rulebook
from brand.models.schemes import Brand, Product
from brand.queries import licences as reads
from brand.queries import schemes
from brand.rules import licence_terms
from brand.rules.sanctions import LICENCE


def issue(work: Work, application: Application, rulebook: Rulebook) -> Licence:
    """The licence that a granted application gives, from today, with one allowance per calendar year of its term."""
    work.actor.require("applications.decide", application.enterprise_id)
    brand = work.session.get_one(Brand, application.brand_id)
    product = work.session.get_one(Product, application.product_id) if application.product_id else None
    years = schemes.policy(work.session, brand.scheme_id, "licence_term_years")
    before = work.session.get(Licence, application.renews_id) if application.renews_id else None
    begins = max(work.today, before.valid_until + timedelta(days=1)) if before else work.today
    licence = Licence(
        number=numbers.next_number(work, "licences"),
        application_id=application.id,
        enterprise_id=application.enterprise_id,
        brand_id=brand.id,
        product_id=application.product_id,
        uses=application.uses,
        scope=f"{brand.name} / {product.name}" if product else brand.name,
        valid_from=begins,
        valid_until=licence_terms.last_day(begins, years),
        cap_kg=application.cap_kg,
        rulebook=str(rulebook.edition),
        follows_id=before.id if before else None,
        granted_by=work.actor.person_id or "",
        granted_at=work.now,
    )
    work.session.add(licence)
    work.session.flush()
    if licence.cap_kg is not None:
        for year in licence_terms.calendar_years(licence.valid_from, licence.valid_until):
            work.session.add(LicenceYear(licence_id=licence.id, year=year, cap_kg=licence.cap_kg))
    work.session.flush()
    if before is not None and licence.cap_kg is not None:
        _share_year(work, before, licence)
    audit.record(
        work,
        "licences.grant",
        "licence",
        licence.id,
        enterprise_id=licence.enterprise_id,
        number=licence.number,
        application=application.number,
        valid_from=licence.valid_from,
        valid_until=licence.valid_until,
        cap_kg=licence.cap_kg,
        uses=licence.uses,
    )
    return licence


def _share_year(work: Work, before: Licence, after: Licence) -> None:
    """In the calendar year of the change both licences share what is left of the old one's allowance, by days.

    The old row is held from reading to writing, so that an order placed meanwhile is counted.
    """
    year = after.valid_from.year
    held = select(LicenceYear).where(LicenceYear.licence_id == before.id, LicenceYear.year == year).with_for_update()
    old = work.session.exec(held, execution_options={"populate_existing": True}).first()
    new = work.session.exec(
        select(LicenceYear).where(LicenceYear.licence_id == after.id, LicenceYear.year == year)
    ).one()
    if old is None:
        return
    old_days = (before.valid_until - work.today).days + 1
    new_days = (date(year, 12, 31) - after.valid_from).days + 1
    share = licence_terms.share_of_successor(old.cap_kg - old.used_kg, old_days, new_days)
    old.cap_kg -= share
    new.cap_kg = share
    work.session.flush()


def step(
    work: Work, licence_id: str, action: str, *, version: int, reason_code: str = "", comment: str = ""
) -> Licence:
    """Suspend, reinstate or revoke. Raises ``licences.stale``, ``licences.wrong_state`` or what a guard refuses.

    Suspending and revoking rest on a finding of somebody else that asks for it (``licences.no_finding``,
    ``licences.four_eyes``), accidents and forgery apart.
    """
    work.actor.require("licences.sanction")
    if action not in LICENCE.actions:
        raise unknown()
    locked = select(Licence).where(Licence.id == licence_id).with_for_update()
    licence = work.session.exec(locked, execution_options={"populate_existing": True}).first()
    if licence is None:
        raise unknown()
    if licence.version != version:
        raise conflict("licences.stale", number=licence.number)
    said = {"reason_code": reason_code, "comment": comment}
    facts = reads.facts(work.session, licence, work.actor.person_id or "", work.today) | said
    rulebook = facts["rulebook"]
    move = LICENCE.apply(licence.state, action, facts)
    rests = rulebook if move.reason else None
    quoted, clause = (str(rests.edition), rests.clause(reason_code)) if rests else ("", "")
    licence.state, licence.version = move.next_state, version + 1
    work.session.add(
        LicenceStep(
            licence_id=licence.id,
            position=licence.version,
            action=action,
            from_state=move.state,
            to_state=move.next_state,
            at=work.now,
            person_id=work.actor.person_id or "",
            person_name=work.actor.name,
            reason_code=reason_code if move.reason else "",
            rulebook=quoted,
            clause=clause,
            comment=comment,
        )
    )
    work.session.flush()
    audit.record(
        work,
        move.audit,
        "licence",
        licence.id,
        enterprise_id=licence.enterprise_id,
        number=licence.number,
        reason_code=reason_code,
        rulebook=quoted,
        clause=clause,
    )
    return licence


def count_labels(work: Work, licence_id: str, year: int, labels: int) -> LicenceYear:
    """Count labels that cost no weight because they replace others; raises ``licences.year_outside_term``."""
    its = (col(LicenceYear.licence_id) == licence_id, col(LicenceYear.year) == year)
    counted = update(LicenceYear).where(*its).values(labels=col(LicenceYear.labels) + labels)
    if work.session.exec(counted.execution_options(synchronize_session=False)).rowcount != 1:
        raise invalid("licences.year_outside_term", year=year)
    return work.session.exec(select(LicenceYear).where(*its), execution_options={"populate_existing": True}).one()


def give_back(work: Work, licence_year_id: str, *, kg: Decimal, labels: int) -> None:
    """What an order took that was never signed; called by the label order that is called off."""
    its = (col(LicenceYear.id) == licence_year_id, col(LicenceYear.used_kg) >= kg, col(LicenceYear.labels) >= labels)
    given = update(LicenceYear).where(*its)
    given = given.values(used_kg=col(LicenceYear.used_kg) - kg, labels=col(LicenceYear.labels) - labels)
    if work.session.exec(given.execution_options(synchronize_session=False)).rowcount != 1:
        raise conflict("licences.stale", number=licence_year_id)


def spend(work: Work, licence_id: str, year: int, *, kg: Decimal, labels: int) -> LicenceYear:
    """Take weight and labels out of one year's allowance, all or nothing, whoever else spends at the same time.

    Called by the label order, which has asked for permission and whether the licence is valid. Raises
    ``licences.cap_exceeded`` with the figures in kg, or ``licences.year_outside_term``.
    """
    if kg <= 0 or labels <= 0:
        raise invalid("licences.nothing_to_spend")
    taken = (
        update(LicenceYear)
        .where(col(LicenceYear.licence_id) == licence_id, col(LicenceYear.year) == year)
        .where(col(LicenceYear.used_kg) + kg <= col(LicenceYear.cap_kg))
        .values(used_kg=col(LicenceYear.used_kg) + kg, labels=col(LicenceYear.labels) + labels)
        .execution_options(synchronize_session=False)
    )
    done = work.session.exec(taken).rowcount
    found = select(LicenceYear).where(LicenceYear.licence_id == licence_id, LicenceYear.year == year)
    allowance = work.session.exec(found, execution_options={"populate_existing": True}).first()
    if allowance is None:
        raise invalid("licences.year_outside_term", year=year)
    if done != 1:
        left = allowance.cap_kg - allowance.used_kg
        raise quota_exceeded("licences.cap_exceeded", cap=allowance.cap_kg, used=allowance.used_kg, asked=kg, left=left)
    return allowance
