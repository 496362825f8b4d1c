"""The gallery in real Chromium: no axe violation, nothing blocked, no sideways scroll, tap targets, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import gallery

pytestmark = pytest.mark.skipif(
    not Path(gallery.CHROMIUM).exists(), reason="no Chromium here: apt-get install chromium enables the browser tests"
)
PRESSED = "a.bt-button, button, summary, .bt-languages a, .bt-nav a, input:not([type=hidden]), select"
SMALL = """pressed => [...document.querySelectorAll(pressed)]
    .filter(e => e.offsetParent && !['radio', 'checkbox'].includes(e.type) && e.getBoundingClientRect().height < 43.5)
    .map(e => e.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with gallery.serving() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with gallery.browsing() as browser:
        yield browser


@pytest.mark.parametrize(("width", "scheme", "lang"), [(360, "light", "zh"), (1280, "dark", "en")])
@pytest.mark.parametrize("name", gallery.PAGES)
def test_page_pleases_axe_and_the_policy(
    address: str, browser: Any, name: str, width: int, scheme: str, lang: str
) -> None:
    assert gallery.look(browser, address, name, width, scheme, lang, None) == []


def test_the_policy_of_the_gallery_bites(address: str, browser: Any) -> None:
    """The planted twin: an inline style must be refused, or the test above sees nothing."""
    context = browser.new_context()
    said: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{address}/page/error")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    page.wait_for_timeout(50)
    context.close()
    assert any("Content Security Policy" in text for text in said)


@pytest.mark.parametrize("name", ["unit", "refused", "home", "form", "list", "desk"])
def test_fingers_find_what_they_press(address: str, browser: Any, name: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800}, has_touch=True)
    page = context.new_page()
    page.goto(f"{address}/page/{name}")
    small = page.evaluate(SMALL, PRESSED)
    context.close()
    assert small == []


def test_console_without_scripts_is_light_and_its_menu_opens(address: str, browser: Any) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 800}, java_script_enabled=False, color_scheme="dark"
    )
    page = context.new_page()
    page.goto(f"{address}/page/desk")
    page.click(".bt-console-menu summary")
    assert page.is_visible(".bt-console-menu nav")
    assert page.get_attribute("html", "data-bs-theme") == "light"
    context.close()


def test_dialog_opens_over_the_page_and_leads_back(address: str, browser: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/page/detail")
    page.click("[data-opens=refuse]")
    assert page.is_visible("dialog#refuse textarea")
    page.click("dialog#refuse form[method=dialog] button")
    assert not page.is_visible("dialog#refuse")
    context.close()


def test_mistakes_are_told_first_and_lead_to_their_field(address: str, browser: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/page/form")
    assert page.evaluate("document.activeElement.id") == "mistakes"
    page.click("#mistakes a")
    assert page.evaluate("location.hash") == "#f-code"
    context.close()
