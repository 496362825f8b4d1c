"""The page of a good pack from what is kept of it: the fast twin of ``scan.py``, for the hours when everybody scans.

The verdict is asked for anew at every look, from the database as it is; kept are only words that no look changes.
Anything but a signed code of ours with a kept page gets no answer here, and goes the common way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from brand.edge.requests import house_of
from brand.kernel import clock
from trace.crypto.readings import read_address
from trace.formats.linksets import MEDIA_TYPE
from trace.parts import Parts
from trace.queries.verification import verify_by
from trace.rules.verdicts import Colour, Signature
from trace.services.scans import look
from trace.web.pack_page import PAGES, kept_page
from trace.web.resolver import PACK
from trace.web.sent import as_in_symbol, in_each_language, sent_in


def page(app: Flask, environ: Mapping[str, Any], language: str) -> bytes | None:
    """The page, its look counted; None where the common way has to answer. Raises what reading a code raises."""
    query = environ.get("QUERY_STRING", "")
    if "lang=" in query or "linkType=" in query or MEDIA_TYPE in environ.get("HTTP_ACCEPT", ""):
        return None
    sent, prefix = sent_in(environ), ""
    if sent.startswith(PACK):
        sent, prefix = as_in_symbol(sent.removeprefix(PACK)), PACK
    found = read_address(sent)
    now = clock.now()
    today = clock.local_day(now)
    house = house_of(app)
    parts: Parts = app.extensions["brandtrace.parts"]
    token = parts.watch.token(today, environ)
    with house.database.looking() as connection:
        answer = verify_by(connection, house.settings.origin, found, today, token)
    if answer.signature is not Signature.OK or answer.pack is None or answer.verdict.colour is Colour.RED:
        return None
    checked, addresses = parts.vouching(answer.pack.log_entry), in_each_language(sent, prefix)
    kept = kept_page(app.extensions[PAGES], answer, addresses, now, language, checked)
    if kept is not None:
        parts.scans.put(look(answer, now, token, parts.watch.place(environ)))
    return kept
