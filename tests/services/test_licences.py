"""Licences: granted through every step, spent within the allowance, sanctioned with reasons."""

from __future__ import annotations

from datetime import date

from brand.kernel.db import Database
from brand.queries import licences as reading
from brand.rules.licence_terms import LicenceStatus
from tests import make


def test_a_licence_comes_out_of_the_whole_procedure(database: Database) -> None:
    with database.writing() as session:
        licence = make.a_licence(make.work(session))
        assert licence.number == "L2026-0001"
        assert (licence.valid_from, licence.valid_until) == (date(2026, 8, 24), date(2029, 8, 23))
        years = [one.year for one in reading.entries(session, [licence], date(2026, 9, 14))[0].years]
        assert years == [2026, 2027, 2028, 2029]
        assert reading.status_on(session, licence, date(2026, 9, 14)) is LicenceStatus.VALID
