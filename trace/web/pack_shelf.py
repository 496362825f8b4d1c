"""Pages and parts of pages that are kept: a page under the edition of what it tells, a part under all that it says.

A part says nothing that is not in its name, so it is never out of date; it is only thrown away when nobody asks for it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

from flask import current_app
from markupsafe import Markup

from brand.edge import worded
from brand.edge.languages import language

T = TypeVar("T")

#: Where an application keeps its ``Pages``.
PAGES = "brandtrace.pages"
#: Pages kept in memory: a few hundred pack lines in two languages, some 20 kB each; parts are far smaller.
MOST_PAGES, MOST_PARTS = 500, 2000

#: A hole of a page is two private-use characters, which no form field accepts and so no text of ours can hold.
_HOLE, _FIRST = "\ue000", 0xE001


def holes(names: Iterable[str]) -> dict[str, str]:
    """A hole for each name."""
    return {name: _HOLE + chr(_FIRST + place) for place, name in enumerate(names)}


@dataclass(frozen=True)
class Kept:
    """A page cut at its holes: the bytes between them, and the holes in their order."""

    pieces: tuple[bytes, ...]
    holes: tuple[str, ...]

    @classmethod
    def cut(cls, page: str) -> Kept:
        first, *rest = page.encode().split(_HOLE.encode())
        size = len(chr(_FIRST).encode())
        return cls((first, *(one[size:] for one in rest)), tuple(_HOLE + one[:size].decode() for one in rest))

    def fill(self, words: Mapping[str, str]) -> bytes:
        found = {hole: word.encode() for hole, word in words.items()}
        filled = [self.pieces[0]]
        for hole, piece in zip(self.holes, self.pieces[1:], strict=True):
            filled += (found[hole], piece)
        return b"".join(filled)


class Shelf(Generic[T]):
    """The most recently used of a kind; safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[object, T] = OrderedDict()
        self._lock = Lock()

    def forget(self, which: Callable[[Any], bool] = lambda key: True) -> None:
        with self._lock:
            for key in [one for one in self._kept if which(one)]:
                del self._kept[key]

    def peek(self, key: object) -> T | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def get(self, key: object, make: Callable[[], T]) -> T:
        found = self.peek(key)
        if found is not None:
            return found
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


class Pages(Shelf[Kept]):
    """Whole pages, and in ``parts`` what many pages share."""

    def __init__(self, most: int = MOST_PAGES, most_parts: int = MOST_PARTS) -> None:
        super().__init__(most)
        self.parts: Shelf[Markup] = Shelf(most_parts)


def part(template: str, told: tuple[object, ...], words: Callable[[], Mapping[str, Any]]) -> Markup:
    """What ``template`` makes of ``words``; ``told``: everything that these words are made of, the language aside."""
    pages: Pages = current_app.extensions[PAGES]
    return pages.parts.get((template, language(), *told), lambda: worded.part(template, **words()))
