"""The page of an enterprise's sheets, and one sheet from its empty form to taking it back."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
import time_machine
from sqlmodel import select

from tests import make
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL
from tests.services.test_row_sheets import CASES, Case, prepared
from trace.formats.outline_files import OUTLINES
from trace.models.herds import Herd
from trace.models.imports import SheetImport, SheetKind
from trace.models.places import PlaceOutline
from trace.services import sheet_kinds

PLACE = "/enterprises/cooperative/sheets"
HERDS = "群号,群名,畜种,品种,苏木镇,建群日期\nE1,示范东群,羊,,海流图镇,2026-03-01\n"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(make.MONDAY, tick=False):
        yield


def send(client: Any, kind: str, data: bytes, name: str = "a.csv", **more: str) -> Any:
    form = {"file": (io.BytesIO(data), name), **more}
    return client.post(f"{PLACE}/{kind}", data=form, content_type="multipart/form-data")


def stored(database: Any, table: Any) -> list[Any]:
    with database.reading() as session:
        return session.exec(select(table)).all()


def test_every_kind_the_person_may_bring_stands_there_with_its_empty_sheet(as_: Any) -> None:
    clerk = as_(PRODUCER)
    page = clerk.get("/sheets").text
    offered = set(re.findall(rf'href="{PLACE}/([a-z_]+)"', page))
    assert offered == {one.value for one in sheet_kinds.OF_ENTERPRISES}
    for kind in sorted(offered - {"outlines"}):
        assert f"/imports/templates/{kind}.xlsx" in clerk.get(f"{PLACE}/{kind}").text
        assert clerk.get(f"/imports/templates/{kind}.xlsx").data[:2] == b"PK"
    assert "/imports/templates/outlines.geojson" in clerk.get(f"{PLACE}/outlines").text
    assert clerk.get("/imports/templates/outlines.geojson").json["type"] == "FeatureCollection"
    assert clerk.get("/imports/templates/outlines.xlsx").status_code == 404


def test_others_meet_nothing(as_: Any) -> None:
    assert as_(RIVAL).get(PLACE).status_code == 404
    assert as_(RIVAL).get(f"{PLACE}/herds").status_code == 404
    assert "没有可导入的表格" in as_(CLERK).get("/sheets").text


def test_looked_at_taken_in_listed_and_taken_back(as_: Any, database: Any) -> None:
    clerk = as_(PRODUCER)
    look = send(clerk, "herds", HERDS.encode("gb18030"))
    assert look.status_code == 303
    page = clerk.get(look.location).text
    assert "这张表会做什么" in page or "先看一看" in page
    assert stored(database, Herd) == []
    done = clerk.post(f"{look.location}/confirm", data={"version": 1})
    assert (done.status_code, done.location) == (303, "/herds")
    assert [one.code for one in stored(database, Herd)] == ["E1"]
    row = stored(database, SheetImport)[0]
    assert f"/imports/{row.id}" in clerk.get(PLACE).text
    back = clerk.post(f"/imports/{row.id}/undo", data={"version": row.version})
    assert (back.status_code, stored(database, Herd)) == (303, [])


def test_refused_outlines_are_told_and_sent_back(as_: Any, database: Any) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        make.a_place(make.work(session), name="甲地")
    named = [{"name": name, "geometry": make.a_geojson(at)} for at, name in enumerate(("甲地", "没有的地"))]
    data, clerk = OUTLINES.template(named), as_(PRODUCER)
    page = send(clerk, "outlines", data, "land.geojson")
    assert page.status_code == 422
    assert "没有名为“没有的地”" in page.text
    back = send(clerk, "outlines", data, "land.geojson", answer="reasons")
    assert back.headers["Content-Disposition"].endswith("land-reasons.geojson")
    assert [one["properties"]["name"] for one in json.loads(back.data)["features"]] == ["没有的地"]
    assert stored(database, PlaceOutline) == []
    good = send(clerk, "outlines", OUTLINES.template(named[:1]), "land.geojson")
    assert clerk.post(f"{good.location}/confirm", data={"version": 1}).location == "/places"
    assert len(stored(database, PlaceOutline)) == 1


def test_a_large_sheet_of_a_batch_goes_to_a_job_too(as_: Any, database: Any) -> None:
    with database.writing() as session:
        batch = make.a_batch(make.work(session))
        batch_id = batch.id
    line = "R-{at},20260912A,示范项目,示范法,0.01,mg/kg,≤0.1,合格,2026-09-13,示范检测中心"
    heading = "报告编号,样品批号,检测项目,方法,结果,单位,限量,判定,检测日期,检测机构"
    data = "\n".join([heading, *(line.format(at=at) for at in range(2500))]).encode()
    clerk = as_(ABATTOIR)
    form = {"file": (io.BytesIO(data), "reports.csv")}
    begun = clerk.post(f"/batches/{batch_id}/sheets/lab_report", data=form, content_type="multipart/form-data")
    assert begun.status_code == 303
    assert begun.location.startswith("/jobs/")
    row = next(one for one in stored(database, SheetImport) if one.kind == SheetKind.LAB_REPORT)
    assert (row.state, row.target_id) == ("checking", batch_id)


@pytest.mark.parametrize("case", CASES, ids=[one.kind.value for one in CASES])
def test_each_kind_is_looked_at_and_its_way_back_shown_in_both_languages(as_: Any, database: Any, case: Case) -> None:
    with database.writing() as session:
        names = prepared(session)
    clerk = as_(PRODUCER)
    look = send(clerk, case.kind.value, case.upload(names=names).data)
    assert look.status_code == 303, look.text
    for language in ("zh", "en"):
        page = clerk.get(f"{look.location}?lang={language}")
        assert page.status_code == 200
        assert "imports." not in re.sub(r"<[^>]+>", "", page.text)
    done = clerk.post(f"{look.location}/confirm", data={"version": 1})
    assert done.status_code == 303
    assert clerk.get(done.location).status_code == 200
    assert f'action="{look.location}/undo"' in clerk.get(look.location).text


def test_a_list_of_places_has_its_page(as_: Any, database: Any) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
    clerk = as_(PRODUCER)
    look = send(clerk, "places", "名称,类型,苏木镇,启用日期\n示范甲地,草场,海流图镇,2020-01-01\n".encode())
    assert "示范甲地" in clerk.get(look.location).text
    assert clerk.post(f"{look.location}/confirm", data={"version": 1}).location == "/places"
