"""The files of the open data and what each column means; the dictionary page and the files are made from this table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from brand.kernel.delimited import write_csv


@dataclass(frozen=True)
class Column:
    """``kind`` is text, date, moment, whole or kg; the meaning is the text ``open_data.<file>.<name>``."""

    name: str
    kind: str = "text"


FILES: Mapping[str, tuple[Column, ...]] = {
    "licences": (
        Column("number"),
        Column("status"),
        Column("reason"),
        Column("enterprise"),
        Column("enterprise_en"),
        Column("credit_code"),
        Column("county_code"),
        Column("scheme"),
        Column("tier", "whole"),
        Column("brand_code"),
        Column("brand"),
        Column("product_code"),
        Column("product"),
        Column("uses"),
        Column("valid_from", "date"),
        Column("valid_until", "date"),
        Column("cap_kg_per_year", "kg"),
        Column("labels", "whole"),
        Column("used_kg", "kg"),
    ),
    "allowances": (
        Column("licence"),
        Column("year", "whole"),
        Column("cap_kg", "kg"),
        Column("used_kg", "kg"),
        Column("labels", "whole"),
    ),
    "sanctions": (
        Column("licence"),
        Column("position", "whole"),
        Column("at", "moment"),
        Column("action"),
        Column("from_state"),
        Column("to_state"),
        Column("reason_code"),
        Column("appeal"),
    ),
    "brands": (
        Column("code"),
        Column("name"),
        Column("name_en"),
        Column("name_mn"),
        Column("county_code"),
        Column("scheme"),
        Column("owner"),
        Column("tier", "whole"),
        Column("parent"),
        Column("uses"),
        Column("state"),
        Column("licences", "whole"),
    ),
    "enterprises": (
        Column("id"),
        Column("kind"),
        Column("name"),
        Column("name_en"),
        Column("credit_code"),
        Column("county_code"),
        Column("county"),
        Column("township"),
        Column("state"),
        Column("confirmed_at", "moment"),
        Column("licences", "whole"),
        Column("licences_ever", "whole"),
    ),
    "halts": (
        Column("subject"),
        Column("key"),
        Column("name"),
        Column("name_en"),
        Column("action"),
        Column("state"),
        Column("at", "moment"),
        Column("reason_code"),
    ),
    "notices": (
        Column("number"),
        Column("application"),
        Column("enterprise"),
        Column("credit_code"),
        Column("brand_code"),
        Column("product_code"),
        Column("cap_kg_per_year", "kg"),
        Column("starts_on", "date"),
        Column("ends_on", "date"),
        Column("working_days", "whole"),
        Column("running"),
        Column("application_state"),
        Column("appeal"),
    ),
    "offerings": (
        Column("id"),
        Column("name"),
        Column("name_en"),
        Column("name_mn"),
        Column("producer"),
        Column("credit_code"),
        Column("brand_code"),
        Column("brand"),
        Column("product_code"),
        Column("product"),
        Column("licence"),
        Column("origin"),
        Column("production_date"),
        Column("standard"),
        Column("specification"),
        Column("packaging"),
        Column("net_contents"),
        Column("storage"),
        Column("after_sales"),
        Column("photos", "whole"),
        Column("listed_at", "moment"),
    ),
}


def plain(row: Mapping[str, Any], columns: Iterable[Column]) -> dict[str, Any]:
    """A row as JSON carries it: weights as text with three decimals, days and moments in ISO 8601."""
    return {one.name: _value(row[one.name], one.kind) for one in columns}


def _value(value: Any, kind: str) -> Any:
    if value is None or kind in ("text", "whole"):
        return value
    if kind == "kg":
        return str(Decimal(value).quantize(Decimal("0.001")))
    return value.isoformat()


def as_csv(rows: Iterable[Mapping[str, Any]], columns: tuple[Column, ...]) -> bytes:
    """RFC 4180 with a heading row, for spreadsheet programs in China; no cell runs as a formula."""
    return write_csv([[one.name for one in columns], *(list(plain(row, columns).values()) for row in rows)])
