"""Where a code leads that somebody typed or pasted and that names no single pack: to the page of what it does name."""

from __future__ import annotations

import re

from brand.edge import misses
from brand.edge.requests import reading
from brand.kernel.errors import AppError
from trace.crypto.code_profiles import BATCH_SIZE
from trace.crypto.label_codes import parse
from trace.crypto.place_codes import is_place_code
from trace.crypto.readings import own_address
from trace.crypto.typed_codes import bare
from trace.formats import digital_link
from trace.parts import parts
from trace.queries import containers, resolving
from trace.rules.gtins import as_written, check_gtin

#: A GTIN as it stands under bars.
_TILL = re.compile("[0-9]{12,14}")


def leads_to(text: str) -> str:
    """The address, on this service, of the case, pallet, batch, place or goods that was meant; empty where none was.

    Raises what whoever tried too many codes is told.
    """
    if "/" not in text:
        code = bare(text)
        return _goods(code) if _TILL.fullmatch(code) else _under_a_symbol(code)
    try:
        sent = own_address(text, parts().hosts)
        if sent.startswith("/01/"):
            return sent if digital_link.read(f"https://resolver{sent}") else ""
        return sent if is_place_code(sent.removeprefix("/f/")) or parse(sent) else ""
    except AppError:
        return ""


def _goods(figures: str) -> str:
    """The figures under the bars that tills read."""
    try:
        gtin = as_written(figures)
        check_gtin(gtin)
    except AppError:
        return ""
    with reading() as work:
        return _told(f"/01/{gtin}" if resolving.of_gtin(work.session, gtin, "", work.today) else "")


def _under_a_symbol(code: str) -> str:
    """Eight characters, as they stand under the symbol of a tag."""
    if len(code) != BATCH_SIZE:
        return ""
    if is_place_code(code):  # its check character is that of no other kind; the page says whether there is one
        return f"/f/{code}"
    with reading() as work:
        if containers.known(work.session, code):
            return _told(f"/c/{code}")
        return _told(f"/b/{code}" if resolving.known(work.session, code) else "")


def _told(found: str) -> str:
    """What was found, unless this address has to wait: see ``brand/edge/misses.py``."""
    seconds = misses.due(known=bool(found))
    if seconds:
        raise misses.refusal(seconds)
    return found
