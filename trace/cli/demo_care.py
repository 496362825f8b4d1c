"""What the demo's office does after the grant: the contract, guidance, and a visit that ends with advice."""

from __future__ import annotations

from sqlmodel import select

from brand.kernel import uploads
from brand.kernel.work import Work
from brand.models.inspections import Inspection
from brand.models.licences import Licence
from brand.models.schemes import Product
from brand.services import guidance, inspections
from trace.cli.demo_papers import demo_paper
from trace.cli.demo_telling import Telling

_LARGEST = 10_000


def after_the_grant(told: Telling) -> None:
    """Contract, visit, and what the party was told."""
    told.act("2026-08-18 09:00", "clerk", contract)
    told.act("2026-09-08 10:00", "inspector", visit)
    told.act("2026-09-10 16:00", "inspector", told_to_them)


def contract(work: Work) -> None:
    """The clerk keeps the signed contract and writes down what was explained."""
    licence = _licence(work)
    paper = uploads.take("示范-合同.pdf", demo_paper("demo contract"), most=_LARGEST)
    inspections.keep_contract(work, licence.id, signed_on=work.today, upload=paper)
    guidance.record(
        work,
        licence.enterprise_id,
        kind="guidance",
        held_on=work.today,
        topic="标签使用",
        words="说明标签只用于授权产品，作废的当天登记（示范）。",
    )


def visit(work: Work) -> None:
    """The inspector finds something small."""
    inspections.record(
        work,
        _licence(work).id,
        kind="visit",
        visited_on=work.today,
        severity="minor",
        reason_code="sanction.standard",
        words="个别耳标登记晚一天，其余相符（示范）。",
    )


def told_to_them(work: Work) -> None:
    """The party is told within the days of the policy."""
    one = work.session.exec(select(Inspection)).one()
    inspections.step(work, one.id, "tell", version=one.version, comment="当面告知并签收（示范）。")


def _licence(work: Work) -> Licence:
    return work.session.exec(select(Licence).join(Product).where(Product.code == "lamb")).one()
