"""A cow from ear tag to pack: herd, paper, ramp, line, cold room, two graders, cuts, label, verdict, public page."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.permissions import Role
from brand.kernel.work import Work
from brand.services import accounts
from tests import make, make_herds
from tests.people import ABATTOIR, PRODUCER, PersonOfTheCast
from trace.formats.carcass_sheet import CATTLE_COLUMNS, carcass_template, read_carcasses
from trace.models.batches import Batch, Carcass, PackLine
from trace.models.herds import Animal
from trace.models.imports import SheetKind
from trace.models.labels import Label
from trace.queries import grading as grades
from trace.rules.animals import Coming
from trace.rules.ear_tags import Species
from trace.services import animals, imports, labels, lairage, quarantine
from trace.services.newcomers import Newcomer

SECOND = PersonOfTheCast("second-grader", "示范复评员", Role.ABATTOIR_CLERK, "abattoir")
TAGS = [f"21508240000000{n}" for n in (1, 2)]
HEADINGS = [one.heading for one in CATTLE_COLUMNS]
COWS = [
    [
        TAGS[0],
        "西门塔尔牛",
        "阉",
        24,
        2,
        620,
        341.2,
        336.5,
        1.1,
        "3级",
        "",
        "4级",
        "2",
        "2026-09-12 06:32",
        "N1",
        "G1",
        "",
    ],
    [TAGS[1], "西门塔尔牛", "母", 30, 3, 560, 302, 298.4, 0.9, 2, "", 5, "3级", "2026-09-12 06:50", "N2", "G1", ""],
]
As = Callable[[PersonOfTheCast], FlaskClient]


def csv(*rows: list[object]) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in (HEADINGS, *rows)).encode()


def sheet(*rows: list[object]) -> imports.Upload:
    return imports.read(SheetKind.CARCASSES, "cows.csv", csv(*rows))


def by(work: Work, person: PersonOfTheCast) -> Work:
    return Work(work.session, make.actor(work.session, person), work.now, "test")


def at_the_ramp(work: Work, product: str) -> None:
    """Two head tagged in their herd, with their paper, announced, read and found fit."""
    owner, clerk = by(work, PRODUCER), by(work, ABATTOIR)
    herd = make_herds.a_herd(owner, code="N", species="cattle")
    born = (date(2024, 9, 10), date(2024, 3, 10))
    sexes = ("castrated", "female")
    rows = [Newcomer(*one, breed="西门塔尔牛", born_on=day) for *one, day in zip(TAGS, sexes, born, strict=True)]
    animals.bring_in(owner, herd.id, Coming.RECORDED, date(2026, 8, 1), rows)
    paper = {"form": "animal_b", "number": "示范检 7", "valid_days": 1, "upload": None, "county_code": "150824"}
    way = {"from_place": "示范牧场", "to_place": "示范厂", "issued_on": work.today}
    quarantine.declare(owner, "cooperative", **paper, **way, goods="示范牛", quantity=Decimal(2))
    said = {"producer_id": "cooperative", "product_id": product, "lot": "N1", "expected_on": work.today, "head": 2}
    lot = lairage.announce(clerk, "abattoir", **said, tags=TAGS, certificate="示范检7")
    lairage.read(clerk, lot.id, version=lot.version, tags=TAGS)
    lairage.examine(clerk, lot.id, version=lot.version, unfit=(), note="")


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def beef(database: Database) -> str:
    with database.writing() as session:
        work = make.work(session)
        make.joins(session, SECOND)
        make.a_licence(work, product="beef")
        product = make.a_product(session, "beef").id
        at_the_ramp(work, product)
    return product


def latest(database: Database) -> Batch:
    with database.reading() as session:
        return session.exec(select(Batch)).one()


def grade_by_page_sheet_and_program(as_: As, client: FlaskClient, database: Database, batch: Batch) -> None:
    """One hand by the page and a sheet, the other by a program; each carcass waits until they agree."""
    shown = as_(ABATTOIR).get(f"/batches/{batch.id}/grading").text
    for word in ("牛胴体没有可用的分级表", "NY/T 676-2010", "待核", "N1"):
        assert word in shown
    given = {"version": batch.version, "carcasses": "N1", "grade": "special", "method": "eye", "reason": "示范样板"}
    answer = as_(ABATTOIR).post(f"/batches/{batch.id}/grading", data=given)
    assert answer.status_code == 303
    with database.writing() as session:
        rows = "批号,胴体号,人工等级,定级方法,原因\nN1,N2,良好级,目测,示范样板"
        upload = imports.read(SheetKind.GRADES, "g.csv", rows.encode())
        imports.take_in(make.by_abattoir(make.work(session)), upload, "abattoir")
        assert grades.waiting(session, [batch.id]) == 2
        second = make.work(session, make.actor(session, SECOND))
        _, token = accounts.issue_token(second, label="t", scopes=["batches.read", "events.record"], days=1)
    for waiting, (number, grade) in zip((1, 0), (("N1", "special"), ("N2", "good")), strict=True):
        said = {"version": latest(database).version, "carcasses": [number], "grade": grade, "reason": "同意"}
        send = {"json": said, "headers": {"Authorization": f"Bearer {token}"}}
        answer = client.post(f"/api/v1/batches/{batch.id}/grade-decisions", **send)
        assert (answer.status_code, answer.json["waiting"], answer.json["disputed"]) == (201, waiting, 0)


def test_a_cow_from_ear_tag_to_pack(as_: As, app, client, database, tmp_path, beef: str) -> None:
    clerk = as_(ABATTOIR)
    plan = {"producer_id": "cooperative", "product_id": beef, "lot": "N1", "file": (io.BytesIO(csv(*COWS)), "n.csv")}
    looked = clerk.post("/batches/import", data=plan)
    assert looked.status_code == 303, looked.text
    preview = clerk.get(looked.location).text
    assert preview.count("无分级表，人工定级") == 2
    assert clerk.post(f"{looked.location}/confirm", data={"version": "1"}).status_code == 303
    batch = latest(database)
    with database.reading() as session:
        made = session.exec(select(Carcass).order_by(Carcass.carcass_no)).all()
        assert [(one.animal_class, one.grade, one.grade_table, one.decided_by) for one in made] == [
            ("cattle", "manual", "", "")
        ] * 2
        assert {one.state for one in session.exec(select(Animal))} == {"slaughtered"}
    grade_by_page_sheet_and_program(as_, client, database, batch)
    acts = {
        "ph": {"hours": "36", "head": "2", "lowest": "5.5", "highest": "5.7"},
        "tests/new/laboratory": {"kind": "laboratory", "laboratory": "示范检测所", "number": "N-7"}
        | {
            "tested_on": "2026-09-13",
            "items/0/name": "克伦特罗",
            "items/0/result": "未检出",
            "items/0/limit": "不得检出",
        },
    }
    for path, given in acts.items():
        given["version"] = str(latest(database).version)
        if path != "ph":
            del given["version"]
        assert clerk.post(f"/batches/{batch.id}/{path}", data=given).status_code == 303, path
    cold = "时间,库温(℃),胴体中心温度(℃)\n2026-09-12 08:00,2,36\n" + "".join(
        f"2026-09-{12 + at // 96} {at // 4 % 24:02}:{at % 4 * 15:02},2,{max(4, 40 - at * 0.5):.1f}\n"
        for at in range(33, 150)
    )
    packs = "来源批号,分割产品,净含量(kg/袋),袋数,合计(kg),包装日期,保质期(天),贮存条件\n"
    packs += "N1,眼肉,0.5,40,20,2026-09-14,20,0～4℃"
    with database.writing() as session:
        own = make.by_abattoir(make.work(session))
        for kind, text in ((SheetKind.CHILLING, cold), (SheetKind.PACKING, packs)):
            imports.take(own, imports.read(kind, "s.csv", text.encode()), batch.id)
        line = session.exec(select(PackLine)).one()
        owner, signer = by(make.work(session), PRODUCER), make.a_signer(tmp_path)
        order = labels.order(owner, signer, pack_line_id=line.id, packs=2)
        make.a_release(owner, order)
        labels.activate(owner, order.id, first=1, last=2)
        label = session.exec(select(Label).where(Label.order_id == order.id, Label.position == 1)).one()
        address = f"/u/{batch.code}/{label.serial}?s={order.kid}.{label.signature}"
    page = client.get(address)
    for word in (
        "is-green",
        "眼肉",
        "牛肉",
        "特等",
        "良好",
        "每头胴体由两名评定人人工定级",
        "没有适用的等级表",
        "排酸冷却",
        "N-7",
    ):
        assert word in page.text, word
    for word in ("NY/T 630", "羔羊", "羊肉"):
        assert word not in page.text, word
    assert "two persons graded each carcass by hand" in client.get(f"{address}&lang=en").text
    assert as_(ABATTOIR).get(f"/batches/{batch.id}/carcasses").status_code == 200


def test_what_is_no_cow_is_refused_with_the_word_at_its_field(database: Database, beef: str) -> None:
    with database.writing() as session:
        own, lamb = make.by_abattoir(make.work(session)), make.a_product(session).id

        def refused(upload: imports.Upload, product: str) -> AppError:
            with pytest.raises(AppError) as raised:
                imports.look(own, upload, imports.Plan("abattoir", "cooperative", product, "X1"))
            return raised.value

        sheep = make.a_small_sheet(make.carcass_lines(1))
        for error in (refused(sheet(*COWS), lamb), refused(sheep, beef)):
            assert (error.code, error.faults[0].pointer) == ("batches.species", "/product_id")
        stranger = [[*COWS[0]], ["315082400000001", *COWS[1][1:]], [f"{TAGS[1][:-1]}3", *COWS[1][1:]]]
        stranger[2][14] = "N3"
        mixed = sheet(*stranger)
        assert [(one.code, one.row) for one in mixed.sheet.faults] == [("ear_tags.species", 3)]
        heavy = sheet([*COWS[0][:5], 9620, *COWS[0][6:9], "9级", *COWS[0][10:]])
        assert {one.code for one in heavy.sheet.faults} == {"imports.out_of_range", "imports.unknown_word"}


def test_the_empty_sheet_for_cattle_reads_back(as_: As) -> None:
    answer = as_(ABATTOIR).get("/imports/templates/carcasses-cattle.xlsx")
    assert answer.status_code == 200
    rows = sheet(*COWS).sheet.rows
    again = read_carcasses(carcass_template(rows, Species.CATTLE), "again.xlsx")
    assert [one.ear_tag for one in again.rows] == TAGS
    assert again.accepted
