"""The certificate of a licence to be saved and printed. Here because the symbol's encoder lies in ``trace/formats``."""

from __future__ import annotations

from flask import Blueprint, Response

from brand.edge.files import saved
from brand.edge.policies import needs
from brand.edge.requests import actor, house, reading
from brand.kernel.uploads import PDF
from trace.formats.certificates import certificate_pdf
from trace.queries import certificates

bp = Blueprint("certificates", __name__, url_prefix="/licences")


@bp.get("/<number>/certificate.pdf")
@needs("licences.read")
def pdf(number: str) -> Response:
    """Drawn outside the transaction: composing takes a tenth of a second."""
    with reading() as work:
        one = certificates.paper(work.session, actor(), number, work.today, house().settings.public_url)
    return saved(certificate_pdf(one), f"{number}.pdf", PDF)
