"""What opens when a code is scanned: an answer for every text, status 200, whatever was sent.

A code by its batch lies at the address in the symbol itself. A code by its GTIN is a GS1 Digital Link, which the
resolver sends on to the same address below ``/pack``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from brand.edge import misses
from brand.edge.languages import explain, language, say
from brand.edge.lean import Service
from brand.edge.pages import day, moment, named, render
from brand.edge.policies import public
from brand.edge.protection import limiter
from brand.edge.requests import house
from brand.kernel import clock, texts
from brand.kernel.errors import AppError
from trace.crypto.code_profiles import UnitCode
from trace.crypto.readings import Reading, read_address, read_any
from trace.parts import parts
from trace.queries import packs, resolving
from trace.queries.packs import Story
from trace.queries.verification import Answer, verify_by
from trace.rules.links import DEFAULT, Link
from trace.rules.verdicts import Colour, Signature
from trace.services.scans import look
from trace.web import batch_codes, link_lists, pack_card, pack_page, scan_kept, typed_tags
from trace.web.ownership import ownership_file
from trace.web.pack_shelf import PAGES, Pages
from trace.web.resolver import OF_A_PACK, PACK, describe, unit_links
from trace.web.sent import as_in_symbol, as_sent, in_each_language, without_language

bp = Blueprint("scan", __name__)

_PREFIXES = ("/u/", f"{PACK}/")
_LONGEST_SHOWN = 80


@bp.record_once
def _set_up(state: BlueprintSetupState) -> None:
    state.app.extensions[PAGES] = Pages()
    assert isinstance(state.app, Service)
    quick = partial(scan_kept.page, state.app)
    for one in _PREFIXES:
        state.app.answer_leanly(one, _scanned, quick)


@bp.route("/u/<rest:rest>", methods=link_lists.METHODS, provide_automatic_options=False)
@public
def unit(rest: str) -> ResponseReturnValue:
    """The address on a pack; for the router and the table of routes, every GET below the prefix is answered leanly."""
    if request.method == "OPTIONS":
        return link_lists.options(f"{house().settings.public_url}/u/{quote(rest)}")
    return _scanned()


@bp.get(f"{PACK}/<rest:rest>")
@public
def pack(rest: str) -> ResponseReturnValue:
    """The page of a pack whose symbol names its goods by GTIN; answered leanly too."""
    del rest
    return _scanned()


@bp.get("/check")
@public
@limiter.limit("120/minute")
def check() -> ResponseReturnValue:
    """A code typed by hand or an address pasted: the form, or the answer."""
    text = request.args.get("code", "").strip()
    if not text:
        return render("scan/check.html", typed="", fault="", complain=pack_page.complain())
    try:
        found = read_any(text, parts().hosts)
    except AppError as error:
        if tag := typed_tags.leads_to(text):
            return redirect(tag, 303)
        typed = text[:_LONGEST_SHOWN]
        told = pack_page.complain(quote(typed))
        return render("scan/check.html", typed=typed, fault=explain(error), complain=told), 422
    return _answered(found, {one: f"/check?{urlencode({'code': text, 'lang': one})}" for one in texts.LANGUAGES})


def _scanned() -> ResponseReturnValue:
    file = ownership_file(request.path.rpartition("/")[2])
    if file is not None:
        return file
    sent = without_language(as_sent())
    if sent.startswith(PACK):
        text = as_in_symbol(sent.removeprefix(PACK))
        return batch_codes.lot(text, house().settings.public_url + text) or _read_and_answered(text, PACK)
    return _links(sent) if link_lists.asks_for_links() else _read_and_answered(sent, "")


def _links(sent: str) -> ResponseReturnValue:
    """The links of a pack; of one nobody issued and of another's the same."""
    path = sent.partition("?")[0]
    anchor = house().settings.public_url + path
    try:
        code = read_address(path).code
    except AppError as error:
        return link_lists.opened(link_lists.refusal(400, error))
    assert isinstance(code, UnitCode)
    with house().database.reading() as session:
        behind = resolving.of_batch(session, code.batch, clock.local_day(clock.now()))
    wait = misses.due(known=behind is not None)
    if wait:
        return link_lists.too_many(wait)
    root = house().settings.public_url
    links = unit_links(anchor, root, behind) if behind else [Link(DEFAULT, anchor, say(OF_A_PACK))]
    return link_lists.answer(anchor, describe(behind) if behind else code.element, links)


def _read_and_answered(sent: str, prefix: str) -> ResponseReturnValue:
    addresses = in_each_language(sent, prefix)
    try:
        found = read_address(sent)
    except AppError as error:
        return _unreadable(error, sent, addresses)
    return _answered(found, addresses)


def _answered(found: Reading, addresses: Mapping[str, str]) -> ResponseReturnValue:
    """The page for a code, from one snapshot; the session of whoever asks is not looked at."""
    now = clock.now()
    today = clock.local_day(now)
    watch = parts().watch
    token = watch.token(today, request.environ)
    with house().database.looking() as connection:
        answer = verify_by(connection, house().settings.origin, found, today, token)
        wait = misses.due(known=answer.pack is not None, proven=answer.signature is Signature.OK)
        if wait:
            return _too_many(wait, answer.text, addresses, now)

        def story() -> Story:
            assert answer.pack is not None
            return packs.story_by(connection, answer.pack, today)

        page = _page(answer, story, addresses, now)
    if request.method == "GET":  # a HEAD is a machine asking whether the page is there, and nobody has read it
        parts().scans.put(look(answer, now, token, watch.place(request.environ)))
    return _uncached(page)


def _too_many(seconds: int, text: str, addresses: Mapping[str, str], now: datetime) -> ResponseReturnValue:
    told = [say("resolver.too_many", minutes=-(-seconds // 60))]
    banner = {"colour": "grey", "headline": say("scan.too_many"), "sentences": told, "code": "resolver.too_many"}
    response = _uncached(_refused(banner, [], text, addresses, now, advice="wait"))
    response.status_code = 429
    response.headers["Retry-After"] = str(seconds)
    return response


def _page(answer: Answer, story: Callable[[], Story], addresses: Mapping[str, str], now: datetime) -> str | bytes:
    if answer.verdict.colour is not Colour.RED:
        checked = parts().vouching(answer.pack.log_entry if answer.pack is not None else None)
        return pack_page.page(current_app.extensions[PAGES], answer, addresses, now, language(), checked, story)
    told = story() if answer.pack is not None and answer.signature is not Signature.BAD else None
    producer = pack_card.producer_name(told.licensee) if told else ""
    return _refused(
        pack_page.verdict(answer.verdict, producer),
        _known(answer, told) if told else [],
        answer.text,
        addresses,
        now,
        county=told.producer.county if told else "",
        recall=_recall(answer) if told else "",
    )


def _unreadable(error: AppError, sent: str, addresses: Mapping[str, str]) -> ResponseReturnValue:
    banner = {"colour": "grey", "headline": say("scan.unreadable"), "sentences": [explain(error)], "code": error.code}
    return _uncached(_refused(banner, [], _shown(sent), addresses, clock.now()))


def _refused(
    banner: Mapping[str, Any],
    known: list[tuple[str, Any]],
    text: str,
    addresses: Mapping[str, str],
    now: datetime,
    county: str = "",
    recall: str = "",
    advice: str = "",
) -> str:
    template = current_app.jinja_env.get_template("scan/refused.html")
    advice = advice or banner["colour"]
    page: str = template.render(
        **pack_page.frame(addresses),
        county=county,
        recall=recall,
        verdict=banner,
        advice=[say(f"scan.advice.{advice}.{one}") for one in ("first", "second", "third")],
        waiting=advice == "wait",
        facts_known=known,
        checked={"at": moment(now), "text": text},
        complain=pack_page.complain(quote(text)),
    )
    return page


def _recall(answer: Answer) -> str:
    number = answer.pack.recall if answer.pack is not None else None
    return url_for("recalls.show", number=number) if number else ""


def _known(answer: Answer, story: Story) -> list[tuple[str, Any]]:
    """What may still be said of a code that was withdrawn or never put on a pack."""
    pack = answer.pack
    facts = [
        (say("Product"), named(story.product)),
        pack_page.goods(story),
        (say("Producer"), pack_card.producer_name(story.licensee)),
        (say("Lot"), ("code", story.batch.lot)),
    ]
    if pack is not None and pack.voided_at is not None:
        facts.append((say("Withdrawn on"), day(pack.voided_at)))
        facts.append((say("Why"), say(f"labels.void_reason.{pack.void_reason}")))
    return facts


def _shown(text: str) -> str:
    """What was sent, cut short, without characters that could disguise it."""
    printable = "".join(one if " " <= one <= "~" else "·" for one in text)
    return printable if len(printable) <= _LONGEST_SHOWN else f"{printable[:_LONGEST_SHOWN]}…"


def _uncached(page: str | bytes) -> Response:
    response = Response(page)
    response.headers["Access-Control-Allow-Origin"] = "*"
    # The verdict of the next minute may differ: nobody in between may keep this one.
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
