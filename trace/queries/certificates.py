"""Reads what a licence certificate says; the words come from the catalogues, the values from the register."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from brand.kernel import texts
from brand.kernel.actors import Actor
from brand.kernel.clock import local_day
from brand.kernel.errors import refused
from brand.models.schemes import Scheme
from brand.queries import licences
from brand.queries.licences import Entry
from brand.rules.licence_terms import LicenceStatus
from trace.formats.certificates import Certificate, Line

#: A paper is handed out for a licence that counts now or will; a halted or ended one is shown by the register alone.
_GIVEN = (LicenceStatus.VALID, LicenceStatus.NOT_YET)


def given(session: Session, actor: Actor, number: str, today: date) -> Entry:
    """A licence within reach a paper is handed out for; raises ``access.unknown`` or ``certificates.not_given``."""
    entry = licences.find(session, actor, number, today)
    if entry.status not in _GIVEN:
        raise refused("certificates.not_given", status=f"licence.state.{entry.status}")
    return entry


def paper(session: Session, actor: Actor, number: str, today: date, public_url: str) -> Certificate:
    """The certificate of a licence within reach; raises what ``given`` refuses."""
    entry = given(session, actor, number, today)
    scheme = session.get_one(Scheme, entry.brand.scheme_id)
    return Certificate(
        heading=texts.say("zh", "certificate.heading"),
        heading_en=texts.say("en", "certificate.heading"),
        number=number,
        owner=scheme.owner,
        sentence=texts.say("zh", "certificate.sentence", brand=entry.brand.name),
        sentence_en=texts.say("en", "certificate.sentence", brand=entry.brand.name_en or entry.brand.name),
        rows=_rows(entry),
        check=texts.say("zh", "certificate.check"),
        check_en=texts.say("en", "certificate.check"),
        address=f"{public_url.rstrip('/')}/register/{number}",
        granted_on=local_day(entry.licence.granted_at).isoformat(),
    )


def _rows(entry: Entry) -> list[Line]:
    return lines(
        {"holder": entry.enterprise.name, "credit_code": entry.enterprise.credit_code or "—"} | licensed(entry)
    )


def licensed(entry: Entry) -> dict[str, str]:
    """What a paper says was licensed, by the name of its text."""
    one = entry.licence
    return {
        "brand": entry.brand.name,
        "product": entry.product.name if entry.product else texts.say("zh", "certificate.without_goods"),
        "uses": "、".join(texts.say("zh", f"use.{use}") for use in one.uses),
        "term": f"{one.valid_from.isoformat()} — {one.valid_until.isoformat()}",
        "cap": f"{one.cap_kg.normalize():f} kg" if one.cap_kg else "—",
        "rulebook": texts.say("zh", "certificate.edition", edition=one.rulebook or "—"),
    }


def lines(values: dict[str, str]) -> list[Line]:
    """The values with what they are, in both languages."""
    return [
        Line(texts.say("zh", f"certificate.{key}"), texts.say("en", f"certificate.{key}"), text)
        for key, text in values.items()
    ]
