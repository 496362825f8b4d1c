"""The address as it was sent: a code has one text, and a router that decodes it would hide other spellings.

Servers hand the raw target over as ``RAW_URI`` (gunicorn) or ``REQUEST_URI`` (werkzeug, uWSGI). Granian hands over the
decoded path and the raw query: there a percent-encoded spelling of the path reads like the plain one, which changes
nothing about which code it is; what decodes to anything but a code's own characters is refused all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from flask import request

from brand.kernel import texts

#: What a path may hold as it is (RFC 3986); used where a path as it was sent goes into a header or a link.
SAFE_IN_PATH = "/%!$&'()*+,;=:@-._~"


def as_sent() -> str:
    """Path and query of the request line; see the head of this file."""
    return sent_in(request.environ)


def sent_in(environ: Mapping[str, Any]) -> str:
    """The same for whoever has the request as the server handed it over."""
    raw: str | None = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if raw is not None:
        if raw.startswith("/"):
            return raw
        target = urlsplit(raw)  # absolute form, as proxies send it
        return f"{target.path}?{target.query}" if target.query else target.path
    path: str
    query: str
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    return path.replace("?", "%3F") + (f"?{query}" if query else "")


def without_language(sent: str) -> str:
    """The language links on this very page add their word at the end; it is ours and not part of the code."""
    for one in texts.LANGUAGES:
        for joint in "?&":
            sent = sent.removesuffix(f"{joint}lang={one}")
    return sent


def as_in_symbol(sent: str) -> str:
    """The resolver hands on the whole query; what asked for a link or a language there is no part of the code."""
    path, _, query = sent.partition("?")
    kept = [one for one in query.split("&") if one.partition("=")[0] not in ("linkType", "lang", "")]
    return f"{path}?{'&'.join(kept)}" if kept else path


def in_each_language(sent: str, prefix: str) -> dict[str, str]:
    """Addresses of the same page by language."""
    address = f"{prefix}{quote(sent, safe='/?=&.-_~%')}{'&' if '?' in sent else '?'}lang="
    return {one: address + one for one in texts.LANGUAGES}
