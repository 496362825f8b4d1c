"""Public answers that need nobody's session: they skip sign-in, limits and cookies, and so cost a tenth of a page.

An application made of ``Service`` sends every GET below a lean prefix straight to one view, whatever its routes would
say; headers and languages are those of every other page.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import SecurityError

from brand.edge import languages, protection

LeanView = Callable[[], ResponseReturnValue]


class Sessions(SecureCookieSessionInterface):
    """Sessions as Flask keeps them, but none below a lean prefix: not even an unpacked cookie."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if isinstance(app, Service) and app.lean_view(request) is not None:
            return None  # Flask then makes one that refuses to be written
        return super().open_session(app, request)


class Service(Flask):
    """Flask with lean prefixes."""

    session_interface = Sessions()

    def __init__(self, *names: str, **options: str) -> None:
        super().__init__(*names, **options)  # type: ignore[arg-type]
        self._lean: dict[str, LeanView] = {}

    def answer_leanly(self, prefix: str, view: LeanView) -> None:
        """Let ``view`` answer every GET and HEAD whose path begins with ``prefix``."""
        self._lean[prefix] = view

    def lean_view(self, request: Request) -> LeanView | None:
        if request.method not in ("GET", "HEAD") or isinstance(request.routing_exception, SecurityError):
            return None  # a host that is not ours is refused where all are
        path = request.path
        return next((view for prefix, view in self._lean.items() if path.startswith(prefix)), None)

    def full_dispatch_request(self) -> Response:
        view = self.lean_view(request)
        if view is None:
            return super().full_dispatch_request()
        try:
            answer = view()
        except Exception as error:
            answer = self.handle_user_exception(error)
        response = self.make_response(answer)
        if response.mimetype == "text/html":  # bytes are the same in every language
            languages.remember(response)
        return protection.protect(response)
