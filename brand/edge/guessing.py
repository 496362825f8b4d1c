"""How often a password or a one-time code may be tried: from one address, and against one account from anywhere.

Source: NIST SP 800-63B, «Rate Limiting (Throttling)»: no more than 100 failed attempts in a row against one account.
Against an account only failures count, so that nobody is shut out by signing in often.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request, session
from flask_limiter.util import get_remote_address

from brand.edge.protection import limiter
from brand.edge.requests import actor, house
from brand.queries import accounts

PER_ADDRESS = "20/minute;200/hour"
PER_ACCOUNT = "10/15 minutes;100/day"


def init(app: Flask) -> None:
    """Limit the library's pages that test a secret; signed-in people's apart, so that no stranger uses theirs up."""
    _limit(app, "login", "sign-in", _typed_account)
    for endpoint in ("two_factor_token_validation", "mf_recovery"):
        _limit(app, endpoint, "second-factor", _half_signed_in)
    for endpoint in ("verify", "change_password"):
        _limit(app, endpoint, "own-password", _own_account)


def _limit(app: Flask, endpoint: str, scope: str, account: Callable[[], str]) -> None:
    name = f"security.{endpoint}"
    by_account: Any = limiter.shared_limit(
        PER_ACCOUNT, scope=scope, key_func=account, methods=["POST"], deduct_when=_failed
    )
    by_address: Any = limiter.limit(PER_ADDRESS, methods=["POST"])
    app.view_functions[name] = by_address(by_account(app.view_functions[name]))


def _failed(response: Response) -> bool:
    """The library answers success with a redirect and shows the form again otherwise."""
    return not 300 <= response.status_code < 400


def _typed_account() -> str:
    """User name and telephone lead to one account; what leads to none counts under itself."""
    typed = request.form.get("identity", "").strip()
    with house().database.reading() as database_session:
        found = accounts.find(database_session, username=typed.lower()) or accounts.find(database_session, phone=typed)
    return found.id if found else hashlib.sha256(typed.lower().encode("utf-8", "replace")).hexdigest()


def _half_signed_in() -> str:
    """Whose password was right already, in whatever browser; or who is adding a second factor."""
    with house().database.reading() as database_session:
        found = accounts.find(database_session, fs_uniquifier=session.get("tf_user_id", ""))
    return found.id if found else _own_account()


def _own_account() -> str:
    return actor().account_id or get_remote_address()
