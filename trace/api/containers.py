"""Cases and pallets over the API: pack, look into, open, take out of the books; packs that leave; cases of a batch."""

from __future__ import annotations

from typing import Any

from flask import Response

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, house, reading, writing
from brand.kernel.paging import Page
from brand.kernel.work import Work
from trace.crypto.readings import read_all
from trace.formats.label_files import printing
from trace.models.flows import Operation
from trace.parts import parts
from trace.queries import batches, custody
from trace.queries import container_tags as tag_reads
from trace.queries import containers as reads
from trace.queries.containers import Entry
from trace.schemas.container_tags import ContainerTagsIn
from trace.schemas.containers import (
    CasesIn,
    ContainerIn,
    ContainerLeavingIn,
    ContainerOut,
    ContainerPageOut,
    ContainersIn,
    ContainerStepIn,
    PacksLeavingIn,
    WholeContainerOut,
)
from trace.schemas.custody import HandsOut
from trace.schemas.flows import OperationOut
from trace.schemas.labels import CHOICES
from trace.services import container_tags, containers, leaving, seats
from trace.services.container_labels import Range
from trace.services.containers import Filling, counted

blp = Blueprint("api_containers", __name__, url_prefix="/api/v1", description="Cases and pallets")
csrf.exempt(blp)


@blp.route("/containers", methods=["GET"])
@blp.arguments(ContainersIn, location="query")
@blp.response(200, ContainerPageOut)
@needs("batches.read")
def index(wanted: dict[str, Any]) -> Page[Entry]:
    """Cases and pallets within reach, newest first."""
    with reading() as work:
        return reads.listing(work.session, actor(), state=wanted["state"], number=wanted["page"], size=wanted["size"])


@blp.route("/enterprises/<enterprise_id>/containers", methods=["POST"])
@blp.arguments(ContainerIn)
@blp.response(201, WholeContainerOut)
@creates(WholeContainerOut)
@needs("flows.record")
def pack(work: Work, given: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """Pack a case or a pallet; its code is free to be written on it."""
    filling = Filling(
        counted(given["packs"]),
        read_all(given["codes"], parts().hosts),
        [Range(**one) for one in given["ranges"]],
        {one["batch_id"]: one["kg"] for one in given["loose"]},
        given["cases"],
    )
    with seats.here(work, enterprise_id, given["place_id"]):
        made = containers.pack(work, enterprise_id, given["kind"], filling)
    return _whole(work, made.code)


@blp.route("/containers/<code>", methods=["GET"])
@blp.response(200, WholeContainerOut)
@needs("batches.read")
def show(code: str) -> dict[str, Any]:
    """One container with all that was put into it."""
    with reading() as work:
        return _whole(work, code)


@blp.route("/containers/<code>/tags", methods=["POST"])
@blp.arguments(ContainerTagsIn)
@blp.response(200, content_type="application/pdf", description="The file asked for; its media type is that of its kind")
@needs("flows.record")
def tags(given: dict[str, Any], code: str) -> Response:
    """Labels with the signed code of a case or pallet; it is signed once a key, every call is on record."""
    wanted = printing(**{one: given[one] for one in CHOICES})
    with writing() as work:
        tag = container_tags.issue(work, parts().signer, code)
    with reading() as work:
        url = house().settings.public_url
        file = tag_reads.file(work.session, tag, wanted, url, copies=given["copies"], today=work.today)
    with writing() as work:
        container_tags.record_print(work, tag, labels=given["copies"], layout=wanted.name)
    return Response(file, mimetype=wanted.media_type)


@blp.route("/enterprises/<enterprise_id>/containers/<code>/unpack", methods=["POST"])
@blp.arguments(ContainerStepIn)
@blp.response(200, WholeContainerOut)
@needs("flows.record")
def unpack(given: dict[str, Any], enterprise_id: str, code: str) -> dict[str, Any]:
    """Open it: everything comes out."""
    with writing() as work:
        with seats.here(work, enterprise_id, given.pop("place_id")):
            containers.unpack(work, enterprise_id, code, **given)
        return _whole(work, code)


@blp.route("/enterprises/<enterprise_id>/containers/<code>/take-off", methods=["POST"])
@blp.arguments(CasesIn)
@blp.response(200, WholeContainerOut)
@needs("flows.record")
def take_off(given: dict[str, Any], enterprise_id: str, code: str) -> dict[str, Any]:
    """Some cases come off a pallet; one nothing is left on is opened with that."""
    with writing() as work:
        with seats.here(work, enterprise_id, given.pop("place_id")):
            containers.take_off(work, enterprise_id, code, **given)
        return _whole(work, code)


@blp.route("/enterprises/<enterprise_id>/containers/<code>/put-on", methods=["POST"])
@blp.arguments(CasesIn)
@blp.response(200, WholeContainerOut)
@needs("flows.record")
def put_on(given: dict[str, Any], enterprise_id: str, code: str) -> dict[str, Any]:
    """Further cases go onto a pallet that has not been sent, sold or opened."""
    with writing() as work:
        with seats.here(work, enterprise_id, given.pop("place_id")):
            containers.put_on(work, enterprise_id, code, **given)
        return _whole(work, code)


@blp.route("/containers/<code>/custody", methods=["GET"])
@blp.response(200, HandsOut)
@needs("batches.read")
def hands(code: str) -> dict[str, Any]:
    """Who had a case or pallet from when until when, alone or on its pallet, under which seal."""
    with reading() as work:
        one = reads.find(work.session, actor(), code).container
        return {"rows": custody.of_container(work.session, actor(), one)}


@blp.route("/enterprises/<enterprise_id>/containers/<code>/leave", methods=["POST"])
@blp.arguments(ContainerLeavingIn)
@blp.response(200, WholeContainerOut)
@needs("flows.record")
def leave(given: dict[str, Any], enterprise_id: str, code: str) -> dict[str, Any]:
    """Sold, destroyed or lost with everything in it."""
    with writing() as work:
        with seats.here(work, enterprise_id, given.pop("place_id")):
            leaving.container_out(work, enterprise_id, code, given.pop("kind"), given.pop("day"), **given)
        return _whole(work, code)


@blp.route("/enterprises/<enterprise_id>/batches/<batch_id>/packs/leave", methods=["POST"])
@blp.arguments(PacksLeavingIn)
@blp.response(201, OperationOut)
@creates(OperationOut)
@needs("flows.record")
def packs_leave(work: Work, given: dict[str, Any], enterprise_id: str, batch_id: str) -> Operation:
    """Packs leave the books: sold, destroyed or lost."""
    packs = counted(given.pop("packs"))
    with seats.here(work, enterprise_id, given.pop("place_id")):
        return leaving.packs_out(work, enterprise_id, batch_id, given.pop("kind"), packs, given.pop("day"), **given)


@blp.route("/batches/<batch_id>/containers", methods=["GET"])
@blp.response(200, ContainerOut(many=True))
@needs("batches.read")
def of_batch(batch_id: str) -> list[Entry]:
    """Forward from a batch: every case it was ever put into."""
    with reading() as work:
        return reads.of_batch(work.session, batches.find(work.session, actor(), batch_id).batch.id)


def _whole(work: Work, code: str) -> dict[str, Any]:
    entry = reads.find(work.session, work.actor, code)
    inside = reads.contents(work.session, [entry.container])
    return {
        "container": entry,
        "cases": [one.code for one in inside.cases],
        "packed": inside.packed,
        "labels": reads.labels(work.session, entry.container.id),
        "loose": [batch for _, batch in inside.loose],
    }
