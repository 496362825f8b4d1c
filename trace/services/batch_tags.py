"""Signs the code of a batch for tags on carcasses, cases and lots, once a key, and tells the log of it."""

from __future__ import annotations

from brand.kernel import audit
from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.work import Work
from brand.models.licences import Licence
from trace.models.batch_tags import BatchTag
from trace.models.batches import Batch
from trace.queries import batches as reads
from trace.queries import gtins
from trace.queries.batch_tags import coded
from trace.services.signed_once import signed_once
from trace.services.signer import LabelSigner


def issue(work: Work, signer: LabelSigner, batch_id: str, gtin: str = "") -> BatchTag:
    """The signed code of a batch under the producer's present key; asked for again it is the same.

    With ``gtin``, that of packs of the batch, it names these goods and the lot. It costs no allowance: what it says is
    the batch's page, and no pack. Raises ``batch_tags.no_brand`` for goods without a licence or taken back,
    ``batch_tags.gtin_unknown``, ``label_stops.stopped`` and the refusals of the keys.
    """
    batch = work.session.get(Batch, batch_id) or reads.find(work.session, work.actor, batch_id).batch
    work.actor.require("labels.activate", batch.licensee_id, batch.holder_id)
    if batch.licence_id is None or batch.withdrawn:
        raise refused("batch_tags.no_brand")
    if gtin and gtin not in {one for one, _ in gtins.of_packs(work.session, batch, work.today)}:
        code = "batch_tags.gtin_unknown"
        raise invalid(code, faults=[Fault(code, "/gtin", {"gtin": gtin})], gtin=gtin)
    named = {"batch_id": batch.id, "gtin": gtin}
    owner, licences = batch.licensee_id, [batch.licence_id]
    tag, fresh = signed_once(work, signer, BatchTag, coded(batch, gtin), owner=owner, licences=licences, **named)
    if fresh:
        licence = work.session.get_one(Licence, batch.licence_id).number
        told = {"batch": batch.code, "licence": licence, "kid": tag.kid, "signature": tag.signature}
        told |= {"gtin": gtin} if gtin else {}
        audit.record(work, "batch_tags.issue", "batch_tag", tag.id, enterprise_id=owner, **told)
    return tag


def record_print(work: Work, tag: BatchTag, *, what: str, tags: int, layout: str) -> None:
    """Note that a file of tags leaves the house; called once it is whole."""
    batch = work.session.get_one(Batch, tag.batch_id)
    work.actor.require("labels.activate", batch.licensee_id, batch.holder_id)
    told = {"batch": batch.code, "what": what, "tags": tags, "layout": layout}
    audit.record(work, "batch_tags.print", "batch_tag", tag.id, enterprise_id=batch.licensee_id, **told)
