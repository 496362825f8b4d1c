"""What must lie before goods are bought up: another's goods, a household's consent, the seller's certificate.

Source: 农产品质量安全法 (2022) art. 39 and ministry order 2025 no. 4 as in ``rules/commitments`` (collectors take the
certificate); consent after the privacy rules of the security plan (a sole farmer's record is personal data).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from brand.kernel.errors import AppError, Fault, Kind, invalid, pointing, refused
from trace.rules.commitments import check_taken, needed_to_buy
from trace.rules.weights import plain


@dataclass(frozen=True)
class Certificate:
    """The seller's commitment certificate as it reads."""

    quantity_kg: Decimal
    issued_on: date


def check_parties(seller_id: str, buyer_id: str, seller_is_household: bool, consent: str) -> None:
    """Raises ``purchases.own_goods`` or ``purchases.consent_needed``."""
    if seller_id == buyer_id:
        raise invalid("purchases.own_goods", faults=[Fault("purchases.own_goods", "/seller")])
    if seller_is_household and not consent:
        raise invalid("purchases.consent_needed", faults=[Fault("purchases.consent_needed", "/consent")])


def check_begun(form: str, day: date) -> None:
    """Listed goods of another's enter the books as a purchase with its papers; raises ``purchases.papers_needed``."""
    if needed_to_buy(form, day):
        raise refused("purchases.papers_needed", faults=[Fault("purchases.papers_needed", "/producer_id")])


def check_certificate(form: str, day: date, kg: Decimal, certificate: Certificate | None) -> None:
    """Listed goods are not bought without a certificate that speaks for all of them.

    Raises ``purchases.no_certificate``, ``purchases.certificate_short`` with the figures, ``commitments.taken_day``.
    """
    if certificate is None:
        if needed_to_buy(form, day):
            raise invalid("purchases.no_certificate", faults=[Fault("purchases.no_certificate", "/certificate")])
        return
    with pointing({"/issued_on": "/certificate_on"}):
        check_taken(certificate.issued_on, day)
    if certificate.quantity_kg < kg:
        params = {"in": f"{plain(certificate.quantity_kg):f}", "asked": f"{plain(kg):f}"}
        fault = Fault("purchases.certificate_short", "/certificate_kg", params)
        raise AppError(Kind.QUOTA_EXCEEDED, "purchases.certificate_short", faults=[fault], **params)
