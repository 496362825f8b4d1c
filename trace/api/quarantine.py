"""Quarantine certificates over the API."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading
from brand.kernel.errors import Fault, invalid
from brand.kernel.paging import Page
from brand.kernel.work import Work
from trace.models.quarantine import QuarantineCertificate, QuarantineUse
from trace.queries import quarantine as reads
from trace.schemas.herds import HerdsIn
from trace.schemas.quarantine import (
    QuarantineIn,
    QuarantineOut,
    QuarantinePageOut,
    QuarantineSeeIn,
    QuarantineUseIn,
    QuarantineUseOut,
)
from trace.services import quarantine

blp = Blueprint("api_quarantine", __name__, url_prefix="/api/v1", description="Quarantine certificates")
csrf.exempt(blp)


@blp.route("/quarantine", methods=["GET"])
@blp.arguments(HerdsIn, location="query")
@blp.response(200, QuarantinePageOut)
@needs("quarantine.read")
def index(wanted: dict[str, Any]) -> Page[QuarantineCertificate]:
    """Certificates within reach; those nobody has seen yet first."""
    with reading() as work:
        found = reads.listing(work.session, actor(), q=wanted["q"], number=wanted["page"], size=wanted["size"])
    return Page([one.paper for one in found.rows], found.number, found.size, found.total)


@blp.route("/enterprises/<enterprise_id>/quarantine", methods=["POST"])
@blp.arguments(QuarantineIn)
@blp.response(201, QuarantineOut)
@creates(QuarantineOut)
@needs("quarantine.write")
def declare(work: Work, values: dict[str, Any], enterprise_id: str) -> QuarantineCertificate:
    """A certificate somebody holds; the picture of the paper is added on its page."""
    return quarantine.declare(work, enterprise_id, upload=None, **values)


@blp.route("/quarantine/<certificate_id>", methods=["GET"])
@blp.response(200, QuarantineOut)
@needs("quarantine.read")
def show(certificate_id: str) -> QuarantineCertificate:
    with reading() as work:
        return reads.find(work.session, actor(), certificate_id).paper


@blp.route("/quarantine/<certificate_id>/uses", methods=["POST"])
@blp.arguments(QuarantineUseIn)
@blp.response(201, QuarantineUseOut)
@creates(QuarantineUseOut)
@needs("quarantine.write")
def use(work: Work, values: dict[str, Any], certificate_id: str) -> QuarantineUse:
    """It goes with a herd, a batch or a shipment; never beyond its quantity or its last day."""
    return quarantine.use(work, certificate_id, **values)


@blp.route("/quarantine/<certificate_id>/see", methods=["POST"])
@blp.arguments(QuarantineSeeIn)
@blp.response(200, QuarantineOut)
@creates(QuarantineOut, status=200)
@needs("quarantine.confirm")
def see(work: Work, values: dict[str, Any], certificate_id: str) -> QuarantineCertificate:
    """An inspector compared it with the paper or the issuing office."""
    verdict = values.pop("verdict")
    if verdict not in ("confirmed", "rejected"):
        raise invalid("input.invalid", faults=[Fault("input.not_a_choice", "/verdict")])
    return quarantine.see(work, certificate_id, confirmed=verdict == "confirmed", **values)
