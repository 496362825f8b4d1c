"""Every page of the demo county in real Chromium: axe, the content policy, sideways scroll, fingers, no scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlmodel import col, select

from brand.kernel import clock
from brand.models.schemes import Product
from brand.rules.product_rules import Stage
from tests.browser.chromium import browsing, complaints, dropped, heard, needs_chromium, sideways
from tests.browser.county import County, served
from tests.browser.pages import Row, pages
from trace.models.batches import Batch, PackLine
from trace.queries import gate as gates
from trace.rules import gate

pytestmark = [needs_chromium, dropped]
PHONE, DESKTOP = {"width": 360, "height": 800}, {"width": 1280, "height": 900}
#: Read by night as well: one of each kind of page.
DARK = ("scan", "register-entry", "desk-clerk", "application", "scheme", "batch")
PRESSED = "a.bt-button, button, summary, .bt-languages a, .bt-nav a, input:not([type=hidden]), select"
SMALL = """pressed => [...document.querySelectorAll(pressed)]
    .filter(e => e.offsetParent && !['radio', 'checkbox'].includes(e.type) && !e.closest('.bt-hidden'))
    .filter(e => e.getBoundingClientRect().height < 43.5)
    .map(e => e.outerHTML.slice(0, 90))"""


class Reader:
    """Opens the county's pages as the person each belongs to."""

    def __init__(self, county: County, browser: Any) -> None:
        self.county = county
        self.rows = {row[0]: row for row in pages(county)}
        self._browser = browser
        self._cookies: dict[str, Any] = {}

    @contextmanager
    def window(self, who: str | None = None, **how: Any) -> Iterator[Any]:
        context = self._browser.new_context(
            base_url=self.county.address, **{"viewport": PHONE, "locale": "zh-CN"} | how
        )
        if who:
            if who not in self._cookies:
                self._cookies[who] = self.county.cookie(who)
            context.add_cookies([self._cookies[who]])
        yield context.new_page()
        context.close()

    def by_person(self, names: tuple[str, ...] = ()) -> dict[str | None, list[Row]]:
        found: dict[str | None, list[Row]] = {}
        for row in self.rows.values():
            if not names or row[0] in names:
                found.setdefault(row[1], []).append(row)
        return found

    def faults(self, names: tuple[str, ...] = (), *, axe: bool = True, **how: Any) -> list[str]:
        """What is wrong with these pages (all, unless named), each line beginning with the page."""
        found = []
        for who, rows in self.by_person(names).items():
            with self.window(who, **how) as page:
                said = heard(page)
                for name, _, path in rows:
                    answer = page.goto(path)
                    status = [] if answer.status < 400 or name in _ABSENT else [f"status {answer.status}"]
                    wrong = complaints(page) if axe else sideways(page)
                    console = [one for one in said if "status of 404" not in one]
                    found += [f"{name}: {one}" for one in (*status, *console, *wrong)]
                    said.clear()
        return found


_ABSENT = ("nothing-here",)


@pytest.fixture(scope="module")
def reader(scratch: Path) -> Iterator[Reader]:
    with TemporaryDirectory(dir=scratch) as folder, served(Path(folder)) as county, browsing() as browser:
        yield Reader(county, browser)


def assert_clean(found: list[str]) -> None:
    assert not found, "\n".join(found)


def test_every_page_on_a_phone_in_chinese(reader: Reader) -> None:
    assert_clean(reader.faults())


def test_every_page_on_a_screen_in_english(reader: Reader) -> None:
    assert_clean(reader.faults(viewport=DESKTOP, locale="en-GB", axe=False))


def test_each_kind_of_goods_is_whole_and_the_honey_lacks_its_test(reader: Reader) -> None:
    """Packs with a signed label of each kind, and one kind that a missing paper keeps from its labels."""
    lacking = {}
    with reader.county.database.reading() as session:
        packed = select(Batch, Product.code).join(Product).join(PackLine).where(col(Batch.withdrawn).is_(False))
        for batch, code in session.exec(packed.distinct()).all():
            found = gate.reasons(gates.facts(session, batch, clock.local_day(clock.now())), Stage.LABEL)
            lacking[code] = [one.params.get("item", one.code) for one in found]
    whole: dict[str, list[str]] = {one: [] for one in ("lamb", "beef", "tea", "grain", "fruit")}
    assert lacking == whole | {"honey": ["chain.item.laboratory_report"]}
    packs = dict(reader.county.told.packs)
    shown = [path for what, path in packs.items() if "(Demo)" in what]
    assert len(shown) == 4
    with reader.window(java_script_enabled=False) as page:
        for path in shown:
            page.goto(path)
            assert page.locator(".bt-verdict.is-green").is_visible()
        (honey,) = (path for name, _, path in reader.rows.values() if name == "honey-public")
        page.goto(honey)
        assert "合格的检测报告" in page.locator(".bt-tests li:has-text('缺')").first.inner_text()
    with reader.window("grower") as page:
        page.goto(next(path for name, _, path in reader.rows.values() if name == "honey-labels"))
        assert "不能订购标签" in page.inner_text("main")
        assert not page.locator("main form").count()


def test_pages_by_night(reader: Reader) -> None:
    assert_clean(reader.faults(DARK, viewport=DESKTOP, locale="en-GB", color_scheme="dark"))


def test_the_policy_bites(reader: Reader) -> None:
    """The planted twin: an inline style must be refused, or the tests above see nothing."""
    with reader.window() as page:
        said = heard(page)
        page.goto("/about")
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
        page.wait_for_timeout(50)
    assert any("Content Security Policy" in text for text in said)


def test_axe_and_the_ruler_bite(reader: Reader) -> None:
    """The other twin: a nameless picture and a line that is too wide are found."""
    with reader.window() as page:
        page.goto("/about")
        page.evaluate("document.body.append(Object.assign(new Image(2000, 20), {src: '/static/none.png'}))")
        found = complaints(page)
    assert any(one.startswith("image-alt") for one in found)
    assert "scrolls sideways" in found


def test_fingers_find_what_they_press(reader: Reader) -> None:
    small = {}
    with reader.window(has_touch=True) as page:
        for name, _, path in reader.by_person()[None]:
            page.goto(path)
            small[name] = page.evaluate(SMALL, PRESSED)
    assert {name: found for name, found in small.items() if found} == {}


def test_a_consumer_needs_no_scripts(reader: Reader) -> None:
    with reader.window(java_script_enabled=False) as page:
        page.goto(reader.rows["scan"][2])
        assert page.locator(".bt-verdict.is-green").is_visible()
        page.click("main summary >> nth=0")
        assert page.locator("main details[open]").count() >= 1


def test_joining_and_signing_in_need_no_scripts(reader: Reader) -> None:
    username, _, _, password = next(one for one in reader.county.told.people if one[0] == "abattoir")
    with reader.window(java_script_enabled=False) as page:
        page.goto("/join")
        page.click("main form button >> nth=0")
        assert page.is_visible("#mistakes")
        page.goto("/sign-in")
        page.fill("[name=identity]", username)
        page.fill("[name=password]", password)
        page.click("main button")
        assert "/sign-in" not in page.url


def test_the_console_without_scripts_is_light_and_its_menu_opens(reader: Reader) -> None:
    with reader.window("clerk", java_script_enabled=False, color_scheme="dark") as page:
        page.goto("/desk")
        page.click(".bt-console-menu summary")
        assert page.is_visible(".bt-console-menu nav")
        assert page.get_attribute("html", "data-bs-theme") == "light"


def test_mistakes_are_told_first_and_lead_to_their_field(reader: Reader) -> None:
    with reader.window("producer") as page:
        page.goto("/applications/new")
        page.fill("[name=cap_kg]", "")
        page.click("main form button >> nth=0")
        page.wait_for_selector("#mistakes:focus", timeout=8_000)
        page.click("#mistakes a >> nth=0")
        assert page.evaluate("location.hash").startswith("#f-")
