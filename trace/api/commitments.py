"""Commitment certificates over the API: issued, replaced, withdrawn, sellers' papers taken, and one for everybody."""

from __future__ import annotations

from typing import Any

from flask import Response

from brand.edge.api import Blueprint, creates
from brand.edge.files import saved, uploaded
from brand.edge.policies import needs, public
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.paging import Page
from brand.kernel.uploads import ENDINGS
from brand.kernel.work import Work
from trace.models.commitments import Commitment, CommitmentTaken
from trace.queries import commitments as reads
from trace.schemas.commitments import (
    CommitmentIn,
    CommitmentOut,
    CommitmentPageOut,
    CommitmentPublicOut,
    CommitmentReplaceIn,
    CommitmentsIn,
    CommitmentsTakenOut,
    CommitmentTakenIn,
    CommitmentTakenOut,
    CommitmentWithdrawIn,
)
from trace.services import commitments
from trace.services.commitments import Said

blp = Blueprint("api_commitments", __name__, url_prefix="/api/v1", description="Commitment certificates")
csrf.exempt(blp)


@blp.route("/commitments", methods=["GET"])
@blp.arguments(CommitmentsIn, location="query")
@blp.response(200, CommitmentPageOut)
@needs("batches.read")
def index(wanted: dict[str, Any]) -> Page[Commitment]:
    """Certificates within reach, newest first."""
    number = wanted.pop("page")
    with reading() as work:
        found = reads.listing(work.session, actor(), number=number, **wanted)
    return Page([one.commitment for one in found.rows], found.number, found.size, found.total)


@blp.route("/batches/<batch_id>/commitments", methods=["POST"])
@blp.arguments(CommitmentIn)
@blp.response(201, CommitmentOut)
@creates(CommitmentOut)
@needs("commitments.issue")
def issue(work: Work, values: dict[str, Any], batch_id: str) -> Commitment:
    """The certificate of a batch; what the words rest on is computed from the goods."""
    return commitments.issue(work, batch_id, Said(**values))


@blp.route("/commitments/<number>", methods=["GET"])
@blp.response(200, CommitmentOut)
@needs("batches.read")
def show(number: str) -> Commitment:
    with reading() as work:
        return reads.find(work.session, actor(), number).commitment


@blp.route("/commitments/<number>/replace", methods=["POST"])
@blp.arguments(CommitmentReplaceIn)
@blp.response(201, CommitmentOut)
@creates(CommitmentOut)
@needs("commitments.issue")
def replace(work: Work, values: dict[str, Any], number: str) -> Commitment:
    """A new certificate for the same batch in place of this one."""
    version = values.pop("version")
    return commitments.replace(work, number, Said(**values), version=version)


@blp.route("/commitments/<number>/withdraw", methods=["POST"])
@blp.arguments(CommitmentWithdrawIn)
@blp.response(200, CommitmentOut)
@creates(CommitmentOut, status=200)
@needs("commitments.issue")
def withdraw(work: Work, values: dict[str, Any], number: str) -> Commitment:
    """The party takes its word back and says why."""
    return commitments.withdraw(work, number, **values)


@blp.route("/batches/<batch_id>/commitments/taken", methods=["GET"])
@blp.response(200, CommitmentsTakenOut)
@needs("batches.read")
def taken(batch_id: str) -> dict[str, Any]:
    """Papers taken from sellers for a batch."""
    with reading() as work:
        return {"rows": reads.taken_of(work.session, actor(), batch_id)}


@blp.route("/batches/<batch_id>/commitments/taken", methods=["POST"])
@blp.arguments(CommitmentTakenIn, location="form")
@blp.response(201, CommitmentTakenOut)
@needs("commitments.issue")
def take(values: dict[str, Any], batch_id: str) -> CommitmentTaken:
    """One paper as multipart/form-data with the part ``file``; the same bytes twice answer ``materials.twice``."""
    upload = uploaded()
    with writing() as work:
        return commitments.take(work, batch_id, upload=upload, **values)


@blp.route("/commitments/taken/<taken_id>", methods=["GET"])
@needs("batches.read")
def save(taken_id: str) -> Response:
    """The bytes of one paper, as an attachment."""
    with reading() as work:
        one = reads.taken(work.session, actor(), taken_id)
    return saved(one.content, f"{one.id}.{ENDINGS[one.media_type]}", one.media_type)


@blp.route("/public/commitments/<code>", methods=["GET"])
@blp.response(200, CommitmentPublicOut)
@public
def everybody(code: str) -> dict[str, Any]:
    """A certificate by the code in its symbol, for anybody's program: its words, the contact left out.

    ``sha256`` is that of ``words`` as JSON with sorted keys and no spaces; of a household the party is left out.
    """
    with reading() as work:
        return reads.data(reads.public(work.session, code))
