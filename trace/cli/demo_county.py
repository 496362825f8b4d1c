"""The demo county's story: one licence, one slaughter day, its labels; every step through the services of the house.

All people and enterprises are invented and carry 示范; the sheets are the sample input shipped in ``trace/demo``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from sqlmodel import Session, col, select

from brand.kernel.actors import ANONYMOUS, SYSTEM, Actor, Grant
from brand.kernel.clock import CHINA
from brand.kernel.db import Database
from brand.kernel.ids import random_text
from brand.kernel.passwords import first_password
from brand.kernel.permissions import Role
from brand.kernel.work import Work
from brand.models.accounts import Account
from brand.models.complaints import Complaint
from brand.models.enterprises import Enterprise
from brand.models.licences import Application, Notice
from brand.models.schemes import Product
from brand.queries import accounts as reading_accounts
from brand.queries import application_digests
from brand.rules.reviews import ACTIONS
from brand.schemas import presets
from brand.services import accounts, applications, complaints, enterprises, members, schemes
from trace.cli import (
    demo_appeal,
    demo_assets,
    demo_care,
    demo_cases,
    demo_catalogue,
    demo_gtins,
    demo_lairage,
    demo_market,
    demo_marks,
    demo_papers,
    demo_places,
    demo_quality,
    demo_standards,
    demo_tea,
)
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import path
from trace.models.batches import Batch, PackLine
from trace.models.events import Event
from trace.models.imports import SheetKind
from trace.models.labels import Label, LabelOrder
from trace.parts import statement_signer
from trace.rules.events import EventKind
from trace.rules.labels import VoidReason
from trace.services import events, imports, label_releases, labels
from trace.services.batches import Plan
from trace.services.signer import LabelSigner

SHEETS = Path(__file__).resolve().parents[1] / "demo" / "urad-lamb"
LOT = "20260912A"

#: user name, name, role of the office's people.
OFFICE = (
    ("admin", "示范管理员", Role.ADMINISTRATOR),
    ("clerk", "示范经办员", Role.BRAND_CLERK),
    ("approver", "示范审批员", Role.BRAND_APPROVER),
    ("deputy", "示范复核员", Role.BRAND_APPROVER),
    ("inspector", "示范监管员", Role.INSPECTOR),
    ("auditor", "示范审计员", Role.AUDITOR),
)


@dataclass(frozen=True)
class Party:
    """An enterprise that joins, with its clerk."""

    username: str
    kind: str
    name: str
    name_en: str
    credit_code: str
    township: str
    phone: str


COOPERATIVE = Party(
    "producer", "cooperative", "乌拉特中旗示范养羊专业合作社", "Demo Sheep Farmers' Cooperative",
    "93150824DEM000014T", "150824201", "13800000001",
)  # fmt: skip
ABATTOIR = Party(
    "abattoir", "abattoir", "乌拉特中旗示范肉业有限公司", "Demo Meat Company",
    "91150824DEM000022U", "150824100", "13800000002",
)  # fmt: skip
NEIGHBOUR = Party(
    "neighbour", "cooperative", "乌拉特中旗示范草原养殖合作社", "Demo Grassland Cooperative",
    "93150824DEM000030G", "150824202", "13800000003",
)  # fmt: skip
NEWCOMER = Party(
    "newcomer", "company", "乌拉特中旗示范农牧有限公司", "Demo Farming Company",
    "91150824DEM000049K", "150824203", "13800000004",
)  # fmt: skip


#: What the public sent: days ago, kind, words, place.
SENT_IN = (
    (8, "complaint", "买的羊排标称 0.5 千克，复称 0.46 千克，要求店家补差价。", "示范超市海流图店"),
    (3, "report", "有摊位用手写的“乌拉特”招牌卖散装羊肉，看不到编码。", "示范农贸市场"),
    (1, "comment", "扫码页面上的字能不能再大一些，老人看不清。", ""),
)
OBJECTION = "申请里写的草场有一部分去年已经退牧，请核实面积。"


@dataclass(frozen=True)
class Told:
    """What the demo prints: (user name, name, role, first password), and the paths of packs by what they show."""

    people: list[tuple[str, str, str, str]]
    packs: list[tuple[str, str]]


class Story:
    """Tells the story into an empty database, one transaction per act, each at its own moment."""

    def __init__(self, database: Database, signer: LabelSigner, say: Callable[[str], None]) -> None:
        self._database = database
        self._signer = signer
        self._say = say
        self._passwords: dict[str, str] = {}

    def tell(self, today: datetime) -> Told:
        self._say("scheme 1-3-10, policy values and work calendar")
        self._act("2026-08-03 09:00", None, lambda work: schemes.load_preset(work, presets.read_shipped("urad-1-3-10")))
        self._say("people of the brand office")
        self._act("2026-08-03 09:30", None, self._office)
        self._say("enterprises join, the office confirms")
        for party in (COOPERATIVE, ABATTOIR, NEIGHBOUR):
            self._joins(party, "2026-08-04 10:00")
            self._act("2026-08-05 09:00", "clerk", partial(self._confirm, party=party))
        self._act("2026-08-05 10:00", None, self._station)
        self._act("2026-08-05 10:30", None, self._township)
        self._say("places: pastures with invented outlines, confirmed by the inspector")
        self._places()
        self._say("licence: application, review, public notice, decision by a second person")
        self._licence()
        self._say("standards: one of the county's own, adoption in batches, a training")
        self._standards(today)
        self._act("2026-08-18 09:00", "clerk", demo_care.contract)
        self._act("2026-09-08 10:00", "inspector", demo_care.visit)
        self._act("2026-09-10 16:00", "inspector", demo_care.told)
        self._say("batch: 160 carcasses graded, chilled, tested, packed")
        self._batch()
        self._gtins()
        self._say("tests: a sample under seal, a look at the goods by the inspector")
        self._act("2026-09-14 10:00", "inspector", demo_quality.sealed)
        self._act("2026-09-14 18:30", "inspector", demo_quality.looked_at)
        self._say("a tea garden on trial: care, harvest, making")
        self._tea()
        self._say("labels: ordered within the allowance, signed, put on packs")
        packs = self._labels()
        self._act(today - timedelta(hours=7), None, lambda work: demo_market.copied(work, *self._copied))
        self._say("cases and a pallet on its way to the cooperative")
        self._cases(today)
        self._say("work that waits: a new enterprise, an application, a notice that runs")
        self._waiting(today)
        return Told(self._people(), packs)

    def _gtins(self) -> None:
        """Own goods under a GTIN; most packs of the county have none and need none."""
        for moment, username, act in (
            ("2026-09-11 10:00", "producer", demo_gtins.declares),
            ("2026-09-11 15:00", "clerk", demo_gtins.confirmed),
            ("2026-09-14 09:00", "producer", demo_gtins.registers),
        ):
            self._act(moment, username, act)

    def _act(self, moment: str | datetime, username: str | None, act: Callable[[Work], object]) -> None:
        at = _moment(moment)
        with self._database.writing() as session:
            act(Work(session, _actor(session, username, at) if username else SYSTEM, at, "demo"))

    def _office(self, work: Work) -> None:
        for username, name, role in OFFICE:
            _, self._passwords[username] = accounts.add(work, username=username, name=name, grants=(Grant(role),))

    def _township(self, work: Work) -> None:
        """The clerk of the township where the cooperative is seated."""
        right = Grant(Role.TOWNSHIP_CLERK, township=_enterprise(work.session, COOPERATIVE).township_code)
        added = accounts.add(work, username="township", name="示范苏木经办员", grants=(right,))
        self._passwords["township"] = added[1]

    def _station(self, work: Work) -> None:
        right = Grant(Role.STATION_AGENT, _enterprise(work.session, COOPERATIVE).id)
        added = accounts.add(work, username="station", name="示范站点员", grants=(right,))
        self._passwords["station"] = added[1]

    def _joins(self, party: Party, moment: str | datetime) -> None:
        at = _moment(moment)
        with self._database.writing() as session:
            enterprises.join(
                Work(session, ANONYMOUS, at, "demo"),
                username=party.username,
                password=first_password(),
                kind=party.kind,
                name=party.name,
                name_en=party.name_en,
                credit_code=party.credit_code,
                county_code="150824",
                township_code=party.township,
                address="示范路1号",
                contact_name="示范联系人",
                contact_phone=party.phone,
            )
            account = reading_accounts.find(session, username=party.username)
            assert account is not None
            self._passwords[party.username] = accounts.reset(Work(session, SYSTEM, at, "demo"), account.id)

    def _confirm(self, work: Work, party: Party) -> None:
        enterprise = _enterprise(work.session, party)
        enterprises.step(work, enterprise.id, "confirm", version=enterprise.version)

    def _places(self) -> None:
        for moment, username, act in (
            (
                "2026-08-05 14:00",
                "producer",
                lambda work: demo_places.pasture(work, _enterprise(work.session, COOPERATIVE)),
            ),
            (
                "2026-08-05 15:00",
                "abattoir",
                lambda work: demo_places.abattoir(work, _enterprise(work.session, ABATTOIR)),
            ),
            ("2026-08-06 09:00", "inspector", demo_places.seen),
        ):
            self._act(moment, username, act)

    def _licence(self) -> None:
        def apply(work: Work) -> None:
            _apply(work, COOPERATIVE, "lamb", Decimal(30000), "川井苏木示范草场 12000 亩，能繁母羊 1200 只")

        self._act("2026-08-06 11:00", "producer", apply)
        for moment, username, action in (
            ("2026-08-06 11:10", "producer", "submit"),
            ("2026-08-07 09:00", "clerk", "start_review"),
            ("2026-08-07 11:00", "clerk", "review_desk"),
            ("2026-08-07 15:00", "inspector", "inspect_site"),
            ("2026-08-07 16:00", "clerk", "publish_notice"),
            ("2026-08-17 10:00", "approver", "grant"),
        ):
            self._act(moment, username, partial(_step, party=COOPERATIVE, action=action))

    def _standards(self, today: datetime) -> None:
        self._act("2026-08-06 09:00", "clerk", lambda work: demo_standards.write(work, "1", "2026-08-10"))
        self._act("2026-08-07 09:00", "approver", demo_standards.publish)
        self._act("2026-08-07 10:00", "clerk", lambda work: demo_standards.open_batch(work, "2026年第一批（示范）", 20))
        self._act(
            "2026-08-10 09:00",
            "producer",
            lambda work: demo_standards.adopt(work, _enterprise(work.session, COOPERATIVE)),
        )
        self._act(
            "2026-08-12 09:00",
            "clerk",
            lambda work: demo_standards.train(
                work, [_enterprise(work.session, one) for one in (COOPERATIVE, NEIGHBOUR)]
            ),
        )
        self._act(
            today - timedelta(days=2), "clerk", lambda work: demo_standards.open_batch(work, "第二批（示范）", 30)
        )
        self._act(today - timedelta(days=1), "clerk", lambda work: demo_standards.next_edition(work, today))

    def _batch(self) -> None:
        def carcasses(work: Work) -> None:
            plan = Plan(
                _enterprise(work.session, ABATTOIR).id,
                _enterprise(work.session, COOPERATIVE).id,
                _product(work.session, "lamb").id,
                LOT,
            )
            self._batch_id = imports.take(work, _upload(SheetKind.CARCASSES, "carcasses.xlsx"), plan).id

        self._act("2026-09-12 18:00", "abattoir", carcasses)
        self._sheet("2026-09-13 14:00", SheetKind.CHILLING, "cold-room.csv")
        self._act("2026-09-13 16:00", "abattoir", self._answer)
        self._sheet("2026-09-14 09:00", SheetKind.LAB_REPORT, "lab-report.csv")
        self._sheet("2026-09-14 18:00", SheetKind.PACKING, "packing.csv")
        self._act("2026-09-14 19:00", "abattoir", self._waits)

    def _waits(self, work: Work) -> None:
        abattoir, cooperative = (_enterprise(work.session, one) for one in (ABATTOIR, COOPERATIVE))
        demo_lairage.waits(work, abattoir, cooperative, _product(work.session, "lamb"))

    def _sheet(self, moment: str, kind: SheetKind, name: str) -> None:
        self._act(moment, "abattoir", partial(imports.take, upload=_upload(kind, name), target=self._batch_id))

    def _answer(self, work: Work) -> None:
        """The cold room was too warm for an hour; the abattoir says why and what it did."""
        batch = work.session.get_one(Batch, self._batch_id)
        chilled = select(Event).where(Event.batch_id == batch.id, Event.kind == EventKind.CHILLING.value)
        events.answer(
            work,
            work.session.exec(chilled).one().id,
            version=batch.version,
            cause="夜间转运胴体时库门未及时关闭（示范）。",
            measure="关门后库温恢复，次日复测胴体中心温度合格，予以放行（示范）。",
        )

    def _tea(self) -> None:
        def ours(tell: Callable[[Work, Enterprise], None]) -> Callable[[Work], None]:
            return lambda work: tell(work, _enterprise(work.session, COOPERATIVE))

        self._act("2026-08-18 10:00", "clerk", demo_tea.propose)
        self._act("2026-08-18 15:00", "approver", demo_marks.agree)
        for moment, username, act in (
            ("2026-08-19 09:00", "producer", ours(demo_tea.garden)),
            ("2026-08-19 15:00", "inspector", demo_tea.seen),
            ("2026-08-20 17:00", "producer", demo_tea.cared_for),
            ("2026-09-10 18:00", "producer", ours(demo_tea.picked)),
            ("2026-09-11 18:00", "producer", ours(demo_tea.made)),
            ("2026-09-11 19:00", "producer", ours(demo_tea.unusual)),
        ):
            self._act(moment, username, act)

    def _labels(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []

        def order(work: Work) -> None:
            line = work.session.exec(select(PackLine).where(PackLine.cut == "法式羊肋脊排")).one()
            made = labels.order(work, self._signer, pack_line_id=line.id, packs=72)
            label_releases.release(work, made.id, printer="own", version=made.version)
            labels.activate(work, made.id, first=1, last=48)
            labels.void(work, made.id, first=48, last=48, reason=VoidReason.SPOILT, version=made.version)
            addresses = _paths(work.session, made)
            found.extend(
                [
                    ("an activated pack", addresses[0]),
                    ("a label never put on a pack", addresses[60]),
                    ("a spoilt label, void", addresses[47]),
                    ("a forged signature", _forged(addresses[1])),
                    ("a code that was copied", addresses[2]),
                ]
            )
            self._copied = (made, addresses[2].partition("?")[0].rpartition("/")[2])

        self._act("2026-09-15 09:00", "producer", order)
        return found

    def _cases(self, today: datetime) -> None:
        def pack(work: Work) -> None:
            demo_cases.packed(work, _enterprise(work.session, ABATTOIR))

        def send(work: Work) -> None:
            demo_cases.sent(work, *(_enterprise(work.session, one) for one in (ABATTOIR, COOPERATIVE)))

        self._act("2026-09-15 15:00", "abattoir", pack)
        self._act(today - timedelta(hours=6), "abattoir", send)

    def _consent(self, work: Work) -> None:
        """The cooperative lets the station's agent order labels and keep its entries for a year."""
        station = reading_accounts.find(work.session, username="station")
        assert station is not None
        scope = ("applications.write", "enterprises.contact", "enterprises.edit", "labels.activate", "labels.order")
        until = work.today + timedelta(days=365)
        enterprise = _enterprise(work.session, COOPERATIVE)
        members.consent(work, enterprise.id, account_id=station.id, scope=scope, until=until)

    def _belongings(self, today: datetime) -> None:
        """What the cooperative brings, compared and recognised by the office."""

        def ours(work: Work) -> Enterprise:
            return _enterprise(work.session, COOPERATIVE)

        for days, username, act in (
            (9, "producer", lambda work: demo_assets.declare(work, ours(work))),
            (8, "inspector", demo_assets.compare),
            (7, "clerk", lambda work: demo_assets.recognise(work, ours(work))),
            (6, "approver", lambda work: demo_assets.issue(work, statement_signer(self._signer))),
            (5, "producer", lambda work: demo_catalogue.list_goods(work, ours(work))),
        ):
            self._act(today - timedelta(days=days), username, act)

    def _waiting(self, today: datetime) -> None:
        self._act(today - timedelta(hours=4), "producer", self._consent)
        self._belongings(today)
        for minutes, username, act in (
            (50, "clerk", demo_quality.programme),
            (45, "approver", demo_quality.opened),
            (40, "producer", demo_quality.asked_for),
            (35, "clerk", demo_quality.limit),
        ):
            self._act(today - timedelta(minutes=minutes), username, act)

        def land(work: Work) -> None:
            demo_places.neighbour(work, _enterprise(work.session, NEIGHBOUR))

        self._act(today - timedelta(hours=5), "neighbour", land)

        def apply(work: Work) -> None:
            _apply(work, NEIGHBOUR, "lamb", Decimal(12000), "呼勒斯太苏木示范草场 5000 亩，能繁母羊 480 只")

        self._act(today - timedelta(hours=3), "neighbour", apply)
        self._act(today - timedelta(hours=2), "neighbour", partial(_step, party=NEIGHBOUR, action="submit"))
        self._act(
            today - timedelta(hours=1, minutes=30), "clerk", partial(_step, party=NEIGHBOUR, action="start_review")
        )
        for minutes, username, action in ((80, "clerk", "review_desk"), (70, "inspector", "inspect_site")):
            moment = today - timedelta(minutes=minutes)
            self._act(moment, username, partial(_step, party=NEIGHBOUR, action=action))
        self._act(today - timedelta(hours=1), "clerk", partial(_step, party=NEIGHBOUR, action="publish_notice"))
        self._joins(NEWCOMER, today - timedelta(minutes=30))
        self._say("an application refused, and an appeal against it")
        for days, username, tell in (
            (6, "neighbour", demo_appeal.apply),
            (5, "clerk", demo_appeal.look_at),
            (4, "approver", demo_appeal.refuse),
            (2, "neighbour", demo_appeal.appeal),
        ):
            self._act(today - timedelta(days=days), username, partial(self._of_neighbour, tell=tell))
        self._say("the brand's own papers: a trademark, a logo, a changed policy value")
        self._act("2026-09-16 09:00", "clerk", demo_marks.keep_logo)
        self._act("2026-09-17 10:00", "producer", demo_marks.take_logo)
        self._act(today - timedelta(days=6), "clerk", demo_marks.keep_trademark)
        self._act(today - timedelta(days=4), "clerk", demo_marks.propose_longer_window)
        self._act(today - timedelta(days=3), "approver", demo_marks.agree)
        self._act(today - timedelta(days=1), "clerk", demo_marks.propose_longer_notice)
        self._say("what the public sent: a complaint, a report, an objection to the notice")
        self._sent_in(today)

    def _of_neighbour(self, work: Work, tell: Callable[[Work, Enterprise], None]) -> None:
        tell(work, _enterprise(work.session, NEIGHBOUR))

    def _sent_in(self, today: datetime) -> None:
        for days, kind, what, place in SENT_IN:
            at = today - timedelta(days=days, hours=1)
            self._act(at, None, partial(_receive, kind=kind, what=what, place=place))
        self._act(today - timedelta(minutes=20), None, partial(_receive, kind="objection", what=OBJECTION))
        self._act(today - timedelta(days=1), "inspector", _take_up_the_report)

    def _people(self) -> list[tuple[str, str, str, str]]:
        with self._database.reading() as session:
            return [
                (account.username, person.name, grants[0][0].role, self._passwords[account.username])
                for account, person, grants in reading_accounts.listing(session)
            ]


def _moment(text: str | datetime) -> datetime:
    """A moment of the story, told in Chinese wall-clock time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA) if isinstance(text, str) else text


def _actor(session: Session, username: str, at: datetime) -> Actor:
    account = session.exec(select(Account).where(Account.username == username)).one()
    return reading_accounts.actor_of_account(session, account, at)


def _enterprise(session: Session, party: Party) -> Enterprise:
    return session.exec(select(Enterprise).where(Enterprise.credit_code == party.credit_code)).one()


def _product(session: Session, code: str) -> Product:
    return session.exec(select(Product).where(Product.code == code)).one()


def _apply(work: Work, party: Party, product: str, cap_kg: Decimal, capacity: str) -> None:
    application = applications.draft(
        work,
        enterprise_id=_enterprise(work.session, party).id,
        product_id=_product(work.session, product).id,
        cap_kg=cap_kg,
        uses=demo_papers.USES,
        capacity=capacity,
        promise=True,
    )
    demo_papers.hand_in(work, application)


def _step(work: Work, party: Party, action: str) -> None:
    enterprise = _enterprise(work.session, party)
    found = work.session.exec(select(Application).where(Application.enterprise_id == enterprise.id)).one()
    if action in ACTIONS:
        demo_papers.record(work, found, action)
    else:
        seen = application_digests.now(work.session, found, seen=True)
        applications.step(work, found.id, action, version=found.version, digest=seen)


def _receive(work: Work, kind: str, what: str, place: str = "") -> None:
    notice = work.session.exec(select(Notice.number).order_by(col(Notice.number).desc())).first()
    complaints.receive(
        work,
        secret=random_text(complaints.SHORTEST_SECRET),
        kind=kind,
        what=what,
        place=place,
        notice=(notice or "") if kind == "objection" else "",
        name="示范消费者",
        contact="13800000009",
    )


def _take_up_the_report(work: Work) -> None:
    one = work.session.exec(select(Complaint).where(Complaint.kind == "report")).one()
    complaints.step(work, one.id, "accept", version=one.version, comment="已派人到市场核查。")


def _paths(session: Session, order: LabelOrder) -> list[str]:
    """Path and query of every label of an order, by position."""
    code = session.get_one(Batch, order.batch_id).code
    rows = session.exec(select(Label).where(Label.order_id == order.id).order_by(col(Label.position)))
    return [f"{path(UnitCode(code, one.serial))}?s={order.kid}.{one.signature}" for one in rows]


def _forged(address: str) -> str:
    """The same address with one character of the signature changed."""
    changed = "A" if address[-20] != "A" else "B"
    return f"{address[:-20]}{changed}{address[-19:]}"


def _upload(kind: SheetKind, name: str) -> imports.Upload:
    return imports.read(kind, name, (SHEETS / name).read_bytes())
