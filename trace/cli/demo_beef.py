"""The demo county's cattle: three head from their ear tags to signed packs, each carcass graded by two persons.

No table for cattle was read, so none is used: weights, levels and grades are examples of what somebody wrote down.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from sqlmodel import select

from brand.kernel.actors import Grant
from brand.kernel.permissions import Role
from brand.kernel.work import Work
from brand.rules.grade_tables import Grade
from trace.cli import demo_licences, demo_packs
from trace.cli.demo_packs import Packs
from trace.cli.demo_people import ABATTOIR, of, product
from trace.cli.demo_telling import Party, Telling
from trace.formats.carcass_sheet import CATTLE_COLUMNS
from trace.models.batches import Batch
from trace.models.imports import SheetKind
from trace.rules.animals import Coming
from trace.rules.ear_tags import Species
from trace.rules.lab_reports import TestKind
from trace.services import animals, grading, herds, imports, lab_reports, lairage, ph, quarantine
from trace.services.batches import Plan
from trace.services.grading import Said
from trace.services.newcomers import Newcomer

KEEPER = Party(
    "cattle", "cooperative", "乌拉特中旗示范养牛专业合作社", "Demo Cattle Farmers' Cooperative",
    "93150824DEM000082U", "150824202", "13800000008",
)  # fmt: skip
GRADER = "grader"
LOT = "N20260909"
PAPER = "示范检疫 0909"
PACKS = Packs(LOT, "眼肉", Decimal("0.5"), 60, 365, "≤-18℃")
_DAY = date(2026, 9, 9)
#: Tag, sex as in a herd and on the sheet, birth, what the sheet says from the age on, grade.
_HEAD = (
    ("215082499000201", "castrated", "阉", date(2024, 3, 12), "29,2,620,341.2,336.5,1.1,3级,,4级,2级", Grade.SPECIAL),
    ("215082499000202", "castrated", "阉", date(2024, 4, 2), "29,2,585,318.4,314.0,1.0,3级,,4级,3级", Grade.PRIME),
    ("215082499000203", "female", "母", date(2024, 2, 20), "30,3,540,289.0,285.2,0.9,2级,,5级,3级", Grade.GOOD),
)  # fmt: skip
_BREED = "西门塔尔牛"
_REASON = "按本厂示范样板比对大理石纹、肉色和脂肪色"


def from_herd_to_pack(told: Telling) -> None:
    """Joined, licensed, tagged, slaughtered, graded by two, chilled, tested, cut, packed and labelled."""
    told.joins(KEEPER, "2026-08-04 11:00")
    for moment, username, act in (
        ("2026-08-05 09:30", "clerk", partial(told.confirm, party=KEEPER)),
        ("2026-08-05 11:00", None, partial(_second_grader, told)),
        ("2026-08-06 10:30", KEEPER.username, tagged),
    ):
        told.act(moment, username, act)
    demo_licences.granted(told, KEEPER, "beef", 3000, "示范牛舍一处，存栏基础母牛 60 头")
    for moment, username, act in (
        ("2026-09-09 08:00", KEEPER.username, quarantined),
        ("2026-09-09 09:00", "abattoir", at_the_ramp),
        ("2026-09-09 18:00", "abattoir", slaughtered),
        ("2026-09-10 16:00", "abattoir", graded),
        ("2026-09-10 17:00", GRADER, graded),
        ("2026-09-11 14:00", "abattoir", chilled),
        ("2026-09-12 09:00", "abattoir", tested),
        ("2026-09-12 15:00", "abattoir", partial(demo_packs.packed, one=PACKS)),
    ):
        told.act(moment, username, act)
    told.act("2026-09-15 10:50", KEEPER.username, lambda work: _labelled(told, work))


def tagged(work: Work) -> None:
    """The herd, its animals known by their tags."""
    herd = herds.open_herd(
        work, of(work.session, KEEPER).id, code="示范牛1", name="示范育肥牛群", species=Species.CATTLE, breed=_BREED,
        township_code=KEEPER.township, since=date(2026, 4, 1),
    )  # fmt: skip
    head = [Newcomer(tag, sex, breed=_BREED, born_on=born) for tag, sex, _, born, *_ in _HEAD]
    animals.bring_in(work, herd.id, Coming.RECORDED, work.today, head)


def quarantined(work: Work) -> None:
    """The paper of the way to the abattoir."""
    quarantine.declare(
        work, of(work.session, KEEPER).id, form="animal_b", number=PAPER, valid_days=1, upload=None,
        county_code="150824", issued_on=_DAY, goods="牛（示范）", quantity=Decimal(len(_HEAD)),
        from_place="示范牛舍", to_place=ABATTOIR.name,
    )  # fmt: skip


def at_the_ramp(work: Work) -> None:
    """Announced, read and found fit."""
    tags = [one[0] for one in _HEAD]
    lot = lairage.announce(
        work, of(work.session, ABATTOIR).id, producer_id=of(work.session, KEEPER).id,
        product_id=product(work.session, "beef").id, lot=LOT, expected_on=_DAY, head=len(tags), tags=tags,
        certificate=PAPER,
    )  # fmt: skip
    lairage.read(work, lot.id, version=lot.version, tags=tags)
    lairage.examine(work, lot.id, version=lot.version, unfit=(), note="")


def slaughtered(work: Work) -> None:
    """The sheet of the line, as it would be uploaded."""
    rows = [
        f"{tag},{_BREED},{sex},{said},2026-09-09 11:{at * 20:02},{_number(at)},G1,"
        for at, (tag, _, sex, _, said, _) in enumerate(_HEAD)
    ]
    sheet = "\n".join([",".join(one.heading for one in CATTLE_COLUMNS), *rows])
    abattoir, keeper = (of(work.session, one).id for one in (ABATTOIR, KEEPER))
    plan = Plan(abattoir, keeper, product(work.session, "beef").id, LOT)
    imports.take(work, imports.read(SheetKind.CARCASSES, "cattle.csv", sheet.encode()), plan)


def graded(work: Work) -> None:
    """One person's grades; they stand once a second one gave the same."""
    batch = _batch(work)
    for at, (*_, grade) in enumerate(_HEAD):
        grading.grade(work, batch.id, Said(batch.version, [_number(at)], grade.value, "eye", _REASON))
        work.session.refresh(batch)


def chilled(work: Work) -> None:
    """Two days in the cold room, read every quarter of an hour; and the pH of the second day."""
    start = datetime(2026, 9, 9, 13)  # noqa: DTZ001 (the sheet of a logger says no zone)
    rows = (
        f"{start + timedelta(minutes=15 * at):%Y-%m-%d %H:%M},2.0,{max(3.5, 38 - at * 0.4):.1f}" for at in range(190)
    )
    sheet = "\n".join(["时间,库温(℃),胴体中心温度(℃)", *rows])
    batch = _batch(work)
    imports.take(work, imports.read(SheetKind.CHILLING, "cold-room-cattle.csv", sheet.encode()), batch.id)
    work.session.refresh(batch)
    lowest, highest = Decimal("5.48"), Decimal("5.66")
    ph.record(work, batch.id, version=batch.version, hours=36, head=len(_HEAD), lowest=lowest, highest=highest)


def tested(work: Work) -> None:
    """A laboratory's report of one item."""
    item = {"name": "克伦特罗", "method": "示范方法", "result": "未检出", "unit": "", "limit": "不得检出"}
    entries: dict[str, Any] = {"kind": TestKind.LABORATORY.value, "number": "DEMO-2026-0909", "items": [item]}
    entries |= {"laboratory": "示范检测中心", "sample": "", "tested_on": work.today, "tested_at": None}
    lab_reports.record_one(work, _batch(work).id, entries)


def _second_grader(told: Telling, work: Work) -> None:
    told.hire(work, GRADER, "示范评定员", Grant(Role.ABATTOIR_CLERK, of(work.session, ABATTOIR).id))


def _labelled(told: Telling, work: Work) -> None:
    told.packs.append(("a pack of beef, graded by hand", demo_packs.labelled(work, told.signer, PACKS)))


def _number(at: int) -> str:
    return f"示范牛-{at + 1:03}"


def _batch(work: Work) -> Batch:
    return work.session.exec(select(Batch).where(Batch.lot == LOT)).one()
