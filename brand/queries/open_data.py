"""Reads the whole register as flat rows for open data: every licence in every state, nothing about persons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from brand.models.licences import Licence
from brand.models.schemes import Scheme, Tier
from brand.queries import halts, notices, offerings, public_brands, public_enterprises, register
from brand.queries.licences import Entry
from brand.queries.lookups import by_id
from brand.queries.notices import Posted
from brand.queries.offerings import Shown
from brand.queries.public_brands import ShownBrand
from brand.queries.public_enterprises import Listed
from brand.rules.licence_terms import LicenceStatus
from brand.rules.sanctions import LicenceState

Rows = list[Mapping[str, Any]]


def files(session: Session, today: date) -> dict[str, Rows]:
    """Every file by its name; the columns are those of ``schemas/open_data.FILES``."""
    found = list(session.exec(select(Licence).order_by(col(Licence.number))))
    entries = register.entries(session, found, today)
    brands = public_brands.everything(session, today)
    parties = public_enterprises.everything(session, today)
    halted = [
        *halts.of_brands(session, [one.brand.id for one in brands]),
        *halts.of_enterprises(session, [one.party.id for one in parties]),
    ]
    tiers = by_id(session, Tier, {one.brand.tier_id for one in entries})
    schemes = by_id(session, Scheme, {one.brand.scheme_id for one in entries})
    return {
        "licences": [_licence(one, tiers[one.brand.tier_id], schemes[one.brand.scheme_id]) for one in entries],
        "allowances": [row for one in entries for row in _allowances(one)],
        "sanctions": [row for one in entries for row in _sanctions(one)],
        "brands": [_brand(one) for one in brands],
        "enterprises": [_enterprise(one) for one in parties],
        "halts": [asdict(one) for one in halted],
        "notices": [_notice(one) for one in notices.everything(session, today)],
        "offerings": [_offering(one) for one in offerings.everything_public(session, today)],
    }


def _licence(entry: Entry, tier: Tier, scheme: Scheme) -> dict[str, Any]:
    return {
        "number": entry.licence.number,
        "status": entry.status.value,
        "reason": _reason(entry),
        "enterprise": entry.enterprise.name,
        "enterprise_en": entry.enterprise.name_en,
        "credit_code": entry.enterprise.credit_code,
        "county_code": scheme.county_code,
        "scheme": scheme.code,
        "tier": tier.level,
        "brand_code": entry.brand.code,
        "brand": entry.brand.name,
        "product_code": entry.product.code if entry.product else "",
        "product": entry.product.name if entry.product else "",
        "uses": " ".join(entry.licence.uses),
        "valid_from": entry.licence.valid_from,
        "valid_until": entry.licence.valid_until,
        "cap_kg_per_year": entry.licence.cap_kg,
        "labels": entry.labels,
        "used_kg": entry.used_kg,
    }


def _reason(entry: Entry) -> str:
    """Why it is not valid: its own sanction, a brand above it, its holder; empty where the dates alone say so."""
    if entry.halt is not None:
        return f"brand_{entry.halt.state}"
    if entry.status not in (LicenceStatus.SUSPENDED, LicenceStatus.REVOKED):
        return ""
    if entry.licence.state == LicenceState.VALID:
        return "holder_suspended"
    return entry.history[-1].reason_code


def _allowances(entry: Entry) -> Iterator[dict[str, Any]]:
    for one in entry.years:
        figures = {"year": one.year, "cap_kg": one.cap_kg, "used_kg": one.used_kg, "labels": one.labels}
        yield {"licence": entry.licence.number} | figures


def _sanctions(entry: Entry) -> Iterator[dict[str, Any]]:
    names = ("position", "at", "action", "from_state", "to_state", "reason_code")
    for one, appeal in entry.sanctions:
        yield {"licence": entry.licence.number, "appeal": appeal} | {name: getattr(one, name) for name in names}


def _brand(one: ShownBrand) -> dict[str, Any]:
    return {
        "code": one.brand.code,
        "name": one.brand.name,
        "name_en": one.brand.name_en,
        "name_mn": one.brand.name_mn,
        "county_code": one.scheme.county_code,
        "scheme": one.scheme.code,
        "owner": one.scheme.owner,
        "tier": one.tier.level,
        "parent": one.parent.code if one.parent else "",
        "uses": " ".join(one.tier.allowed_uses),
        "state": one.state.value,
        "licences": one.valid,
    }


def _enterprise(one: Listed) -> dict[str, Any]:
    return one.party.model_dump(include={"id", "kind", "name", "name_en", "credit_code", "county_code", "state"}) | {
        "county": one.county,
        "township": one.township,
        "confirmed_at": one.since,
        "licences": one.valid,
        "licences_ever": one.all,
    }


def _notice(one: Posted) -> dict[str, Any]:
    return {
        "number": one.notice.number,
        "application": one.application.number,
        "enterprise": one.enterprise.name,
        "credit_code": one.enterprise.credit_code,
        "brand_code": one.brand.code,
        "product_code": one.product.code if one.product else "",
        "cap_kg_per_year": one.application.cap_kg,
        "starts_on": one.notice.starts_on,
        "ends_on": one.end.end,
        "working_days": one.notice.working_days,
        "running": "yes" if one.running else "no",
        "application_state": one.application.state,
        "appeal": one.appeal,
    }


_ENTRIES = frozenset(
    {"id", "name", "name_en", "name_mn", "origin", "production_date", "standard", "specification"}
    | {"packaging", "net_contents", "storage", "after_sales", "listed_at"}
)


def _offering(one: Shown) -> dict[str, Any]:
    return one.offering.model_dump(include=set(_ENTRIES)) | {
        "producer": one.producer,
        "credit_code": one.enterprise.credit_code if one.producer else "",
        "brand_code": one.brand.code,
        "brand": one.brand.name,
        "product_code": one.product.code,
        "product": one.product.name,
        "licence": one.licence_number,
        "photos": len(one.photos),
    }
