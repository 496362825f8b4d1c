"""What page doors share: rendering with the person's frame, forms that keep what was typed, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import Flask, flash, get_flashed_messages, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from brand.edge import mistakes, refusals
from brand.edge.languages import explain, language, say
from brand.edge.problems import STATUS
from brand.edge.requests import CAPTURES, SIGN_IN, actor, house
from brand.kernel.actors import Grant
from brand.kernel.clock import local
from brand.kernel.errors import AppError, Kind
from brand.rules.places import township_name
from brand.schemas.shape import Shape

#: Refusals that belong on the form the person is looking at; anything else gets a page of its own.
_ON_THE_FORM = {Kind.INVALID, Kind.CONFLICT, Kind.QUOTA_EXCEEDED, Kind.REFUSED, Kind.UNAVAILABLE}

#: What the frame around every page is told, in names a page does not use for its own.
_FRAME = frozenset(
    {
        "lang",
        "languages",
        "settings",
        "actor",
        "messages",
        "whoever",
        "acting_for",
        "choose_acting_href",
        "nav",
        "captures",
    }
)


@dataclass(frozen=True)
class NavItem:
    """One entry of the side navigation; shown to holders of the permission (None: to everybody signed in)."""

    label: str
    endpoint: str
    icon: str
    permission: str | None = None


def init(app: Flask, navigation: list[NavItem]) -> None:
    """Filters and globals for every template, and the staff navigation of the whole service."""
    app.jinja_env.autoescape = True
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(day=day, moment=moment, kg=kg, number=number, named=named)
    app.jinja_env.globals.update(csrf_token=generate_csrf)

    @app.context_processor
    def _frame() -> dict[str, Any]:
        frame = {"lang": language(), "languages": _languages(), "settings": house().settings, "actor": None}
        if session.get(SIGN_IN):
            frame |= {"messages": get_flashed_messages(with_categories=True)} | _person(navigation)
        return frame


def _person(navigation: list[NavItem]) -> dict[str, Any]:
    """What the staff frame shows of the one who is signed in."""
    who = actor()
    here = (request.endpoint or "").partition(".")[0]
    return {
        "actor": who,
        "whoever": {
            "name": who.name,
            "role": "、".join(say(f"role.{one}") for one in sorted(who.roles)),
            "seat": "、".join(sorted({_seat(one) for one in who.grants} - {""})),
        },
        "acting_for": "、".join(sorted(one.enterprise for one in who.grants if who.acts_for(one.enterprise_id))),
        "choose_acting_href": url_for("members.acting") if len(who.agencies) > 1 else None,
        "captures": " ".join(f"{call}.{at}" for call, at in session.get(CAPTURES, ())),
        "nav": [
            (say(one.label), url_for(one.endpoint), one.endpoint.partition(".")[0] == here, one.icon)
            for one in navigation
            if one.permission is None or who.may(one.permission)
        ],
    }


def _seat(grant: Grant) -> str:
    """For whom a hat is worn: an enterprise, or a township and not each enterprise seated there."""
    return grant.enterprise if grant.township is None else township_name(grant.township)


def _languages() -> list[dict[str, Any]]:
    """This very page in each language."""
    kept = {name: value for name, value in request.args.items(multi=True) if name != "lang"}
    return [
        {
            "code": tag,
            "name": name,
            "current": code == language(),
            "href": f"{request.path}?{urlencode({**kept, 'lang': code})}",
        }
        for code, tag, name in (("zh", "zh-CN", "中文"), ("en", "en", "EN"))
    ]


def render(template: str, /, **context: Any) -> str:
    """The page. What the frame around it is told stands in names no page may use for its own: that is a mistake.

    The list of mistakes over a form names their fields.
    """
    taken = _FRAME & context.keys()
    if taken:
        raise ValueError(f"{template} uses names of the frame: {', '.join(sorted(taken))}")
    return mistakes.named(render_template(template, **context))


def back(endpoint: str, message: str = "", /, **values: Any) -> ResponseReturnValue:
    """Redirect after a successful POST, with a short word about what happened."""
    if message:
        flash(say(message), "success")
    return redirect(url_for(endpoint, **values), code=303)


def public_address(endpoint: str, **values: Any) -> str:
    """A whole address of ours to hand out; made from the setting, never from the request."""
    return house().settings.public_url.rstrip("/") + url_for(endpoint, **values)


class Form:
    """A page's form: what was typed, what is wrong with it, and its values once they are right.

    A page handles GET and POST in one function::

        form = Form(JoinIn())
        if form.posted:
            with form.catching(), writing() as work:
                ...
                return back("enterprises.joined")
        return render("...", form=form), form.status
    """

    def __init__(self, shape: Shape, *, lists: tuple[str, ...] = (), **initial: Any) -> None:
        self._shape = shape
        self._lists = lists
        self._initial = initial
        self.error: AppError | None = None

    @property
    def posted(self) -> bool:
        return request.method == "POST"

    def values(self) -> dict[str, Any]:
        """The checked values; raises ``input.invalid`` with the faults of each field."""
        return self._shape.take(self._typed())

    def _typed(self) -> dict[str, Any]:
        typed: dict[str, Any] = {}
        for name in request.form:
            if name == "csrf_token":
                continue
            values = [one for one in request.form.getlist(name) if one.strip()]
            if values:
                typed[name] = values if name in self._lists else values[-1]
        return typed

    def catching(self) -> _Catching:
        """Keep a refusal on the form instead of leaving the page."""
        return _Catching(self)

    @property
    def status(self) -> int:
        return STATUS[self.error.kind] if self.error else 200

    def value(self, name: str) -> Any:
        """What to show in the field: what was typed, else the initial value."""
        if self.posted:
            typed = request.form.getlist(name)
            return typed if name in self._lists else (typed[-1] if typed else "")
        return self._initial.get(name, [] if name in self._lists else "")

    def fault(self, name: str) -> str | None:
        """The sentence for a field, if something is wrong with it."""
        for one in self.error.faults if self.error else ():
            if one.pointer.lstrip("/").split("/")[0] == name:
                return explain(one)
        return None

    @property
    def faults(self) -> list[tuple[str, str]]:
        """All sentences with the field they belong to, for the summary on top."""
        if self.error is None:
            return []
        listed = [(one.pointer.lstrip("/").split("/")[0], explain(one)) for one in self.error.faults]
        return listed or [("", explain(self.error))]


class _Catching:
    """Swallows the refusals that belong on the form."""

    def __init__(self, form: Form) -> None:
        self._form = form

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, AppError) or error.kind not in _ON_THE_FORM:
            return False
        refusals.note(error)
        self._form.error = error
        return True


def day(value: date | datetime | None) -> str:
    """``2026-09-12`` for both languages: unmistakable and short."""
    if value is None:
        return "—"
    return (local(value).date() if isinstance(value, datetime) else value).isoformat()


def moment(value: datetime | None) -> str:
    # A tenth of what ``strftime`` costs, and the page of every pack says one.
    return "—" if value is None else local(value).isoformat(" ", "minutes")[:16]


def number(value: int | Decimal) -> str:
    return f"{value:,}"


def kg(value: Decimal | None) -> str:
    """A weight in kg without useless zeros, at least one decimal."""
    if value is None:
        return "—"
    text = f"{value.quantize(Decimal('0.001')):,f}".rstrip("0")
    return f"{text}0 kg" if text.endswith(".") else f"{text} kg"


def named(record: Any, field: str = "name") -> str:
    """A record's name in the reader's language, else in Chinese."""
    english = getattr(record, f"{field}_en", "") if language() == "en" else ""
    return str(english or getattr(record, field))
