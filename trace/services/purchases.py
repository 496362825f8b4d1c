"""Buys goods up: a batch that keeps its seller, the paper of sale and the commitment certificate that came along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from brand.kernel import audit
from brand.kernel.errors import Fault, invalid
from brand.kernel.uploads import Upload
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise, EnterpriseKind
from brand.models.schemes import Product
from trace.models.batches import Batch
from trace.models.purchases import Purchase
from trace.rules import purchases as rules
from trace.rules.goods import BatchKind
from trace.rules.purchases import Certificate
from trace.services import commitments, flow_beginnings, supply_goods
from trace.services.flow_beginnings import Beginning
from trace.services.flow_parts import Output
from trace.services.supply_goods import NOTHING_SAID, Bought


@dataclass(frozen=True)
class Papers:
    """What came with the goods: the number of the paper of sale, its picture, the certificate and its picture.

    ``bought`` says under which supply contract, or that there is none.
    """

    number: str
    consent: str = ""
    sale: Upload | None = None
    certificate: Certificate | None = None
    certificate_file: Upload | None = None
    bought: Bought = NOTHING_SAID


def buy(work: Work, buyer_id: str, one: Beginning, papers: Papers) -> Batch:
    """A collected batch of the seller's goods, held by the buyer; ``one.producer_id`` is the seller.

    Raises ``purchases.own_goods``, ``.consent_needed``, ``.no_certificate``, ``.certificate_short`` and what
    ``supply_goods.under``, ``.take``, ``flow_beginnings.commission`` and ``commitments.take`` raise.
    """
    work.actor.require("flows.record", buyer_id)
    seller = work.session.get(Enterprise, one.producer_id)
    household = seller is not None and seller.kind == EnterpriseKind.HOUSEHOLD
    rules.check_parties(one.producer_id, buyer_id, household, papers.consent)
    grown, contract = supply_goods.under(work, buyer_id, one, papers.bought)
    batch = flow_beginnings.commission(work, buyer_id, grown, with_papers=True)
    if contract is not None:
        supply_goods.take(work, contract, batch, grown.plot_id, papers.bought)
    rules.check_certificate(one.form, one.day, batch.total_kg, papers.certificate)
    if papers.certificate is not None and papers.certificate_file is not None:
        _take(work, batch, papers.certificate, papers.certificate_file)
    made = Purchase(
        batch_id=batch.id,
        buyer_id=buyer_id,
        seller_id=one.producer_id,
        paper_number=papers.number,
        consent=papers.consent,
        recorded_at=work.now,
        recorded_by=work.actor.person_id or "",
        **_kept(papers.sale),
    )
    work.session.add(made)
    work.session.flush()
    detail = {"batch": batch.id, "seller": made.seller_id, "kg": batch.total_kg, "digest": made.digest}
    audit.record(work, "purchases.buy", "purchase", made.id, enterprise_id=buyer_id, **detail)
    return batch


def beginning(seller_id: str, given: Mapping[str, Any]) -> Beginning:
    """What a form or a program stated, as the books take it; keys of ``schemas/purchases.BoughtIn``."""
    output = Output(given["lot"], given["kg"], given["quantity"], given["unit"])
    place_id = given["place_id"] or None
    return Beginning(BatchKind.COLLECTED, given["product_id"], given["form"], seller_id, given["day"], output, place_id)


def papers(given: Mapping[str, Any], sale: Upload | None, certificate: Upload | None) -> Papers:
    """The papers beside it; keys of ``schemas/purchases.BoughtIn``. Raises ``purchases.certificate_file``.

    A certificate is known by its quantity, its day and its picture together.
    """
    stated = (given["certificate_kg"], given["certificate_on"], certificate)
    if any(stated) and not all(stated):
        raise invalid("purchases.certificate_file", faults=[Fault("purchases.certificate_file", "/certificate")])
    said = Certificate(given["certificate_kg"], given["certificate_on"]) if certificate else None
    bought = Bought(given["contract"], given["harvested_on"], given["plot"])
    return Papers(given["paper_number"], given["consent"], sale, said, certificate, bought)


def _take(work: Work, batch: Batch, certificate: Certificate, upload: Upload) -> None:
    commitments.take(
        work,
        batch.id,
        product=work.session.get_one(Product, batch.product_id).name,
        quantity_kg=certificate.quantity_kg,
        issued_on=certificate.issued_on,
        upload=upload,
    )


def _kept(sale: Upload | None) -> dict[str, Any]:
    if sale is None:
        return {}
    return {"name": sale.name, "media_type": sale.media_type, "digest": sale.digest, "content": sale.data}
