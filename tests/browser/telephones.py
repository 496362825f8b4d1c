"""A telephone of the demo county in Chromium: enrolled, unlocked, its camera shown a symbol, a code typed into it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image
from sqlmodel import select

from brand.kernel import clock
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from tests.browser.county import County
from trace.cli.demo_telling import Telling
from trace.crypto import code_profiles, label_codes
from trace.formats.qr_symbols import encode_symbols
from trace.formats.qr_tables import Level
from trace.models.batches import Batch
from trace.models.containers import Container
from trace.rules.containers import ContainerState
from trace.services import batch_tags, container_tags

PIN = "258014"


def offer(county: County, page: Any) -> str:
    """The inspector at the computer: names the telephone and reads the address under the symbol."""
    desk = page.context.browser.new_context(base_url=county.address, locale="zh-CN")
    desk.add_cookies([county.cookie("inspector")])
    computer = desk.new_page()
    computer.goto("/field-devices/new")
    computer.fill("[name=name]", "示范市场组1号机")
    computer.click("main form button")
    address = computer.inner_text("main a.bt-code")
    assert computer.locator("main img[src^='data:image/svg']").count() == 1
    computer.reload()
    assert computer.locator("main a.bt-code").count() == 0, "shown once"
    desk.close()
    return address[address.index("/inspector/") :]


def photo(side: int = 2400) -> dict[str, Any]:
    data = BytesIO()
    Image.effect_noise((side, side * 3 // 4), 60).convert("RGB").save(data, "JPEG", quality=90)
    return {"name": "示范.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def symbol(text: str) -> dict[str, Any]:
    """A photo of a label: the symbol a little turned on grey."""
    modules = encode_symbols([text], Level.M)[0]
    dark = Image.fromarray((~modules * 255).astype("uint8")).resize((600, 600))
    ground = Image.new("L", (1400, 1100), 200)
    ground.paste(Image.new("L", (700, 700), 255), (300, 200))
    ground.paste(dark, (350, 250))
    data = BytesIO()
    ground.rotate(7, fillcolor=180).save(data, "PNG")
    return {"name": "symbol.png", "mimeType": "image/png", "buffer": data.getvalue()}


def film(text: str) -> bytes:
    """What a camera sees that is held over a label by a hand: a few pictures, one after the other (motion JPEG)."""
    label, film = Image.open(BytesIO(symbol(text)["buffer"])).resize((640, 480)).convert("RGB"), BytesIO()
    for turned in range(6):
        label.rotate(turned / 2).save(film, "JPEG", quality=85)
    return film.getvalue()


def read_as(text: str) -> str:
    """What the service reads: the element string, or why not."""
    try:
        return label_codes.parse(text).code.element
    except AppError as refusal:
        return refusal.code


def tagged(county: County) -> tuple[str, str]:
    """Addresses in the tag of the first pack's batch and on the label of a case, each signed for by its own people."""
    signer, code = county.app.extensions["brandtrace.parts"].signer, label_codes.parse(county.told.packs[0][1]).code
    found = {}

    def of_batch(work: Work) -> None:
        tag = batch_tags.issue(work, signer, work.session.exec(select(Batch.id).where(Batch.code == code.batch)).one())
        found["batch"] = label_codes.signed_address(code_profiles.BatchCode(code.batch), tag.kid, tag.signature)

    def of_case(work: Work) -> None:
        case = work.session.exec(select(Container.code).where(Container.state == ContainerState.PACKED)).first()
        tag = container_tags.issue(work, signer, case)
        found["case"] = label_codes.signed_address(code_profiles.ContainerCode(case), tag.kid, tag.signature)

    for username, act in (("producer", of_batch), ("abattoir", of_case)):
        Telling(county.database, signer, print).act(clock.now(), username, act)
    return found["batch"], found["case"]


def ready(page: Any) -> None:
    page.wait_for_selector("#kit[data-ready=yes]", state="attached")


def enrol(page: Any, pin: str, again: str = "") -> str:
    """Two PINs for a telephone, and the colour of what is said about them."""
    page.evaluate("document.getElementById('told').hidden = true")
    page.fill("#f-new_pin", pin)
    page.fill("#f-new_pin_again", again or pin)
    page.click("#enrol button")
    page.wait_for_selector("#told:not([hidden])")
    return str(page.get_attribute("#told", "class")).split()[-1]


def unlock(page: Any, pin: str = PIN) -> None:
    page.fill("#f-pin", pin)
    page.click("#unlock button")
    page.wait_for_selector("#enrolled:not([hidden])")


def answer(page: Any, text: str) -> str:
    page.evaluate("document.getElementById('answer').replaceChildren()")
    page.fill("#f-code", text)
    page.click("#typed button")
    page.wait_for_selector("#answer .bt-verdict")
    return str(page.get_attribute("#answer .bt-verdict", "class")).removeprefix("bt-verdict is-")
