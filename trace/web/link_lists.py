"""Answers of the resolver that are the same for every kind of address: follow a link, choose among several, list all.

Rules of choosing: ``rules/links.py``; bytes: ``formats/linksets.py``. Everything here may be read from any page of the
web, so every answer says so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import Accept

from brand.edge import misses
from brand.edge.languages import COOKIE, explain, language, say
from brand.edge.pages import render
from brand.edge.requests import house
from brand.kernel import texts
from brand.kernel.errors import AppError
from trace.formats.linksets import CONTEXT, LINKED_DATA, MEDIA_TYPE, link_header, linkset
from trace.rules.links import DEFAULT, DEFAULTS, WHOLE, Asked, Link, choose, relation_of

METHODS = ("GET", "HEAD", "OPTIONS")
_SAFE_IN_QUERY = "!$&'()*+,;=:@/?-._~%"


def asks_for_links() -> bool:
    """Whether the request is one for links: by the kind it names, or by the only form in which it wants an answer."""
    return "linkType" in request.args or _prefers_a_list()


def _prefers_a_list() -> bool:
    """Whether a list of links is accepted, and no less gladly than a page (RFC 9110 section 12.4.2)."""
    accepted = request.accept_mimetypes
    # A profile (RFC 9264 section 5) asks for a list in words we may not know; it is still a list that is asked for.
    gladly = [quality for kind, quality in accepted if kind.partition(";")[0].strip().lower() == MEDIA_TYPE]
    return max(gladly, default=0) > 0 and max(gladly) >= accepted.quality("text/html")


def opened(response: ResponseReturnValue, anchor: str = "", *, whole: bool = False) -> Response:
    """The answer with what every reader of links looks for in its headers."""
    made = make_response(response)
    made.headers["Access-Control-Allow-Origin"] = "*"
    made.headers["Access-Control-Allow-Methods"] = ", ".join(METHODS)
    made.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language"
    made.headers["Access-Control-Expose-Headers"] = "Link, Location"
    made.vary.update(("Accept", "Accept-Language"))
    if anchor:
        made.headers["Link"] = link_header(anchor, whole=whole)
    return made


def options(anchor: str) -> Response:
    """What may be done with the address, and where its links are."""
    answer = Response(status=204)
    answer.headers["Allow"] = ", ".join(METHODS)
    return opened(answer, anchor)


def answer(anchor: str, description: str, links: Sequence[Link]) -> Response:
    """Follow, list or offer: whatever the request asks of these links."""
    wanted = request.args.get("linkType", "")
    if wanted in WHOLE or (not wanted and _prefers_a_list()):
        return _listed(anchor, description, links, 200)
    asked = Asked(
        relation_of(wanted) or wanted[:60] if wanted else None,
        tuple(one for one in (*_own_choice(), *_wanted(request.accept_languages)) if one != "*"),
        tuple(_wanted(request.accept_mimetypes)),
    )
    try:
        chosen = choose(links, asked, house().settings.language)
    except AppError as error:
        return opened(refusal(404, error), anchor)
    if len(chosen) > 1:
        return _listed(anchor, description, chosen, 300)
    return opened(_redirect(chosen[0]), anchor)


def refusal(status: int, error: AppError) -> ResponseReturnValue:
    """A request that names nothing we could resolve, in words for people and in a form for programs."""
    if "json" in request.headers.get("Accept", ""):
        body = json.dumps({"status": status, "code": error.code, "title": explain(error)}, ensure_ascii=False)
        return Response(body, status, mimetype="application/problem+json")
    waiting = status == 429
    title = say("scan.too_many") if waiting else say("This address leads nowhere")
    return render("resolver/refused.html", title=title, text=explain(error), code=error.code, waiting=waiting), status


def _wanted(accepted: Accept) -> list[str]:
    """Best first; what is named with q=0 is refused (RFC 9110 section 12.4.2) and no wish at all."""
    return [one for one, quality in accepted if quality > 0]


def too_many(seconds: int) -> Response:
    """Whoever tried too many codes nobody issued has to wait."""
    response = opened(refusal(429, misses.refusal(seconds)))
    response.headers["Retry-After"] = str(seconds)
    return response


def _own_choice() -> list[str]:
    """The language somebody chose on a page of ours counts before the browser's."""
    chosen = (request.args.get("lang", ""), request.cookies.get(COOKIE, ""))
    return [one for one in chosen if one in texts.LANGUAGES]


def _redirect(link: Link) -> Response:
    """To the thing itself the query goes along, for it may hold the signature; elsewhere it would be read as its own.

    What asked for the link or the language has been answered: at an address of ours it would ask again for ever.
    """
    page, _, own = link.href.partition("?")
    given = request.environ.get("QUERY_STRING", "").split("&") if link.relation in (DEFAULT, DEFAULTS) else []
    done = ("", "linkType", "lang") if own else ("", "linkType")
    query = quote("&".join(one for one in given if one.partition("=")[0] not in done), safe=_SAFE_IN_QUERY)
    response = Response(status=307)
    response.headers["Location"] = "?".join(one for one in (page, "&".join(filter(None, (query, own)))) if one)
    return response


def _listed(anchor: str, description: str, links: Sequence[Link], status: int) -> Response:
    best = request.accept_mimetypes.best_match([MEDIA_TYPE, "application/json", LINKED_DATA, "text/html"], MEDIA_TYPE)
    if best == "text/html" and "text/html" in request.headers.get("Accept", ""):
        page = render("resolver/links.html", description=description, ways=links, several=status == 300)
        return opened((page, status), anchor, whole=True)
    told = linkset(anchor, description, links)
    if best == LINKED_DATA:
        told = {"@context": CONTEXT, **told}
    kind = best if best in ("application/json", LINKED_DATA) and "*/*" not in request.headers.get("Accept", "") else ""
    response = Response(json.dumps(told, ensure_ascii=False), status, mimetype=kind or MEDIA_TYPE)
    response.headers["Content-Language"] = "zh-CN" if language() == "zh" else "en"
    return opened(response, anchor, whole=True)
