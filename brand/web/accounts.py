"""Accounts: one's own page with tokens, and the administrator's list of people."""

from __future__ import annotations

from flask import Blueprint, request, session
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs, signed_in
from brand.edge.requests import actor, reading, writing
from brand.kernel.actors import Grant
from brand.kernel.permissions import ALL_PERMISSIONS, ENTERPRISE_BOUND, Role
from brand.queries import accounts as reads
from brand.queries import audit, enterprises, schemes
from brand.rules import places
from brand.schemas.accounts import AccountIn, EraseIn, GrantIn, TokenIn, TrailIn
from brand.services import accounts, erasures

bp = Blueprint("accounts", __name__)

#: Where a first password or a token waits, inside the signed cookie, for the one page that shows it.
SHOWN_ONCE = "shown_once"


@bp.route("/account", methods=["GET", "POST"])
@signed_in
def own() -> ResponseReturnValue:
    """One's own account: second factor, password, tokens."""
    form = Form(TokenIn(), lists=("scopes",), days="90")
    if form.posted:
        with form.catching(), writing() as work:
            _, text = accounts.issue_token(work, **form.values())
            session[SHOWN_ONCE] = text
            return back("accounts.own", "The token is ready. It is shown once: copy it now.")
    who = actor()
    with reading() as work:
        context = {
            "account": reads.own(work.session, str(who.account_id)),
            "tokens": reads.tokens_of(work.session, str(who.account_id)),
            "now": work.now,
        }
    held = sorted(one for one in ALL_PERMISSIONS if who.may(one))
    page = render("accounts/own.html", form=form, held=held, shown=session.pop(SHOWN_ONCE, None), **context)
    return page, form.status


@bp.post("/account/tokens/<token_id>/revoke")
@signed_in
def revoke_token(token_id: str) -> ResponseReturnValue:
    with writing() as work:
        accounts.revoke_token(work, token_id)
    return back("accounts.own", "The token is revoked.")


@bp.route("/accounts", methods=["GET", "POST"])
@needs("accounts.manage")
def people() -> ResponseReturnValue:
    """Everybody who may sign in, and a form for one more."""
    form = Form(AccountIn())
    if form.posted:
        with form.catching(), writing() as work:
            values = form.values()
            right = _right(values.pop("role"), values.pop("enterprise_id", None), values.pop("township_code", None))
            account, first = accounts.add(work, grants=(right,), **values)
            session[SHOWN_ONCE] = f"{account.username}　{first}"
            return back("accounts.people", "The account is ready. The first password is shown once: pass it on now.")
    with reading() as work:
        rows = reads.listing(work.session)
        parties = enterprises.names(work.session)
        counties = dict.fromkeys(one.county_code for one in schemes.schemes(work.session))
    page = render(
        "accounts/people.html",
        form=form,
        rows=rows,
        enterprises=parties,
        roles=list(Role),
        bound=ENTERPRISE_BOUND,
        townships=_townships(list(counties)),
        shown=session.pop(SHOWN_ONCE, None),
    )
    return page, form.status


def _townships(counties: list[str]) -> list[tuple[str, str]]:
    """Code and name to choose from; nothing while one of the schemes' counties has no list, and the code is typed."""
    lists = [places.townships(one) for one in counties]
    return [(one.code, one.name) for each in lists for one in each] if all(lists) else []


def _right(role: str, enterprise_id: str | None, township: str | None) -> Grant:
    return Grant(Role(role), enterprise_id, township=township)


@bp.post("/accounts/<account_id>/grant")
@needs("accounts.manage")
def grant(account_id: str) -> ResponseReturnValue:
    with writing() as work:
        values = GrantIn().take({name: text for name, text in request.form.items() if text and name != "csrf_token"})
        right = _right(values["role"], values.get("enterprise_id"), values.get("township_code"))
        accounts.give(work, account_id, right)
    return back("accounts.people", "The role is given.")


@bp.post("/accounts/grants/<grant_id>/revoke")
@needs("accounts.manage")
def revoke(grant_id: str) -> ResponseReturnValue:
    with writing() as work:
        accounts.revoke(work, grant_id)
    return back("accounts.people", "The role is taken away, at once and everywhere.")


@bp.post("/accounts/<account_id>/close")
@needs("accounts.manage")
def close(account_id: str) -> ResponseReturnValue:
    with writing() as work:
        accounts.set_active(work, account_id, active=False)
    return back("accounts.people", "The account is closed; its sign-ins and tokens ended.")


@bp.post("/accounts/<account_id>/reopen")
@needs("accounts.manage")
def reopen(account_id: str) -> ResponseReturnValue:
    with writing() as work:
        accounts.set_active(work, account_id, active=True)
    return back("accounts.people", "The account is open again.")


@bp.post("/accounts/<account_id>/reset")
@needs("accounts.manage")
def reset(account_id: str) -> ResponseReturnValue:
    with writing() as work:
        session[SHOWN_ONCE] = accounts.reset(work, account_id)
    return back("accounts.people", "A new first password is ready. It is shown once: pass it on now.")


@bp.route("/accounts/<account_id>/erase", methods=["GET", "POST"])
@needs("accounts.manage")
def erase(account_id: str) -> ResponseReturnValue:
    """What is forgotten and what stays, said before it is done for ever."""
    form = Form(EraseIn())
    if form.posted:
        with form.catching(), writing() as work:
            erasures.erase(work, account_id, **form.values())
            return back("accounts.people", "The person is forgotten.")
    with reading() as work:
        account, person = reads.behind(work.session, account_id)
    return render("accounts/erase.html", form=form, account=account, person=person), form.status


@bp.get("/audit")
@needs("audit.read")
def trail() -> ResponseReturnValue:
    """The audit trail, newest first, by object, person or action."""
    wanted = TrailIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    number = wanted.pop("page")
    with reading() as work:
        found = audit.trail(work.session, number=number, refusals=True, **wanted)
    return render("accounts/audit.html", found=found, wanted=wanted)
