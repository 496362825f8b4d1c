"""Public answers that need nobody's session: they skip sign-in, limits and cookies, and so cost a tenth of a page.

An application made of ``Service`` sends every GET below a lean prefix straight to one view, whatever its routes would
say; headers and languages are those of every other page. A view may have a quick twin for what it has answered before:
the twin gets the request as the server handed it over, and says nothing where it is not sure. Its headers are those
that the view's own page had, so the two cannot differ in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.templating import Environment
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import SecurityError
from werkzeug.routing import IntegerConverter, Map, PathConverter

from brand.edge import languages, protection
from brand.edge.requests import house_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LeanView = Callable[[], ResponseReturnValue]
#: The request and the language of the answer; gives the page, or None: then the view is asked.
QuickView = Callable[[Mapping[str, Any], str], bytes | None]
Headers = list[tuple[str, str]]

#: Spellings of our own hosts remembered per prefix, ports included; emptied when full.
_MOST_HOSTS = 64
_MOST_PATHS = 4096


@dataclass(frozen=True)
class _Lean:
    """One prefix; ``headers`` of the view's pages by host, scheme and language of whoever asked."""

    view: LeanView
    quick: QuickView | None
    headers: dict[tuple[str, str, str], Headers] = field(default_factory=dict)


class Sessions(SecureCookieSessionInterface):
    """Sessions as Flask keeps them, but none below a lean prefix: not even an unpacked cookie."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if isinstance(app, Service) and app.lean(request) is not None:
            return None  # Flask then makes one that refuses to be written
        return super().open_session(app, request)


class Counted(IntegerConverter):
    """A whole number in an address, no larger than any column holds: a longer one stands for nothing."""

    def __init__(self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = 2**31 - 1) -> None:
        super().__init__(map, fixed_digits, min, max)


class Rest(PathConverter):
    """All that follows a prefix, whatever it is: nothing at all and line breaks too, which a path has not."""

    part_isolating = False
    regex = "(?s:.*)"


class Templates(Environment):
    """Globals are one dictionary for all templates: in Flask's chain of two every import searches anew."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class Service(Flask):
    """Flask with lean prefixes."""

    jinja_environment = Templates
    session_interface = Sessions()

    def __init__(self, *names: str, **options: str) -> None:
        super().__init__(*names, **options)  # type: ignore[arg-type]
        self._lean: dict[str, _Lean] = {}
        #: The path of a page by its endpoint and values, as ``url_for`` gives it; needs no request.
        self.path = lru_cache(maxsize=_MOST_PATHS)(self._path)
        self.url_map.converters.update(int=Counted, rest=Rest)

    def _path(self, endpoint: str, **values: Any) -> str:
        return self.url_map.bind("localhost").build(endpoint, values)

    def answer_leanly(self, prefix: str, view: LeanView, quick: QuickView | None = None) -> None:
        """Let ``view`` answer every GET and HEAD whose path begins with ``prefix``, and ``quick`` before it."""
        self._lean[prefix] = _Lean(view, quick)

    def lean(self, request: Request) -> _Lean | None:
        if request.method not in ("GET", "HEAD") or isinstance(request.routing_exception, SecurityError):
            return None  # a host that is not ours is refused where all are
        return self._below(request.path)

    def _below(self, path: str) -> _Lean | None:
        return next((lean for prefix, lean in self._lean.items() if path.startswith(prefix)), None)

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if "HTTP_HOST" in environ:  # names of hosts know no case (RFC 9110 section 4.2.3), our list of them does
            environ["HTTP_HOST"] = environ["HTTP_HOST"].lower()
        lean = self._below(environ.get("PATH_INFO", "")) if environ["REQUEST_METHOD"] == "GET" else None
        answer = self._quickly(lean, environ) if lean is not None else None
        if answer is None:
            return super().wsgi_app(environ, start_response)
        body, headers = answer
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _quickly(self, lean: _Lean, environ: Mapping[str, Any]) -> tuple[bytes, Headers] | None:
        if lean.quick is None or not lean.headers:
            return None
        language = languages.chosen(environ, "", house_of(self).settings.language)
        headers = lean.headers.get((environ.get("HTTP_HOST", ""), environ["wsgi.url_scheme"], language))
        if headers is None:
            return None
        try:
            body = lean.quick(environ, language)
        except Exception:
            return None  # the view meets the same trouble, and whatever comes of it is said and logged there
        return None if body is None else (body, headers)

    def full_dispatch_request(self) -> Response:
        lean = self.lean(request)
        if lean is None:
            return super().full_dispatch_request()
        try:
            answer = lean.view()
        except Exception as error:
            answer = self.handle_user_exception(error)
        response = self.make_response(answer)
        if response.mimetype != "text/html":
            return protection.protect(response)  # bytes are the same in every language
        languages.remember(response)
        protection.protect(response)
        if lean.quick is not None and response.status_code == 200 and "Set-Cookie" not in response.headers:
            if len(lean.headers) >= _MOST_HOSTS:
                lean.headers.clear()
            kept = [one for one in response.headers if one[0] != "Content-Length"]
            lean.headers[request.environ.get("HTTP_HOST", ""), request.scheme, languages.language()] = kept
        return response


def service() -> Service:
    """The service that answers."""
    found: Service = current_app._get_current_object()  # type: ignore[attr-defined]
    return found


def path(endpoint: str, /, **values: Any) -> str:
    """The path of a page of the service; see ``Service.path``."""
    return service().path(endpoint, **values)
