"""Pages of brand schemes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.models.schemes import Scheme
from tests import make
from tests.people import ADMIN, AUDITOR, CLERK, PRODUCER, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]


def loaded(database: Database) -> Scheme:
    with database.writing() as session:
        return make.a_scheme(make.work(session))


@pytest.mark.bare
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
        assert ("新增品牌" in page.text) is (person is CLERK)


def test_strangers_are_sent_to_sign_in_and_others_may_not_load(
    client: FlaskClient, as_: As, database: Database
) -> None:
    scheme = loaded(database)
    assert client.get(f"/schemes/{scheme.id}").status_code == 302
    for person in (CLERK, PRODUCER):
        assert as_(person).post("/schemes", data={"preset": "urad-1-3-10"}).status_code == 404


def test_an_unknown_scheme_or_preset_is_not_there(as_: As) -> None:
    assert as_(ADMIN).get("/schemes/NOTHING").status_code == 404
    assert as_(ADMIN).post("/schemes", data={"preset": "../../etc/passwd"}).status_code == 404


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
