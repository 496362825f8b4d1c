"""What waits in the demo county: one on notice, one refused who appeals, papers to compare, words of the public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import col, select

from brand.kernel.ids import random_text
from brand.kernel.work import Work
from brand.models.complaints import Complaint
from brand.models.enterprises import Enterprise
from brand.models.licences import Notice
from brand.queries import accounts as reading_accounts
from brand.services import complaints, members
from trace.cli import (
    demo_appeal,
    demo_assets,
    demo_catalogue,
    demo_licences,
    demo_marks,
    demo_places,
    demo_quality,
)
from trace.cli.demo_people import COOPERATIVE, NEIGHBOUR, NEWCOMER, of
from trace.cli.demo_telling import Telling
from trace.parts import statement_signer

#: What the public sent: days ago, kind, words, place.
SENT_IN = (
    (8, "complaint", "买的羊排标称 0.5 千克，复称 0.46 千克，要求店家补差价。", "示范超市海流图店"),
    (3, "report", "有摊位用手写的“乌拉特”招牌卖散装羊肉，看不到编码。", "示范农贸市场"),
    (1, "comment", "扫码页面上的字能不能再大一些，老人看不清。", ""),
)
OBJECTION = "申请里写的草场有一部分去年已经退牧，请核实面积。"


def belongings(told: Telling, today: datetime) -> None:
    """The cooperative's consent to its station, and what it brings: compared and recognised by the office."""
    told.act(today - timedelta(hours=4), "producer", _consent)
    for days, username, act in (
        (9, "producer", lambda work: demo_assets.declare(work, of(work.session, COOPERATIVE))),
        (8, "inspector", demo_assets.compare),
        (7, "clerk", lambda work: demo_assets.recognise(work, of(work.session, COOPERATIVE))),
        (6, "approver", lambda work: demo_assets.issue(work, statement_signer(told.signer))),
        (5, "producer", lambda work: demo_catalogue.list_goods(work, of(work.session, COOPERATIVE))),
    ):
        told.act(today - timedelta(days=days), username, act)


def free_tests(told: Telling, today: datetime) -> None:
    """This year's free tests, one asked for, and a limit that waits."""
    for minutes, username, act in (
        (50, "clerk", demo_quality.programme),
        (45, "approver", demo_quality.opened),
        (40, "producer", demo_quality.asked_for),
        (35, "clerk", demo_quality.limit),
    ):
        told.act(today - timedelta(minutes=minutes), username, act)


def on_notice(told: Telling, today: datetime) -> None:
    """The neighbour's land and application, whose notice runs, and a company that only just joined."""
    told.act(
        today - timedelta(hours=5), "neighbour", lambda work: demo_places.neighbour(work, of(work.session, NEIGHBOUR))
    )
    capacity = "呼勒斯太苏木示范草场 5000 亩，能繁母羊 480 只"
    told.act(
        today - timedelta(hours=3),
        "neighbour",
        lambda work: demo_licences.apply(work, NEIGHBOUR, "lamb", 12000, capacity),
    )
    steps = (
        (120, "neighbour", "submit"),
        (90, "clerk", "start_review"),
        (80, "clerk", "review_desk"),
        (70, "inspector", "inspect_site"),
        (60, "clerk", "publish_notice"),
    )
    dated = [(today - timedelta(minutes=minutes), username, action) for minutes, username, action in steps]
    demo_licences.go_on(told, NEIGHBOUR, "lamb", dated)
    told.joins(NEWCOMER, today - timedelta(minutes=30))


def appeal(told: Telling, today: datetime) -> None:
    """The neighbour's other application was refused."""
    for days, username, act in (
        (6, "neighbour", demo_appeal.apply),
        (5, "clerk", demo_appeal.look_at),
        (4, "approver", demo_appeal.refuse),
        (2, "neighbour", demo_appeal.appeal),
    ):
        told.act(today - timedelta(days=days), username, partial(_by_neighbour, act=act))


def marks(told: Telling, today: datetime) -> None:
    """A trademark near its end, a logo taken for packaging, a policy value that two persons change."""
    told.act("2026-09-16 09:00", "clerk", demo_marks.keep_logo)
    told.act("2026-09-17 10:00", "producer", demo_marks.take_logo)
    for days, username, act in (
        (6, "clerk", demo_marks.keep_trademark),
        (4, "clerk", demo_marks.propose_longer_window),
        (3, "approver", demo_marks.agree),
        (1, "clerk", demo_marks.propose_longer_notice),
    ):
        told.act(today - timedelta(days=days), username, act)


def sent_in(told: Telling, today: datetime) -> None:
    """A complaint, a report that is looked into, a comment, an objection to the notice."""
    for days, kind, what, place in SENT_IN:
        at = today - timedelta(days=days, hours=1)
        told.act(at, None, partial(_receive, kind=kind, what=what, place=place))
    told.act(today - timedelta(minutes=20), None, partial(_receive, kind="objection", what=OBJECTION))
    told.act(today - timedelta(days=1), "inspector", _take_up_the_report)


def _by_neighbour(work: Work, act: Callable[[Work, Enterprise], object]) -> None:
    act(work, of(work.session, NEIGHBOUR))


def _consent(work: Work) -> None:
    """The cooperative lets the station's agent order labels and keep its entries for a year."""
    station = reading_accounts.find(work.session, username="station")
    assert station is not None
    scope = ("applications.write", "enterprises.contact", "enterprises.edit", "labels.activate", "labels.order")
    until = work.today + timedelta(days=365)
    members.consent(work, of(work.session, COOPERATIVE).id, account_id=station.id, scope=scope, until=until)


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
