"""Names the field of each mistake in the list over a form: who reads «required» there must not have to guess of what.

The list stands before the fields, so their labels are taken from the page once it is made.
"""

from __future__ import annotations

import re
from html import unescape

from markupsafe import escape

from brand.edge.languages import say

_LIST = re.compile(r'<div class="bt-summary".*?</div>', re.DOTALL)
_LINK = re.compile(r'(<a href="#(f-[^"]+)">)([^<]*)(</a>)')
_ASIDE = re.compile(r'<span class="bt-optional">.*?</span>|<[^>]*>', re.DOTALL)
#: Where a field says its name: over a group, over itself, or in a table to those who cannot see its head.
_NAMES = (
    r'<legend id="{id}-legend">(.*?)</legend>',
    r'<label(?: class="[^"]*")? for="{id}">(.*?)</label>',
    r'id="{id}"[^>]* aria-label="([^"]*)"',
    r'aria-label="([^"]*)"[^>]* id="{id}"',
)


def named(page: str) -> str:
    """The page with the label of its field before every mistake that does not name it itself."""
    return _LIST.sub(lambda found: _LINK.sub(lambda link: _told(link, page), found[0]), page)


def _told(link: re.Match[str], page: str) -> str:
    opening, field, words, closing = link.groups()
    label = _label(field, page)
    if label and label not in words:
        words = f"{label}{say(': ')}{words}"
    return f"{opening}{words}{closing}"


def _label(field: str, page: str) -> str:
    """As it stands in the page, escaped; empty where the field has none."""
    for one in _NAMES:
        found = re.search(one.replace("{id}", re.escape(field)), page, re.DOTALL)
        if found:
            return str(escape(unescape(_ASIDE.sub("", found[1])).strip()))
    return ""
