"""Reads licences: what one is worth on any day, who may carry a product, and the rows a licence page shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, bindparam
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel import rows
from brand.kernel.actors import Actor
from brand.kernel.clock import local_day
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise, EnterpriseStep
from brand.models.inspections import Inspection
from brand.models.licences import Licence, LicenceStep, LicenceYear
from brand.models.schemes import Brand, Product
from brand.queries import appeal_states, brand_chains, office_tables, rulebooks
from brand.queries.lookups import by_id
from brand.queries.open_steps import OpenStep, open_steps, passes
from brand.rules import inspections, licence_terms, sanctions
from brand.rules.inspections import Measure
from brand.rules.licence_terms import BrandLife, Halt, LicenceStatus, Standing
from brand.rules.sanctions import LICENCE, LicenceState, OpenFinding, Sanction

_OVER = (LicenceStatus.REVOKED, LicenceStatus.EXPIRED)
#: What the person types with a sanction is not judged before it is typed.
_TYPED = (sanctions.sanction_is_named, sanctions.sanction_is_explained, *sanctions.FINDING.values())

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_HOLDER_STEPS = (
    select(EnterpriseStep.enterprise_id, EnterpriseStep.at, EnterpriseStep.to_state)
    .where(col(EnterpriseStep.enterprise_id).in_(_IDS))
    .order_by(col(EnterpriseStep.position))
)
_STEPS = select(LicenceStep).where(col(LicenceStep.licence_id).in_(_IDS)).order_by(col(LicenceStep.position))
_YEARS = select(LicenceYear).where(col(LicenceYear.licence_id).in_(_IDS)).order_by(col(LicenceYear.year))


class Sanctioned(NamedTuple):
    """A sanction with what the public is told of an appeal against it: nothing, pending or answered."""

    step: LicenceStep
    appeal: str


@dataclass(frozen=True)
class Entry:
    """One licence with its names, its status on the day asked for, its sanctions and its yearly allowances.

    ``halt`` names the brand that holds it back on that day, its own or one above it. ``appealed`` says of a sanction,
    by its id, whether an appeal against it is pending or answered.
    """

    licence: Licence
    enterprise: Enterprise
    brand: Brand
    product: Product | None
    status: LicenceStatus
    history: tuple[LicenceStep, ...]
    years: tuple[LicenceYear, ...]
    halt: Halt | None = None
    appealed: Mapping[str, str] = field(default_factory=dict)

    @property
    def carried(self) -> Product | Brand:
        """What it is for: the product, or without goods the brand itself."""
        return self.product or self.brand

    @property
    def sanctions(self) -> list[Sanctioned]:
        return [Sanctioned(one, self.appealed.get(one.id, "")) for one in self.history]

    @property
    def labels(self) -> int:
        return sum(one.labels for one in self.years)

    @property
    def used_kg(self) -> Decimal:
        return sum((one.used_kg for one in self.years), Decimal(0))


def status_on(session: Session, licence: Licence, day: date) -> LicenceStatus:
    """What the licence is worth on that day: dates, sanctions made up to then, states of its holder and its brands."""
    return standing_on(session, licence, day).status


def standing_on(session: Session, licence: Licence, day: date) -> Standing:
    """The same with the brand that holds it back, where one does."""
    holder = holder_states(session, [licence.enterprise_id])[licence.enterprise_id]
    chain = brand_chains.lives(session).get(licence.brand_id, ())
    return _standing(licence, steps_of(session, [licence.id])[licence.id], holder, chain, day)


def _standing(
    licence: Licence,
    steps: Iterable[LicenceStep],
    holder: Iterable[tuple[date, str]],
    chain: Iterable[BrandLife],
    day: date,
) -> Standing:
    sanctions = [(local_day(one.at), one.to_state) for one in steps]
    own = licence_terms.status_on(licence.valid_from, licence.valid_until, sanctions, day)
    return licence_terms.under_brands(licence_terms.held_back(own, holder, day), chain, day)


def holder_states(session: Session, enterprise_ids: Iterable[str]) -> dict[str, list[tuple[date, str]]]:
    """(day in China, state reached) of several enterprises, in order; an enterprise without steps has none."""
    found: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for enterprise_id, at, state in rows.ask(session, _HOLDER_STEPS, ids=list(set(enterprise_ids))):
        found[enterprise_id].append((local_day(at), state))
    return found


def steps_of(session: Session, licence_ids: Iterable[str]) -> dict[str, list[LicenceStep]]:
    """The sanctions of several licences, in the order they were made."""
    found: dict[str, list[LicenceStep]] = defaultdict(list)
    for one in session.exec(_STEPS, params={"ids": list(licence_ids)}):
        found[one.licence_id].append(one)
    return found


def valid_for(session: Session, enterprise_id: str, product_id: str, day: date) -> Licence | None:
    """The licence under which this enterprise may carry this product on that day."""
    held = select(Licence).where(Licence.enterprise_id == enterprise_id)
    return next(iter(_valid(session, held.where(Licence.product_id == product_id), day)), None)


def licensed_producers(session: Session, product_id: str, day: date) -> list[tuple[Enterprise, Licence]]:
    """Every enterprise that may carry this product on that day, by name."""
    valid = _valid(session, select(Licence).where(Licence.product_id == product_id), day)
    enterprises = by_id(session, Enterprise, {one.enterprise_id for one in valid})
    pairs = [(enterprises[one.enterprise_id], one) for one in valid]
    return sorted(pairs, key=lambda pair: (pair[0].name, pair[0].id))


def valid_pairs(session: Session, enterprise_ids: Iterable[str], day: date) -> dict[tuple[str, str], Licence]:
    """(enterprise, product) → the licence under which these enterprises may carry it on that day."""
    valid = _valid(session, select(Licence).where(col(Licence.enterprise_id).in_(set(enterprise_ids))), day)
    return {(one.enterprise_id, one.product_id): one for one in valid if one.product_id is not None}


def valid_under(session: Session, brand_ids: Iterable[str], day: date) -> list[Licence]:
    """Licences in force on that day under these brands themselves."""
    return _valid(session, select(Licence).where(col(Licence.brand_id).in_(list(brand_ids))), day)


def _valid(session: Session, statement: SelectOfScalar[Licence], day: date) -> list[Licence]:
    dated = statement.where(Licence.valid_from <= day, Licence.valid_until >= day)
    found = list(session.exec(dated.order_by(col(Licence.number))))
    steps = steps_of(session, [one.id for one in found])
    holders = holder_states(session, [one.enterprise_id for one in found])
    chains = brand_chains.lives(session)
    worth = {
        one.id: _standing(one, steps[one.id], holders[one.enterprise_id], chains.get(one.brand_id, ()), day).status
        for one in found
    }
    return [one for one in found if worth[one.id] is LicenceStatus.VALID]


def running(session: Session, enterprise_id: str, brand_id: str, product_id: str | None, today: date) -> Licence | None:
    """The latest licence for this that has neither ended, by itself or with its brand, nor been revoked.

    Without a product it is the licence for the brand without goods.
    """
    its = (Licence.enterprise_id == enterprise_id, Licence.brand_id == brand_id, Licence.product_id == product_id)
    statement = select(Licence).where(*its, Licence.valid_until >= today)
    held = session.exec(statement.order_by(col(Licence.valid_until).desc()))
    return next((one for one in held if status_on(session, one, today) not in _OVER), None)


def held_by(session: Session, enterprise_ids: Iterable[str], today: date) -> list[Licence]:
    """Licences of these enterprises that have not ended, the next to end first."""
    statement = select(Licence).where(
        col(Licence.enterprise_id).in_(set(enterprise_ids)), Licence.valid_until >= today, Licence.valid_from <= today
    )
    return list(session.exec(statement.order_by(col(Licence.valid_until)).limit(200)))


def renewable(session: Session, licence: Licence, months: int, today: date) -> bool:
    """Whether the holder may apply for the term that follows: it is valid and in the last months of its term."""
    opens = licence_terms.renewal_opens(licence.valid_until, months)
    return opens <= today and status_on(session, licence, today) is LicenceStatus.VALID


def revoked_on(session: Session, enterprise_id: str, scheme_id: str) -> date | None:
    """The day of the last revocation under the scheme that still stands: one undone on appeal bans nobody."""
    statement = (
        select(LicenceStep.at)
        .join(Licence, col(Licence.id) == col(LicenceStep.licence_id))
        .join(Brand, col(Brand.id) == col(Licence.brand_id))
        .where(Licence.enterprise_id == enterprise_id, Brand.scheme_id == scheme_id, LicenceStep.action == "revoke")
        .where(Licence.state == LicenceState.REVOKED)
    )
    found = session.exec(statement.order_by(col(LicenceStep.at).desc())).first()
    return local_day(found) if found else None


def number_for_application(session: Session, application_id: str) -> str | None:
    return session.exec(select(Licence.number).where(Licence.application_id == application_id)).first()


def year_of(session: Session, licence_id: str, year: int) -> LicenceYear | None:
    """The allowance of one calendar year."""
    statement = select(LicenceYear).where(LicenceYear.licence_id == licence_id, LicenceYear.year == year)
    return session.exec(statement).first()


def entries(session: Session, licences: Iterable[Licence], day: date) -> list[Entry]:
    """The licences with all that belongs to them, the same few look-ups for any number of them."""
    found = list(licences)
    ids = [one.id for one in found]
    steps = steps_of(session, ids)
    years: dict[str, list[LicenceYear]] = defaultdict(list)
    for one in session.exec(_YEARS, params={"ids": ids}):
        years[one.licence_id].append(one)
    parties = by_id(session, Enterprise, {one.enterprise_id for one in found})
    holders = holder_states(session, parties)
    brands = by_id(session, Brand, {one.brand_id for one in found})
    products = by_id(session, Product, {one.product_id for one in found if one.product_id})
    chains = brand_chains.lives(session)
    appealed = appeal_states.public_states(session, [one.id for line in steps.values() for one in line])
    worth = {
        one.id: _standing(one, steps[one.id], holders[one.enterprise_id], chains.get(one.brand_id, ()), day)
        for one in found
    }
    return [
        Entry(
            one,
            parties[one.enterprise_id],
            brands[one.brand_id],
            products.get(one.product_id or ""),
            worth[one.id].status,
            tuple(steps[one.id]),
            tuple(years[one.id]),
            worth[one.id].halt,
            {step.id: appealed[step.id] for step in steps[one.id] if step.id in appealed},
        )
        for one in found
    ]


def listing(session: Session, actor: Actor, today: date, *, number: int = 1, size: int = 25) -> Page[Entry]:
    """Licences within reach, newest first."""
    found = page(session, _within_reach(actor).order_by(col(Licence.number).desc()), number, size)
    return Page(entries(session, found.rows, today), found.number, found.size, found.total)


def find(session: Session, actor: Actor, number: str, today: date) -> Entry:
    """One licence by its number, if it is within reach; raises ``access.unknown``."""
    found = session.exec(_within_reach(actor).where(Licence.number == number)).first()
    if found is None:
        raise unknown()
    return entries(session, [found], today)[0]


def _within_reach(actor: Actor) -> SelectOfScalar[Licence]:
    reach = actor.reach("licences.read")
    statement = select(Licence)
    return statement if reach is None else statement.where(col(Licence.enterprise_id).in_(reach))


def steps_open_to(session: Session, entry: Entry, actor: Actor, today: date) -> list[OpenStep]:
    """The sanctions this person could take now."""
    known = facts(session, entry.licence, actor.person_id or "", today)
    return list(open_steps(LICENCE, entry.licence.state, actor, entry.licence.enterprise_id, known, _TYPED))


def reasons_open_to(session: Session, entry: Entry, actor: Actor, action: str, today: date) -> list[Sanction]:
    """The reasons for which this person could take the sanction: those somebody else found, and what cannot wait."""
    guard = sanctions.FINDING.get(action)
    if guard is None:
        return []
    known = facts(session, entry.licence, actor.person_id or "", today)
    return [one for one in Sanction if passes(guard, known | {"reason_code": str(one)})]


def facts(session: Session, licence: Licence, person_id: str, today: date) -> dict[str, Any]:
    """What the guards of ``rules/sanctions.LICENCE`` look at; the step adds reason and comment."""
    brand = session.get_one(Brand, licence.brand_id)
    other = running(session, licence.enterprise_id, licence.brand_id, licence.product_id, today)
    return {
        "today": today,
        "person_id": person_id,
        "valid_until": licence.valid_until,
        "rulebook": rulebooks.in_force(session, brand.scheme_id, today),
        "findings": _open_findings(session, licence.id),
        "immediate": office_tables.sanctions(session, brand.scheme_id).immediate,
        "appeal_changed": appeal_states.revocation_changed(session, licence.id) is not None,
        "other_licence": other.number if other is not None and other.id != licence.id else "",
        "reason_code": "",
        "comment": "",
    }


def _open_findings(session: Session, licence_id: str) -> list[OpenFinding]:
    statement = select(Inspection).where(
        Inspection.licence_id == licence_id, col(Inspection.state).in_(inspections.OPEN)
    )
    return [_finding(one) for one in session.exec(statement.order_by(col(Inspection.recorded_at)))]


def _finding(one: Inspection) -> OpenFinding:
    asked = inspections.asked_of_licence(one.state, Measure(one.measure))
    return OpenFinding(one.id, asked, one.reason_code, one.recorded_by, failed=one.state == "failed")
