"""Has looked-at codes judged, raises alarms for the office, and closes them with what was found."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select, update

from brand.kernel import audit
from brand.kernel.actors import SYSTEM
from brand.kernel.clock import local_day
from brand.kernel.errors import conflict, unknown
from brand.kernel.work import Work
from trace.models.batches import Batch
from trace.models.labels import Label
from trace.models.scans import ScanAlarm, ScanCode
from trace.queries import scans as reads
from trace.rules.scans import FEWEST, INNOCENT, Assessment, Outcome, assess, write_signals


def judge(session: Session, serials: Collection[str], now: datetime) -> None:
    """Judge the codes that may have something to say anew, and raise what somebody should look at."""
    statement = select(ScanCode).where(col(ScanCode.serial).in_(serials), col(ScanCode.devices) >= FEWEST)
    codes = session.exec(statement).all() if serials else []
    if not codes:
        return
    about = reads.about(session, [one.serial for one in codes])
    for code in codes:
        if code.serial in about:
            known = about[code.serial]
            found = assess(known.history(code))
            _keep(code, found)
            if found.watched:
                _sound(session, code.serial, known.licensee_id, found, now)
    session.flush()


def watch_controls(session: Session, serials: Collection[str], now: datetime) -> None:
    """A code that was never on a pack was looked at: whoever holds it has it from a file, or from who printed it."""
    if not serials:
        return
    statement = (
        select(Label.serial, Batch.licensee_id)
        .join(Batch, col(Batch.id) == col(Label.batch_id))
        .where(col(Label.serial).in_(serials), col(Label.control))
    )
    for serial, licensee_id in session.exec(statement.order_by(col(Label.serial))).all():
        _sound(session, serial, licensee_id, Assessment(LEAKED), now)
    session.flush()


def _keep(code: ScanCode, found: Assessment) -> None:
    code.score, code.signals = found.score, write_signals(found.signals)
    code.warning = code.signals if found.suspicious else ""


def _sound(session: Session, serial: str, enterprise_id: str, found: Assessment, now: datetime) -> None:
    """One open alarm for each code, which grows with the case. Nobody is asked: the looks themselves raise it.

    A copy that was confirmed is known; it rings again only when the case has grown by as much as makes a case.
    """
    latest = session.exec(
        select(ScanAlarm).where(ScanAlarm.serial == serial).order_by(col(ScanAlarm.at).desc()).limit(1)
    ).first()
    if latest is not None and latest.closed_at is None:
        latest.score = max(latest.score, found.score)
        latest.signals = write_signals(found.signals) or latest.signals
        return
    if latest is not None and latest.outcome not in INNOCENT and found.score < latest.score + AGAIN:
        return
    alarm = ScanAlarm(
        serial=serial, enterprise_id=enterprise_id, at=now, score=found.score, signals=write_signals(found.signals)
    )
    session.add(alarm)
    work = Work(session, SYSTEM, now, "scans")
    audit.record(work, "scans.sound", "scan_alarm", alarm.id, enterprise_id=enterprise_id, score=found.score)


#: Points of a control label that was looked at: nothing speaks louder.
LEAKED = 100
#: Points by which a case that was looked into must grow before it rings again: policy of ours.
AGAIN = 30


def close(work: Work, alarm_id: str, *, outcome: Outcome, words: str) -> ScanAlarm:
    """What was found out about a code. An innocent reason takes the warning from its page: looks so far count no more.

    Raises ``scans.closed`` where somebody was quicker.
    """
    work.actor.require("scans.watch")
    alarm = work.session.get(ScanAlarm, alarm_id)
    if alarm is None:
        raise unknown()
    closing = (
        update(ScanAlarm)
        .where(col(ScanAlarm.id) == alarm_id, col(ScanAlarm.closed_at).is_(None))
        .values(closed_at=work.now, closed_by=work.actor.person_id, outcome=outcome.value, words=words)
    )
    if work.session.exec(closing).rowcount != 1:
        raise conflict("scans.closed")
    work.session.refresh(alarm)
    code = work.session.get(ScanCode, alarm.serial)
    if code is not None and outcome in INNOCENT:
        code.explained = local_day(work.now)
        _keep(code, Assessment())
    audit.record(
        work,
        "scans.close",
        "scan_alarm",
        alarm.id,
        enterprise_id=alarm.enterprise_id,
        outcome=outcome.value,
    )
    return alarm
