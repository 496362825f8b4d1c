"""Templates keep the strict policy, speak both languages, and our sheets stay readable for a browser of 2020."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
#: A whole text; the beginning of a composed code (``_("role." ~ name)``) is looked after in test_texts.
SAID = re.compile(r"""\b_\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*[,)]""")
#: What never reaches the page: comments, and assignments such as ``{% set one = found.one %}``.
UNSEEN = re.compile(r"\{#.*?#\}|\{%-?\s*set\b.*?%\}", re.DOTALL)
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
INLINE = re.compile(
    r"\sstyle\s*=|<style\b|<script(?![^>]*(?:\bsrc=|\bapplication/ld\+json))|\son[a-z]+\s*=|javascript:|\|\s*safe\b",
    re.IGNORECASE,
)
TOO_NEW = re.compile(
    r":has\(|:is\(|:where\(|oklch\(|@layer|@container|color-mix\(|light-dark\(|(?<![\w-])inset\s*:"
    r"|(?:margin|padding|border|inset)-(?:inline|block)\s*:|aspect-ratio|(?<![\w-])(?:row-|column-)?gap\s*:"
)
FORBIDDEN = re.compile("正品|真品|genuine", re.IGNORECASE)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def chinese() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((ROOT / "trace" / "translations" / "zh").glob("*.po")):
        with path.open("rb") as file:
            found |= {str(message.id): str(message.string) for message in read_po(file, locale="zh") if message.id}
    return found


def said(text: str) -> set[str]:
    return {found[1:-1].replace('\\"', '"') for found in SAID.findall(text)} - {"…"}


def untranslated(text: str, catalogue: dict[str, str]) -> set[str]:
    """Source texts without a Chinese one, or whose placeholders differ."""
    return {
        message
        for message in said(text)
        if not catalogue.get(message)
        or set(PLACEHOLDER.findall(message)) != set(PLACEHOLDER.findall(catalogue[message]))
    }


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_text_has_a_chinese_one(path: Path) -> None:
    assert untranslated(path.read_text("utf-8"), chinese()) == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_nothing_is_inline_and_nothing_escapes_escaping(path: Path) -> None:
    assert INLINE.findall(UNSEEN.sub("", path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", SHEETS, ids=relative)
def test_sheets_use_syntax_of_chromium_80(path: Path) -> None:
    assert TOO_NEW.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", [*TEMPLATES, *SHEETS], ids=relative)
def test_no_page_promises_what_a_code_cannot(path: Path) -> None:
    assert FORBIDDEN.findall(path.read_text("utf-8")) == []


def test_planted_faults_are_found() -> None:
    assert untranslated('{{ _("No such text %(n)s", n=1) }}', chinese())
    assert untranslated('{{ _("Printed %(when)s") }}', {"Printed %(when)s": "打印"})
    for planted in ('<p style="x">', "<script>x</script>", '<a onclick="x">', "{{ x|safe }}"):
        assert INLINE.search(planted)
    for planted in ("a:has(b){}", "a{gap:1rem}", "a{margin-inline:1rem}", "a{inset:0}", "a{color:oklch(1 0 0)}"):
        assert TOO_NEW.search(planted)
    assert not TOO_NEW.search("a{grid-gap:1rem;inset-inline-start:0}")
