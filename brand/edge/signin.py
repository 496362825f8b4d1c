"""Sign-in by Flask-Security: user name or telephone and password, a second factor for those who decide.

The library works on a snapshot of the account and never sees our transactions: what it changes is written back by one
short transaction of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from flask import Flask, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_login import user_logged_out
from flask_security import (
    LoginForm,
    RoleMixin,
    Security,
    UserDatastore,
    UserMixin,
    password_changed,
    user_authenticated,
)
from flask_security.totp import Totp
from werkzeug.exceptions import UnsupportedMediaType
from wtforms import StringField
from wtforms.validators import InputRequired

from brand.edge import guessing
from brand.edge.languages import language, say
from brand.edge.requests import CAPTURES, SEEN, SIGN_IN, actor, house, is_api, request_id
from brand.kernel import clock
from brand.kernel.actors import ANONYMOUS
from brand.kernel.errors import Fault, conflict, invalid
from brand.kernel.passwords import LONGEST, SHORTEST
from brand.kernel.permissions import DECIDING
from brand.kernel.settings import Settings
from brand.kernel.work import Work
from brand.models.accounts import Account
from brand.queries import accounts as reading_accounts
from brand.services import accounts


@dataclass(eq=False)
class Visitor(UserMixin):
    """An account as the sign-in library sees it."""

    id: str = ""  # type: ignore[assignment]
    username: str = ""
    password: str = ""
    active: bool = False
    fs_uniquifier: str = ""
    tf_primary_method: str | None = None
    tf_totp_secret: str | None = None
    tf_last_counter: int | None = None
    mf_recovery_codes: list[str] | None = None
    decides: bool = False
    must_change_password: bool = False
    tf_phone_number: str | None = None
    email: str | None = None  # type: ignore[assignment]
    #: The columns the library may change, as they were when this snapshot was taken.
    as_read: dict[str, Any] = field(default_factory=dict)

    @property
    def roles(self) -> list[Any]:  # type: ignore[override]
        """Rights live in our permission table; the library's own roles stay empty."""
        return []

    def get_auth_token(self) -> str:
        """The library's own tokens are not ours: they have no scope, no end and no list."""
        return ""

    def calc_username(self) -> str:
        return self.username

    def check_tf_required(self, methods: Any, _fresh: bool) -> tuple[bool, Any]:
        return self.decides or bool(methods), methods

    def check_tf_required_setup(self) -> bool:
        return self.decides

    def track_failed_authn(self, auth_type: str, tfa: bool = False) -> None:
        _record("accounts.sign_in_failed", self.id, factor="second" if tfa else auth_type)


class NoRole(RoleMixin):
    """The library wants a class; we keep no roles there."""


#: Passwords are hashed, so their length costs; other fields are an address to go on to at most.
_LONGEST = dict.fromkeys(("password", "new_password", "new_password_confirm"), LONGEST)
_LONGEST_OTHER = 2_000

_KEPT = {
    "password",
    "fs_uniquifier",
    "tf_primary_method",
    "tf_totp_secret",
    "tf_last_counter",
    "mf_recovery_codes",
}


class Snapshots(UserDatastore):
    """Finds accounts for the library and writes its few columns back."""

    def find_user(self, case_insensitive: bool = False, **equal: Any) -> Visitor | None:
        with house().database.reading() as database_session:
            account = reading_accounts.find(database_session, **equal)
            if account is None:
                return None
            decides = any(one.role in DECIDING for one in reading_accounts.grants_of(database_session, account.id))
        values = {one.name: getattr(account, one.name) for one in fields(Visitor) if hasattr(Account, one.name)}
        visitor = Visitor(**values, decides=decides)
        visitor.as_read = {name: values[name] for name in _KEPT}
        return visitor

    def find_role(self, role: str) -> None:
        return None

    def put(self, model: Visitor) -> Visitor:
        """Write back what the library changed, unless somebody else changed it since the snapshot was taken.

        A one-time code used twice at the same moment, or a password changed while an administrator resets it, must not
        both count. Raises ``accounts.changed_meanwhile``.
        """
        changed = {name: getattr(model, name) for name in _KEPT if getattr(model, name) != model.as_read[name]}
        with house().database.writing(hurried=True) as database_session:
            account = database_session.get(Account, model.id, with_for_update=True)
            if account is None or any(getattr(account, name) != model.as_read[name] for name in changed):
                raise conflict("accounts.changed_meanwhile")
            for name, value in changed.items():
                setattr(account, name, value)
        model.as_read |= changed
        return model

    def commit(self) -> None:
        """Every ``put`` was its own transaction."""


class OnceOnly(Totp):
    """Time-based codes that count once."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        counter: int | None = getattr(user, "tf_last_counter", None)
        return counter

    def set_last_counter(self, user: UserMixin, tmatch: Any) -> None:
        if isinstance(user, Visitor):
            user.tf_last_counter = tmatch.counter
            house_store().put(user)


class IdentityForm(LoginForm):
    """One field for user name or telephone; one answer for every failure."""

    email = None
    identity = StringField("identity", validators=[InputRequired()])

    def validate(self, **kwargs: Any) -> bool:
        self.ifield = self.identity
        typed = (self.identity.data or "").strip()
        self.user = house_store().find_user(username=typed.lower()) or house_store().find_user(phone=typed)
        valid: bool = super().validate(**kwargs)
        if not valid:
            self.identity.errors = [say("accounts.sign_in_failed")]
            self.password.errors = []
        return valid


def house_store() -> Snapshots:
    from flask import current_app

    found: Snapshots = current_app.extensions["security"].datastore
    return found


def init(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_PASSWORD_LENGTH_MIN=SHORTEST,
        SECURITY_PASSWORD_NORMALIZE_FORM="NFKC",  # noqa: S106
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"username": {"mapper": lambda typed: typed}}],
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_CHANGE_URL="/password",
        SECURITY_VERIFY_URL="/sign-in/again",
        SECURITY_TWO_FACTOR_SETUP_URL="/second-factor",
        SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL="/second-factor/code",  # noqa: S106
        SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL="/second-factor/recovery-codes",
        SECURITY_MULTI_FACTOR_RECOVERY_URL="/second-factor/recovery",
        SECURITY_POST_LOGIN_VIEW="/desk",
        SECURITY_POST_LOGOUT_VIEW="/",
        SECURITY_POST_CHANGE_VIEW="/desk",
        SECURITY_TWO_FACTOR_POST_SETUP_VIEW="/account",
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_CHANGEABLE=True,
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_TWO_FACTOR=True,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
        SECURITY_TWO_FACTOR_RESCUE_EMAIL=False,
        SECURITY_MULTI_FACTOR_RECOVERY_CODES=True,
        SECURITY_TOTP_SECRETS={"1": settings.secret("totp")},
        SECURITY_TOTP_ISSUER="BrandTrace",
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_STATIC_FOLDER=None,
    )
    Babel(app, locale_selector=lambda: "zh_Hans_CN" if language() == "zh" else "en")
    app.before_request(_check_sign_in)
    app.before_request(_check_typed)
    security = Security(app, Snapshots(Visitor, NoRole), login_form=IdentityForm, totp_cls=OnceOnly)
    security.want_json(lambda _request: False)
    # Bearer tokens of the API are read in ``edge/requests.py``; the library must not let its own kind in.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    guessing.init(app)
    # Rescue by letter to the operator needs mail; recovery codes and an administrator's reset serve instead.
    app.view_functions["security.two_factor_rescue"] = lambda: redirect(url_for("security.mf_recovery"))
    user_authenticated.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)
    password_changed.connect(_password_changed, app)


def _check_sign_in() -> ResponseReturnValue | None:
    """A cookie whose sign-in has ended is emptied; a first password must be replaced before anything else."""
    if is_api() or not session.get(SIGN_IN):
        return None
    if not actor().signed_in:
        session.clear()
        return None
    allowed = {"security.change_password", "security.logout", "static"}
    if session.get("must_change_password") and request.endpoint not in allowed:
        return redirect(url_for("security.change_password"))
    return None


def _check_typed() -> None:
    """The library's pages take forms, of fields no longer than its hashing bears, without what no database holds."""
    if request.method != "POST" or not (request.endpoint or "").startswith("security."):
        return
    if request.is_json:
        raise UnsupportedMediaType
    for name, text in request.form.items(multi=True):
        if "\0" in text or len(text) > _LONGEST.get(name, _LONGEST_OTHER):
            raise invalid("input.invalid", faults=[Fault("input.not_accepted", f"/{name}")])


def _signed_in(_app: Flask, user: Visitor, **_extra: object) -> None:
    """A new sign-in gets a new id; whatever the cookie carried before is worth nothing."""
    now = clock.now()
    with house().database.writing(hurried=True) as database_session:
        work = Work(database_session, ANONYMOUS, now, "web", request_id())
        row = accounts.open_sign_in(work, user.id)
    session[SIGN_IN], session[SEEN] = row.id, now.timestamp()
    session["must_change_password"] = user.must_change_password
    session.pop(CAPTURES, None)


def _signed_out(_app: Flask, **_extra: object) -> None:
    ended = session.pop(SIGN_IN, None)
    session.pop(CAPTURES, None)
    if ended:
        with house().database.writing(hurried=True) as database_session:
            accounts.close_sign_in(Work(database_session, actor(), clock.now(), "web", request_id()), ended)


def _password_changed(_app: Flask, user: Visitor, **_extra: object) -> None:
    """Other sign-ins and all tokens of the account end with the old password."""
    with house().database.writing(hurried=True) as database_session:
        work = Work(database_session, ANONYMOUS, clock.now(), "web", request_id())
        accounts.password_changed(work, user.id, keep=session.get(SIGN_IN))
    session["must_change_password"] = False


def _record(action: str, account_id: str, **detail: str) -> None:
    with house().database.writing(hurried=True) as database_session:
        accounts.note(Work(database_session, ANONYMOUS, clock.now(), "web", request_id()), action, account_id, **detail)
