"""The address of goods by GTIN (GS1 Digital Link): where it leads, and what links it offers.

Nothing is shown here: a unit is shown by ``scan``, a batch by ``batch_codes``, goods as such by ``gtins``. A wrong
address is answered with 400, goods nobody registered with 404, an unknown lot with what is known of the goods.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge import misses
from brand.edge.languages import say
from brand.edge.pages import named
from brand.edge.policies import public
from brand.edge.requests import house, reading
from brand.kernel import texts
from brand.kernel.errors import AppError, Kind, invalid
from trace.formats import digital_link
from trace.queries import resolving
from trace.queries.resolving import Behind
from trace.rules.links import DEFAULT, DEFAULTS, Link
from trace.web import link_lists
from trace.web.ownership import ownership_file
from trace.web.sent import SAFE_IN_PATH, as_sent

bp = Blueprint("resolver", __name__)

#: Below this a pack's own page lies; see ``scan``.
PACK = "/pack"
OF_A_PACK = "What is on record of this pack"
_PAGE = "text/html"
_UNIT = ("01", "10", "21")
#: What a signature of ours can be over.
_SIGNED = (_UNIT, ("01", "10"))


@bp.route("/01/<rest:rest>", methods=link_lists.METHODS, provide_automatic_options=False)
@public
def goods(rest: str) -> ResponseReturnValue:
    """Where a GS1 Digital Link of ours leads."""
    file = ownership_file(rest)
    if file is not None:
        return file
    try:
        path, given = _read(as_sent())
    except AppError as error:
        return link_lists.opened(link_lists.refusal(400, error))
    root = house().settings.public_url
    if request.method == "OPTIONS":
        return link_lists.options(root + path)
    with reading() as work:
        behind = resolving.of_gtin(work.session, given["01"], given.get("10", ""), work.today)
    wait = misses.due(known=behind is not None)
    if wait:
        return _signed(root, path, given) or link_lists.too_many(wait)
    if behind is None:
        return link_lists.opened(link_lists.refusal(404, AppError(Kind.UNKNOWN, "resolver.gtin_unknown")))
    anchor, links = _offered(root, path, given, behind)
    return link_lists.answer(anchor, describe(behind), links)


def _read(sent: str) -> tuple[str, dict[str, str]]:
    """The path as it was sent, without a slash at its end, and what it names; what ``digital_link.read`` raises."""
    path, _, query = sent.partition("?")
    path = quote(path.removesuffix("/"), safe=SAFE_IN_PATH)
    query = quote(query, safe=f"?{SAFE_IN_PATH}")  # browsers leave more unescaped there than an address may hold
    found = digital_link.read(f"https://resolver{path}" + (f"?{query}" if query else ""))
    if len(path.split("/")) != 2 * len(found.path) + 1:
        raise invalid("gs1.no_key")
    return path, dict(found.path)


def _signed(root: str, path: str, given: dict[str, str]) -> ResponseReturnValue | None:
    """The way to the page of a signed text, registered or not: the page sees by the signature whether to answer."""
    if tuple(given) not in _SIGNED or not request.args.get("s") or link_lists.asks_for_links():
        return None
    return link_lists.answer(root + path, "", [Link(DEFAULT, f"{root}{PACK}{path}", say(OF_A_PACK))])


def _offered(root: str, path: str, given: dict[str, str], behind: Behind) -> tuple[str, list[Link]]:
    """The thing the links are of, as finely as we know it, and its links."""
    if tuple(given) == _UNIT:
        return root + path, unit_links(f"{root}{PACK}{path}", root, behind)
    product = f"{root}/01/{behind.gtin}"
    if behind.batch is not None:
        lot = f"/01/{behind.gtin}/10/{behind.batch.lot}"
        # Where the symbol is signed the page has to see the text that was: see ``batch_codes.lot``.
        return root + lot, batch_links(root, behind, f"{root}{PACK}{lot}")
    return product, goods_links(root, behind)


def goods_links(root: str, behind: Behind) -> list[Link]:
    """Links of goods as such."""
    page = f"{root}/gtin/{behind.gtin}"
    title = describe(behind)
    return [
        Link(DEFAULT, page, title),
        *_by_language(DEFAULTS, page, title),
        *_by_language("pip", page, title),
        Link("masterData", f"{root}/api/v1/gtins/{behind.gtin}", say("Data of the goods"), (), "application/json"),
        *_papers(root, behind),
    ]


def batch_links(root: str, behind: Behind, shown: str = "") -> list[Link]:
    """Links of one batch, which is ``shown`` at its own address or another; the goods' own where they have a GTIN."""
    assert behind.batch is not None
    page = f"{root}/b/{behind.batch.code}"
    shown = shown or page
    title = say("Batch %(code)s", code=behind.batch.code)
    return [
        Link(DEFAULT, shown, title),
        *_by_language(DEFAULTS, shown, title),
        *_of_goods(root, behind),
        *_by_language("traceability", page, title),
        *_papers(root, behind),
    ]


def unit_links(page: str, root: str, behind: Behind) -> list[Link]:
    """Links of one pack; its own page says whether anybody issued it."""
    found = [Link(DEFAULT, page, say(OF_A_PACK)), *_of_goods(root, behind)]
    if behind.batch is not None:
        found += _by_language("traceability", f"{root}/b/{behind.batch.code}", say("Batch"))
    return [*found, *_papers(root, behind)]


def describe(behind: Behind) -> str:
    """The goods in one line."""
    return f"{named(behind.product)} · {behind.goods}" if behind.goods else named(behind.product)


def _of_goods(root: str, behind: Behind) -> list[Link]:
    return _by_language("pip", f"{root}/gtin/{behind.gtin}", describe(behind)) if behind.gtin else []


def _papers(root: str, behind: Behind) -> list[Link]:
    """Licence and endorsements, and the recall of the batch or the list of all."""
    recall = f"{root}/recalls/{behind.recall}" if behind.recall else f"{root}/recalls"
    found = [Link("recallStatus", recall, say("Recalls"), (), _PAGE)]
    if behind.licence:
        title = say("Licence %(number)s", number=behind.licence)
        found.append(Link("certificationInfo", f"{root}/register/{behind.licence}", title, (), _PAGE))
    for number in behind.endorsements:
        title = say("Endorsement %(number)s", number=number)
        found.append(Link("certificationInfo", f"{root}/endorsements/{number}", title, (), _PAGE))
    return found


def _by_language(relation: str, page: str, title: str) -> list[Link]:
    return [Link(relation, f"{page}?lang={one}", title, (one,), _PAGE) for one in texts.LANGUAGES]
