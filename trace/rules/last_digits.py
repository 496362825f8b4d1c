"""Numbers that people name whole or by their last digits: who bears one that ends so, without reading them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class Endings(Generic[T]):
    """(Number, bearer) in any order; one number may have several. All are read once for each length asked for."""

    def __init__(self, borne: Iterable[tuple[str, T]]) -> None:
        self._borne = list(borne)
        self._of_length: dict[int, dict[str, list[T]]] = {}
        self._whole: dict[str, list[T]] = defaultdict(list)
        for number, bearer in self._borne:
            self._whole[number].append(bearer)

    def whole(self, number: str) -> list[T]:
        """Who bears just this number."""
        return self._whole.get(number, [])

    def of(self, ending: str) -> list[T]:
        """Whose numbers end so, once for each number; nobody where nothing is asked."""
        length = len(ending)
        if not length:
            return []
        if length not in self._of_length:
            found: dict[str, list[T]] = defaultdict(list)
            for number, bearer in self._borne:
                if len(number) >= length:
                    found[number[-length:]].append(bearer)
            self._of_length[length] = dict(found)
        return self._of_length[length].get(ending, [])
