"""Signs the code of a batch for tags on carcasses, cases and lots, once a key, and tells the log of it."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from brand.kernel import audit
from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.work import Work
from brand.models.licences import Licence
from trace.models.batch_tags import BatchTag
from trace.models.batches import Batch
from trace.queries import batches as reads
from trace.queries import gtins
from trace.queries.batch_tags import coded
from trace.services import keys, label_stops
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
    key = keys.current(work, signer, batch.licensee_id)
    label_stops.refuse_stopped(work, licence_id=batch.licence_id, kid=key.kid)
    its = select(BatchTag).where(BatchTag.batch_id == batch.id, BatchTag.kid == key.kid, BatchTag.gtin == gtin)
    found = work.session.exec(its).first()
    if found is not None:
        return found
    signed = signer.sign(key.kid, work.now, [coded(batch, gtin)])[0]
    made = BatchTag(
        batch_id=batch.id,
        kid=key.kid,
        gtin=gtin,
        signature=signed.rpartition(".")[2],
        issued_at=work.now,
        issued_by=work.actor.person_id or "",
    )
    try:
        with work.session.begin_nested():
            work.session.add(made)
    except IntegrityError:  # two who ask first at once have the same code
        return work.session.exec(its).one()
    licence = work.session.get_one(Licence, batch.licence_id).number
    told = {"batch": batch.code, "licence": licence, "kid": key.kid, "signature": made.signature}
    told |= {"gtin": gtin} if gtin else {}
    audit.record(work, "batch_tags.issue", "batch_tag", made.id, enterprise_id=batch.licensee_id, **told)
    return made


def record_print(work: Work, tag: BatchTag, *, what: str, tags: int, layout: str) -> None:
    """Note that a file of tags leaves the house; called once it is whole."""
    batch = work.session.get_one(Batch, tag.batch_id)
    work.actor.require("labels.activate", batch.licensee_id, batch.holder_id)
    told = {"batch": batch.code, "what": what, "tags": tags, "layout": layout}
    audit.record(work, "batch_tags.print", "batch_tag", tag.id, enterprise_id=batch.licensee_id, **told)
