"""Reads what is remembered of an enterprise's temperature recorders."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from trace.models.devices import LoggerDevice


def of_enterprise(session: Session, enterprise_id: str) -> Sequence[LoggerDevice]:
    """Its recorders, the last used first."""
    statement = select(LoggerDevice).where(LoggerDevice.enterprise_id == enterprise_id)
    return session.exec(statement.order_by(col(LoggerDevice.used_at).desc(), col(LoggerDevice.serial))).all()


def find(session: Session, enterprise_id: str, serial: str) -> LoggerDevice | None:
    """The recorder of that number, if its file was read before."""
    its = (LoggerDevice.enterprise_id == enterprise_id, LoggerDevice.serial == serial)
    return session.exec(select(LoggerDevice).where(*its)).first()
