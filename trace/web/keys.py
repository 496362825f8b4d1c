"""The office's page of keys: all of them with dates and states, a new one made, one retired or distrusted."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import house, reading, writing
from brand.queries import enterprises
from trace.crypto.trust import BUNDLE, REVOCATIONS
from trace.parts import parts
from trace.queries import log as log_reads
from trace.queries import trust as reads
from trace.rules.keys import BACKUP_EVERY, TURNED, EndReason
from trace.schemas.keys import EndIn, TurnIn
from trace.services import key_steps

bp = Blueprint("keys", __name__, url_prefix="/keys")


@bp.get("")
@needs("keys.read")
def index() -> ResponseReturnValue:
    return _index(Form(TurnIn()))


@bp.post("/turn")
@needs("keys.manage")
def turn() -> ResponseReturnValue:
    """A new key of a role; the old one signs no more."""
    form = Form(TurnIn())
    with form.catching():
        given = form.values()
        with writing() as work:
            signer, origin = parts().signer.keeper, house().settings.origin
            key_steps.turn(work, signer, origin, given["role"], enterprise_id=given["enterprise_id"] or None)
        return back("keys.index", "The new key signs from now on. It is in the next file of trust.")
    return _index(form)


@bp.route("/<role>/<kid>", methods=["GET", "POST"])
@needs("keys.manage")
def retire(role: str, kid: str) -> ResponseReturnValue:
    """One key and how it can end; a POST retires it."""
    form = Form(EndIn())
    if form.posted:
        with form.catching():
            given = form.values()
            with writing() as work:
                key_steps.retire(work, role, kid, reason=given["reason"])
            return back("keys.index", "The key signs no more. What it signed stays good.")
    return _one(role, kid, form)


@bp.post("/<role>/<kid>/distrust")
@needs("keys.manage")
def distrust(role: str, kid: str) -> ResponseReturnValue:
    """What the key signed counts only before a place in the log."""
    form = Form(EndIn())
    with form.catching():
        given = form.values()
        with writing() as work:
            key_steps.distrust(work, role, kid, reason=given["reason"], from_index=given["from_index"])
        return back("keys.index", "The key is distrusted. Every scan goes by it from now on.")
    return _one(role, kid, form)


def _index(form: Form) -> ResponseReturnValue:
    with reading() as work:
        rows = reads.keys(work.session)
        names = enterprises.names(work.session)
        files = [reads.newest(work.session, topic) for topic in (BUNDLE, REVOCATIONS)]
        backup, now = reads.last_backup(work.session), work.now
    known = dict(names)
    shown = render(
        "keys/index.html",
        form=form,
        rows=[one | {"holder": known.get(one.get("licensee", ""), "")} for one in rows],
        files=[one for one in files if one is not None],
        roles=[str(one) for one in TURNED],
        look=parts().guard.last,
        backup=backup,
        backup_days=(now - backup.at).days if backup is not None else None,
        old_backup=backup is None or now - backup.at > BACKUP_EVERY,
        names=names,
    )
    return shown, form.status


def _one(role: str, kid: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        found = reads.key(work.session, role, kid)
        size = log_reads.size(work.session)
    reasons = [one.value for one in EndReason if one is not EndReason.ROTATED]
    return render("keys/one.html", form=form, one=found, size=size, reasons=reasons), form.status
