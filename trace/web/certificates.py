"""Certificate and contract of a licence to be printed; the encoder of their symbol lies in ``trace/formats``."""

from __future__ import annotations

from flask import Blueprint, Response

from brand.edge.files import saved
from brand.edge.policies import needs
from brand.edge.requests import actor, house, reading
from brand.kernel.uploads import PDF
from trace.formats.certificates import certificate_pdf
from trace.formats.contracts import contract_pdf
from trace.queries import certificates, contracts

bp = Blueprint("certificates", __name__, url_prefix="/licences")


@bp.get("/<number>/certificate.pdf")
@needs("licences.read")
def pdf(number: str) -> Response:
    """Drawn outside the transaction: composing takes a tenth of a second."""
    with reading() as work:
        one = certificates.paper(work.session, actor(), number, work.today, house().settings.public_url)
    return saved(certificate_pdf(one), f"{number}.pdf", PDF)


@bp.get("/<number>/contract.pdf")
@needs("licences.read")
def contract(number: str) -> Response:
    """The contract to be signed, drawn outside the transaction as well."""
    with reading() as work:
        one = contracts.paper(work.session, actor(), number, work.today, house().settings.public_url)
    return saved(contract_pdf(one), f"{number}-contract.pdf", PDF)
