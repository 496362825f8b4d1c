"""The history for everybody in plain words, and the same for the office with what it has to look after."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import render
from brand.edge.policies import needs, public
from brand.edge.requests import house, reading
from brand.kernel.work import Work
from trace.crypto import keys, notes
from trace.crypto.log_policies import Policy
from trace.crypto.notes import ED25519, Verifier
from trace.parts import parts
from trace.queries import log as reads
from trace.queries import log_status, trust

bp = Blueprint("transparency", __name__, url_prefix="/transparency")


@bp.get("")
@public
def show() -> ResponseReturnValue:
    """The current checkpoint, who vouched for it, and how to check it without us."""
    settings, policy = house().settings, _policy()
    with reading() as work:
        standing = log_status.standing(work.session, policy)
        vkeys = [_vkey(one.public_key) for one in reads.keys(work.session)]
        backup = _backup_days(work)
    root = standing.head.checkpoint.root.hex() if standing.head else ""
    return render(
        "transparency/show.html",
        standing=standing,
        root=root,
        text=notes.parse(standing.head.note).written if standing.head else "",
        vkeys=vkeys,
        policy=policy,
        needed=policy.least(),
        backup_days=backup,
        address=f"{settings.public_url.rstrip('/')}/log",
    )


@bp.get("/desk")
@needs("audit.read")
def desk() -> ResponseReturnValue:
    """What the office looks after: what waits, how witnesses answer, keys and dates, what the last monitor found."""
    policy = _policy()
    with reading() as work:
        standing = log_status.standing(work.session, policy)
        answers = log_status.answers(work.session, policy)
        rows = reads.keys(work.session)
        now, backup = work.now, trust.last_backup(work.session)
    return render(
        "transparency/desk.html",
        standing=standing,
        answers=answers,
        log_keys=rows,
        policy=policy,
        needed=policy.least(),
        backup=backup,
        backup_days=(now - backup.at).days if backup is not None else None,
        found=log_status.monitored(house().settings.data_dir),
        late=standing.waiting_since is not None and (now - standing.waiting_since).total_seconds() > 60,
    )


def _backup_days(work: Work) -> int | None:
    """How old the last backup is: whether a loss would be small is everybody's business, its name is not."""
    found = trust.last_backup(work.session)
    return (work.now - found.at).days if found is not None else None


def _policy() -> Policy:
    cosigners = parts().log.cosigners
    return cosigners.policy if cosigners is not None else Policy()


def _vkey(text: str) -> str:
    return Verifier(house().settings.origin, ED25519, keys.public_key(text)).text
