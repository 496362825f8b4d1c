"""Reads appeals: the decisions a party may appeal against, one appeal with its answer, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.clock import local_day
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.appeals import Appeal, AppealFile
from brand.models.enterprises import Enterprise
from brand.models.inspections import Inspection, InspectionStep
from brand.models.licences import Application, ApplicationStep, Licence, LicenceStep
from brand.models.schemes import Brand, PolicyValue
from brand.queries import applications, schemes
from brand.queries import calendar as calendars
from brand.queries.desk import MOST, Waiting
from brand.queries.lookups import by_id
from brand.queries.open_steps import OpenStep, open_steps
from brand.queries.terms import Terms
from brand.rules import appeals
from brand.rules.appeals import ANSWER_POLICY, CARRIED_OUT_BY, FILE_POLICY, FLOW, AppealState, Decision
from brand.rules.inspections import ENDING, Measure
from brand.rules.terms import CARRY_OUT
from brand.rules.working_days import Deadline, add_working_days


@dataclass(frozen=True)
class Decided:
    """A decision of the office against which its party may appeal; ``done_anew``: a later step has replaced it."""

    id: str
    kind: Decision
    of: Application | Licence
    at: datetime
    by: str
    by_name: str
    reason_code: str
    rulebook: str
    clause: str
    words: str
    done_anew: bool
    finding_id: str = ""

    @property
    def enterprise_id(self) -> str:
        return self.of.enterprise_id

    @property
    def is_refusal(self) -> bool:
        return self.kind is Decision.REFUSAL


@dataclass(frozen=True)
class Appealable:
    """A decision with its appeal, or with the last day on which the reader may still send one."""

    decided: Decided
    appeal: Appeal | None
    file_by: Deadline | None


@dataclass(frozen=True)
class Shown:
    """One appeal with all its page shows; ``carry_out_by`` None: nothing is owed, or no term is set."""

    appeal: Appeal
    enterprise: Enterprise
    decided: Decided
    files: tuple[AppealFile, ...]
    open_steps: tuple[OpenStep, ...]
    carry_out_by: Deadline | None = None

    @property
    def to_carry_out(self) -> bool:
        """Whether the office still owes the new decision its answer promised."""
        return _owed(self.appeal, self.decided)


def _owed(appeal: Appeal, decided: Decided) -> bool:
    return appeal.state == AppealState.CHANGED and not decided.done_anew


def decision(session: Session, decision_id: str) -> Decided | None:
    """The decision behind a step, if that step is one a party may appeal against."""
    refusal = session.get(ApplicationStep, decision_id)
    if refusal is not None and refusal.action == "refuse":
        return _refusal(session, refusal)
    sanction = session.get(LicenceStep, decision_id)
    if sanction is not None and sanction.action in ("suspend", "revoke"):
        return _sanction(session, sanction)
    told = session.get(InspectionStep, decision_id)
    found = session.get_one(Inspection, told.inspection_id) if told is not None and told.action == "tell" else None
    return _order(session, told, found) if told and found and found.measure == Measure.RECTIFY else None


def _refusal(session: Session, step: ApplicationStep) -> Decided:
    application = session.get_one(Application, step.application_id)
    return _decided(step, Decision.REFUSAL, application, application.version > step.position)


def _sanction(session: Session, step: LicenceStep) -> Decided:
    licence = session.get_one(Licence, step.licence_id)
    return _decided(step, Decision(step.action), licence, licence.version > step.position)


def _decided(
    step: ApplicationStep | LicenceStep, kind: Decision, of: Application | Licence, done_anew: bool
) -> Decided:
    return Decided(
        step.id, kind, of, step.at, step.person_id, step.person_name,
        step.reason_code, step.rulebook, step.clause, step.comment, done_anew,
    )  # fmt: skip


def _order(session: Session, told: InspectionStep, found: Inspection) -> Decided:
    """An order to put things right: it rests on the finding, and the party has known it since it was told."""
    licence = session.get_one(Licence, found.licence_id)
    return Decided(
        told.id, Decision.RECTIFY, licence, told.at, found.recorded_by, found.recorded_by_name,
        found.reason_code, found.rulebook, found.clause, found.words, found.state == "lifted", found.id,
    )  # fmt: skip


def find_decision(session: Session, actor: Actor, permission: str, decision_id: str) -> Decided:
    """The same, if the actor holds the permission for its party; raises ``access.unknown``."""
    found = decision(session, decision_id)
    if found is None or not actor.may(permission, found.enterprise_id):
        raise unknown()
    return found


def rule(session: Session, decided: Decided, key: str) -> PolicyValue | None:
    """The policy value in force on the day of the decision, else the first there is."""
    scheme_id = session.get_one(Brand, decided.of.brand_id).scheme_id
    on = schemes.policy_row(session, scheme_id, key, local_day(decided.at))
    return on or schemes.policy_row(session, scheme_id, key)


def term(session: Session, decided: Decided, key: str, start: date) -> tuple[int, Deadline]:
    """Working days and last day of one of the two terms; raises ``schemes.policy_missing`` rather than guessing."""
    found = rule(session, decided, key)
    scheme_id = session.get_one(Brand, decided.of.brand_id).scheme_id
    days = found.value if found else schemes.policy(session, scheme_id, key)
    return days, add_working_days(calendars.calendar(session), start, days)


def term_rule(session: Session, found: Shown) -> PolicyValue | None:
    """What the term that runs rests on: that to carry the answer out as it is set today, else that to answer."""
    if not found.to_carry_out:
        return rule(session, found.decided, ANSWER_POLICY)
    return schemes.policy_row(session, session.get_one(Brand, found.decided.of.brand_id).scheme_id, CARRY_OUT)


def of_decision(session: Session, decision_id: str) -> Appeal | None:
    return session.exec(select(Appeal).where(Appeal.decision_id == decision_id)).first()


def facts(session: Session, decided: Decided, person_id: str, today: date) -> dict[str, Any]:
    """What the guards of ``rules/appeals.py`` look at; the step adds what was typed."""
    days, last = term(session, decided, FILE_POLICY, local_day(decided.at))
    return {
        "today": today,
        "term_days": days,
        "file_by": last,
        "person_id": person_id,
        "hands": hands(session, decided),
        "words": "",
        "answer": "",
    }


def hands(session: Session, decided: Decided) -> set[str]:
    """Every person who decided, recommended, recorded or proposed it, and whoever sent the appeal."""
    held = of_decision(session, decided.id)
    found = {decided.by, *([held.filed_by] if held else [])}
    if isinstance(decided.of, Application):
        known = applications.facts(session, decided.of, "", local_day(decided.at))
        return found.union(known["hands"])
    findings = _behind(session, decided)
    steps = select(InspectionStep.person_id).where(
        col(InspectionStep.inspection_id).in_([one.id for one in findings]), col(InspectionStep.at) <= decided.at
    )
    return found | {one.recorded_by for one in findings} | set(session.exec(steps))


def _behind(session: Session, decided: Decided) -> list[Inspection]:
    """The finding an order rests on; for a sanction every finding of the licence that was open when it was taken."""
    if decided.finding_id:
        return [session.get_one(Inspection, decided.finding_id)]
    over = select(InspectionStep.inspection_id).where(
        col(InspectionStep.action).in_(ENDING), col(InspectionStep.at) < decided.at
    )
    its = select(Inspection).where(Inspection.licence_id == decided.of.id, col(Inspection.recorded_at) <= decided.at)
    return list(session.exec(its.where(col(Inspection.id).not_in(over))))


def of_application(session: Session, actor: Actor, application: Application, today: date) -> list[Appealable]:
    """The refusals of an application, the last first, with their appeals."""
    statement = select(ApplicationStep).where(
        ApplicationStep.application_id == application.id, ApplicationStep.action == "refuse"
    )
    steps = session.exec(statement.order_by(col(ApplicationStep.position).desc()))
    return [_appealable(session, actor, _refusal(session, one), today) for one in steps]


def of_licence(session: Session, actor: Actor, licence: Licence, today: date) -> list[Appealable]:
    """The sanctions of a licence and the orders to put something right, the last first, with their appeals."""
    sanctions = select(LicenceStep).where(
        LicenceStep.licence_id == licence.id, col(LicenceStep.action).in_(["suspend", "revoke"])
    )
    orders = (
        select(InspectionStep, Inspection)
        .join(Inspection, col(Inspection.id) == col(InspectionStep.inspection_id))
        .where(Inspection.licence_id == licence.id, Inspection.measure == Measure.RECTIFY)
        .where(InspectionStep.action == "tell")
    )
    found = [
        *(_sanction(session, one) for one in session.exec(sanctions)),
        *(_order(session, told, one) for told, one in session.exec(orders)),
    ]
    return [_appealable(session, actor, one, today) for one in sorted(found, key=lambda one: one.at, reverse=True)]


def _appealable(session: Session, actor: Actor, decided: Decided, today: date) -> Appealable:
    held = of_decision(session, decided.id)
    if held is not None or not actor.may("appeals.write", decided.enterprise_id):
        return Appealable(decided, held, None)
    last = term(session, decided, FILE_POLICY, local_day(decided.at))[1]
    return Appealable(decided, None, last if today <= last.end or last.provisional else None)


def open_to(session: Session, actor: Actor, today: date) -> list[Appealable]:
    """Decisions against the actor's own enterprises that may be appealed today."""
    reach = actor.reach("appeals.write")
    if not reach:
        return []
    refused = select(Application).where(col(Application.enterprise_id).in_(reach), Application.state == "refused")
    held = select(Licence).where(col(Licence.enterprise_id).in_(reach))
    found = [
        *(line for one in session.exec(refused) for line in of_application(session, actor, one, today)),
        *(line for one in session.exec(held) for line in of_licence(session, actor, one, today)),
    ]
    return [one for one in found if one.file_by is not None]


def listing(session: Session, actor: Actor, *, state: str = "", number: int = 1, size: int = 25) -> Page[Shown]:
    """Appeals within reach, newest first."""
    statement = _within_reach(actor).order_by(col(Appeal.filed_at).desc(), col(Appeal.number).desc())
    if state:
        statement = statement.where(Appeal.state == state)
    found = page(session, statement, number, size)
    return Page([_shown(session, actor, one) for one in found.rows], found.number, found.size, found.total)


def _within_reach(actor: Actor) -> Any:
    reach = actor.reach("applications.read")
    statement = select(Appeal)
    return statement if reach is None else statement.where(col(Appeal.enterprise_id).in_(reach))


def find(session: Session, actor: Actor, appeal_id: str) -> Shown:
    """One appeal within reach; raises ``access.unknown``."""
    found: Appeal | None = session.exec(_within_reach(actor).where(Appeal.id == appeal_id)).first()
    if found is None:
        raise unknown()
    return _shown(session, actor, found)


def _shown(session: Session, actor: Actor, one: Appeal) -> Shown:
    decided = decision(session, one.decision_id)
    assert decided is not None
    known = facts(session, decided, actor.person_id or "", local_day(one.filed_at))
    steps = open_steps(FLOW, one.state, actor, one.enterprise_id, known, (appeals.answer_is_explained,))
    return Shown(
        one, session.get_one(Enterprise, one.enterprise_id), decided, tuple(files(session, one.id)), tuple(steps),
        _carry_out_by(session, one, decided) if _owed(one, decided) else None,
    )  # fmt: skip


def _carry_out_by(session: Session, one: Appeal, decided: Decided) -> Deadline | None:
    """The last day for the step an answer «change» calls for."""
    assert one.answered_at is not None
    scheme_id = session.get_one(Brand, decided.of.brand_id).scheme_id
    return Terms(session).deadline(CARRY_OUT, one.answered_at, scheme_id)


def files(session: Session, appeal_id: str) -> list[AppealFile]:
    """The papers of an appeal, without their bytes."""
    statement = select(AppealFile).where(AppealFile.appeal_id == appeal_id)
    return list(session.exec(statement.options(defer(AppealFile.content)).order_by(col(AppealFile.id))))  # type: ignore[arg-type]


def file(session: Session, actor: Actor, appeal_id: str, file_id: str) -> AppealFile:
    """One paper with its bytes, for whoever may read the appeal; raises ``access.unknown``."""
    find(session, actor, appeal_id)
    found = session.get(AppealFile, file_id)
    if found is None or found.appeal_id != appeal_id:
        raise unknown()
    return found


def waiting(session: Session, actor: Actor) -> list[Waiting]:
    """Appeals to answer, for those without a hand in the decision; answers «changed» that still want their step."""
    return [*_to_answer(session, actor), *_to_carry_out(session, actor)]


def _to_answer(session: Session, actor: Actor) -> Iterator[Waiting]:
    if not actor.may("appeals.answer"):
        return
    statement = select(Appeal).where(Appeal.state == AppealState.FILED).order_by(col(Appeal.answer_due)).limit(MOST)
    for one in _in_words(session, session.exec(statement).all()):
        if all(step.refusal is None for step in _shown(session, actor, one[0]).open_steps):
            yield _line("desk.appeal_to_answer", *one, one[0].answer_due)


def _to_carry_out(session: Session, actor: Actor) -> Iterator[Waiting]:
    mine = [kind.value for kind, permission in CARRIED_OUT_BY.items() if actor.may(permission)]
    statement = select(Appeal).where(Appeal.state == AppealState.CHANGED, col(Appeal.kind).in_(mine)).limit(MOST)
    for one, title in _in_words(session, session.exec(statement).all() if mine else []):
        shown = _shown(session, actor, one)
        if shown.to_carry_out:
            yield _line("desk.appeal_to_carry_out", one, title, shown.carry_out_by.end if shown.carry_out_by else None)


def _in_words(session: Session, found: Any) -> list[tuple[Appeal, str]]:
    names = by_id(session, Enterprise, {one.enterprise_id for one in found})
    return [(one, names[one.enterprise_id].name) for one in found]


def _line(topic: str, one: Appeal, title: str, due: date | None) -> Waiting:
    return Waiting(topic, title, "appeals.show", {"appeal_id": one.id}, one.number, due)
