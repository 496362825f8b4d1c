"""Reads what was tested: facts of many batches for gates and profiles, one report whole, what waits for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, or_, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.models.enterprises import Enterprise, EnterpriseKind, EnterpriseState
from brand.models.schemes import Product
from brand.queries import calendar as calendars
from brand.queries.lookups import by_id
from brand.queries.open_steps import OpenStep, open_steps
from trace.models.batches import Batch
from trace.models.checks import Sample
from trace.models.quality import LabItem, LabReport, ReportFile, Retest
from trace.rules import lab_reports as rules
from trace.rules.lab_reports import FLOW, RELIEF, WITHDRAW, RetestDeadline, Status, Tested, TestKind
from trace.rules.look_alikes import one_spelling


@dataclass(frozen=True)
class TestFact:
    """One test of one batch, as gates and profiles ask for it; ``items`` are folded item names."""

    __test__ = False  # not a test of ours

    number: str
    kind: str
    laboratory: str
    tested_on: date
    passed: bool
    status: str
    relief: str
    items: frozenset[str]

    @property
    def counts_for(self) -> bool:
        """Whether it speaks for the goods (declared or confirmed, and passing)."""
        return rules.counts_for(self.passed, self.status)

    @property
    def counts_against(self) -> bool:
        """Whether it says that the goods failed, and nothing has taken that away."""
        return rules.counts_against(self.passed, self.status, self.relief)


@dataclass(frozen=True)
class ReportPage:
    """One report with all that belongs to it and what this person could do now."""

    report: LabReport
    batch: Batch
    product: Product
    holder: Enterprise
    items: tuple[LabItem, ...]
    files: tuple[ReportFile, ...]
    retest: Retest | None
    deadline: RetestDeadline | None
    digest: str
    sample: Sample | None
    steps: tuple[OpenStep, ...]
    relief_steps: tuple[OpenStep, ...]


def tests_of(session: Session, batch_ids: Collection[str]) -> Mapping[str, tuple[TestFact, ...]]:
    """The tests of each batch, oldest first; two statements for any number of batches (none: an empty tuple)."""
    statement = select(LabReport).where(
        col(LabReport.batch_id).in_(set(batch_ids)), LabReport.status != Status.WITHDRAWN.value
    )
    reports = session.exec(statement.order_by(col(LabReport.tested_on), col(LabReport.number))).all()
    items: dict[str, set[str]] = defaultdict(set)
    inside = select(LabItem.report_id, LabItem.name).where(col(LabItem.report_id).in_([one.id for one in reports]))
    for report_id, name in session.exec(inside):
        items[report_id].add(one_spelling(name))
    found: dict[str, list[TestFact]] = {one: [] for one in batch_ids}
    for one in reports:
        fact = TestFact(
            one.number,
            one.kind,
            one.laboratory,
            one.tested_on,
            one.passed,
            one.status,
            one.relief,
            frozenset(items[one.id]),
        )
        found[one.batch_id].append(fact)
    return {batch_id: tuple(facts) for batch_id, facts in found.items()}


def failing(session: Session, batch_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Batch id → numbers of the reports that count against it; only batches that have one."""
    found = tests_of(session, batch_ids)
    bad = {key: tuple(one.number for one in facts if one.counts_against) for key, facts in found.items()}
    return {key: numbers for key, numbers in bad.items() if numbers}


def failed_batches() -> Any:
    """Ids of batches a report counts against, for the WHERE of another list; the same rule as ``failing``."""
    return select(LabReport.batch_id).where(
        col(LabReport.passed).is_(False),
        LabReport.status != "rejected",
        col(LabReport.relief).in_(["none", "asked"]),
    )


def page(session: Session, actor: Actor, report_id: str, now: datetime) -> ReportPage:
    """One report for its holder, the laboratory it names, or the office; raises ``access.unknown``."""
    report = session.get(LabReport, report_id)
    if report is None or not _may_see(session, actor, report):
        raise unknown()
    batch = session.get_one(Batch, report.batch_id)
    items = items_of(session, report.id)
    retest = session.exec(select(Retest).where(Retest.report_id == report.id)).first()
    known = facts(session, report, actor.person_id or "") | {"comment": "", "digest_seen": "", "own_goods": False}
    against = rules.counts_against(report.passed, report.status, report.relief)
    return ReportPage(
        report=report,
        batch=batch,
        product=session.get_one(Product, batch.product_id),
        holder=session.get_one(Enterprise, report.enterprise_id),
        items=items,
        files=tuple(files(session, report.id)),
        retest=retest,
        deadline=deadline(session, report) if against else None,
        digest=known["digest"],
        sample=session.get(Sample, report.sample_id) if report.sample_id else None,
        steps=_steps(session, actor, report, known),
        relief_steps=() if report.passed else tuple(_open(RELIEF, report.relief, actor, known)),
    )


def _steps(session: Session, actor: Actor, report: LabReport, known: Mapping[str, Any]) -> tuple[OpenStep, ...]:
    """Those of the laboratory or an inspector, and taking it back for whoever wrote it down."""
    its = tuple(_open(FLOW, report.status, actor, known))
    judging = tuple(one for one in its if one.step.action != WITHDRAW) if _speaks(session, actor, report) else ()
    own = (one for one in its if one.step.action == WITHDRAW and may_withdraw(actor, report))
    return (*judging, *own)


def may_withdraw(actor: Actor, report: LabReport) -> bool:
    """The holder's people take back what they wrote down; a test by the authority stays."""
    return not report.official and actor.may("events.record", report.enterprise_id)


def _open(flow: Any, state: str, actor: Actor, known: Mapping[str, Any]) -> Iterable[OpenStep]:
    """Steps open to this person; what is still to be typed (a reason, the digest read) is not judged before."""
    typed = [guard for step in flow.steps for guard in step.guards if guard.__name__ in _TYPED]
    return open_steps(flow, state, actor, None, known, typed)


_TYPED = ("_reason_given", "_the_words_that_were_read")


def deadline(session: Session, report: LabReport) -> RetestDeadline:
    """The last moment to ask for a retest of this report."""
    return rules.retest_deadline(TestKind(report.kind), report.received_at, calendars.calendar(session))


def facts(session: Session, report: LabReport, person_id: str) -> dict[str, Any]:
    """What the guards of ``rules/lab_reports.py`` look at, but for what the person types."""
    return {
        "person_id": person_id,
        "recorded_by": report.recorded_by,
        "asked_by": report.relief_asked_by,
        "passed": report.passed,
        "status": report.status,
        "digest": digest(session, report),
        "answers_retest": session.exec(select(Retest.id).where(Retest.result_id == report.id)).first() is not None,
    }


def digest(session: Session, report: LabReport) -> str:
    """The digest of a report as it stands: its words, items and papers."""
    words = {name: getattr(report, name) for name in ("batch_id", "kind", "laboratory", "number", "tested_on")}
    items = [one.model_dump(exclude={"id", "report_id"}) for one in items_of(session, report.id)]
    return rules.digest(words, items, [one.digest for one in files(session, report.id)])


def items_of(session: Session, report_id: str) -> tuple[LabItem, ...]:
    statement = select(LabItem).where(LabItem.report_id == report_id).order_by(col(LabItem.position))
    return tuple(session.exec(statement))


def files(session: Session, report_id: str) -> list[ReportFile]:
    """The papers of a report, without their bytes."""
    statement = select(ReportFile).where(ReportFile.report_id == report_id).order_by(col(ReportFile.added_at))
    return list(session.exec(statement.options(defer(ReportFile.content))))  # type: ignore[arg-type]


def file(session: Session, actor: Actor, report_id: str, file_id: str) -> ReportFile:
    """One paper with its bytes, for whoever may see the report; raises ``access.unknown``."""
    report, found = session.get(LabReport, report_id), session.get(ReportFile, file_id)
    if report is None or found is None or found.report_id != report_id or not _may_see(session, actor, report):
        raise unknown()
    return found


def tested(session: Session, report: LabReport) -> Tested:
    """What the rules on retests look at."""
    items = [(one.name, one.passed) for one in items_of(session, report.id)]
    return rules.gist(report.kind, report.laboratory, report.tested_on, items)


def names_of_laboratories(session: Session, actor: Actor) -> set[str]:
    """The folded names of the confirmed laboratories this person works for."""
    reach = actor.reach("lab_reports.confirm")
    if not reach:
        return set()
    rows = by_id(session, Enterprise, reach).values()
    return {
        one_spelling(one.name)
        for one in rows
        if one.kind == EnterpriseKind.LABORATORY and one.state == EnterpriseState.CONFIRMED
    }


def to_confirm(session: Session, actor: Actor, most: int) -> list[tuple[LabReport, Batch]]:
    """Reports that wait for this person's word: those naming one's laboratory; inspectors see contested ones too."""
    statement = select(LabReport, Batch).join(Batch, col(LabReport.batch_id) == col(Batch.id))
    if actor.may("quality.inspect"):
        statement = statement.where(col(LabReport.status).in_(["declared", "contested"]))
    else:
        names = names_of_laboratories(session, actor)
        statement = statement.where(LabReport.status == "declared", col(LabReport.laboratory_key).in_(names))
    ordered = statement.order_by(col(LabReport.status), col(LabReport.received_at), col(LabReport.id)).limit(most)
    return [(report, batch) for report, batch in session.exec(ordered)]


def failed_of(session: Session, actor: Actor, most: int) -> list[LabReport]:
    """Failing reports on one's own goods for which nobody has asked for a retest yet, oldest first."""
    asked = select(Retest.report_id)
    statement = select(LabReport).where(
        col(LabReport.passed).is_(False),
        LabReport.status != "rejected",
        LabReport.relief == "none",
        col(LabReport.id).not_in(asked),
    )
    reach = actor.reach("events.record")
    if reach is not None:
        statement = statement.where(col(LabReport.enterprise_id).in_(reach))
    return list(session.exec(statement.order_by(col(LabReport.received_at)).limit(most)))


def to_release(session: Session, actor: Actor, most: int) -> list[LabReport]:
    """Releases somebody else asked for."""
    statement = select(LabReport).where(
        LabReport.relief == "asked",
        or_(col(LabReport.relief_asked_by).is_(None), col(LabReport.relief_asked_by) != actor.person_id),
    )
    return list(session.exec(statement.order_by(col(LabReport.received_at)).limit(most)))


def _may_see(session: Session, actor: Actor, report: LabReport) -> bool:
    reach = actor.reach("quality.read")
    if reach is None:
        return True
    batch = session.get_one(Batch, report.batch_id)
    if reach & {report.enterprise_id, batch.producer_id, batch.licensee_id, batch.holder_id}:
        return True
    return report.laboratory_key in names_of_laboratories(session, actor)


def _speaks(session: Session, actor: Actor, report: LabReport) -> bool:
    return actor.may("quality.inspect") or report.laboratory_key in names_of_laboratories(session, actor)
