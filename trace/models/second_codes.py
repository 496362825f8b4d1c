"""Hidden second codes under a scratch layer: what is kept of each, how often it was tried, and when it was opened."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.records import Moment


class SecondCode(SQLModel, table=True):
    """The code itself is nowhere kept: ``digest`` is its HMAC under a key of the installation."""

    __tablename__ = "second_codes"
    __table_args__ = (
        CheckConstraint("tries >= 0 AND tries <= 5", name="five_a_day"),
        CheckConstraint("tries = 0 OR tried_on IS NOT NULL", name="tried_on_a_day"),
    )

    serial: str = Field(primary_key=True, foreign_key="labels.serial", max_length=16)
    digest: str = Field(max_length=64)
    tries: int = Field(default=0, description="On the day of the last one")
    tried_on: date | None = None
    opened_at: datetime | None = Field(default=None, sa_type=Moment)
