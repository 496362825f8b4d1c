"""The page an inspector's telephone keeps: the same for everybody, complete without a network once it was opened.

The page holds nothing of the registry. What it shows comes from the signed list the telephone fetched with its own
key; the worker keeps page, scripts and words, and asks for them anew when any of them changed.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, jsonify, url_for
from flask.typing import ResponseReturnValue

from brand.edge.languages import language, say
from brand.edge.pages import render
from brand.edge.policies import public
from brand.edge.requests import house
from brand.kernel import texts
from brand.kernel.places import resource
from brand.rules.inspections import Severity
from brand.rules.sanctions import Sanction
from trace.rules.field_findings import COMPARED, MOST_PHOTOS
from trace.rules.field_locks import LOCK

bp = Blueprint("inspector", __name__, url_prefix="/inspector")

#: As on every page, and besides: compiled code for reading symbols, the worker, the manifest, pictures just taken.
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FOLDERS = ("js/inspector", "vendor/zxing-wasm@3.1.6", "vendor/noble-ed25519@3.2.0")
_SHEETS = (
    "css/parts.css",
    "css/public.css",
    "css/work.css",
    "css/inspector.css",
    "img/favicon.svg",
    "img/inspector.png",
)
#: What the page may have to say without asking anybody.
_TOPICS = (
    "gtins.",
    "inspector.",
    "verdicts.",
    "codes.",
    "cuts.",
    "field_devices.",
    "field_findings.",
    "grading.grades.",
    "severity.",
)
_WORDS = ("scan.unreadable",)


@bp.get("/")
@public
def show() -> ResponseReturnValue:
    page = render(
        "inspector/show.html",
        origin=house().settings.origin,
        severities=list(Severity),
        reasons=list(Sanction),
        compared=COMPARED,
        most_photos=MOST_PHOTOS,
        lock=LOCK,
    )
    response = Response(page)
    response.headers["Content-Security-Policy"] = CSP
    return response


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """How the page is installed (W3C Web Application Manifest)."""
    icons = [
        {"src": url_for("static", filename="img/inspector.png"), "sizes": "192x192", "type": "image/png"},
        {"src": url_for("static", filename="img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
    ]
    told = {
        "name": say("Inspector kit"),
        "short_name": say("Inspector kit"),
        "lang": "zh-CN" if language() == "zh" else "en",
        "start_url": url_for("inspector.show"),
        "scope": url_for("inspector.show"),
        "display": "standalone",
        "background_color": "#f6f1e7",
        "theme_color": "#f6f1e7",
        "icons": icons,
    }
    return Response(json.dumps(told, ensure_ascii=False), mimetype="application/manifest+json")


@bp.get("/words/<any(zh, en):code>.json")
@public
def words(code: str) -> Response:
    """Every text the page's scripts say, by message."""
    return jsonify(_words(code))


@bp.get("/worker.js")
@public
def worker() -> Response:
    """The worker with the list of what it keeps; other bytes than before make the browser fetch everything anew."""
    kept = [url_for("static", filename=one) for one in (*_SHEETS, *_scripts())]
    kept += [url_for("inspector.words", code=one) for one in texts.LANGUAGES]
    kept += [url_for("inspector.manifest"), *(url_for("inspector.show", lang=one) for one in texts.LANGUAGES)]
    head = f"const EDITION = {json.dumps(_edition())};\nconst KEPT = {json.dumps(kept)};\n"
    body = (resource("static") / "js" / "inspector-worker.js").read_text("utf-8")
    response = Response(head + body, mimetype="text/javascript")
    response.headers["Content-Security-Policy"] = CSP
    return response


@lru_cache(maxsize=2)
def _words(code: str) -> dict[str, str]:
    return {name: text for name, text in texts.catalogues()[code].items() if name.startswith(_TOPICS) or name in _WORDS}


@lru_cache(maxsize=1)
def _scripts() -> tuple[str, ...]:
    static = resource("static")
    files = (one for folder in _FOLDERS for one in sorted((static / folder).rglob("*")))
    return tuple(one.relative_to(static).as_posix() for one in files if one.suffix in (".js", ".wasm"))


@lru_cache(maxsize=1)
def _edition() -> str:
    """A digest of everything the worker keeps."""
    static, templates = resource("static"), resource("templates")
    found = hashlib.sha256(json.dumps([_words(one) for one in texts.LANGUAGES], sort_keys=True).encode())
    files: list[Path] = [static / one for one in (*_SHEETS, *_scripts())]
    for one in (*files, templates / "base.html", templates / "inspector" / "show.html"):
        found.update(one.read_bytes())
    return found.hexdigest()[:16]
