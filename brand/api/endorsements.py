"""Endorsements and designation marks over the API; what was issued is open to everybody."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs, public
from brand.edge.protection import csrf
from brand.edge.requests import actor, batch_register, reading, statement_signer, writing
from brand.kernel.work import Work
from brand.models.endorsements import Designation
from brand.queries import endorsements as reads
from brand.queries.endorsements import Statement
from brand.schemas.endorsements import (
    DesignationIn,
    DesignationOut,
    DropDraftIn,
    EndDesignationIn,
    EndorsementIn,
    EndorsementOut,
    IssueIn,
    RevokeIn,
)
from brand.services import endorsements

blp = Blueprint("api_endorsements", __name__, url_prefix="/api/v1", description="Endorsements and designation marks")
csrf.exempt(blp)


@blp.route("/endorsements", methods=["POST"])
@blp.arguments(EndorsementIn)
@blp.response(201, EndorsementOut)
@creates(EndorsementOut)
@needs("endorsements.write")
def write(work: Work, values: dict[str, Any]) -> Statement:
    """Write a draft; another person issues it."""
    made = endorsements.write(work, knows=batch_register(), **values)
    return reads.find(work.session, work.actor, made.number, work.today)


@blp.route("/endorsements/<number>", methods=["GET"])
@blp.response(200, EndorsementOut)
@public
def show(number: str) -> Statement:
    """One endorsement by its number; drafts only for those who write or issue."""
    with reading() as work:
        return reads.find(work.session, actor(), number, work.today)


@blp.route("/endorsements/<number>/issue", methods=["POST"])
@blp.arguments(IssueIn)
@blp.response(200, EndorsementOut)
@needs("endorsements.issue")
def issue(values: dict[str, Any], number: str) -> Statement:
    """The second person's yes to the words with this digest."""
    return _step(number, "issue", values)


@blp.route("/endorsements/<number>/drop", methods=["POST"])
@blp.arguments(DropDraftIn)
@blp.response(200, EndorsementOut)
@needs("endorsements.write")
def drop(values: dict[str, Any], number: str) -> Statement:
    """Give a draft up."""
    return _step(number, "drop", values)


@blp.route("/endorsements/<number>/revoke", methods=["POST"])
@blp.arguments(RevokeIn)
@blp.response(200, EndorsementOut)
@needs("endorsements.issue")
def revoke(values: dict[str, Any], number: str) -> Statement:
    """Take an endorsement back; consumers no longer read it from then on."""
    return _step(number, "revoke", values)


def _step(number: str, action: str, values: dict[str, Any]) -> Statement:
    with writing() as work:
        endorsements.step(work, number, action, **values, signer=statement_signer())
        return reads.find(work.session, actor(), number, work.today)


@blp.route("/enterprises/<enterprise_id>/designations", methods=["POST"])
@blp.arguments(DesignationIn)
@blp.response(201, DesignationOut)
@creates(DesignationOut)
@needs("designations.manage")
def designate(work: Work, values: dict[str, Any], enterprise_id: str) -> Designation:
    """Record a mark another authority granted."""
    return endorsements.designate(work, enterprise_id, **values)


@blp.route("/designations/<designation_id>/end", methods=["POST"])
@blp.arguments(EndDesignationIn)
@blp.response(200, DesignationOut)
@needs("designations.manage")
def end(values: dict[str, Any], designation_id: str) -> Designation:
    """Take a mark back."""
    with writing() as work:
        return endorsements.end_designation(work, designation_id, **values)
