"""The demo county's own standard: published by two people, adopted in batches, taught; its next edition waits.

Everything in it is invented and marked 示范 / Demo.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.standards import Enrolment, Standard, StandardEdition
from brand.services import adoptions, standards
from trace.cli.demo_people import COOPERATIVE, NEIGHBOUR, of
from trace.cli.demo_telling import Telling

CODE = "URAD-YR (Demo)"
_SECTIONS = {
    "spec": (
        "示范：按部位分割，每盒净重 0.5 千克，误差不超过 2%。",
        "Demo: cut by part, 0.5 kg net a pack, within 2 %.",
    ),
    "price": ("示范：由办公室每季度公布指导区间。", "Demo: the office publishes a guiding band every quarter."),
    "quality": (
        "示范：胴体按 NY/T 630-2002 分级，每批检测。",
        "Demo: carcasses graded by NY/T 630-2002, every batch tested.",
    ),
    "packaging": (
        "示范：食品级真空包装，标签贴在正面右下角。",
        "Demo: food-grade vacuum pack, label front bottom right.",
    ),
    "after_sales": (
        "示范：二十四小时内答复，质量问题予以退换。",
        "Demo: an answer within a day, faulty goods replaced.",
    ),
}
_WORDS: dict[str, Any] = {
    "title": "乌拉特羊肉流通标准（示范）",
    "title_en": "Urad lamb distribution standard (Demo)",
    "issuer": "示范主管局",
    "issuer_en": "Competent bureau (Demo)",
    "advisory_group": "示范专家组、示范企业代表、有关部门",
    "advisory_group_en": "Experts, enterprises and departments (Demo)",
    "sections": {name: {"zh": chinese, "en": english} for name, (chinese, english) in _SECTIONS.items()},
}


def own(told: Telling, today: datetime) -> None:
    """Written, published, adopted and taught; later a second batch of adoptions and the next edition."""
    parties = (COOPERATIVE, NEIGHBOUR)
    told.act("2026-08-06 09:00", "clerk", lambda work: write(work, "1", "2026-08-10"))
    told.act("2026-08-07 09:00", "approver", publish)
    told.act("2026-08-07 10:00", "clerk", lambda work: open_batch(work, "2026年第一批（示范）", 20))
    told.act("2026-08-10 09:00", "producer", lambda work: adopt(work, of(work.session, COOPERATIVE)))
    told.act("2026-08-12 09:00", "clerk", lambda work: train(work, [of(work.session, one) for one in parties]))
    told.act(today - timedelta(days=2), "clerk", lambda work: open_batch(work, "第二批（示范）", 30))
    told.act(today - timedelta(days=1), "clerk", lambda work: next_edition(work, today))


def write(work: Work, label: str, effective_on: str) -> None:
    """An edition drafted, completed and submitted by the clerk."""
    before = work.session.exec(select(Standard).where(Standard.code == CODE)).first()
    made = standards.draft(work, code=CODE, label=label, based_on=_newest(work.session).id if before else "")
    made = standards.edit(work, made.id, version=made.version, **_WORDS, effective_on=effective_on)
    standards.step(work, made.id, "submit", version=made.version)


def publish(work: Work) -> None:
    edition = _newest(work.session)
    standards.step(work, edition.id, "publish", version=edition.version)


def open_batch(work: Work, name: str, days: int) -> None:
    adoptions.open_enrolment(
        work,
        edition_id=_graded(work.session).id,
        name=name,
        opens_on=work.today,
        closes_on=work.today + timedelta(days=days),
    )


def adopt(work: Work, enterprise: Enterprise) -> None:
    enrolment = work.session.exec(select(Enrolment)).one()
    adoptions.adopt(work, enrolment.id, enterprise_id=enterprise.id)


def train(work: Work, enterprises: list[Enterprise]) -> None:
    """A training held the day before."""
    made = adoptions.hold_training(
        work,
        standard_id=_graded(work.session).standard_id,
        title="羊肉分级标准培训会（示范）",
        held_on=work.today - timedelta(days=1),
        place="示范会议室",
        trainer="示范讲师",
    )
    for enterprise, people in zip(enterprises, (12, 5), strict=False):
        adoptions.attend(work, made.id, enterprise_id=enterprise.id, people=people)


def next_edition(work: Work, today: datetime) -> None:
    """What waits for the approver."""
    write(work, "2", (today + timedelta(days=30)).date().isoformat())


def _newest(session: Session) -> StandardEdition:
    """The demo standard's latest edition."""
    statement = select(StandardEdition).join(Standard).where(Standard.code == CODE)
    return session.exec(statement.order_by(col(StandardEdition.label).desc())).all()[0]


def _graded(session: Session) -> StandardEdition:
    """The shipped edition batches are graded by."""
    return session.exec(select(StandardEdition).join(Standard).where(Standard.code == "NY/T 630-2002")).one()
