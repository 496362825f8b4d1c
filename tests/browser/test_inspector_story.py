"""Telephones in Chromium: an inspector's, enrolled by a symbol, checks packs without a network and hands in what was
found; a producer's keeps the receipts of what was stated with it.

The scripts of the page answer every golden vector here as the service does, with the browser's own Ed25519 and with the
small library for browsers that have none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from brand.kernel import clock
from brand.models.inspections import Inspection
from tests.browser.chromium import browsing, complaints, dropped, heard, needs_chromium
from tests.browser.county import County, served
from tests.browser.telephone_scripts import (
    AT_REST,
    AWAY,
    BOUNDED,
    CHEAPER,
    DECIDE,
    IDLE,
    LATER,
    LATER_KEY,
    LOOK_UP,
    OLDER,
    READ_CODES,
    READ_GOODS,
    TAMPER,
)
from tests.browser.telephones import PIN, answer, enrol, film, offer, photo, read_as, ready, symbol, tagged, unlock
from tests.browser.teller import PHONE
from trace.crypto import label_codes
from trace.crypto.label_codes import fresh_serials
from trace.crypto.serial_sets import encode
from trace.crypto.typed_codes import human_readable
from trace.models.field_devices import FieldDevice
from trace.models.field_findings import FieldFinding, FieldPhoto
from trace.rules.field_locks import LOCK

pytestmark = [needs_chromium, dropped]
CODES = Path(__file__).parents[1] / "crypto" / "vectors" / "label_codes.json"
VERDICTS = Path(__file__).parents[2] / "trace" / "rules" / "data" / "verdict-vectors.json"

GOODS = [
    "/01/09521234000013/10/20260912A/21/B3KQV9FB5MYFZ237",
    "/01/09521234000013/10/20260912A/21/B3KQV9FB5MYFZ237?17=270914",
    *(
        f"/01/09521234000013/10/20260912A/21/X?{query}"
        for query in ("17=270230", "17=270900", "17=1", "18=270914", "17")
    ),
    *(f"/01/{gtin}/10/A/21/X" for gtin in ("09521234000014", "00000000000000", "02012345678903", "9521234000013", "x")),
    *(
        f"/01/09521234000013/{rest}"
        for rest in ("10/a/21/X", "10/A/21/x", "10/A", "21/X/10/A", "10/A/21", "10/A/21/X/Y")
    ),
    *(f"/{profile}/KK58SW6G{rest}" for profile in "bcf" for rest in ("", "/", "?x=1", "?s=k3.A")),
    *("/b/KK58SW6H", "/c/KK58SW6", "/c/kk58sw6g", "/c/"),
]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with served(tmp_path_factory.mktemp("inspector")) as told:
        yield told


@pytest.fixture(scope="module")
def telephone(county: County, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    seen = tmp_path_factory.mktemp("camera") / "seen.mjpeg"
    seen.write_bytes(film(f"http://127.0.0.1{county.told.packs[0][1]}"))
    with browsing(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={seen}",
    ) as browser:
        options = {"viewport": PHONE, "locale": "en-GB", "base_url": county.address, "has_touch": True}
        context = browser.new_context(**options)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.heard = heard(page)
        yield page
        context.close()


def test_the_scripts_answer_every_golden_vector(county: County, telephone: Any) -> None:
    telephone.goto("/inspector/")
    ready(telephone)
    assert telephone.evaluate(READ_CODES, {"vectors": json.loads(CODES.read_text("utf-8"))}) == []
    assert telephone.evaluate(DECIDE, {"vectors": json.loads(VERDICTS.read_text("utf-8"))["vectors"]}) == []
    small, whole = telephone.evaluate(BOUNDED, {"bounds": [60_000, 9_000_000]})
    assert small <= 60_000 < whole, "six photos have to go through the door together"
    assert telephone.evaluate(READ_GOODS, {"texts": GOODS}) == [read_as(text) for text in GOODS]
    later = telephone.evaluate(LATER_KEY, {"vectors": json.loads(CODES.read_text("utf-8"))})
    forged = ["red", "bad", "verdicts.bad_signature"]
    assert later == [
        ["amber", "ok", "verdicts.not_looked_up"],
        forged,
        ["red", "ok", "verdicts.key_distrusted"],
        forged,
    ]
    everything = fresh_serials(12_000)
    members, strangers = everything[:9000], everything[9000:]
    asked = {"found": encode(members, strangers), "members": members[::9], "strangers": strangers}
    assert telephone.evaluate(LOOK_UP, asked) == [0, 0]


def test_a_day_at_the_market(county: County, telephone: Any) -> None:
    page = telephone
    sound, tags = county.told.packs[0][1], tagged(county)
    page.goto("/inspector/?lang=zh")
    ready(page)
    assert "尚未登记" in page.inner_text("main")
    page.goto(offer(county, page))
    page.reload()
    ready(page)
    for refused in ("12345", "123456", "777777"):
        assert enrol(page, refused) == "is-amber"
    assert enrol(page, PIN, "258013") == "is-amber"
    page.fill("#f-new_pin", PIN)
    page.fill("#f-new_pin_again", PIN)
    page.click("#enrol button")
    page.wait_for_selector("#state-list .is-green")
    assert "enrol" not in page.url
    page.reload()
    ready(page)
    assert page.is_hidden("#enrolled")
    unlock(page)
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    assert complaints(page) == []
    page.context.set_offline(True)
    page.goto("/inspector/?lang=en")
    ready(page)
    unlock(page)
    assert "no network" in page.inner_text("#state-network")
    assert answer(page, f"http://127.0.0.1{sound}") == "green", page.inner_text("#answer")
    words = page.inner_text("#answer")
    assert re.search(r"\d kg", words)
    assert "Demo" in words
    # The last is a copied code: that it was looked at in many counties only the registry knows, and turns it amber.
    assert [answer(page, path) for _, path in county.told.packs[:5]] == ["green", "red", "red", "red", "green"]
    assert answer(page, "https://elsewhere.example/u/x") == "grey"
    for tag, colour, words in ((tags[0], "green", "tag of a batch"), (tags[1], "amber", "case or pallet")):
        forged = tag.replace(tag[-40:-30], "AAAAAAAAAA")
        unsigned = tag.partition("?")[0]
        assert [answer(page, one) for one in (forged, unsigned, tag)] == ["red", "amber", colour]
        assert words in page.inner_text("#answer")
        assert "signature is right" in page.inner_text("#answer")
    assert [answer(page, human_readable(label_codes.parse(path).code)) for _, path in county.told.packs[:3]] == [
        "amber",
        "red",
        "red",
    ], "whoever types a code may have invented it; what the list has against it counts"
    page.goto("/inspector/?lang=zh")
    ready(page)
    unlock(page)
    page.set_input_files("#picture", symbol(f"http://127.0.0.1{sound}"))
    page.wait_for_selector("#answer .bt-verdict.is-green")
    page.evaluate("document.getElementById('answer').replaceChildren()")
    page.click("#camera-on")
    page.wait_for_selector("#answer .bt-verdict.is-green")
    assert page.is_hidden("#camera"), "it has seen enough"
    page.click("#find")
    page.check("[name=weight][value=differs]")
    page.check("[name=severity][value=minor]")
    page.select_option("[name=reason_code]", "sanction.standard")
    page.fill("#f-market", "示范市场3号摊")
    page.fill("#f-words", "净重与名单\t不符（示范）\U0001fae8\u202e")  # pasted, and from a newer telephone
    page.set_input_files("#photo", photo())
    page.wait_for_selector("#photos img")
    page.click("#finding button:has-text('保存')")
    page.wait_for_selector("#findings li")
    assert "待上报 1 条" in page.inner_text("#state-queue")
    page.reload()
    ready(page)
    unlock(page)
    with county.database.reading() as session:
        assert session.exec(select(FieldFinding)).all() == []
    lost = []

    def loses_the_answer(route: Any) -> None:
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/api/v1/inspector/findings", loses_the_answer)
    page.context.set_offline(False)
    page.click("[data-tab=findings]")
    page.wait_for_function("document.querySelector('#send').disabled === false")
    page.click("#send")
    page.wait_for_selector("#told:not([hidden])")
    assert set(lost) == {201}
    page.unroute("**/api/v1/inspector/findings")
    page.click("#send")
    page.wait_for_selector("#findings li .is-green")
    with county.database.reading() as session:
        found = session.exec(select(FieldFinding)).one()
        pictures = session.exec(select(FieldPhoto)).all()
    assert found.number in page.inner_text("#findings")
    assert (found.number, found.colour, found.severity) == ("F2026-0001", "green", "minor")
    assert (found.market, found.clock_doubtful, found.registry_colour) == ("示范市场3号摊", False, "green")
    assert found.licence_id
    assert [one.original_digest != one.sent_digest for one in pictures] == [True]
    assert [one for one in page.heard if "status of 4" not in one and "net::ERR" not in one] == []


def test_the_office_takes_it_up(county: County, telephone: Any) -> None:
    desk = telephone.context.browser.new_context(base_url=county.address, locale="zh-CN", viewport=PHONE)
    desk.add_cookies([county.cookie("inspector")])
    page = desk.new_page()
    page.goto("/desk")
    page.click("text=F2026-0001")
    page.wait_for_selector("#words-take_up")
    page.wait_for_load_state("load")
    assert complaints(page) == []
    page.fill("#words-take_up", "净重不足（示范）")
    page.fill("[name=rectify_by]", (clock.local_day(clock.now()) + timedelta(days=20)).isoformat())
    page.click("form[action$=take_up] button")
    page.wait_for_selector("text=已转为该授权的核查记录")
    with county.database.reading() as session:
        made = session.exec(select(Inspection).where(Inspection.origin == "F2026-0001")).one()
    assert (made.severity, made.reason_code) == ("minor", "sanction.standard")
    desk.close()


KEPT = "#kept[data-ready=yes]"


def test_a_producers_phone_keeps_the_receipts_of_what_was_stated_with_it(county: County, telephone: Any) -> None:
    """Turned on, a herd opened, its receipt fetched by itself, read and saved without a network."""
    context = telephone.context.browser.new_context(viewport=PHONE, locale="zh-CN", base_url=county.address)
    context.add_cookies([county.cookie("producer")])
    page = context.new_page()
    said = heard(page)
    page.set_default_timeout(20_000)
    page.goto("/receipts/kept/")
    page.wait_for_selector(KEPT, state="attached")
    page.click("#turn-on")
    page.wait_for_selector("#on:not([hidden])")
    page.goto("/herds")
    page.click("text=新建畜群")
    page.fill("[name=code]", "HZ")
    page.fill("[name=name]", "示范回执群")
    page.select_option("[name=species]", "sheep")
    page.select_option("[name=township_code]", index=1)
    page.fill("[name=since]", "2026-09-01")
    page.click("main form button")
    page.wait_for_selector("#kept-receipts >> text=1 份")
    page.click("#kept-receipts a")
    page.wait_for_selector("#list .bt-status.is-green")
    assert "事件" in page.inner_text("#list")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    assert complaints(page) == []
    context.set_offline(True)
    page.goto("/receipts/kept/?lang=en")
    page.wait_for_selector(KEPT, state="attached")
    assert "1 receipts kept here, 0 statements wait" in page.inner_text("#count")
    with page.expect_download() as saved:
        page.click("#save")
    (row,) = (json.loads(line) for line in Path(saved.value.path()).read_text("utf-8").splitlines())
    assert f'"index":{row["index"]}' in row["receipt"]
    context.set_offline(False)
    refusals = ["receipts.not_in_log", "receipts.other_proof", "notes.signature_wrong", "trust.older"]
    assert page.evaluate(TAMPER) == refusals
    page.click("#forget")
    page.click("#forget-all")
    page.wait_for_selector("#off:not([hidden])")
    assert [one for one in said if "net::ERR" not in one] == []
    context.close()


def test_a_clock_set_back_and_an_old_list_are_amber_and_a_revoked_telephone_is_told(
    county: County, telephone: Any
) -> None:
    page, sound = telephone, next(path for _, path in county.told.packs)
    page.click("[data-tab=check]")
    page.evaluate("window.trueNow = Date.now")
    moved = "hours => { Date.now = () => window.trueNow() + hours * 3600000; }"
    assert answer(page, sound) == "green"
    page.evaluate(moved, -1)
    assert answer(page, sound) == "amber"
    assert "调慢" in page.inner_text("#answer")
    page.evaluate(moved, 24 * 9)
    assert answer(page, sound) == "amber"
    page.reload()
    ready(page)
    unlock(page)
    page.click("[data-tab=lists]")
    page.evaluate(OLDER)
    page.click("#fetch")
    page.wait_for_selector("#told:not([hidden])")
    assert "比手机上的（第 9999 版）旧" in page.inner_text("#told")
    with county.database.writing() as session:
        device = session.exec(select(FieldDevice).where(FieldDevice.state == "active")).one()
        device.state, device.revoked_at = "revoked", device.enrolled_at
        session.add(device)
    page.click("#fetch")
    page.wait_for_selector("#told:has-text('注销')")
    assert "注销" in page.inner_text("#told")


def test_a_locked_telephone_shows_nothing_and_forgets_its_key_after_ten_wrong_pins(telephone: Any) -> None:
    page = telephone
    page.context.set_offline(True)
    page.click("[data-tab=check]")
    assert answer(page, "https://elsewhere.example/u/x") == "grey"
    page.click("#find")
    page.fill("#f-market", "示范市场9号摊")
    page.set_input_files("#photo", photo(600))
    page.wait_for_selector("#photos img")
    page.click("#finding button:has-text('保存')")
    page.wait_for_selector("#findings li:nth-child(2)")
    kept = page.evaluate(AT_REST)
    assert set(kept) == {"lock", "device", "device.key", "list", "head", "counter", "latest", "highest", "findings"}
    told = "".join(kept.values())
    assert [
        word for word in ("示范", "market", "ECDSA", "publicKey", "origin", "batch", "JFIF", PIN) if word in told
    ] == []
    assert "key:HMAC:false" in kept["lock"]
    page.click("[data-tab=lists]")
    assert json.loads(kept["lock"])["rounds"] == LOCK["rounds"]
    page.evaluate(CHEAPER)
    page.click("summary:has-text('更换')")
    for name, text in (("old_pin", "２５８０１４"), ("next_pin", "902741"), ("next_pin_again", "902741")):
        page.fill(f"#f-{name}", text)
    page.click("#change-pin button")
    page.wait_for_selector("#told.is-green")
    page.evaluate(AWAY, 30)
    assert page.is_visible("#enrolled"), "long enough to take a photo"
    page.evaluate(AWAY, 61)
    page.wait_for_selector("#locked:not([hidden])")
    assert page.is_hidden("#enrolled")
    assert complaints(page) == []
    unlock(page, "902741")
    page.click("#lock-now")
    page.wait_for_selector("#locked:not([hidden])")
    assert page.evaluate(IDLE) is False
    page.reload()
    ready(page)
    page.evaluate("window.trueNow = Date.now; window.ahead = 0; Date.now = () => window.trueNow() + window.ahead")
    for wrong in range(1, 11):
        page.evaluate(LATER)
        page.wait_for_selector("#unlock-button:not([disabled])")
        page.fill("#f-pin", PIN)
        page.click("#unlock button")
        page.wait_for_selector("#told:not([hidden])")
        words = page.inner_text("#locked") if wrong < 10 else page.inner_text("main")
        assert (f"再输错 {10 - wrong} 次" in words and "1 条未上报的发现将永久丢失" in words) == (wrong < 10), wrong
        if wrong == 3:
            assert page.is_disabled("#unlock-button")
            assert re.search(r"请等 \d+ 秒", words)
    assert "尚未登记" in words
    assert "丢弃密钥" in words
    assert page.evaluate(AT_REST) == {"findings": "[]"}
