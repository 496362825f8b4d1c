"""Look over what an enterprise says of itself: credit code, county and township, telephone; all faults at once.

Source: domain notes B4 (credit code, county and township codes).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from brand.kernel.errors import AppError, Fault, invalid
from brand.rules import identifiers, places

#: The one kind that need not have a credit code: a farming household is not registered as a business.
WITHOUT_CODE = frozenset({"household"})

#: Kinds whose name may be a person's. A household is never named to the public; an individual business is named once it
#: holds a licence, because the notice and the certificate name it and packs carry its name.
OF_PERSONS = frozenset({"household", "individual"})
NEVER_NAMED = frozenset({"household"})


def named_in_public(kind: str, *, licensed: bool) -> bool:
    """Whether the public register gives the name and the credit code of an enterprise, or its kind and place only."""
    return kind not in NEVER_NAMED and (licensed or kind not in OF_PERSONS)


def check(entries: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The entries in their one spelling; raises ``enterprises.entries`` with a fault for each field that is wrong."""
    checked = dict(entries)
    faults: list[Fault] = []
    for field, read in (("credit_code", _credit_code), ("contact_phone", identifiers.check_phone)):
        if checked.get(field):
            checked[field] = _collect(faults, field, read, checked[field])
    if "kind" in checked and not checked.get("credit_code"):
        checked["credit_code"] = None
        if checked["kind"] not in WITHOUT_CODE:
            faults.append(Fault("enterprises.credit_code_needed", "/credit_code"))
    if "county_code" in checked:
        faults += _place(checked["county_code"], checked.get("township_code", ""), on)
    if faults:
        raise invalid("enterprises.entries", faults=faults, count=len(faults))
    return checked


def _credit_code(text: str) -> str:
    return identifiers.check_credit_code(text).text


def _collect(faults: list[Fault], field: str, read: Callable[[str], str], text: str) -> str:
    try:
        return read(text)
    except AppError as error:
        faults.append(Fault(error.code, f"/{field}", error.params))
        return text


def _place(county_code: str, township_code: str, on: date) -> Iterator[Fault]:
    if places.county(county_code, on) is None:
        yield Fault("enterprises.county_unknown", "/county_code", {"code": county_code})
        return
    known = {one.code for one in places.townships(county_code)}
    if known and not township_code:
        yield Fault("enterprises.township_needed", "/township_code")
    elif township_code and township_code not in known:
        yield Fault("enterprises.township_unknown", "/township_code", {"code": township_code})


def warnings(kind: str, credit_code: str | None, county_code: str) -> tuple[str, ...]:
    """What the office should look at twice before it confirms: dotted codes; none of them refuses."""
    if credit_code is None:
        return () if kind in WITHOUT_CODE else ("enterprises.credit_code_needed",)
    try:
        found = list(identifiers.check_credit_code(credit_code).warnings)
    except AppError as error:  # an entry older than the check
        return (error.code,)
    if credit_code[identifiers.REGION] != county_code and "identifiers.credit_code.region" not in found:
        found.append("enterprises.warning.region")
    if (kind == "cooperative") != credit_code.startswith("93"):
        found.append("enterprises.warning.kind")
    return tuple(found)
