"""Raises alarms, also where the act itself was refused and rolled back, and takes their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlmodel import select

from brand.kernel import audit
from brand.kernel.errors import AppError, conflict, unknown
from brand.kernel.work import Work
from trace.models.alarms import Alarm
from trace.rules.alarms import AlarmKind, of_faults


@contextmanager
def watching(writing: Callable[[], AbstractContextManager[Work]], enterprise_id: str) -> Iterator[None]:
    """Runs an act; when it is refused for something that must not pass unseen, says so in a transaction of its own."""
    try:
        yield
    except AppError as error:
        found = of_faults(error.faults)
        if found:
            with writing() as work:
                for kind, subject_id, data in found:
                    sound(work, kind, subject_id, enterprise_id, data)
        raise


def sound(work: Work, kind: AlarmKind, subject_id: str, enterprise_id: str, data: Mapping[str, Any]) -> None:
    """One alarm a day for the same thing and enterprise; needs no permission: whoever did it did not ask for it."""
    same = select(Alarm.id).where(
        Alarm.kind == kind.value,
        Alarm.subject_id == subject_id,
        Alarm.enterprise_id == enterprise_id,
        Alarm.day == work.today,
    )
    if work.session.exec(same).first():
        return
    alarm = Alarm(
        kind=kind.value,
        subject_id=subject_id,
        enterprise_id=enterprise_id,
        day=work.today,
        at=work.now,
        person_id=work.actor.person_id or "",
        data={name: value if isinstance(value, int) else str(value) for name, value in data.items()},
    )
    work.session.add(alarm)
    audit.record(work, "alarms.sound", "alarm", alarm.id, enterprise_id=enterprise_id, kind=kind.value)
    work.session.flush()


def answer(work: Work, alarm_id: str, words: str) -> Alarm:
    """What was found and done about it; raises ``alarms.answered``."""
    work.actor.require("alarms.answer")
    alarm = work.session.get(Alarm, alarm_id)
    if alarm is None:
        raise unknown()
    if alarm.answered_at is not None:
        raise conflict("alarms.answered")
    alarm.answered_at, alarm.answered_by, alarm.answer = work.now, work.actor.person_id, words
    work.session.flush()
    audit.record(work, "alarms.answer", "alarm", alarm.id, enterprise_id=alarm.enterprise_id, kind=alarm.kind)
    return alarm
