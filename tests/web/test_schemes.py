"""Pages of brand schemes."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.models.schemes import Scheme
from brand.queries import schemes as reading
from tests import make
from tests.people import ADMIN, AUDITOR, CLERK, PRODUCER, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]


def loaded(database: Database) -> Scheme:
    with database.writing() as session:
        return make.a_scheme(make.work(session))


def test_the_administrator_loads_the_scheme_from_the_page(as_: As, database: Database) -> None:
    admin = as_(ADMIN)
    assert "Load this scheme" in admin.get("/schemes?lang=en").text
    answer = admin.post("/schemes", data={"preset": "urad-1-3-10"})
    assert answer.status_code == 303
    page = admin.get(answer.headers["Location"]).text
    assert "all 3 places taken" in page
    assert "0" in page
    assert admin.post("/schemes", data={"preset": "urad-1-3-10"}).status_code == 409


def test_everybody_signed_in_reads_the_scheme_with_its_sources(as_: As, database: Database) -> None:
    scheme = loaded(database)
    for person in (PRODUCER, AUDITOR, CLERK):
        page = as_(person).get(f"/schemes/{scheme.id}?lang=zh")
        assert page.status_code == 200
        assert "乌拉特中旗方案第77行" in page.text
        assert "不是法律规定" in page.text
        assert "新增品牌" not in page.text


def test_strangers_are_sent_to_sign_in_and_others_may_not_load(
    client: FlaskClient, as_: As, database: Database
) -> None:
    scheme = loaded(database)
    assert client.get(f"/schemes/{scheme.id}").status_code == 302
    for person in (CLERK, PRODUCER):
        assert as_(person).post("/schemes", data={"preset": "urad-1-3-10"}).status_code == 404
        assert as_(person).post(f"/schemes/{scheme.id}/brands", data={}).status_code == 404


def test_an_unknown_scheme_or_preset_is_not_there(as_: As) -> None:
    assert as_(ADMIN).get("/schemes/NOTHING").status_code == 404
    assert as_(ADMIN).post("/schemes", data={"preset": "../../etc/passwd"}).status_code == 404


def test_the_administrator_adds_a_brand_and_bad_input_names_the_field(as_: As, database: Database) -> None:
    scheme = loaded(database)
    with database.reading() as session:
        third = reading.tiers(session, scheme.id)[2]
    admin = as_(ADMIN)
    values = {"tier_id": third.id, "code": "lamb-house", "name": "示范羊肉馆"}
    bad = admin.post(f"/schemes/{scheme.id}/brands", data=values | {"code": "Not A Code"})
    assert bad.status_code == 422
    assert 'href="#f-code"' in bad.text
    assert "示范羊肉馆" in bad.text
    assert admin.post(f"/schemes/{scheme.id}/brands", data=values).status_code == 303
    again = admin.post(f"/schemes/{scheme.id}/brands?lang=en", data=values)
    assert again.status_code == 422
    assert "taken by another brand" in again.text
    assert "1 of 10 places taken" in admin.get(f"/schemes/{scheme.id}?lang=en").text


def test_a_full_tier_is_refused_on_the_page_with_its_figures(as_: As, database: Database) -> None:
    scheme = loaded(database)
    with database.reading() as session:
        second = reading.tiers(session, scheme.id)[1]
    values = {"tier_id": second.id, "code": "fourth", "name": "第四个示范品牌"}
    answer = as_(ADMIN).post(f"/schemes/{scheme.id}/brands?lang=en", data=values)
    assert answer.status_code == 409
    assert "has 3 places and 3 are taken" in answer.text


def test_a_scheme_page_shows_shortfalls_heroes_and_the_history_of_its_county_code(as_: As) -> None:
    admin = as_(ADMIN)
    burqin = admin.post("/schemes", data={"preset": "burqin-2-3-10-15"}).headers["Location"]
    page = admin.get(f"{burqin}?lang=en").text
    assert "10 still missing: the scheme asks for at least 10" in page
    assert "1 hero products of at least 3" in page
    lufeng = admin.post("/schemes", data={"preset": "lufeng-1"}).headers["Location"]
    page = admin.get(f"{lufeng}?lang=en").text
    assert "from 2021-01-01; before that 532331" in page
    assert "umbrella brand" in page
