"""The demo's appeal: an application for beef is refused, and its applicant says why that is wrong."""

from __future__ import annotations

from decimal import Decimal

from sqlmodel import col, select

from brand.kernel import uploads
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.licences import Application, ApplicationStep
from brand.models.schemes import Product
from brand.rules.licence_flow import Refusal
from brand.services import appeals, applications
from trace.cli import demo_papers
from trace.cli.demo_papers import demo_paper

_LARGEST = 10_000


def apply(work: Work, enterprise: Enterprise) -> None:
    """The applicant writes it, adds its papers and sends it."""
    product = work.session.exec(select(Product).where(Product.code == "beef")).one()
    made = applications.draft(
        work,
        enterprise_id=enterprise.id,
        product_id=product.id,
        cap_kg=Decimal(8000),
        uses=demo_papers.USES,
        capacity="呼勒斯太苏木示范草场 5000 亩，能繁母牛 40 头",
        promise=True,
    )
    demo_papers.hand_in(work, made)
    applications.step(work, made.id, "submit", version=made.version)


def look_at(work: Work, enterprise: Enterprise) -> None:
    """The clerk starts the review."""
    found = _application(work, enterprise)
    applications.step(work, found.id, "start_review", version=found.version)


def refuse(work: Work, enterprise: Enterprise) -> None:
    """The approver refuses it."""
    found = _application(work, enterprise)
    said = {"reason_code": Refusal.CAPACITY.value, "comment": "40 头母牛核不出每年 8000 千克（示范）。"}
    applications.step(work, found.id, "refuse", version=found.version, **said)


def appeal(work: Work, enterprise: Enterprise) -> None:
    """The applicant appeals, with a paper; somebody else than the approver will answer."""
    decision = select(ApplicationStep.id).where(
        ApplicationStep.application_id == _application(work, enterprise).id, ApplicationStep.action == "refuse"
    )
    paper = uploads.take("示范-购牛合同.pdf", demo_paper("demo contract for cattle"), most=_LARGEST)
    words = "另有 30 头育肥牛的购牛合同没有计入，请重新核算产能（示范）。"
    appeals.file(work, work.session.exec(decision).one(), words=words, uploads=[paper])


def _application(work: Work, enterprise: Enterprise) -> Application:
    statement = select(Application).where(Application.enterprise_id == enterprise.id)
    return work.session.exec(statement.order_by(col(Application.number).desc())).all()[0]
