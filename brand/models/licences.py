"""Applications for a licence, every step they took, the public notices, and the licences granted."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Grams, Moment
from brand.rules.licence_flow import OPEN_STATES
from brand.rules.sanctions import LicenceState

_IS_OPEN = f"state IN ({', '.join(repr(one) for one in OPEN_STATES)})"
_OPEN = text(_IS_OPEN)
_OPEN_WITHOUT_GOODS = text(f"{_IS_OPEN} AND product_id IS NULL")


def _renews() -> Column[str]:
    key = ForeignKey("licences.id", name="fk_applications_renews_id", use_alter=True)
    return Column("renews_id", String(20), key, nullable=True)


class Application(SQLModel, table=True):
    """A request to use a brand, on one product or without goods; its life is ``brand/rules/licence_flow.py``.

    Without a product there is no weight either: such a request is about publicity, a shop sign and the like.
    """

    __tablename__ = "applications"
    __table_args__ = (
        CheckConstraint("cap_kg > 0", name="cap_positive"),
        CheckConstraint("(product_id IS NULL) = (cap_kg IS NULL)", name="goods"),
        Index(
            "uq_applications_one_open",
            "enterprise_id",
            "brand_id",
            "product_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "uq_applications_one_open_without_goods",
            "enterprise_id",
            "brand_id",
            unique=True,
            sqlite_where=_OPEN_WITHOUT_GOODS,
            postgresql_where=_OPEN_WITHOUT_GOODS,
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    number: str = Field(unique=True, max_length=30)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    brand_id: str = Field(foreign_key="brands.id")
    product_id: str | None = Field(default=None, foreign_key="products.id")
    cap_kg: Decimal | None = Field(default=None, sa_type=Grams, description="Yearly weight asked for")
    uses: list[str] = Field(sa_type=JSON, description="Values of rules.presets.Use, of those the tier allows")
    capacity: str = Field(max_length=1000, description="Origin area and verified capacity in the applicant's words")
    promise: bool = False
    #: A licence points at its application too: this key is made after both tables.
    renews_id: str | None = Field(default=None, sa_column=_renews(), description="The licence it follows")
    state: str = Field(index=True, max_length=20)
    version: int = 1
    written_by: str = Field(foreign_key="persons.id")
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)


class ApplicationStep(SQLModel, table=True):
    """One step of an application's life; rows are only ever added."""

    __tablename__ = "application_steps"
    __table_args__ = (UniqueConstraint("application_id", "position"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    application_id: str = Field(foreign_key="applications.id")
    position: int = Field(description="The application's version after this step")
    action: str
    from_state: str
    to_state: str
    at: datetime = Field(sa_type=Moment)
    person_id: str = Field(foreign_key="persons.id")
    person_name: str
    reason_code: str = ""
    rulebook: str = Field(default="", max_length=10, description="Edition of the rulebook a decision quotes")
    clause: str = Field(default="", max_length=20, description="The clause it rests on")
    comment: str = Field(default="", max_length=1000)
    digest: str = Field(default="", max_length=64, description="SHA-256 of what was sent, put on notice or granted")


class Notice(SQLModel, table=True):
    """A public notice about an application; the last day on which to object is ``ends_on``."""

    __tablename__ = "notices"

    id: str = Field(default_factory=new_id, primary_key=True)
    number: str = Field(unique=True, max_length=30)
    application_id: str = Field(foreign_key="applications.id", index=True)
    starts_on: date
    ends_on: date
    working_days: int
    provisional: bool
    published_at: datetime = Field(sa_type=Moment)


class Licence(SQLModel, table=True):
    """The right of one enterprise to use one brand for a term, on one product or, without any weight, without goods."""

    __tablename__ = "licences"
    __table_args__ = (
        CheckConstraint("valid_until > valid_from", name="term"),
        CheckConstraint("cap_kg > 0", name="cap_positive"),
        CheckConstraint("(product_id IS NULL) = (cap_kg IS NULL)", name="goods"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    number: str = Field(unique=True, max_length=30)
    application_id: str = Field(foreign_key="applications.id", unique=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    brand_id: str = Field(foreign_key="brands.id")
    product_id: str | None = Field(default=None, foreign_key="products.id")
    uses: list[str] = Field(sa_type=JSON, description="Values of rules.presets.Use it was granted for")
    scope: str
    valid_from: date
    valid_until: date
    cap_kg: Decimal | None = Field(default=None, sa_type=Grams)
    state: str = Field(default=LicenceState.VALID.value, max_length=20)
    version: int = 1
    rulebook: str = Field(default="", max_length=10, description="Edition of the rulebook at the grant")
    follows_id: str | None = Field(default=None, foreign_key="licences.id", description="The licence before it")
    granted_by: str = Field(foreign_key="persons.id")
    granted_at: datetime = Field(sa_type=Moment)


class LicenceStep(SQLModel, table=True):
    """One sanction or its end, so that «was it licensed on that day?» can be answered for any day."""

    __tablename__ = "licence_steps"
    __table_args__ = (UniqueConstraint("licence_id", "position"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    licence_id: str = Field(foreign_key="licences.id")
    position: int = Field(description="The licence's version after this step")
    action: str
    from_state: str
    to_state: str
    at: datetime = Field(sa_type=Moment)
    person_id: str = Field(foreign_key="persons.id")
    person_name: str
    reason_code: str = ""
    rulebook: str = Field(default="", max_length=10, description="Edition of the rulebook a decision quotes")
    clause: str = Field(default="", max_length=20, description="The clause it rests on")
    comment: str = Field(default="", max_length=1000)


class LicenceYear(SQLModel, table=True):
    """The weight allowance of one licence in one calendar year, spent by label orders."""

    __tablename__ = "licence_years"
    __table_args__ = (
        UniqueConstraint("licence_id", "year"),
        CheckConstraint("used_kg >= 0 AND used_kg <= cap_kg", name="within_cap"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    licence_id: str = Field(foreign_key="licences.id")
    year: int
    cap_kg: Decimal = Field(sa_type=Grams)
    used_kg: Decimal = Field(default=Decimal(0), sa_type=Grams)
    labels: int = 0
