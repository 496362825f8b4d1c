"""What a resolver says in bytes: a link set in JSON, the headers that lead to it, and the file that describes it.

Source: RFC 9264 section 4.2 (application/linkset+json), RFC 8288 (Link header), GS1-Conformant resolver standard 1.2
with its linkset and description file as GS1's test suite reads them: titles hold no commas, language tags are ``zh``
and never ``zh-Hans``, the default link has no attribute beside its title.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trace.rules.links import DEFAULT, VOCABULARY, Link

MEDIA_TYPE = "application/linkset+json"
LINKED_DATA = "application/ld+json"
CONTEXT = "https://ref.gs1.org/standards/resolver/linkset-context"
_CONTEXT_RELATION = "http://www.w3.org/ns/json-ld#context"
_COMMAS = str.maketrans({",": " ", "，": " ", "、": " "})


def linkset(anchor: str, description: str, links: Iterable[Link]) -> dict[str, Any]:
    """The set of links of one thing; ``anchor`` is its full address without a query."""
    found: dict[str, Any] = {"anchor": anchor, "itemDescription": description}
    for one in links:
        found.setdefault(VOCABULARY + one.relation, []).append(_target(one))
    return {"linkset": [found]}


def link_header(anchor: str, *, whole: bool) -> str:
    """Where the link set of an anchor is; with the answer that is one, also what its words mean."""
    told = f'<{anchor}?linkType=linkset>; rel="linkset"; type="{MEDIA_TYPE}"; title="Link set"'
    if not whole:
        return told
    return f'{told}, <{CONTEXT}>; rel="{_CONTEXT_RELATION}"; type="{LINKED_DATA}"'


def description(root: str, name: str, contact: str) -> dict[str, Any]:
    """``/.well-known/gs1resolver``: where the resolver is and what it resolves."""
    told: dict[str, Any] = {
        "name": name,
        "resolverRoot": root,
        "supportedPrimaryKeys": ["01"],
        "supportedLinkType": [{"namespace": VOCABULARY, "prefix": "gs1:"}],
        "linkTypeDefaultCanBeLinkset": False,
        "jsonLdContextLocation": CONTEXT,
    }
    return told | ({"contact": {"fn": contact}} if contact else {})


def _target(one: Link) -> dict[str, Any]:
    told: dict[str, Any] = {"href": one.href, "title": one.title.translate(_COMMAS)}
    if one.relation == DEFAULT:
        return told
    if one.media:
        told["type"] = one.media
    if one.languages:
        told["hreflang"] = list(one.languages)
    return told
