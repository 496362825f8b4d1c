"""The demo county's marks: what the cooperative brings, what the office compares, what an authority says of a batch."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from brand.kernel.statements import StatementSigner
from brand.kernel.work import Work
from brand.models.assets import Asset
from brand.models.endorsements import Endorsement
from brand.models.enterprises import Enterprise
from brand.services import assets, endorsements
from trace.models.batches import Batch


def declare(work: Work, enterprise: Enterprise) -> None:
    """A trademark, an organic certificate that soon runs out, and the pasture."""
    assets.add_site(
        work, enterprise.id, kind="pasture", name="示范草场", county_code="150824", township_code="150824201"
    )
    for entries in (
        {"kind": "trademark", "number": "示范00000001", "title": "示范商标", "nice_class": 29},
        {"kind": "organic", "number": "00026000000000001", "title": "有机产品认证证书（示范）"},
    ):
        last = work.today + timedelta(days=40 if entries["kind"] == "organic" else 2000)
        assets.declare(work, enterprise.id, **entries, issuer="示范机构", valid_until=last, scope="羊肉")


def compare(work: Work) -> None:
    """The inspector confirms the organic certificate; the trademark still waits."""
    one = work.session.exec(select(Asset).where(Asset.kind == "organic")).one()
    assets.step(work, one.id, "confirm", version=one.version)


def recognise(work: Work, enterprise: Enterprise) -> None:
    """A designation mark and a draft endorsement of the batch, by the office's clerk."""
    endorsements.designate(
        work, enterprise.id, mark_code="demo-county-recognition", document="示范文号 1", granted_on=work.today
    )
    batch = work.session.exec(select(Batch).where(Batch.lot == "20260912A")).one()
    endorsements.write(
        work,
        kind="batch",
        batch_code=batch.code,
        authority="乌拉特中旗人民政府（示范）",
        scope="查看了本批次的检疫证明、检测报告和冷链记录；未另行抽检。（示范）",
        statement="本批次的证明、检测报告和冷链记录齐全。（示范）",
        valid_from=work.today,
        valid_until=work.today + timedelta(days=180),
    )


def issue(work: Work, signer: StatementSigner) -> None:
    """The second person's yes, signed."""
    one = work.session.exec(select(Endorsement)).one()
    endorsements.step(work, one.number, "issue", version=one.version, digest_seen=one.digest, signer=signer)
