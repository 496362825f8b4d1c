"""Pages for changing a scheme: propose, compare, decide by somebody else, read the editions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.models.schemes import Scheme
from brand.queries import schemes
from tests import make
from tests.people import ADMIN, APPROVER, AUDITOR, CLERK, PRODUCER, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]
SIX = {"value": "6", "provenance": "参照示范文件第1行", "confidence": "D", "reason": "示范理由"}


@pytest.fixture
def scheme(database: Database) -> Scheme:
    with database.writing() as session:
        return make.a_scheme(make.work(session))


def proposed(as_: As, scheme: Scheme) -> str:
    answer = as_(CLERK).post(f"/schemes/{scheme.id}/policies/notice_working_days", data=SIX)
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_a_value_goes_from_proposal_to_the_next_edition(as_: As, scheme: Scheme) -> None:
    where = proposed(as_, scheme)
    own = as_(CLERK).get(f"{where}?lang=en").text
    assert "Withdraw the proposal" in own
    assert ">Agree<" not in own
    approver = as_(APPROVER)
    assert "Changes of a scheme to decide" in approver.get("/desk?lang=en").text
    page = approver.get(f"{where}?lang=en").text
    assert "Old and new side by side" in page
    assert "参照示范文件第1行" in page
    assert approver.post(f"{where}/approve", data={"version": "1"}).status_code == 303
    assert approver.post(f"{where}/approve", data={"version": "1"}).status_code == 409
    assert "6 working days" in approver.get(f"/schemes/{scheme.id}?lang=en").text
    old = approver.get(f"/schemes/{scheme.id}/editions/1?lang=en").text
    assert "A later edition is in force now" in old
    assert "5 working days" in old
    assert "6 working days" in approver.get(f"/schemes/{scheme.id}/editions/2?lang=en").text
    assert approver.get(f"/schemes/{scheme.id}/editions/3").status_code == 404


def test_nobody_decides_alone(as_: As, scheme: Scheme) -> None:
    where = as_(ADMIN).post(f"/schemes/{scheme.id}/policies/notice_working_days", data=SIX).headers["Location"]
    answer = as_(ADMIN).post(f"{where}/approve?lang=en", data={"version": "1"})
    assert answer.status_code == 403
    assert "cannot decide it, with any account" in answer.text
    assert as_(APPROVER).post(f"{where}/refuse", data={"version": "1"}).status_code == 422
    assert as_(APPROVER).post(f"{where}/refuse", data={"version": "1", "comment": "示范"}).status_code == 303


def test_bad_input_names_the_field_and_keeps_what_was_typed(as_: As, scheme: Scheme) -> None:
    clerk = as_(CLERK)
    page = clerk.get(f"/schemes/{scheme.id}/policies/notice_working_days?lang=en")
    assert "5 working days" in page.text
    bad = clerk.post(f"/schemes/{scheme.id}/policies/notice_working_days", data=SIX | {"value": "abc"})
    assert bad.status_code == 422
    assert 'href="#f-value"' in bad.text
    assert "示范理由" in bad.text
    assert clerk.get(f"/schemes/{scheme.id}/policies/no_such_key").status_code == 404
    assert clerk.get(f"/schemes/{scheme.id}/tiers/9").status_code == 404


def test_the_frame_of_a_tier_is_edited_with_its_uses(as_: As, scheme: Scheme) -> None:
    clerk = as_(CLERK)
    page = clerk.get(f"/schemes/{scheme.id}/tiers/2").text
    assert page.count(" checked") == 5
    values = {"slots_min": "3", "slots_max": "2", "heroes_min": "0", "confidence": "V", "reason": "示范"}
    source = {"source": "示范文件第2行", "allowed_uses": ["packaging", "live_stream"]}
    bad = clerk.post(f"/schemes/{scheme.id}/tiers/2", data=values | source)
    assert bad.status_code == 422
    assert 'href="#f-slots_max"' in bad.text
    good = clerk.post(f"/schemes/{scheme.id}/tiers/2?lang=en", data=values | source | {"slots_max": "4"})
    assert good.status_code == 303
    page = as_(APPROVER).get(good.headers["Location"] + "?lang=en").text
    assert "Brands at most" in page
    assert "live stream" in page.lower()


BRAND = {
    "code": "lamb-house",
    "name": "示范羊肉馆",
    "source": "示范文件第3行",
    "confidence": "D",
    "reason": "示范理由",
}


def test_a_brand_comes_by_two_persons_and_bad_input_names_the_field(as_: As, scheme: Scheme) -> None:
    clerk, approver = as_(CLERK), as_(APPROVER)
    where = f"/schemes/{scheme.id}/tiers/3/brands/new"
    assert where in clerk.get(f"/schemes/{scheme.id}").text
    assert clerk.get(where).status_code == 200
    bad = clerk.post(where, data=BRAND | {"code": "Not A Code"})
    assert (bad.status_code, 'href="#f-code"' in bad.text, "示范羊肉馆" in bad.text) == (422, True, True)
    asked = clerk.post(where, data=BRAND | {"parent": "pastoral"}).headers["Location"]
    page = approver.get(f"{asked}?lang=en").text
    assert "New brand lamb-house" in page
    assert "Brand above it (code)" in page
    assert "0 of 10 places taken" in approver.get(f"/schemes/{scheme.id}?lang=en").text
    assert approver.post(f"{asked}/approve", data={"version": "1"}).status_code == 303
    assert "1 of 10 places taken" in approver.get(f"/schemes/{scheme.id}?lang=en").text
    again = clerk.post(f"{where}?lang=en", data=BRAND)
    assert (again.status_code, "taken by another brand" in again.text) == (422, True)
    assert as_(PRODUCER).get(where).status_code == 404


def test_a_brand_is_renamed_by_two_persons(as_: As, scheme: Scheme, database: Database) -> None:
    with database.reading() as session:
        brand = schemes.brand_by_code(session, scheme.id, "pastoral")
        assert brand is not None
    clerk, approver = as_(CLERK), as_(APPROVER)
    where = f"/schemes/brands/{brand.id}/name"
    page = clerk.get(where).text
    assert f'value="{brand.name}"' in page
    assert '<option value="region" selected' in page
    said = {one: BRAND[one] for one in ("name", "source", "confidence", "reason")} | {"parent": "region"}
    assert clerk.post(where, data=said | {"parent": "organic"}).status_code == 422
    asked = clerk.post(where, data=said).headers["Location"]
    assert approver.post(f"{asked}/approve", data={"version": "1"}).status_code == 303
    assert "示范羊肉馆" in approver.get(f"/schemes/{scheme.id}?lang=zh").text
    assert brand.name in approver.get(f"/schemes/{scheme.id}/editions/1?lang=zh").text
    assert clerk.get(f"/schemes/brands/{'0' * 20}/name").status_code == 404


def test_the_head_of_a_scheme_is_changed_by_two_persons(as_: As, scheme: Scheme) -> None:
    clerk, approver = as_(CLERK), as_(APPROVER)
    where = f"/schemes/{scheme.id}/head"
    assert scheme.owner in clerk.get(where).text
    said = {"name": "示范方案", "owner": "示范旗人民政府", "county_code": "999999", "confidence": "D"}
    said |= {"source": "示范文件", "reason": "示范"}
    bad = clerk.post(where, data=said)
    assert (bad.status_code, 'href="#f-county_code"' in bad.text) == (422, True)
    asked = clerk.post(where, data=said | {"county_code": "150824"}).headers["Location"]
    assert approver.post(f"{asked}/approve", data={"version": "1"}).status_code == 303
    assert "示范旗人民政府" in clerk.get(f"/schemes/{scheme.id}?lang=zh").text
    assert scheme.owner in clerk.get(f"/schemes/{scheme.id}/editions/1?lang=zh").text
    assert as_(PRODUCER).get(where).status_code == 404


def test_a_place_beyond_the_limit(as_: As, scheme: Scheme) -> None:
    clerk, approver = as_(CLERK), as_(APPROVER)
    assert clerk.post(f"/schemes/{scheme.id}/tiers/3/place", data={"reason": "示范"}).status_code == 409
    new = f"/schemes/{scheme.id}/tiers/2/brands/new"
    full = clerk.post(f"{new}?lang=en", data=BRAND)
    assert (full.status_code, "has 3 places and 3 are taken" in full.text) == (409, True)
    where = clerk.post(f"/schemes/{scheme.id}/tiers/2/place", data={"reason": "示范"}).headers["Location"]
    assert approver.post(f"{where}/approve", data={"version": "1"}).status_code == 303
    asked = clerk.post(new, data=BRAND).headers["Location"]
    assert approver.post(f"{asked}/approve", data={"version": "1"}).status_code == 303
    assert "1 beyond the limit by a recorded exception" in clerk.get(f"/schemes/{scheme.id}?lang=en").text


def test_readers_and_strangers(as_: As, client: FlaskClient, scheme: Scheme) -> None:
    where = proposed(as_, scheme)
    assert as_(AUDITOR).get(where).status_code == 200
    assert as_(PRODUCER).get(where).status_code == 404
    assert as_(PRODUCER).get(f"/schemes/{scheme.id}/editions/1").status_code == 200
    assert as_(AUDITOR).get(f"/schemes/{scheme.id}/policies/notice_working_days").status_code == 404
    assert client.get(where).status_code == 302


NEW = {"code": "demo-mutton", "name": "示范羊排", "source": "示范文件第3行", "confidence": "D", "reason": "示范理由"}


def test_a_product_is_added_and_made_a_hero(as_: As, scheme: Scheme, database: Database) -> None:
    clerk, approver = as_(CLERK), as_(APPROVER)
    with database.reading() as session:
        brand = make.a_product(session).brand_id
    where = f"/schemes/brands/{brand}/products/new"
    assert where in clerk.get(f"/schemes/{scheme.id}").text
    assert where not in as_(PRODUCER).get(f"/schemes/{scheme.id}").text
    assert clerk.get(where).status_code == 200
    bad = clerk.post(where, data=NEW | {"code": "示范"})
    assert (bad.status_code, 'id="f-code-fault"' in bad.text) == (422, True)
    asked = clerk.post(where, data=NEW).headers["Location"]
    assert "示范羊排" in approver.get(asked).text
    assert approver.post(f"{asked}/approve", data={"version": "1"}).status_code == 303
    assert "示范羊排" in clerk.get(f"/schemes/{scheme.id}").text
    with database.reading() as session:
        product = make.a_product(session, "demo-mutton").id
    hero = f"/schemes/products/{product}/hero"
    assert clerk.get(hero).status_code == 200
    flag = {"hero": "true", "source": "示范文件第4行", "confidence": "D", "reason": "示范"}
    asked = clerk.post(hero, data=flag).headers["Location"]
    assert approver.post(f"{asked}/approve", data={"version": "1"}).status_code == 303
    with database.reading() as session:
        assert make.a_product(session, "demo-mutton").hero
    assert 'value="false"' in clerk.get(hero).text
    assert clerk.get(f"/schemes/products/{'0' * 20}/hero").status_code == 404
    assert clerk.get(f"/schemes/brands/{'0' * 20}/products/new").status_code == 404


def test_a_full_tier_says_its_figures_and_takes_a_request(as_: As, database: Database) -> None:
    with database.writing() as session:
        full = make.a_full_tier_of_heroes(make.work(session))
    clerk, approver = as_(CLERK), as_(APPROVER)
    where = f"/schemes/products/{full.plain_id}/hero"
    flag = {"hero": "true", "source": "示范文件第4行", "confidence": "D", "reason": "示范"}
    refused = clerk.post(f"{where}?lang=zh", data=flag)
    assert refused.status_code in (403, 409, 422)
    assert "最多 5 个主推产品，已有 5 个" in refused.text
    place = f"/schemes/{full.scheme_id}/tiers/{full.level}/hero-place"
    assert place in clerk.get(f"/schemes/{full.scheme_id}").text
    asked = clerk.post(place, data={"reason": "示范"}).headers["Location"]
    assert "增加一个主推产品名额" in approver.get(f"{asked}?lang=zh").text
    assert approver.post(f"{asked}/approve", data={"version": "1"}).status_code == 303
    asked = clerk.post(where, data=flag).headers["Location"]
    assert approver.post(f"{asked}/approve", data={"version": "1"}).status_code == 303
    assert "经备案的例外" in clerk.get(f"/schemes/{full.scheme_id}?lang=zh").text
