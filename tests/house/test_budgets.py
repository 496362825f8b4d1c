"""Weights of the pages people meet on a weak network: consumer page 14 KB, first console visit 180 KB, compressed."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.browser import gallery

ROOT = Path(__file__).parents[2]
CONSUMER_BYTES = 14 * 1024
CONSOLE_BYTES = 180 * 1024
ASSET = re.compile(r'<(?:link rel="stylesheet"|script)[^>]*(?:href|src)="(/static/[^"]+)"')


def weight(data: bytes) -> int:
    return len(gzip.compress(data, 9))


def assets(html: str) -> list[Path]:
    return [ROOT / address.lstrip("/") for address in ASSET.findall(html)]


def total(html: str) -> int:
    return weight(html.encode()) + sum(weight(path.read_bytes()) for path in assets(html))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", ["unit", "unit-amber", "refused"])
def test_the_consumer_page_is_light(page: str, lang: str) -> None:
    html = gallery.render(page, lang)
    assert total(html) <= CONSUMER_BYTES
    assert 1 + len(assets(html)) <= 3, "requests before the verdict can be read"
    assert "<script" not in html
    assert "<img" not in html


@pytest.mark.parametrize("page", ["desk", "detail"])
def test_the_first_visit_of_the_console_is_light_enough(page: str) -> None:
    assert total(gallery.render(page, "zh")) <= CONSOLE_BYTES


def test_the_scale_weighs_sheets_too() -> None:
    html = gallery.render("desk", "zh")
    assert total(html) > weight(html.encode()) + 50 * 1024
