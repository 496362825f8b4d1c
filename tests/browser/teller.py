"""Who tells the browser stories: people with windows, signing in and pressing what they read."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import time_machine
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from brand.kernel import clock
from brand.kernel.actors import SYSTEM, Grant
from brand.kernel.clock import CHINA
from brand.kernel.permissions import Role
from brand.kernel.work import Work
from brand.rules.reviews import ReviewKind, sheets
from brand.services import accounts
from tests import make
from tests.browser.chromium import heard
from tests.browser.county import County
from trace.cli.demo_telling import Party

PASSWORD = "示范——一句好记又够长的话"
PHONE, DESKTOP = {"width": 360, "height": 780}, {"width": 1280, "height": 900}


@contextmanager
def at(moment: str) -> Iterator[None]:
    """The wall clock in China, running on from there."""
    with time_machine.travel(datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)):
        yield


class Teller:
    """Opens windows for people and lets them sign in as they would.

    ``signed_in`` spares the sign-in page, whose story is told once.
    """

    def __init__(self, county: County, browser: Any, *, signed_in: bool = False) -> None:
        self.county = county
        self._signed_in = signed_in
        self._browser = browser
        self._keys: dict[str, str] = {}
        self._first: dict[str, str] = {}
        self.complaints: list[str] = []

    def hire(self, username: str, name: str, role: Role) -> None:
        with self.county.database.writing() as session:
            work = Work(session, SYSTEM, clock.now(), "cli")
            _, self._first[username] = accounts.add(work, username=username, name=name, grants=(Grant(role),))

    @contextmanager
    def window(self, username: str | None = None, *, size: dict[str, int] = DESKTOP) -> Iterator[Any]:
        context = self._browser.new_context(viewport=size, locale="zh-CN", base_url=self.county.address)
        page = context.new_page()
        page.set_default_timeout(20_000)
        said = heard(page)
        if username and self._signed_in:
            context.add_cookies([self.county.cookie(username)])
            page.goto("/desk")
        elif username:
            self._sign_in(page, username)
        yield page
        self.complaints += [one for one in said if "status of 4" not in one]
        context.close()

    def _sign_in(self, page: Any, username: str) -> None:
        first = self._first.pop(username, None)
        page.goto("/desk")
        page.fill("[name=identity]", username)
        page.fill("[name=password]", first or PASSWORD)
        page.click("main button")
        if _path(page) == "/second-factor":
            page.click("text=显示密钥")
            self._keys[username] = page.inner_text("ol .bt-code")
        if _path(page).startswith("/second-factor"):
            page.fill("[name=code]", self._code(username))
            page.click("main button")
        if _path(page) == "/password":
            page.fill("[name=password]", str(first))
            page.fill("[name=new_password]", PASSWORD)
            page.fill("[name=new_password_confirm]", PASSWORD)
            page.click("main button")
        assert _path(page) == "/desk", page.inner_text("main")

    def _code(self, username: str) -> str:
        secret = self._keys[username].replace("-", "").replace(" ", "")
        key = base64.b32decode(secret + "=" * (-len(secret) % 8))
        return TOTP(key, 6, SHA1(), 30, enforce_key_length=False).generate(int(clock.now().timestamp())).decode()

    def joins(self, party: Party) -> None:
        with self.window(size=PHONE) as page:
            page.goto("/join")
            page.select_option("[name=kind]", party.kind)
            page.fill("[name=name]", party.name)
            page.fill("[name=credit_code]", party.credit_code.lower())
            page.select_option("[name=township_code]", party.township)
            page.fill("[name=contact_name]", "示范联系人")
            page.fill("[name=contact_phone]", party.phone)
            page.fill("[name=username]", party.username)
            page.fill("[name=password]", PASSWORD)
            page.click("text=提交登记")
            assert page.url.endswith("/join/done")


def _path(page: Any) -> str:
    page.wait_for_load_state()
    return urlsplit(page.url).path


def press(page: Any, words: str) -> None:
    page.click(f"main :is(a, button):has-text('{words}') >> nth=0")
    page.wait_for_load_state("load")


def reads(page: Any) -> str:
    """What stands on the page once all of it has arrived."""
    page.wait_for_load_state("load")
    return str(page.inner_text("main"))


def says(page: Any, words: str = "", button: str = "main form button") -> None:
    """Fill the words a step asks for, if any, press the form's button and wait for what the house answers."""
    if words:
        page.fill("[name=comment]", words)
    with page.expect_navigation():
        page.click(button)


def hands_in(page: Any) -> None:
    """Every paper the office asks for, on the page of an application's papers."""
    for kind in ("credit_code", "origin", "standard", "certificate", "test_report", "trace"):
        page.select_option("[name=kind]", kind)
        paper = {"name": f"{kind}.pdf", "mimeType": "application/pdf", "buffer": make.a_paper(kind).data}
        page.set_input_files("[name=file]", paper)
        page.fill("[name=valid_until]", "2029-06-30" if kind == "certificate" else "")
        page.click("main form[enctype] button")


def records(page: Any, words: str, kind: str) -> None:
    """One record of the office with its score sheet."""
    press(page, words)
    for item in sheets()[ReviewKind(kind)].items:
        page.fill(f"[name=score_{item.code}]", str(item.most - 2))
    page.check("[name=opinion][value=pass]")
    page.fill("[name=comment]", "示范：与材料一致")
    says(page)
