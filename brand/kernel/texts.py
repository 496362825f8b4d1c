"""Words in two languages from the .po files: interface texts by their English source, codes by their code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from brand.kernel.places import resource

LANGUAGES = ("zh", "en")
_PERCENT = re.compile(r"%%|%(?!\(\w+\)s)")


@lru_cache(maxsize=1)
def catalogues() -> Mapping[str, Mapping[str, str]]:
    """Language → message id → text, over all files of the language's folder."""
    return {language: _read_folder(resource("translations") / language) for language in LANGUAGES}


def _read_folder(folder: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and message.string and isinstance(message.id, str):
                    texts[message.id] = str(message.string)
    return texts


def has(language: str, message: str) -> bool:
    return message in catalogues()[language]


def say(language: str, message: str, /, **params: Any) -> str:
    """The text in that language with its parameters filled in; an unknown message is returned as it stands.

    A parameter the text needs and nobody gave is left visible rather than raising: an error text must never fail.
    """
    text = catalogues()[language].get(message, message)
    if "%" not in text:
        return text
    return _form(text) % _Given(params)


class _Given(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return f"‹{name}›"


@lru_cache(maxsize=4096)
def _form(text: str) -> str:
    """The text as ``%`` takes it: a percent sign that begins no place stands for itself."""
    return _PERCENT.sub("%%", text)


def explain(language: str, code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a refusal; parameters that are codes themselves are put into words too."""
    return say(language, code, **{name: _worded(language, one, params) for name, one in params.items()})


def _worded(language: str, value: object, params: Mapping[str, Any]) -> object:
    return say(language, value, **params) if isinstance(value, str) and has(language, value) else value


def choose(wanted: list[str], default: str) -> str:
    """The first language we have among the wanted ones, compared by primary subtag (``zh-CN`` is ``zh``)."""
    for tag in wanted:
        primary = tag.replace("_", "-").split("-")[0].lower()
        if primary in LANGUAGES:
            return primary
    return default
