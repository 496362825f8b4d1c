"""The address as it was sent: a code has one text, and a router that decodes it would hide other spellings.

Servers hand the raw target over as ``RAW_URI`` (gunicorn) or ``REQUEST_URI`` (werkzeug, uWSGI). Granian hands over the
decoded path and the raw query: there a percent-encoded spelling of the path reads like the plain one, which changes
nothing about which code it is; what decodes to anything but a code's own characters is refused all the same.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request

from brand.kernel import texts


def as_sent() -> str:
    """Path and query of the request line; see the head of this file."""
    raw: str | None = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    if raw is not None:
        if raw.startswith("/"):
            return raw
        target = urlsplit(raw)  # absolute form, as proxies send it
        return f"{target.path}?{target.query}" if target.query else target.path
    path: str
    query: str
    path, query = request.environ.get("PATH_INFO", ""), request.environ.get("QUERY_STRING", "")
    return path.replace("?", "%3F") + (f"?{query}" if query else "")


def without_language(sent: str) -> str:
    """The language links on this very page add their word at the end; it is ours and not part of the code."""
    for one in texts.LANGUAGES:
        for joint in "?&":
            sent = sent.removesuffix(f"{joint}lang={one}")
    return sent
