"""The page of a case or pallet, for whoever reads the code on it; a code nobody gave out is an answer as well."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, make_response, request
from flask.typing import ResponseReturnValue

from brand.edge.languages import explain, say
from brand.edge.pages import moment, render
from brand.edge.policies import public
from brand.edge.protection import limiter
from brand.edge.requests import house, reading
from brand.kernel.errors import AppError
from trace.crypto.label_codes import parse
from trace.queries import container_tags
from trace.rules.links import DEFAULT, Link
from trace.web import container_words, link_lists
from trace.web.ownership import ownership_file
from trace.web.sent import SAFE_IN_PATH, as_sent, without_language

bp = Blueprint("container_codes", __name__)


@bp.route("/c/<rest:code>", methods=link_lists.METHODS, provide_automatic_options=False)
@public
@limiter.limit("120/minute")
def show(code: str) -> ResponseReturnValue:
    """What is on record of it, and whether its label was signed here; the one link it offers leads to itself."""
    file = ownership_file(code)
    if file is not None:
        return file
    sent = without_language(as_sent())
    anchor = house().settings.public_url + quote(sent.partition("?")[0], safe=SAFE_IN_PATH)
    if request.method == "OPTIONS":
        return link_lists.options(anchor)
    if link_lists.asks_for_links():
        return _links(sent.partition("?")[0], anchor)
    try:
        parse(sent.partition("?")[0])
    except AppError:  # a letter was read or typed wrongly: no case bears such a code
        return _answer(one=None, code=code[:8])
    try:
        scanned = parse(sent)
    except AppError as error:
        banner = {"colour": "grey", "headline": say("scan.unreadable"), "sentences": [explain(error)]}
        return _answer(one=None, code=code[:8], unreadable=banner)
    with reading() as work:
        found = container_tags.verify(work.session, house().settings.origin, scanned, work.today)
        now = work.now
    level = say(f"container_tags.level.{'signed' if scanned.kid else 'unsigned'}")
    shown = container_words.public(found) if found else {}
    return _answer(one=found, code=code, checked={"at": moment(now), "level": level}, **shown)


def _links(path: str, anchor: str) -> ResponseReturnValue:
    """Of a code nobody gave out the same: its page says so."""
    try:
        code = parse(path).code.element
    except AppError as error:
        return link_lists.opened(link_lists.refusal(400, error))
    return link_lists.answer(anchor, code, [Link(DEFAULT, anchor, say("Cases and pallets"))])


def _answer(**shown: object) -> ResponseReturnValue:
    answer = make_response(render("containers/public.html", **shown))
    answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"] = "no-store", "noindex"
    answer.headers["Access-Control-Allow-Origin"] = "*"  # read by everybody, like the page of a pack
    return answer
