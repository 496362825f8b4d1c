"""Where the code of a tag leads that somebody typed or pasted: to its own page, for it is no code of a pack."""

from __future__ import annotations

from brand.edge.requests import reading
from brand.kernel.errors import AppError
from trace.crypto.code_profiles import BATCH_SIZE
from trace.crypto.label_codes import parse
from trace.crypto.place_codes import is_place_code
from trace.crypto.readings import own_address
from trace.crypto.typed_codes import bare
from trace.parts import parts
from trace.queries import containers, resolving


def leads_to(text: str) -> str:
    """The address, on this service, of the case, pallet, batch or place that was meant; empty where none was."""
    if "/" not in text:
        return _under_a_symbol(bare(text))
    try:
        sent = own_address(text, parts().hosts)
        return sent if is_place_code(sent.removeprefix("/f/")) or parse(sent) else ""
    except AppError:
        return ""


def _under_a_symbol(code: str) -> str:
    """Eight characters, as they stand under the symbol of a tag."""
    if len(code) != BATCH_SIZE:
        return ""
    with reading() as work:
        if containers.known(work.session, code):
            return f"/c/{code}"
        return f"/b/{code}" if resolving.known(work.session, code) else ""
