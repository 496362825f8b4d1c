"""Pages of papers and records: right person, wrong person, bad files, photos, and files that are only ever saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
import time_machine
from flask.testing import FlaskClient
from PIL import Image
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.licences import Application
from brand.models.materials import ApplicationFile
from tests import make
from tests.people import CLERK, INSPECTOR, PRODUCER, RIVAL, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def application(database: Database) -> Application:
    with database.writing() as session:
        return make.an_application(make.work(session))


def _photo() -> bytes:
    written = BytesIO()
    Image.new("RGB", (30, 20)).save(written, "JPEG")
    return written.getvalue() + b"<script>stowaway</script>"


def _sent(data: bytes, **said: str) -> dict[str, object]:
    return {"kind": "origin", "file": (BytesIO(data), "../照片.jpg")} | said


def test_a_photo_is_kept_drawn_anew_and_only_saved(as_: As, application: Application, database: Database) -> None:
    where, producer = f"/applications/{application.id}", as_(PRODUCER)
    assert "营业执照" in producer.get(f"{where}/materials").text
    assert producer.post(f"{where}/materials", data=_sent(_photo())).status_code == 303
    with database.reading() as session:
        kept = session.exec(select(ApplicationFile).where(ApplicationFile.name == "照片.jpg")).one()
    for person in (PRODUCER, CLERK, INSPECTOR):
        answer = as_(person).get(f"{where}/files/{kept.id}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == f"attachment; filename={application.number}-origin.jpg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert b"stowaway" not in answer.data
    assert as_(RIVAL).get(f"{where}/files/{kept.id}").status_code == 404
    assert producer.get(f"{where}/files/NOTHING").status_code == 404
    assert producer.post(f"{where}/materials/{kept.id}/remove").status_code == 303
    assert producer.get(f"{where}/files/{kept.id}").status_code == 404


@pytest.mark.parametrize(
    ("data", "said", "field"),
    [
        (b"MZ not a paper", {}, "file"),
        (b"", {}, "file"),
        (make.a_paper("x").data, {"kind": "certificate"}, "valid_until"),
        (make.a_paper("x").data, {"kind": ""}, "kind"),
        (make.a_paper("x").data, {"kind": "certificate", "valid_until": "2020-01-01"}, "valid_until"),
    ],
)
def test_bad_input_names_its_field(
    as_: As, application: Application, data: bytes, said: dict[str, str], field: str
) -> None:
    answer = as_(PRODUCER).post(f"/applications/{application.id}/materials", data=_sent(data, **said))
    assert answer.status_code == 422
    assert f'id="f-{field}-fault"' in answer.text


def test_who_may_not(as_: As, application: Application) -> None:
    where = f"/applications/{application.id}/materials"
    for person in (RIVAL, CLERK, INSPECTOR):
        assert as_(person).get(where).status_code == 404
        assert as_(person).post(where, data=_sent(_photo())).status_code == 404


def test_records_with_pictures(as_: As, database: Database, application: Application) -> None:
    with database.writing() as session:
        row = session.get_one(Application, application.id)
        make.step(make.work(session), row, "submit", PRODUCER)
        make.step(make.work(session), row, "start_review", CLERK)
    where, clerk = f"/applications/{application.id}", as_(CLERK)
    said = {"version": "3", "held_on": "2026-09-14", "opinion": "pass", "comment": "川井苏木同意", "present": "示范"}
    assert clerk.get(f"{where}/records/recommend").status_code == 200
    assert clerk.post(f"{where}/records/recommend", data=said | {"comment": ""}).status_code == 422
    bad = clerk.post(f"{where}/records/recommend", data=said | {"files": (BytesIO(b"MZ"), "x")})
    assert bad.status_code == 422
    pictures = [(BytesIO(_photo()), "a.jpg"), (BytesIO(_photo() + b"x"), "b.jpg")]
    assert clerk.post(f"{where}/records/recommend", data=said | {"files": pictures}).status_code == 303
    page = as_(PRODUCER).get(where).text
    assert "川井苏木同意" in page
    assert page.count("/files/") == 10
    assert clerk.post(f"{where}/records/recommend", data=said).status_code == 409
    for person, action in ((PRODUCER, "recommend"), (RIVAL, "recommend"), (CLERK, "inspect_site"), (CLERK, "x")):
        assert as_(person).get(f"{where}/records/{action}").status_code == 404
        assert as_(person).post(f"{where}/records/{action}", data=said).status_code == 404
