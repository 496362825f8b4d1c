"""Signs the code of a case or pallet for its labels, once a key, and tells the log of it."""

from __future__ import annotations

from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.errors import refused, unknown
from brand.kernel.work import Work
from trace.crypto.code_profiles import ContainerCode
from trace.models.batches import Batch
from trace.models.container_tags import ContainerTag
from trace.models.containers import Container
from trace.queries import containers as reads
from trace.queries.lineage import portions
from trace.rules.containers import ContainerState, barred
from trace.services.signed_once import signed_once
from trace.services.signer import LabelSigner


def issue(work: Work, signer: LabelSigner, code: str) -> ContainerTag:
    """The signed code of a case or pallet under its packer's present key; asked for again it is the same.

    It costs no allowance: what it says is the page of the container. Raises ``containers.ended``,
    ``container_tags.no_brand`` where anything in it carries no licence or was taken back, ``label_stops.stopped`` and
    the refusals of the keys.
    """
    one = _within_reach(work, code)
    if one.state != ContainerState.PACKED:
        raise barred("containers.ended", "/code", {"code": code, "state": f"containers.state.{one.state}"})
    its, owner, licences = ContainerCode(one.code), one.maker_id, _licences(work, one)
    tag, fresh = signed_once(work, signer, ContainerTag, its, owner=owner, licences=licences, container_id=one.id)
    if fresh:
        told = {"code": one.code, "kid": tag.kid, "signature": tag.signature}
        audit.record(work, "container_tags.issue", "container_tag", tag.id, enterprise_id=owner, **told)
    return tag


def record_print(work: Work, tag: ContainerTag, *, labels: int, layout: str) -> None:
    """Note that a file of labels leaves the house; called once it is whole."""
    one = _within_reach(work, work.session.get_one(Container, tag.container_id).code)
    told = {"code": one.code, "labels": labels, "layout": layout}
    audit.record(work, "container_tags.print", "container_tag", tag.id, enterprise_id=one.maker_id, **told)


def _within_reach(work: Work, code: str) -> Container:
    one = work.session.exec(select(Container).where(Container.code == code)).first()
    if one is None:
        raise unknown()
    work.actor.require("flows.record", one.maker_id, one.holder_id)
    return one


def _licences(work: Work, one: Container) -> set[str]:
    """The licences of everything in it, in no order; the brand stands on a label only where all of it bears it."""
    found: set[str] = set()
    for some in portions(reads.packed_with(work.session, one).batch_ids):
        for batch in work.session.exec(select(Batch).where(col(Batch.id).in_(some))):
            if batch.licence_id is None or batch.withdrawn:
                raise refused("container_tags.no_brand", lot=batch.lot)
            found.add(batch.licence_id)
    return found
