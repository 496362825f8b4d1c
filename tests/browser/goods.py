"""The county in which the stories of goods are told: the demo and a shop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image
from sqlmodel import Session, select

from brand.kernel.actors import SYSTEM
from brand.kernel.clock import CHINA
from brand.kernel.work import Work
from brand.models.accounts import Account
from brand.queries import accounts as people
from brand.services import enterprises
from tests.browser.county import County, served
from tests.browser.teller import at, press
from trace.cli.demo_telling import Party

SHOP = Party(
    "shop", "company", "乌拉特中旗示范生鲜超市", "Demo Fresh Food Shop",
    "91150824DEM000057E", "150824100", "13800000005",
)  # fmt: skip
TOLD = "2026-10-12 09:00"


@contextmanager
def told(folder: Path) -> Iterator[County]:
    """The demo county as it stood on 2026-10-12, with whom the stories need besides; set up through services."""
    with at(TOLD), served(folder) as county:
        _shop(county)
        yield county


def upload(page: Any, name: str, text: str) -> None:
    """A sheet written on the spot, looked at and taken in."""
    page.set_input_files("[name=file]", {"name": name, "mimeType": "text/csv", "buffer": text.encode()})
    press(page, "先看一看")
    press(page, "确认入库")


def choose(page: Any, field: str, words: str) -> None:
    """The option of a list that says these words."""
    option = page.locator(f"[name={field}] option", has_text=words).first
    page.select_option(f"[name={field}]", option.get_attribute("value"))


def menu(page: Any, words: str) -> None:
    """A word of the main menu, which a phone hides behind a button."""
    closed = page.locator(".bt-console-menu:not([open]) > summary")
    if closed.is_visible():
        closed.click()
    page.click(f"nav a:visible:has-text('{words}') >> nth=0")
    page.wait_for_load_state("load")


def scanned(page: Any) -> str:
    """What a camera reads from the symbol on the page of a label order, on this test's own port."""
    picture = page.locator("img.bt-symbol").screenshot()
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)))
    return re.sub(r"^https?://[^/]+", "", found.text)


def _shop(county: County) -> None:
    with county.database.writing() as session:
        seat = {"county_code": "150824", "township_code": SHOP.township, "address": "示范路5号"}
        contact = {"contact_name": "示范联系人", "contact_phone": SHOP.phone}
        names = {"name": SHOP.name, "name_en": SHOP.name_en, "credit_code": SHOP.credit_code, "kind": SHOP.kind}
        work = Work(session, SYSTEM, _moment("2026-09-20 09:00"), "test")
        made = enterprises.join(
            work, username=SHOP.username, password="示范——超市收货员的口令", **names, **seat, **contact
        )
        clerk = _as(session, "clerk", "2026-09-21 09:00")
        enterprises.step(clerk, made.id, "confirm", version=made.version)


def _as(session: Session, username: str, moment: str) -> Work:
    when = _moment(moment)
    account = session.exec(select(Account).where(Account.username == username)).one()
    return Work(session, people.actor_of_account(session, account, when), when, "test")


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)
