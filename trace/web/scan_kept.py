"""The page of a good pack without a framework around it: the fast twin of ``scan.py``, for when everybody scans.

The verdict is asked for anew at every look, from the database as it is; kept are only words that no look changes.
Anything but a signed code of ours that may be compared with its pack gets no answer here, and goes the common way.
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
from trace.queries.packs import story_by
from trace.queries.verification import verify_by
from trace.rules.verdicts import Colour, Signature
from trace.services.scans import look
from trace.web import pack_page
from trace.web.pack_shelf import PAGES
from trace.web.resolver import PACK
from trace.web.sent import as_in_symbol, in_each_language, sent_in


def page(app: Flask, environ: Mapping[str, Any], language: str) -> bytes | None:
    """The page, its look counted; None where the common way has to answer. Raises what reading a code raises."""
    query = environ.get("QUERY_STRING", "")
    if "lang=" in query or "linkType=" in query or MEDIA_TYPE in environ.get("HTTP_ACCEPT", "").lower():
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
        pack = answer.pack
        if answer.signature is not Signature.OK or pack is None or answer.verdict.colour is Colour.RED:
            return None
        asked = answer, in_each_language(sent, prefix), now, language, parts.vouching(pack.log_entry)
        whole = pack_page.kept(app.extensions[PAGES], *asked)
        if whole is None:
            with app.app_context():
                whole = pack_page.page(app.extensions[PAGES], *asked, lambda: story_by(connection, pack, today))
    parts.scans.put(look(answer, now, token, parts.watch.place(environ)))
    return whole
