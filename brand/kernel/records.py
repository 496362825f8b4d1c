"""Column types shared by all tables: moments that are always aware UTC, and exact decimals on every database."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TIMESTAMP, TypeDecorator
from sqlmodel import MetaData, SQLModel

#: Constraint names are fixed, so that migrations can name what they change on both databases.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata: MetaData = SQLModel.metadata


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment; a naive one is a programming error and is refused."""

    impl = TIMESTAMP(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Scaled(TypeDecorator[Decimal]):
    """A decimal stored as a whole number of its smallest unit, so that sums and CHECKs are exact on SQLite too."""

    impl = BigInteger
    cache_ok = True
    places = 0

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.places)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {self.places} decimal places")
        return int(scaled)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)


class Grams(Scaled):
    """Kilograms as Decimal in Python, whole grams in the database."""

    cache_ok = True
    places = 3


class Thousandths(Scaled):
    """A quantity in whatever unit stands beside it, three decimals, as whole thousandths in the database."""

    cache_ok = True
    places = 3


class Hundredths(Scaled):
    """A measurement with two decimals (cm, °C) as Decimal in Python, whole hundredths in the database."""

    cache_ok = True
    places = 2
