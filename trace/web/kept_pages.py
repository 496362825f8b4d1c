"""Pages a telephone keeps: the same for everybody, complete without a network once they were opened.

Such a page holds nothing of the registry. Its worker keeps page, scripts and words, and asks for them anew when any of
them changed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, jsonify, url_for

from brand.edge.languages import language, say
from brand.edge.pages import render
from brand.edge.policies import public
from brand.kernel import texts
from brand.kernel.places import resource

_CSP = (
    "default-src 'none'; style-src 'self'; script-src {scripts}; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_BOTH = ("css/parts.css", "css/public.css", "css/work.css", "css/inspector.css", "img/favicon.svg", "img/inspector.png")


@dataclass(frozen=True)
class KeptPage:
    """One of them. ``endpoint``: that of its blueprint, with the page as ``show`` and the rest by ``serve_beside``.

    ``scripts``: folders and files below ``static``; ``topics``: beginnings of the messages its scripts say;
    ``compiled``: whether one of them runs compiled code.
    """

    endpoint: str
    title: str
    template: str
    scripts: tuple[str, ...]
    topics: tuple[str, ...]
    compiled: bool = False

    @property
    def csp(self) -> str:
        """As on every page, and besides: the worker, the manifest, pictures just taken, compiled code."""
        return _CSP.format(scripts="'self' 'wasm-unsafe-eval'" if self.compiled else "'self'")

    def page(self, **context: Any) -> Response:
        response = Response(render(self.template, **context))
        response.headers["Content-Security-Policy"] = self.csp
        return response

    def manifest(self) -> Response:
        """How the page is installed (W3C Web Application Manifest)."""
        icons = [
            {"src": url_for("static", filename="img/inspector.png"), "sizes": "192x192", "type": "image/png"},
            {"src": url_for("static", filename="img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
        ]
        told = {
            "name": say(self.title),
            "short_name": say(self.title),
            "lang": "zh-CN" if language() == "zh" else "en",
            "start_url": self._url("show"),
            "scope": self._url("show"),
            "display": "standalone",
            "background_color": "#f6f1e7",
            "theme_color": "#f6f1e7",
            "icons": icons,
        }
        return Response(json.dumps(told, ensure_ascii=False), mimetype="application/manifest+json")

    def words(self, code: str) -> Response:
        """Every text the page's scripts say, by message."""
        return jsonify(_words(self, code))

    def worker(self) -> Response:
        """The worker with the list of what it keeps; other bytes than before make the browser fetch everything anew."""
        kept = [url_for("static", filename=one) for one in (*_BOTH, *_files(self))]
        kept += [self._url("words", code=one) for one in texts.LANGUAGES]
        kept += [self._url("manifest"), *(self._url("show", lang=one) for one in texts.LANGUAGES)]
        facts = {"NAME": self.endpoint, "ROOM": self._url("show"), "EDITION": _edition(self), "KEPT": kept}
        head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in facts.items())
        body = (resource("static") / "js" / "kept-worker.js").read_text("utf-8")
        response = Response(head + body, mimetype="text/javascript")
        response.headers["Content-Security-Policy"] = self.csp
        return response

    def _url(self, view: str, **values: Any) -> str:
        return url_for(f"{self.endpoint}.{view}", **values)


def serve_beside(bp: Blueprint, page: KeptPage) -> None:
    """What a telephone asks for besides the page itself, which its blueprint shows as ``show``."""

    @bp.get("/manifest.webmanifest")
    @public
    def manifest() -> Response:
        return page.manifest()

    @bp.get("/words/<any(zh, en):code>.json")
    @public
    def words(code: str) -> Response:
        return page.words(code)

    @bp.get("/worker.js")
    @public
    def worker() -> Response:
        return page.worker()


@lru_cache(maxsize=8)
def _words(page: KeptPage, code: str) -> dict[str, str]:
    return {name: text for name, text in texts.catalogues()[code].items() if name.startswith(page.topics)}


@lru_cache(maxsize=4)
def _files(page: KeptPage) -> tuple[str, ...]:
    static, found = resource("static"), []
    for one in page.scripts:
        place = static / one
        found += [place] if place.is_file() else sorted(place.rglob("*"))
    return tuple(one.relative_to(static).as_posix() for one in found if one.suffix in (".js", ".wasm"))


@lru_cache(maxsize=4)
def _edition(page: KeptPage) -> str:
    """A digest of everything the worker keeps."""
    static, templates = resource("static"), resource("templates")
    found = hashlib.sha256(json.dumps([_words(page, one) for one in texts.LANGUAGES], sort_keys=True).encode())
    for one in (
        *(static / each for each in (*_BOTH, *_files(page))),
        templates / "base.html",
        templates / page.template,
    ):
        found.update(one.read_bytes())
    return found.hexdigest()[:16]
