"""The page of a batch, for whoever reads the code on a case, a carcass tag or a lot by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from brand.edge import misses
from brand.edge.languages import explain, say
from brand.edge.pages import day, kg, moment, named, number, render
from brand.edge.policies import public
from brand.edge.requests import house, reading
from brand.kernel.errors import AppError
from trace.crypto.code_profiles import BatchCode, GtinCode
from trace.crypto.label_codes import ScannedCode, parse
from trace.models.batches import PackLine
from trace.queries import batch_codes, resolving
from trace.queries.batch_codes import BatchAnswer, PublicBatch
from trace.rules.links import DEFAULT, Link
from trace.rules.verdicts import Signature
from trace.web import link_lists, pack_card, pack_goods, pack_page, supply_words
from trace.web.ownership import ownership_file
from trace.web.resolver import batch_links, describe
from trace.web.sent import SAFE_IN_PATH, as_sent, without_language

bp = Blueprint("batch_codes", __name__)


@bp.route("/b/<rest:rest>", methods=link_lists.METHODS, provide_automatic_options=False)
@public
def batch(rest: str) -> ResponseReturnValue:
    """The address of a batch: its page, or its links."""
    file = ownership_file(rest)
    if file is not None:
        return file
    sent = without_language(as_sent())
    anchor = house().settings.public_url + quote(sent.partition("?")[0], safe=SAFE_IN_PATH)
    if request.method == "OPTIONS":
        return link_lists.options(anchor)
    links = link_lists.asks_for_links()
    try:
        scanned = parse(sent.partition("?")[0] if links else sent)
    except AppError as error:
        return link_lists.opened(link_lists.refusal(400, error) if links else _unreadable(error))
    code = scanned.code
    assert isinstance(code, BatchCode), "the path begins with /b/"
    return _links(code.batch, anchor) if links else _page(scanned, code.batch, anchor)


def _links(code: str, anchor: str) -> ResponseReturnValue:
    """The links of a batch; of one nobody registered only the way to the page that says so."""
    with reading() as work:
        behind = resolving.of_batch(work.session, code, work.today)
    wait = misses.due(known=behind is not None)
    if wait:
        return link_lists.too_many(wait)
    root = house().settings.public_url
    links = batch_links(root, behind) if behind else [Link(DEFAULT, anchor, say("Batch %(code)s", code=code))]
    return link_lists.answer(anchor, describe(behind) if behind else code, links)


def lot(sent: str, anchor: str) -> ResponseReturnValue | None:
    """The page of goods of a lot, as their symbol names them by GTIN; None where the text is of something else."""
    try:
        scanned = parse(sent)
    except AppError:
        return None
    code = scanned.code
    return _page(scanned, code.element, anchor) if isinstance(code, GtinCode) and code.serial is None else None


def _page(scanned: ScannedCode, code: str, anchor: str) -> ResponseReturnValue:
    with reading() as work:
        answer = batch_codes.verify(work.session, house().settings.origin, scanned, work.today)
        now = work.now
    wait = misses.due(known=answer.found is not None, proven=answer.signature is Signature.OK)
    if wait:
        return _too_many(wait)
    checked = {"at": moment(now), "level": say(f"scan.level.{'signed' if scanned.kid else 'unsigned'}")}
    shown = _shown(answer) if answer.found is not None else {}
    about = answer.found.batch.code if answer.found is not None else code
    page = render("scan/batch.html", verdict=_verdict(answer), code=code, checked=checked, **_frame(about), **shown)
    return link_lists.opened(page, anchor)


def _verdict(answer: BatchAnswer) -> Mapping[str, Any]:
    """A batch is registered; it is its packs that are activated."""
    reasons = tuple(
        replace(one, code="scan.batch_issued") if one.code == "verdicts.issued" else one
        for one in answer.verdict.reasons
    )
    producer = pack_card.producer_name(answer.found.licensee) if answer.found else ""
    return pack_page.verdict(replace(answer.verdict, reasons=reasons), producer)


def _frame(code: str) -> dict[str, Any]:
    return {"complain": pack_page.complain(code)}


def _shown(answer: BatchAnswer) -> dict[str, Any]:
    """Facts and packs of a known batch; no weight of the batch and nobody it was sold to."""
    found = answer.found
    assert found is not None
    facts = [
        (say("Product"), named(found.product)),
        (say("Lot"), ("code", found.batch.lot)),
        (say("Made on"), day(found.batch.made_on)),
        (say("Producer"), pack_card.producer_name(found.licensee)),
        (say("Made by"), pack_card.producer_name(found.maker)),
        (say("Licence number"), ("link", found.licence.number, url_for("register.show", number=found.licence.number))),
    ]
    told = {"asked": pack_goods.asked(found.asked), "recall": _recall(found)}
    told["contracted"] = supply_words.contracted(found.contracts)
    return {"facts_known": facts, "lines": [_line(one) for one in found.lines], **told}


def _line(one: PackLine) -> tuple[str, str]:
    best_before = one.packed_on + timedelta(days=one.shelf_life_days)
    told = (kg(one.net_kg), say("%(count)s packs", count=number(one.packs)), f"{say('Packed')} {day(one.packed_on)}")
    return one.cut, " · ".join((*told, f"{say('Best before')} {day(best_before)}"))


def _recall(found: PublicBatch) -> str:
    return url_for("recalls.show", number=found.recall) if found.recall else ""


def _unreadable(error: AppError) -> ResponseReturnValue:
    banner = {"colour": "grey", "headline": say("scan.unreadable"), "sentences": [explain(error)], "code": error.code}
    return render("scan/batch.html", verdict=banner, code="", checked=None, **_frame(""))


def _too_many(seconds: int) -> ResponseReturnValue:
    told = [say("resolver.too_many", minutes=-(-seconds // 60))]
    banner = {"colour": "grey", "headline": say("scan.too_many"), "sentences": told, "code": "resolver.too_many"}
    answer = link_lists.opened((render("scan/batch.html", verdict=banner, code="", checked=None, **_frame("")), 429))
    answer.headers["Retry-After"] = str(seconds)
    return answer
