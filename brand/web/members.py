"""Pages of who acts for an enterprise: its people, invitations, consents to agents, and an agent's choice."""

from __future__ import annotations

from flask import Blueprint, request, session
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, public_address, render
from brand.edge.policies import needs, public, signed_in
from brand.edge.protection import limiter
from brand.edge.requests import ACTING, actor, reading, writing
from brand.kernel.errors import unknown
from brand.queries import enterprises
from brand.queries import members as reads
from brand.rules.members import AGENT_CHOICES, INVITATION_DAYS, roles_to_invite
from brand.schemas.members import AcceptIn, AcceptOwn, ActingIn, ConsentIn, InviteIn, PageIn
from brand.services import members
from brand.web.accounts import SHOWN_ONCE

bp = Blueprint("members", __name__)


@bp.route("/enterprises/<enterprise_id>/people", methods=["GET", "POST"])
@needs("members.manage")
def people(enterprise_id: str) -> ResponseReturnValue:
    """Who acts for the enterprise, and a form to invite one more."""
    form = Form(InviteIn(), lists=("scope",))
    if form.posted:
        with form.catching(), writing() as work:
            _, secret = members.invite(work, enterprise_id, **form.values())
            session[SHOWN_ONCE] = public_address("members.invited", secret=secret)
            return back("members.people", "The link is ready. It is shown once.", enterprise_id=enterprise_id)
    with reading() as work:
        rows = reads.members(work.session, actor(), enterprise_id)
        one = enterprises.one(work.session, actor(), enterprise_id)
        waiting = reads.invitations(work.session, enterprise_id, work.now)
    page = render(
        "members/people.html",
        form=form,
        one=one,
        rows=rows,
        waiting=waiting,
        roles=roles_to_invite(one.kind),
        choices=AGENT_CHOICES,
        days=INVITATION_DAYS,
        shown=session.pop(SHOWN_ONCE, None),
    )
    return page, form.status


@bp.post("/enterprises/<enterprise_id>/people/<grant_id>/remove")
@needs("members.manage")
def remove(enterprise_id: str, grant_id: str) -> ResponseReturnValue:
    with writing() as work:
        members.remove(work, grant_id)
    return back("members.people", "Taken away, at once and everywhere.", enterprise_id=enterprise_id)


@bp.post("/enterprises/<enterprise_id>/invitations/<invitation_id>/withdraw")
@needs("members.manage")
def withdraw(enterprise_id: str, invitation_id: str) -> ResponseReturnValue:
    with writing() as work:
        members.withdraw(work, invitation_id)
    return back("members.people", "The link no longer works.", enterprise_id=enterprise_id)


@bp.route("/invited/<secret>", methods=["GET", "POST"])
@limiter.shared_limit("30/hour", scope="invited", methods=["POST"])
@public
def invited(secret: str) -> ResponseReturnValue:
    """What the invited person sees; looking uses nothing up."""
    own = actor().signed_in
    form = Form(AcceptOwn() if own else AcceptIn())
    if form.posted:
        with form.catching(), writing() as work:
            if own:
                form.values()
                members.accept_as_oneself(work, secret)
                return back("desk.show", "You may now act for the enterprise.")
            members.accept(work, secret, **form.values())
            return back("security.login", "Your account is ready: sign in.")
    with reading() as work:
        found, enterprise = reads.invitation(work.session, members.digest_of(secret), work.now)
    page = render("members/invited.html", form=form, one=found, enterprise=enterprise, own=own, secret=secret)
    return page, form.status, {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


@bp.route("/enterprises/<enterprise_id>/consents", methods=["GET", "POST"])
@needs("enterprises.read")
def consents(enterprise_id: str) -> ResponseReturnValue:
    """The agents of an enterprise and what it lets them do."""
    if not reads.may_see_agencies(actor(), enterprise_id):
        raise unknown()
    form = Form(ConsentIn(), lists=("scope",))
    if form.posted:
        with form.catching(), writing() as work:
            members.consent(work, enterprise_id, **form.values())
            return back("members.consents", "The consent holds from now on.", enterprise_id=enterprise_id)
    with reading() as work:
        one = enterprises.one(work.session, actor(), enterprise_id)
        agencies = reads.agencies(work.session, actor(), enterprise_id, work.today)
        history = reads.history(work.session, actor(), enterprise_id)
        today = work.today
    page = render(
        "members/consents.html",
        form=form,
        one=one,
        agencies=agencies,
        history=history,
        choices=AGENT_CHOICES,
        today=today,
        own=actor().may("members.manage", enterprise_id),
    )
    return page, form.status


@bp.post("/enterprises/<enterprise_id>/consents/<consent_id>/revoke")
@needs("enterprises.read")
def revoke(enterprise_id: str, consent_id: str) -> ResponseReturnValue:
    with writing() as work:
        members.revoke(work, consent_id)
    return back("members.consents", "The consent has ended, at once and everywhere.", enterprise_id=enterprise_id)


@bp.get("/enterprises/<enterprise_id>/on-behalf")
@needs("enterprises.read")
def on_behalf(enterprise_id: str) -> ResponseReturnValue:
    """What agents did for the enterprise."""
    wanted = PageIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        found = reads.on_behalf(work.session, actor(), enterprise_id, number=wanted["page"])
        one = enterprises.one(work.session, actor(), enterprise_id)
    return render("members/on_behalf.html", one=one, found=found)


@bp.route("/acting", methods=["GET", "POST"])
@signed_in
def acting() -> ResponseReturnValue:
    """A station's agent chooses whom to act for."""
    form = Form(ActingIn())
    if form.posted:
        with form.catching():
            chosen = form.values()["enterprise_id"]
            if chosen not in {one.enterprise_id for one in actor().agencies}:
                raise unknown()
            session[ACTING] = chosen
            return back("desk.show")
    with reading() as work:
        agencies = reads.own_agencies(work.session, str(actor().account_id), work.today)
    chosen = next((one.enterprise_id for one in actor().agencies if one in actor().grants), None)
    return render("members/acting.html", form=form, agencies=agencies, chosen=chosen), form.status
