"""Control labels: more codes in the file, at no cost, on no pack ever, told to the office alone, loud if looked at."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select, update

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.models.licences import Licence, LicenceYear
from tests import make
from tests.flows.cycles import by
from tests.people import CLERK, PRODUCER
from trace.crypto.readings import Reading, read_any
from trace.crypto.typed_codes import human_readable
from trace.models.batches import Batch, PackLine
from trace.models.labels import Label, LabelOrder
from trace.models.scans import ScanAlarm
from trace.queries import control_labels, label_totals, log_audit_rows, scans, verification
from trace.queries import labels as reads
from trace.rules.control_labels import share
from trace.rules.labels import VoidReason
from trace.rules.scans import Outcome
from trace.rules.verdicts import Colour
from trace.services import label_releases, labels, reprints, scan_alarms, scan_rollups
from trace.services import scans as looks
from trace.services.signer import LabelSigner

pytestmark = pytest.mark.packed
PACKS, CONTROLS = 20, 3
HOUSE = "包头示范印刷厂"


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


@pytest.fixture
def signer(tmp_path: Path) -> LabelSigner:
    return make.a_signer(tmp_path)


@pytest.fixture
def order(session: Session, signer: LabelSigner) -> LabelOrder:
    line = make.a_pack_line(make.work(session))
    mine = by(session, PRODUCER)
    made = labels.order(mine, signer, pack_line_id=line.id, packs=PACKS, controls=CONTROLS)
    label_releases.release(mine, made.id, printer="house", name=HOUSE, version=made.version)
    make.in_a_head(session, signer)
    labels.record_print(mine, made.id, first=1, last=made.size, layout="pdf:a4-24")
    return made


def rows(session: Session, order: LabelOrder) -> list[Label]:
    return list(session.exec(select(Label).where(Label.order_id == order.id).order_by(Label.position)))


def controls_of(session: Session, order: LabelOrder) -> list[Label]:
    return [one for one in rows(session, order) if one.control]


def reading(session: Session, label: Label) -> Reading:
    """As somebody types the line under the symbol."""
    batch = session.get_one(Batch, label.batch_id)
    unit = reads.UnitCode(batch.code, label.serial)
    return read_any(human_readable(unit), frozenset())


def refusal(code: str, call: Callable[[], Any]) -> AppError:
    with pytest.raises(AppError) as caught:
        call()
    assert caught.value.code == code
    return caught.value


def looked(session: Session, label: Label, token: str = "one") -> verification.Answer:
    answer = verification.verify(session, make.ORIGIN, reading(session, label), make.MONDAY.date())
    scan_rollups.record(session, [looks.look(answer, make.MONDAY, token)])
    return answer


def alarms(session: Session) -> list[ScanAlarm]:
    return list(session.exec(select(ScanAlarm)))


def test_they_cost_neither_packs_nor_weight_and_count_in_no_public_total(session: Session, order: LabelOrder) -> None:
    assert [one.position for one in rows(session, order)] == list(range(1, PACKS + CONTROLS + 1))
    assert len(controls_of(session, order)) == CONTROLS
    assert session.get_one(PackLine, order.pack_line_id).ordered == PACKS
    year = session.get_one(LicenceYear, order.licence_year_id)
    assert (year.labels, year.used_kg) == (PACKS, order.kg)
    number = session.get_one(Licence, order.licence_id).number
    totals = label_totals.of_licence(session, number, make.MONDAY.date())
    assert (totals.all, totals.states["issued"]) == (PACKS, PACKS)
    acts = session.exec(select(AuditEntry.detail).where(AuditEntry.action == "labels.order")).all()
    said = json.loads(acts[-1])
    assert (said["packs"], said["controls"]) == (PACKS, CONTROLS)


def test_which_they_are_only_the_office_learns(session: Session, order: LabelOrder) -> None:
    refusal("access.unknown", lambda: control_labels.of_order(session, by(session, PRODUCER).actor, order.id))
    seen = control_labels.of_order(session, by(session, CLERK).actor, order.id)
    assert [(one.position, one.serial, one.looks) for one in seen] == [
        (one.position, one.serial, 0) for one in controls_of(session, order)
    ]


def test_none_is_ever_activated_not_by_range_nor_by_scan_nor_behind_the_services_back(
    session: Session, order: LabelOrder
) -> None:
    mine = by(session, PRODUCER)
    refusal("labels.scan_each", lambda: labels.activate(mine, order.id, first=1, last=1))
    one, good = controls_of(session, order)[0], next(each for each in rows(session, order) if not each.control)
    error = refusal(
        "labels.codes_put_aside",
        lambda: labels.activate_codes(mine, [reading(session, good), reading(session, one)]),
    )
    assert [(each.code, each.pointer) for each in error.faults] == [("labels.put_aside", "/codes/1")]
    assert error.faults[0].params["serial"].replace("-", "") == one.serial, "as it stands under the symbol in the hand"
    session.refresh(good)
    assert good.state == "issued"
    assert labels.activate_codes(mine, [reading(session, good)]).changed == 1
    changed = update(Label).where(Label.serial == one.serial)  # type: ignore[arg-type]
    for forbidden in ({"state": "activated"}, {"control": False}):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(changed.values(**forbidden))


def test_a_void_label_is_put_aside_in_the_same_words(session: Session, order: LabelOrder) -> None:
    mine = by(session, PRODUCER)
    good = next(each for each in rows(session, order) if not each.control)
    session.refresh(order)
    labels.void(
        mine, order.id, first=good.position, last=good.position, reason=VoidReason.SPOILT, version=order.version
    )
    session.expire_all()
    error = refusal("labels.codes_put_aside", lambda: labels.activate_codes(mine, [reading(session, good)]))
    assert error.faults[0].code == "labels.put_aside"


def test_to_a_stranger_it_is_a_code_never_activated(session: Session, order: LabelOrder) -> None:
    one, good = controls_of(session, order)[0], next(each for each in rows(session, order) if not each.control)
    told, usual = looked(session, one), looked(session, good)
    assert told.verdict == usual.verdict
    assert told.verdict.colour is Colour.RED
    assert [reason.code for reason in told.verdict.reasons] == ["verdicts.not_activated"]


def test_a_look_at_one_names_order_printer_and_file(session: Session, order: LabelOrder) -> None:
    one, good = controls_of(session, order)[0], next(each for each in rows(session, order) if not each.control)
    looked(session, good)
    assert alarms(session) == []
    looked(session, one)
    (alarm,) = alarms(session)
    assert (alarm.serial, alarm.score) == (one.serial, scan_alarms.LEAKED)
    office = by(session, CLERK)
    case = scans.case(session, office.actor, alarm.id)
    assert case.leak is not None
    assert case.leak.order.number == order.number
    assert [release.name for release, _ in case.leak.printers] == [HOUSE]
    assert [(run.first, run.last) for run, _ in case.leak.files] == [(1, PACKS + CONTROLS)]
    looked(session, one, "two")
    assert len(alarms(session)) == 1
    scan_alarms.close(office, alarm.id, outcome=Outcome.EXPLAINED, words="包装车间自己试扫")
    looked(session, one, "three")
    assert len(alarms(session)) == 2


def test_left_over_ones_become_void_like_any_other_and_still_tell(session: Session, order: LabelOrder) -> None:
    session.refresh(order)
    done = labels.void(
        by(session, PRODUCER), order.id, first=1, last=order.size, reason=VoidReason.LEFT_OVER, version=order.version
    )
    assert done.changed == order.size
    number = session.get_one(Licence, order.licence_id).number
    totals = label_totals.of_licence(session, number, make.MONDAY.date())
    assert (totals.states["void"], totals.reasons) == (PACKS, {"left_over": PACKS})
    one = controls_of(session, order)[0]
    session.refresh(one)
    assert looked(session, one).verdict.reasons[0].code == "verdicts.void"
    assert len(alarms(session)) == 1


def test_new_labels_for_spoilt_ones_have_as_many_among_them(
    session: Session, order: LabelOrder, signer: LabelSigner
) -> None:
    session.refresh(order)
    made = reprints.reprint(
        by(session, PRODUCER),
        signer,
        order.id,
        first=1,
        last=order.size,
        reason=VoidReason.SPOILT,
        version=order.version,
        second=None,  # type: ignore[arg-type]
    )
    assert (made.packs, made.controls, len(controls_of(session, made))) == (PACKS, CONTROLS, CONTROLS)
    assert session.get_one(LicenceYear, made.licence_year_id).labels == 2 * PACKS


def test_more_than_there_are_packs_are_refused(session: Session, signer: LabelSigner) -> None:
    line = make.a_pack_line(make.work(session))
    mine = by(session, PRODUCER)
    error = refusal(
        "labels.controls_too_many", lambda: labels.order(mine, signer, pack_line_id=line.id, packs=2, controls=3)
    )
    assert (error.kind, error.faults[0].pointer, error.params["most"]) == (Kind.INVALID, "/controls", 2)
    assert session.get_one(PackLine, line.id).ordered == 0


def test_the_audit_finds_one_that_was_made_behind_the_services_back(session: Session, order: LabelOrder) -> None:
    """The log told how many there are; the trigger aside, a row more or less is found."""
    said = json.loads(session.exec(select(AuditEntry.detail).where(AuditEntry.action == "labels.order")).all()[-1])
    origin = "registry.test.invalid/log"
    assert list(log_audit_rows._codes(session, origin, {order.id: (0, said)})) == []
    wrong = {**said, "controls": CONTROLS - 1}
    found = list(log_audit_rows._codes(session, origin, {order.id: (0, wrong)}))
    assert [one[0] for one in found] == ["log_audit.codes"]


@given(st.integers(1, 5000), st.integers(0, 300), st.integers(1, 97))
def test_shares_of_the_pieces_add_up_and_leave_no_large_piece_without(packs: int, controls: int, piece: int) -> None:
    controls = min(controls, packs)
    size = packs + controls
    spans = [(first, min(first + piece - 1, size)) for first in range(1, size + 1, piece)]
    shares = [share(*span, controls, size) for span in spans]
    assert sum(shares) == controls
    for (first, last), count in zip(spans, shares, strict=True):
        exact = (last - first + 1) * controls / size
        assert exact - 1 < count < exact + 1
        assert 0 <= count <= last - first + 1


def test_days_later_the_alarm_is_still_about_the_same_label(session: Session, order: LabelOrder) -> None:
    """Looks are forgotten after ninety days; which labels are controls, and what they told, is not."""
    one = controls_of(session, order)[0]
    looked(session, one)
    looks.purge(make.work(session, now=make.MONDAY + timedelta(days=200)))
    assert [alarm.serial for alarm in alarms(session)] == [one.serial]
