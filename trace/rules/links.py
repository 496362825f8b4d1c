"""Which of several links a resolver sends somebody to, from the kind asked for, the languages and the media types.

Source: GS1-Conformant resolver standard 1.2, sections on link types, default links and redirection (read in its test
suite): the default link has no attributes, equal attributes are a choice, a kind nobody has is not found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from brand.kernel.errors import AppError, Kind

VOCABULARY = "https://gs1.org/voc/"
DEFAULT, DEFAULTS = "defaultLink", "defaultLinkMulti"
#: Words that ask for the whole list; the second is the older one.
WHOLE = frozenset({"linkset", "all"})
#: The vocabulary under all its names, and the short form.
_RELATION = re.compile(r"(?:gs1:|https?://(?:www\.|ref\.)?gs1\.org/voc/)(?P<name>[A-Za-z]{1,60})")
_WEB_PAGE = "text/html"


@dataclass(frozen=True)
class Link:
    """One way on: the kind (a word of GS1's vocabulary), where it leads, and what tells it from others of its kind."""

    relation: str
    href: str
    title: str
    languages: tuple[str, ...] = ()
    media: str = ""

    @property
    def attributes(self) -> tuple[tuple[str, ...], str]:
        return self.languages, self.media


@dataclass(frozen=True)
class Asked:
    """What a request says: the kind of link (None: the default), languages and media types, best first."""

    relation: str | None
    languages: tuple[str, ...] = ()
    media: tuple[str, ...] = ()


def relation_of(text: str) -> str | None:
    """The kind asked for, without its prefix; what is not of GS1's vocabulary is none of ours."""
    found = _RELATION.fullmatch(text)
    return found["name"] if found else None


def choose(links: Sequence[Link], asked: Asked, home: str) -> tuple[Link, ...]:
    """One link to follow, or several that nothing in the request tells apart.

    ``home`` is the language of who names none. Raises ``resolver.link_type`` when there is none of that kind.
    """
    if asked.relation is None:
        return _default(links, asked)
    found = [one for one in links if one.relation == asked.relation]
    if not found:
        raise AppError(Kind.UNKNOWN, "resolver.link_type", kind=asked.relation)
    found = _of_media(found, asked.media)
    found = _in_language(found, (*asked.languages, home))
    first = found[0]
    return tuple(one for one in found if one.attributes == first.attributes)


def _default(links: Sequence[Link], asked: Asked) -> tuple[Link, ...]:
    """A default of the reader's language, where there is one; else the only default."""
    several = [one for one in links if one.relation == DEFAULTS and asked.languages]
    for wanted in asked.languages:
        for one in several:
            if _primary(wanted) in map(_primary, one.languages):
                return (one,)
    return (next(one for one in links if one.relation == DEFAULT),)


def _of_media(links: list[Link], wanted: Sequence[str]) -> list[Link]:
    """Of several media types the first wanted one that is there; a web page for who does not say."""
    there = dict.fromkeys(one.media for one in links)
    if len(there) < 2:
        return links
    chosen = next((one for one in (*wanted, _WEB_PAGE) if one in there), next(iter(there)))
    return [one for one in links if one.media == chosen]


def _in_language(links: list[Link], wanted: Sequence[str]) -> list[Link]:
    if not any(one.languages for one in links):
        return links
    for language in wanted:
        found = [one for one in links if _primary(language) in map(_primary, one.languages)]
        if found:
            return found
    return links


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()
