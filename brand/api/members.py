"""Who acts for an enterprise, over the API: invitations, consents, and what was done on its behalf."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.pages import public_address
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.audit import AuditEntry
from brand.kernel.paging import Page
from brand.kernel.work import Work
from brand.models.members import Consent
from brand.queries import members as reads
from brand.schemas.members import ConsentIn, ConsentOut, DonePageOut, InvitationOut, InviteIn, PageIn
from brand.services import members

blp = Blueprint("api_members", __name__, url_prefix="/api/v1", description="Who acts for an enterprise")
csrf.exempt(blp)


@blp.route("/enterprises/<enterprise_id>/invitations", methods=["POST"])
@blp.arguments(InviteIn)
@blp.response(201, InvitationOut)
@needs("members.manage")
def invite(values: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """A link for one person and one use. Not repeatable: the link is not kept, so a repeated call makes another."""
    with writing() as work:
        made, secret = members.invite(work, enterprise_id, **values)
        return made.model_dump() | {"link": public_address("members.invited", secret=secret)}


@blp.route("/enterprises/<enterprise_id>/consents", methods=["GET"])
@blp.response(200, ConsentOut(many=True))
@needs("enterprises.read")
def consents(enterprise_id: str) -> list[Consent]:
    """Every consent the enterprise gave, newest first."""
    with reading() as work:
        return [one for one, _ in reads.history(work.session, actor(), enterprise_id)]


@blp.route("/enterprises/<enterprise_id>/consents", methods=["POST"])
@blp.arguments(ConsentIn)
@blp.response(201, ConsentOut)
@creates(ConsentOut)
@needs("enterprises.read")
def consent(work: Work, values: dict[str, Any], enterprise_id: str) -> Consent:
    """Let a station's agent act for the enterprise."""
    return members.consent(work, enterprise_id, **values)


@blp.route("/consents/<consent_id>/revoke", methods=["POST"])
@blp.response(200, ConsentOut)
@needs("enterprises.read")
def revoke(consent_id: str) -> Consent:
    """End a consent at once."""
    with writing() as work:
        return members.revoke(work, consent_id)


@blp.route("/enterprises/<enterprise_id>/on-behalf", methods=["GET"])
@blp.arguments(PageIn, location="query")
@blp.response(200, DonePageOut)
@needs("enterprises.read")
def on_behalf(values: dict[str, Any], enterprise_id: str) -> Page[AuditEntry]:
    """What agents did for the enterprise, newest first."""
    with reading() as work:
        return reads.on_behalf(work.session, actor(), enterprise_id, number=values["page"])
