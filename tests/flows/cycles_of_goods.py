"""Life cycles behind the mark: places, tests, certificates, movements and recalls of goods."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlmodel import Session, select

from brand.kernel.clock import local_day
from brand.kernel.errors import unknown
from brand.kernel.work import Work
from brand.models.complaints import Complaint
from brand.services import inspections
from tests import make, make_flows, make_quality, make_supply
from tests.flows.cycles import Cycle, by, through
from tests.make_crops import a_crop, reported
from tests.people import ABATTOIR, APPROVER, CLERK, INSPECTOR, PRODUCER, RIVAL
from trace.models.field_findings import FieldFinding, FieldStatement
from trace.models.quality import LabReport
from trace.queries import quality
from trace.queries import shipments as shipment_reads
from trace.queries.recall_sets import Start, StartKind
from trace.services import (
    agreements,
    capacities,
    commitments,
    field_devices,
    field_findings,
    flows,
    free_tests,
    gtins,
    label_releases,
    labels,
    lairage,
    limits,
    places,
    recalls,
    report_steps,
    shipments,
    supply,
)
from trace.services.commitments import Said
from trace.services.shipment_loads import Load
from trace.services.shipments import Found

#: Where keys of labels lie while these tests run.
_KEYS = TemporaryDirectory(prefix="brandtrace-labels-")
_SEASON = {"season_from": date(2027, 1, 1), "season_to": date(2027, 12, 31)}
_OPENED = {"opened_by": APPROVER.username, "opened_at": make.MONDAY}
_DECIDED = {"decided_by": APPROVER.username, "decided_at": make.MONDAY}
_LIMIT: dict[str, Any] = {
    "kind": "lamb",
    "item": "恩诺沙星",
    "limit": "10",
    "unit": "μg/kg",
    "source": "示范出处",
    "confidence": "S",
    "valid_from": date(2026, 9, 14),
}


def _another_place(work: Work, thing: Any, action: str) -> Any:
    return places.write(work, "cooperative", **make.place_entries(name="示范二号草场"))


def _another_prefix(work: Work, thing: Any, action: str) -> Any:
    return gtins.declare(work, "cooperative", prefix="9529876", source="producer")


def _edited(work: Work, thing: Any, action: str) -> Any:
    return places.edit(work, thing.id, version=thing.version, **make.place_entries(name="示范改名"))


def _drawn(work: Work, thing: Any, action: str) -> Any:
    places.draw(work, thing.id, version=thing.version, outline=make.an_outline())
    return thing


def _capacity(session: Session) -> Any:
    """One with a raise that waits for a second person."""
    made = make.a_capacity(make.work(session))
    return capacities.step(by(session, INSPECTOR), made.id, "verify", version=made.version, amount=Decimal(6000))


def _declared(work: Work, thing: Any, action: str) -> Any:
    figures = {
        "unit": "kg",
        "declared": Decimal(100),
        "basis": "contract",
        "mu": None,
        "per_mu": None,
        "source": "示范",
    }
    return capacities.declare(work, "cooperative", place_id=None, product_id=thing.product_id, **_SEASON, **figures)


def _another_contract(work: Work, thing: Any, action: str) -> Any:
    return supply.declare(
        work,
        "cooperative",
        licence_id=thing.licence_id,
        supplier_id="rival",
        plots=(),
        paper=supply.Paper(sha256="0" * 64),
        number="示范合同 2",
        valid_from=date(2026, 11, 1),
        valid_until=date(2026, 12, 1),
        kg=Decimal(10),
    )


def _with_paper(work: Work, thing: Any, action: str) -> Any:
    return supply.attach(work, thing.id, version=thing.version, paper=supply.Paper(sha256="0" * 64))


def _confirming(work: Work, thing: Any, action: str) -> Any:
    seen = quality.digest(work.session, thing)
    return report_steps.step(work, thing.id, action, version=thing.version, digest_seen=seen, comment="示范")


def _failing(session: Session) -> Any:
    told = {"passed": False, "status": "confirmed", "decided_by": APPROVER.username}
    return reported(session, a_crop(session), laboratory="示范检测中心", **told)


def _commitment(session: Session) -> Any:
    said = Said("producer", ["controlled"], Decimal(100), "13800000000")
    return commitments.issue(by(session, PRODUCER), a_crop(session).id, said)


def _replaced(work: Work, thing: Any, action: str) -> Any:
    said = Said("producer", ["controlled"], Decimal(90), "13800000000")
    commitments.replace(work, thing.number, said, version=thing.version)
    return thing


def _withdrawn(work: Work, thing: Any, action: str) -> Any:
    return commitments.withdraw(work, thing.number, version=thing.version, comment="示范")


def _request(session: Session) -> Any:
    """With a programme that already counts one accepted, and a report that may finish it."""
    crop = a_crop(session)
    report = reported(session, crop)
    programme = make_quality.a_programme(make.work(session))
    programme.used = 1
    asked = make_quality.a_request(make.work(session), crop.id, programme)
    asked.report_id, report.tested_on = report.id, local_day(asked.asked_at)
    return asked


def _desk(work: Work, thing: Any, action: str) -> Any:
    said = {"report_id": work.session.exec(select(LabReport.id)).one()} if action == "finish" else {}
    words = {"reason_code": "not_online", "comment": "示范"}
    return free_tests.step(work, thing.id, action, version=thing.version, **words, **said)


def _recall(session: Session) -> Any:
    crop = a_crop(session)
    words = {"level": "first", "reason_code": "contamination", "words": "请勿食用（示范）", "width": "onward"}
    return recalls.propose(by(session, CLERK), drill=False, starts=[Start(StartKind.CODE, crop.code)], **words)


def _proposal(session: Session) -> Any:
    work = make.work(session)
    return flows.transform(make_flows.by_producer(work), "cooperative", make_flows.tea(make_flows.leaf(work), "23"))


def _agreement(work: Work, thing: Any, action: str) -> Any:
    words = {} if action == "withdraw" else {"words": "示范"}
    return getattr(agreements, action)(work, thing.id, version=thing.version, **words)


def _shipment(session: Session) -> Any:
    crop = a_crop(session, owner="abattoir")
    said = {"to_id": "rival", "planned_on": make.MONDAY.date(), "seal": "示范001", "carrier_id": "cooperative"}
    return shipments.send(by(session, ABATTOIR), "abattoir", loads=[Load(crop.id, parcels=12)], **said)


def _received(work: Work, thing: Any, action: str) -> Any:
    found = {one.id: Found(received_kg=one.kg) for one in shipment_reads.lines_of(work.session, thing.id)}
    return shipments.receive(work, thing.number, version=thing.version, found=found, seal_found="示范001")


def _labels_ordered(session: Session) -> Any:
    make.a_packed_batch(make.work(session))
    return make.an_order(make.work(session), _signer(), packs=3, activated=False, released=False)


def _more_labels(work: Work, thing: Any, action: str) -> Any:
    return labels.order(work, _signer(), pack_line_id=thing.pack_line_id, packs=1)


def _released(work: Work, thing: Any, action: str) -> Any:
    """A person's only door; the steps of the job have none."""
    if action != "release":
        raise unknown()
    return label_releases.release(work, thing.id, printer="own", version=thing.version)


def _many_labels(work: Work, thing: Any, action: str) -> Any:
    return labels.reserve(work, _signer(), pack_line_id=thing.pack_line_id, packs=1)


@cache
def _signer() -> Any:
    return make.a_signer(Path(_KEYS.name))


def _lot(session: Session) -> Any:
    """Announced, with one tag that was read before anything is tried."""
    make.a_scheme(make.work(session))
    made = _announced(by(session, ABATTOIR), None, "announce")
    return _read(by(session, ABATTOIR), made, "read")


def _announced(work: Work, thing: Any, action: str) -> Any:
    said = {"producer_id": "cooperative", "product_id": make.a_product(work.session).id, "certificate": ""}
    lot = "L2" if thing else "L1"
    return lairage.announce(work, "abattoir", lot=lot, expected_on=work.today, head=1, tags=[], **said)


def _read(work: Work, thing: Any, action: str) -> Any:
    tags = [make.carcass_lines(1)[0].ear_tag]
    return lairage.read(work, thing.id, version=thing.version, tags=tags)


def _examined(work: Work, thing: Any, action: str) -> Any:
    return lairage.examine(work, thing.id, version=thing.version, unfit=[], note="示范")


def _called_off(work: Work, thing: Any, action: str) -> Any:
    return lairage.call_off(work, thing.id, version=thing.version, reason="示范")


def _device(session: Session) -> Any:
    """A telephone somebody else offered, its key in place for when it is put in use."""
    made, _ = field_devices.offer(by(session, INSPECTOR), name="示范", days=30)
    made.public_key = "示范"
    return made


def _offered(work: Work, thing: Any, action: str) -> Any:
    return field_devices.offer(work, name="示范", days=30)[0]


def _finding(session: Session) -> Any:
    """One under the licence of the cooperative, with an inspection for the state that asks for one."""
    licence = make.a_licence(make.work(session))
    said = {"visited_on": make.MONDAY.date(), "severity": "none", "words": "示范"}
    inspections.record(by(session, INSPECTOR), licence.id, kind="visit", **said).id = "taken"
    received = {"received_at": make.MONDAY, "received_on": make.MONDAY.date(), "changed_at": make.MONDAY}
    case = {"number": "J2026-0009", "secret_digest": "case", "kind": "report", "state": "received", "what": "示范"}
    session.add(Complaint(id="case", handler_role="inspector", **case, **received))
    device = _device(session)
    signed = {"payload": "{}", "signature": "", "digest": "", "received_at": make.MONDAY}
    statement = FieldStatement(device_id=device.id, sequence=1, **signed)
    session.add(statement)
    session.flush()
    made = FieldFinding(
        number="F2026-0001",
        statement_id=statement.id,
        found_by=INSPECTOR.username,
        found_by_name=INSPECTOR.name,
        found_at=make.MONDAY,
        received_at=make.MONDAY,
        clock_doubtful=False,
        code="示范",
        licence_id=licence.id,
        enterprise_id=licence.enterprise_id,
        colour="amber",
        reasons=[],
        registry_colour="amber",
        list_version=1,
        severity="none",
        compared={},
    )
    session.add(made)
    session.flush()
    return made


OF_GOODS = {
    "A place where goods come from": Cycle(
        lambda session: make.a_place(make.work(session)),
        through(
            places.step,
            usual={},
            **{"return": {"reason_code": "outline", "comment": "示范"}},
            close={"day": make.MONDAY.date()},
        ),
        {"write": _another_place, "edit": _edited, "draw": _drawn},
        beside={"closed": {"closed_on": make.MONDAY.date()}},
    ),
    "A company prefix of GTINs": Cycle(
        lambda session: gtins.declare(by(session, PRODUCER), "cooperative", prefix="9521234", source="producer"),
        through(gtins.step),
        {"declare": _another_prefix},
        beside={state: {"decided_by": CLERK.username} for state in ("confirmed", "refused")},
    ),
    "A capacity of a season": Cycle(
        _capacity,
        through(
            capacities.step,
            usual={},
            verify={"amount": Decimal(5000)},
            refuse={"reason_code": "yield", "comment": "示范"},
        ),
        {"declare": _declared},
    ),
    "A supply contract": Cycle(
        lambda session: make_supply.declared(session),
        through(
            supply.step,
            usual={"comment": "示范"},
            refuse={"reason_code": "paper", "comment": "示范"},
        ),
        {"declare": _another_contract, "attach": _with_paper},
        party="rival",
        parties={"declare": "cooperative", "attach": "cooperative", "withdraw": "cooperative"},
        beside={
            "agreed": {"consented_by": CLERK.username},
            "running": {"consented_by": RIVAL.username, "confirmed_by": CLERK.username},
        },
        stopped={("declared", "attach"): "supply.paper_there"},
    ),
    "A test report": Cycle(
        lambda session: reported(session, a_crop(session)),
        _confirming,
        column="status",
        party="laboratory",
        parties={"withdraw": "cooperative"},
        beside={state: {"decided_by": APPROVER.username} for state in ("confirmed", "contested", "rejected")},
    ),
    "The release of goods that failed a test": Cycle(
        _failing,
        through(report_steps.relieve, usual={"comment": "示范"}),
        column="relief",
        beside={
            "asked": {"relief_asked_by": CLERK.username},
            "released": {"relief_asked_by": CLERK.username, "relief_by": APPROVER.username},
        },
    ),
    "A limit of a tested item": Cycle(
        lambda session: limits.propose(by(session, CLERK), **_LIMIT),
        through(limits.step),
        beside={"approved": {"decided_by": APPROVER.username}},
    ),
    "An order of labels": Cycle(
        _labels_ordered,
        _released,
        {"order": _more_labels, "reserve": _many_labels},
        # A job signs, and calls off what it cannot sign; no door of a person leads there.
        alone=frozenset({"sign", "call_off"}),
    ),
    "A commitment certificate": Cycle(_commitment, _replaced, {"withdraw": _withdrawn}),
    "A programme of free tests": Cycle(
        lambda session: make_quality.a_programme(make.work(session), approved=False),
        through(free_tests.step_programme),
        beside={state: {"decided_by": APPROVER.username} for state in ("open", "ended")},
    ),
    "A request for a free test": Cycle(
        _request,
        _desk,
        beside={"refused": {"reason_code": "not_online"}},
    ),
    "A recall or a drill": Cycle(
        _recall,
        through(recalls.step, "number", usual={"difference_words": "示范"}),
        beside=dict.fromkeys(("open", "closed"), _OPENED),
    ),
    "An act with an unusual yield": Cycle(
        _proposal, _agreement, beside=dict.fromkeys(("agreed", "refused", "withdrawn"), _DECIDED)
    ),
    "A lot of animals before slaughter": Cycle(
        _lot,
        _read,
        {"announce": _announced, "examine": _examined, "call_off": _called_off},
        party="abattoir",
        beside={"called_off": {"called_off_at": make.MONDAY}},
        stopped={(state, "call_off"): "lairage.something_came" for state in ("announced", "read")},
    ),
    "A telephone of an inspector": Cycle(
        _device,
        through(field_devices.step),
        {"offer": _offered},
        beside={"revoked": {"revoked_at": make.MONDAY}},
        alone=frozenset({"enrol"}),
    ),
    "A finding from a market": Cycle(
        _finding,
        through(field_findings.step, "number", usual={"words": "示范"}),
        beside={"taken_up": {"inspection_id": "taken"}, "reported": {"complaint_id": "case"}},
    ),
    "A shipment": Cycle(
        _shipment,
        _received,
        {
            "call_off": lambda work, one, _: shipments.call_off(work, one.number, version=one.version),
            "take_over": lambda work, one, _: shipments.take_over(
                work, one.number, version=one.version, taken_words="示范"
            ),
        },
        party="abattoir",
        parties={"receive": "rival", "take_over": "cooperative"},
        beside={state: {"ended_at": make.MONDAY} for state in ("received", "called_off")},
    ),
}
