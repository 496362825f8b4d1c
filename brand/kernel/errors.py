"""The one error type of the house: a stable dotted code, its parameters, and which kind of refusal it is.

The texts belong to the codes live in ``trace/translations/<language>/errors.po``; the edge maps kinds to HTTP status.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What sort of refusal this is; one table at the edge turns it into a status."""

    INVALID = "invalid"
    NOT_SIGNED_IN = "not_signed_in"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    QUOTA_EXCEEDED = "quota_exceeded"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one place of the input.

    ``pointer`` is a JSON pointer (``/code``) or, for sheets, the cell as the person sees it (``G15``); ``row`` is the
    sheet's own row number and ``column`` the heading printed in it.
    """

    code: str
    pointer: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    row: int | None = None
    column: str | None = None


class AppError(Exception):
    """A refusal with a name. Raised by rules, services and doors alike; never carries a sentence."""

    def __init__(self, kind: Kind, code: str, /, *, faults: Sequence[Fault] = (), **params: Any) -> None:
        super().__init__(code)
        self.kind = kind
        self.code = code
        self.params = params
        self.faults = tuple(faults)

    def __repr__(self) -> str:
        return f"AppError({self.kind}, {self.code!r}, {self.params!r})"


def invalid(code: str, /, *, faults: Sequence[Fault] = (), **params: Any) -> AppError:
    """The input breaks a rule; the sender can mend it."""
    return AppError(Kind.INVALID, code, faults=faults, **params)


def not_signed_in(code: str = "access.not_signed_in", /, **params: Any) -> AppError:
    return AppError(Kind.NOT_SIGNED_IN, code, **params)


def refused(code: str, /, **params: Any) -> AppError:
    """Known person, lawful request, but a rule says no."""
    return AppError(Kind.REFUSED, code, **params)


def unknown(code: str = "access.unknown", /, **params: Any) -> AppError:
    """No such thing, or one that belongs to somebody else: the two must look alike."""
    return AppError(Kind.UNKNOWN, code, **params)


def conflict(code: str, /, **params: Any) -> AppError:
    """The state changed under the sender, or the thing exists already."""
    return AppError(Kind.CONFLICT, code, **params)


def quota_exceeded(code: str, /, **params: Any) -> AppError:
    """A scarce thing has less left than was asked for; ``params`` carry the figures. It points at the whole input:
    who knows where the amount stands says so (``pointing``).
    """
    return AppError(Kind.QUOTA_EXCEEDED, code, faults=[Fault(code, "", params)], **params)


@contextmanager
def pointing(places: Mapping[str, str]) -> Iterator[None]:
    """Refusals from within point into the asker's own document: of the beginnings of a pointer that ``places`` knows
    the longest is replaced. ``{"/outputs/0": "/loose/3"}`` makes ``/loose/3/kg`` of ``/outputs/0/kg``; an empty
    beginning is that of the whole input.
    """
    try:
        yield
    except AppError as error:
        error.faults = tuple(replace(one, pointer=_moved(one.pointer, places)) for one in error.faults)
        raise


def _moved(pointer: str, places: Mapping[str, str]) -> str:
    fitting = [one for one in places if pointer == one or pointer.startswith(f"{one}/")]
    if not fitting:
        return pointer
    longest = max(fitting, key=len)
    return places[longest] + pointer[len(longest) :]
