"""The address of goods by GTIN, of a batch, a pack and a place: where each leads, which links it offers, and to whom.

Modelled on what GS1's test suite for resolvers asks (names of its tests in brackets).
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest
import time_machine
from sqlmodel import select, update

from brand.kernel.settings import Settings
from brand.services import endorsements
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import new_batch_code, parse
from trace.crypto.typed_codes import human_readable
from trace.models.batches import Batch
from trace.models.gtins import TradeItem
from trace.models.labels import Label
from trace.services import gtins, labels
from trace.services.gtins import Goods

pytestmark = pytest.mark.packed
ROOT = "http://localhost"
GTIN, PREFIX = "09521234000013", "9521234"
VOC = "https://gs1.org/voc/"
NOBODYS = new_batch_code(bytes(5))
LINKSET = {"Accept": "application/linkset+json"}


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def goods(database, app, tmp_path):
    """Goods with a GTIN, labels of one line that name it, and the codes of the first two."""
    with database.writing() as session:
        work = make.work(session)
        make.a_gtin(work)
        line = make.a_pack_line(work)
        order = labels.order(
            replace(work, actor=make.actor(session, PRODUCER)),
            make.a_signer(tmp_path),
            pack_line_id=line.id,
            packs=4,
            profile="gtin_expiry",
        )
        make.a_release(work, order)
        labels.activate(work, order.id, first=1, last=2)
        batch = session.get_one(Batch, order.batch_id)
        rows = session.exec(select(Label).where(Label.order_id == order.id).order_by(Label.position)).all()
    return {
        "batch": batch,
        "order": order,
        "serials": [one.serial for one in rows],
        "codes": [
            f"/01/{GTIN}/10/{batch.lot}/21/{one.serial}?17={order.expiry}&s={order.kid}.{one.signature}" for one in rows
        ],
    }


def levels(goods):
    lot, code = f"/01/{GTIN}/10/{goods['batch'].lot}", goods["batch"].code
    ours = {"batch": f"/b/{code}", "pack": f"/u/{code}/{goods['serials'][0]}"}
    return ours | {"goods": f"/01/{GTIN}", "lot": lot, "unit": f"{lot}/21/{goods['serials'][0]}"}


@pytest.mark.parametrize("level", ["goods", "lot", "unit"])
def test_a_digital_link_leads_to_its_default_and_passes_the_query_on(client, goods, level):
    """[defaultTarget, defaultLinkExists, singleDefaulLink, qsPassedOn, trailingSlash, corsCheck, linkOnRedirect]"""
    address = levels(goods)[level]
    answer = client.get(address, headers={"Accept": "*/*"})
    told = client.get(address, headers=LINKSET).json["linkset"][0]
    (default,) = told[f"{VOC}defaultLink"]
    assert (answer.status_code, answer.headers["Location"]) == (307, default["href"])
    assert set(default) == {"href", "title"}
    assert told["anchor"] == ROOT + address
    assert client.get(f"{address}?foo=bar").headers["Location"] == f"{default['href']}?foo=bar"
    assert client.get(f"{address}/").headers["Location"] == default["href"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert f'<{ROOT}{address}?linkType=linkset>; rel="linkset"' in answer.headers["Link"]
    assert 'rel="gs1:' not in answer.headers["Link"]
    assert client.head(address).headers["Location"] == default["href"]
    assert client.get(default["href"].removeprefix(ROOT)).status_code == 200


@pytest.mark.parametrize("level", ["goods", "lot", "unit", "batch", "pack"])
def test_every_link_of_the_set_is_followed_by_its_kind_language_and_media_type(client, goods, level):
    """[loFor…, 300 for equal attributes, linkTypesDefined, validLinkset] Each leads somewhere that asks no further."""
    address = levels(goods)[level]
    (told,) = client.get(f"{address}?linkType=linkset").json["linkset"]
    tried = 0
    for relation, targets in told.items():
        if relation in ("anchor", "itemDescription"):
            continue
        kind = relation.replace(VOC, "gs1:")
        for one in targets:
            asked = {"Accept": one.get("type", "*/*"), "Accept-Language": one.get("hreflang", [""])[0]}
            by_itself = kind == "gs1:defaultLinkMulti" and level not in ("batch", "pack")
            query = "" if by_itself else f"linkType={kind}"
            assert client.get(f"{address}?{query}", headers=asked).headers["Location"] == one["href"]
            signed = client.get(f"{address}?s=x&{query}", headers=asked).headers["Location"]
            assert ("s=x" in signed) is ("default" in kind), "the query is for the thing itself, not for its papers"
            shown = client.application.test_client().get(one["href"].removeprefix(ROOT))
            assert shown.status_code == 200, "no way back to the resolver"
            assert one["title"], relation
            assert all(language in ("zh", "en") for language in one.get("hreflang", []))
            tried += 1
    assert tried > 3


def test_the_link_set_comes_as_what_was_asked_for(client, goods):
    """[ltLinksetNoRedirect, ltAcceptHeader, declaredContentType, linksetJsonldCheck]"""
    address = levels(goods)["goods"]
    for asked in (f"{address}?linkType=linkset", f"{address}?linkType=all"):
        answer = client.get(asked, headers={"Accept": "*/*"})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/linkset+json")
        assert list(json.loads(answer.text)) == ["linkset"]
        told = [one for one in answer.headers["Link"].split(",") if "json-ld#context" in one]
        assert 'type="application/ld+json"' in told[0]
    assert client.get(address, headers=LINKSET).headers["Content-Type"] == "application/linkset+json"
    for spelling in ("Application/LinkSet+JSON", 'application/linkset+json; profile="https://a.example"'):
        assert client.get(address, headers={"Accept": spelling}).mimetype == "application/linkset+json"
        assert client.get(levels(goods)["pack"], headers={"Accept": spelling}).mimetype == "application/linkset+json"
    for accept in ("application/linkset+json;q=0, text/html", "application/linkset+json;q=0.5, text/html"):
        assert client.get(address, headers={"Accept": accept}).status_code == 307, "a page is wanted, or wanted more"
    plain = client.get(f"{address}?linkType=linkset", headers={"Accept": "application/json"})
    assert plain.headers["Content-Type"] == "application/json"
    linked = client.get(f"{address}?linkType=linkset", headers={"Accept": "application/ld+json"})
    assert "@context" in linked.json
    page = client.get(f"{address}?linkType=linkset", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert page.mimetype == "text/html"
    assert "product information" in page.text
    assert {"Accept", "Accept-Language"} <= {one.strip() for one in page.headers["Vary"].split(",")}


def test_links_that_nothing_tells_apart_are_offered(client, goods, database):
    """[threehundredLinks]"""
    from trace.rules.links import Asked, Link, choose

    same = [Link("certificationInfo", f"{ROOT}/{one}", one, (), "text/html") for one in "ab"]
    assert choose(same, Asked("certificationInfo"), "zh") == tuple(same)
    with database.writing() as session:
        product = {"kind": "product", "enterprise_id": "cooperative", "product_id": make.a_product(session).id}
        entries = {**make.AN_ENDORSEMENT, "batch_code": "", **product}
        written = endorsements.write(make.work(session, make.actor(session, CLERK)), **entries)
        seen = {"version": written.version, "digest_seen": written.digest, "signer": make.an_office_signer()}
        endorsements.step(make.work(session, make.actor(session, APPROVER)), written.number, "issue", **seen)
    answer = client.get(f"{levels(goods)['goods']}?linkType=gs1:certificationInfo")
    assert answer.status_code == 300
    assert len(answer.json["linkset"][0][f"{VOC}certificationInfo"]) == 2


def test_the_language_of_the_reader_chooses_the_default(client, goods):
    address = levels(goods)["lot"]
    for language, wanted in (("zh-CN,en;q=0.8", "zh"), ("en-GB", "en"), ("mn,en;q=0.5", "en")):
        location = client.get(address, headers={"Accept-Language": language}).headers["Location"]
        assert location == f"{ROOT}/pack{address}?lang={wanted}"
    for language in ("mn", "mn, en;q=0"):
        assert client.get(address, headers={"Accept-Language": language}).headers["Location"] == f"{ROOT}/pack{address}"


def test_what_may_be_done_is_told(client, goods):
    """[methodsCheck]"""
    for address in (*levels(goods).values(), f"/b/{goods['batch'].code}", f"/u/{goods['batch'].code}/{'0' * 16}"):
        answer = client.options(address)
        assert answer.status_code == 204, address
        for header in ("Allow", "Access-Control-Allow-Methods"):
            assert answer.headers[header] == "GET, HEAD, OPTIONS"
        assert 'rel="linkset"' in answer.headers["Link"]
        assert client.post(address).status_code == 405


@pytest.mark.parametrize(
    "rest",
    [
        f"{GTIN}/foo",
        f"{GTIN}/foo/bar",
        f"{GTIN}/21/A/10/B",
        "09521234000014",
        "9521234000013",
        f"x/01/{GTIN}",
        f"{GTIN}?9999=1",
        f"{GTIN}?17=991399",
        f"{GTIN}/10/%zz",
        f"{GTIN}/10/",
        f"{GTIN}//",
        "%00",
        "a" * 3000,
    ],
)
def test_an_address_that_is_no_digital_link_is_400(client, goods, rest):
    """[reportWith400, noErrorWith200]"""
    for asked in ("*/*", "text/html", "application/json"):
        answer = client.get(f"/01/{rest}", headers={"Accept": asked})
        assert answer.status_code == 400, rest
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_what_nobody_registered_is_404_and_an_unknown_lot_is_not(client, goods):
    """[specificLinkTypeNotFound, basicWalkUp]"""
    assert client.get("/01/09521234000020").status_code == 404
    address = levels(goods)["goods"]
    assert client.get(f"{address}?linkType=gs1:epil").status_code == 404
    assert client.get(f"{address}?linkType=https://schema.org/logo").status_code == 404
    assert client.get(f"{address}/10/KL8G").headers["Location"] == f"{ROOT}/gtin/{GTIN}"
    assert client.get(f"{address}/10/KL8G", headers=LINKSET).json["linkset"][0]["anchor"] == ROOT + address


def test_a_pack_with_a_gtin_has_its_page_verdict_and_one_text(client, goods, database):
    where = client.get(goods["codes"][0]).headers["Location"]
    assert where == f"{ROOT}/pack{goods['codes'][0]}"
    page = client.get(where.removeprefix(ROOT))
    assert 'bt-verdict is-amber"' in page.text or 'bt-verdict is-green"' in page.text
    assert "法式羊肋脊排" in page.text
    never = client.get(f"/pack{goods['codes'][3]}")
    assert 'bt-verdict is-red"' in never.text
    wrong = [
        goods["codes"][0].replace("?17=", "?s="),
        goods["codes"][0].replace(goods["batch"].lot, "20260912B"),
        goods["codes"][0].replace(GTIN, "09521234000020"),
        goods["codes"][0][:-1] + ("A" if goods["codes"][0][-1] != "A" else "B"),
        f"/u/{goods['batch'].code}/{goods['serials'][0]}?s={goods['codes'][0].partition('s=')[2]}",
    ]
    for text in wrong:
        found = client.get(text if text.startswith("/u/") else f"/pack{text}")
        assert found.status_code == 200
        assert 'bt-verdict is-green"' not in found.text, text
        assert 'bt-verdict is-amber"' not in found.text, text
    assert parse(goods["codes"][0]).code.serial == goods["serials"][0]


def test_packs_with_a_gtin_are_activated_by_scanning(as_, goods, database):
    done = as_(PRODUCER).post("/labels/activate", data={"codes": "\n".join(ROOT + one for one in goods["codes"][2:])})
    assert done.status_code == 303
    with database.reading() as session:
        states = session.exec(select(Label.state).where(Label.order_id == goods["order"].id)).all()
    assert set(states) == {"activated"}


def test_the_figures_under_bars_and_the_address_of_goods_lead_to_them(client, goods):
    for typed in (GTIN, GTIN[1:], f"{GTIN[1:7]} {GTIN[7:]}", f"{ROOT}/01/{GTIN}", f"localhost/01/{GTIN}?17=270914"):
        assert f"/01/{GTIN}" in client.get("/check", query_string={"code": typed}).headers["Location"]
    for nobodys in ("9521234000020", "9521234000014", "2012345678903", f"{ROOT}/01/{GTIN}/foo"):
        assert client.get("/check", query_string={"code": nobodys}).status_code == 422


@pytest.mark.parametrize("net_kg", ["0.5", "10"])
def test_the_page_of_goods_tells_search_engines_what_it_is(client, goods, database, net_kg):
    with database.writing() as session:
        session.exec(update(TradeItem).values(net_kg=Decimal(net_kg)))
    page = client.get(f"/gtin/{GTIN}", headers={"Accept-Language": "en"})
    assert "X-Robots-Tag" not in page.headers, "packs are kept out of search engines, goods are not"
    (told,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text)
    data = json.loads(told)
    assert (data["@type"], data["gtin14"], data["weight"]["value"]) == ("Product", GTIN, net_kg)
    assert (data["url"], data["brand"]["@type"]) == (f"{ROOT}/gtin/{GTIN}", "Brand")


def test_a_batch_and_a_place_offer_links_too(client, goods, database):
    with database.writing() as session:
        place = make.a_place(make.work(session))
    batch = f"/b/{goods['batch'].code}"
    page = client.get(batch)
    assert goods["batch"].lot in page.text
    assert "合作社" in page.text
    told = client.get(f"{batch}?linkType=linkset").json["linkset"][0]
    assert told[f"{VOC}traceability"][0]["href"] == f"{ROOT}{batch}?lang=zh"
    for kind in ("gs1:defaultLink", "gs1:locationInfo"):
        asked = client.get(f"/f/{place.code}?linkType={kind}")
        assert asked.headers["Location"] == f"{ROOT}/f/{place.code}", "and not to itself for ever"
    assert client.get(f"/f/{place.code}", headers=LINKSET).json["linkset"][0]["anchor"] == f"{ROOT}/f/{place.code}"
    assert 'bt-verdict is-red"' in client.get(f"/b/{NOBODYS}").text
    for wrong in (f"{batch[:-1]}_", "/b/x", f"{batch}/x", f"{batch}?s=aaa.x"):
        assert client.get(wrong).status_code == 200, "an answer in words"
        assert client.get(wrong.partition("?")[0], headers=LINKSET).status_code == (400 if "?" not in wrong else 200)


def test_a_place_nobody_registered_is_told_to_programs_of_other_sites_too(client):
    for method in (client.get, client.head, client.options):
        answer = method("/f/7K3M9Q2X", headers={"Accept": "application/json"})
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (404, "*")
    assert client.get("/f/%0d%0aX:%20y").status_code == 404


def test_links_of_unknown_and_foreign_packs_are_alike(client, goods):
    anchors = [f"/u/{goods['batch'].code}/{one}" for one in (goods["serials"][0], "0" * 16)]
    known, unknown = (client.get(one, headers=LINKSET).json["linkset"][0] for one in anchors)
    assert {one: known[one] for one in known if one != "anchor"}.keys() == unknown.keys() - {"anchor"}


def test_the_resolver_describes_itself(client):
    """[rdFile]"""
    told = client.get("/.well-known/gs1resolver")
    assert told.headers["Access-Control-Allow-Origin"] == "*"
    assert told.json["resolverRoot"] == ROOT
    assert told.json["supportedPrimaryKeys"] == ["01"]
    assert told.json["supportedLinkType"] == [{"namespace": VOC, "prefix": "gs1:"}]


def test_ownership_files_lie_at_the_root_and_under_every_prefix(client, app, monkeypatch):
    own = app.extensions["brandtrace"]
    settings = own.settings.model_copy(update={"ownership_files": "MP_verify_a1.txt=a1, other.txt=b2"})
    monkeypatch.setitem(app.extensions, "brandtrace", replace(own, settings=settings))
    for prefix in ("", "/01", "/u", "/b", "/f", "/c", "/pack"):
        answer = client.get(f"{prefix}/MP_verify_a1.txt")
        assert (answer.status_code, answer.text, answer.mimetype) == (200, "a1", "text/plain"), prefix
    assert client.get("/nothing.txt").status_code == 404
    with pytest.raises(ValueError, match=r"not name\.txt"):
        Settings(ownership_files="../secret.txt=x")


def test_links_come_from_the_settings_whatever_the_request_says(client, goods):
    address = levels(goods)["goods"]
    said = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    assert client.get(address, headers=said).headers["Location"] == f"{ROOT}/gtin/{GTIN}"
    assert "evil" not in client.get(address, headers=said | LINKSET).text
    assert client.get(address, headers={"Host": "evil.example"}).status_code == 400
    for one in (address, levels(goods)["pack"]):
        assert client.get(one, headers={"Host": "LocalHost"}).status_code < 400, "names of hosts know no case"


@pytest.mark.parametrize("rest", ["", "%0a", "x%0d%0aX-Evil:%20y", "%0a/x", "x/%00"])
def test_what_no_path_holds_is_answered_like_any_other_wrong_text(client, goods, rest):
    """Line breaks and nothing at all are not «page not found»: somebody scanned it and is told what it is."""
    assert client.get(f"/01/{rest}").status_code == 400
    for prefix in ("/u", "/b", "/c", "/pack"):
        answer = client.get(f"{prefix}/{rest}")
        assert (answer.status_code, "bt-verdict" in answer.text) == (200, True), prefix
        assert client.options(f"{prefix}/{rest}").status_code in (200, 204)
        assert client.get(f"{prefix}/{rest}", headers=LINKSET).status_code in (200, 400)


def test_whoever_tries_codes_has_to_wait_and_a_signed_label_is_still_answered(limited, goods):
    client = limited.test_client()
    tried = [client.get(f"/u/{goods['batch'].code}/{one:016d}") for one in range(61)]
    assert [one.status_code for one in tried[:60]] == [200] * 60
    assert tried[60].status_code == 429
    assert 0 < int(tried[60].headers["Retry-After"]) <= 601
    assert "带签名的二维码" in tried[60].text
    assert "不用等" in tried[60].text
    assert "改为输入字符" not in tried[60].text, "typed codes wait too"
    assert client.get(f"/pack{goods['codes'][0]}").status_code == 200
    led = client.get(goods["codes"][0])
    assert (led.status_code, led.headers["Location"]) == (307, f"{ROOT}/pack{goods['codes'][0]}"), (
        "the text in the symbol"
    )
    assert client.get(f"{levels(goods)['unit']}?s=aaa.x&linkType=linkset").status_code == 429, "no list for a guess"


@pytest.mark.parametrize(
    "asked",
    [
        "/u/{batch}/{serial}",
        "/u/{batch}/{serial}?linkType=linkset",
        "/b/{batch}",
        "/b/{batch}?linkType=linkset",
        "/01/{gtin}",
        "/01/{gtin}?linkType=linkset",
        "/gtin/{gtin}",
        "/f/{place}",
        "/api/v1/gtins/{gtin}",
        "/check?code={batch}",
        "/check?code={gtin}",
        "/api/v1/f/{place}",
        "/api/v1/codes/verify?text={typed}",
    ],
)
def test_whoever_has_to_wait_learns_nowhere_what_there_is(limited, goods, database, asked):
    """An answer for what is known beside «wait» for what is not would be the answer to every further guess."""
    client = limited.test_client()
    with database.writing() as session:
        place = make.a_place(make.work(session)).code
    ours = {"batch": goods["batch"].code, "serial": goods["serials"][0], "gtin": GTIN, "place": place}
    theirs = {"batch": NOBODYS, "serial": "0" * 16, "gtin": "09521234000020", "place": "00000000"}
    for given in (ours, theirs):
        given["typed"] = human_readable(UnitCode(given["batch"], given["serial"]))
    with limited.app_context():
        assert client.get(asked.format(**ours)).status_code in (200, 303, 307)
        assert client.get(asked.format(**theirs)).status_code in (200, 404, 422)
        for number in range(59):
            assert client.get(f"/u/{NOBODYS}/{number:016d}").status_code == 200
    told = [client.get(asked.format(**one)) for one in (ours, theirs)]
    assert [one.status_code for one in told] == [429, 429]
    assert all(500 < int(one.headers["Retry-After"]) <= 601 for one in told)


def test_two_persons_stand_behind_a_prefix(database):
    """And nothing is given a GTIN that stands under none."""
    with database.writing() as session:
        work = make.work(session)
        clerk = replace(work, actor=make.actor(session, CLERK))
        mine = replace(work, actor=make.actor(session, PRODUCER))
        made = gtins.declare(mine, "cooperative", prefix=PREFIX, source="producer")
        product = make.a_product(session)
        wanted = [Goods(GTIN, product.id, "羊腿", make.Decimal("1.5"))]
        with pytest.raises(Exception, match="registering"):
            gtins.register(mine, "cooperative", wanted)
        gtins.step(clerk, made.id, "confirm", version=1)
        assert gtins.register(mine, "cooperative", wanted)[0].gtin == GTIN
