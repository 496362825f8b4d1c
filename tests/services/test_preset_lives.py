"""Under every shipped scheme an application comes to its licence, on policy values that say where they come from."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from brand.kernel.actors import SYSTEM
from brand.kernel.db import Database
from brand.kernel.work import Work
from brand.models.licences import Licence
from brand.queries import licences as reading
from brand.queries import schemes as schemes_reading
from brand.schemas import presets
from brand.services import applications, schemes
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER


@pytest.mark.parametrize("name", presets.shipped())
@pytest.mark.bare
def test_a_licence_life_under_every_shipped_scheme(database: Database, name: str) -> None:
    with database.writing() as session:
        asked = Work(session, SYSTEM, make.MONDAY - timedelta(days=41), "test")
        scheme = schemes.load_preset(asked, presets.read_shipped(name))
        rows = schemes_reading.policies(session, scheme.id)
        assert {one.key for one in rows} >= {"appeal_working_days", "reapply_ban_years", "yearly_review_months"}
        assert all(one.provenance and one.confidence for one in rows)
        _, _, product = schemes_reading.licensable(session)[0]
        writing = make.work(session, make.actor(session, PRODUCER), asked.now)
        application = applications.draft(
            writing,
            enterprise_id="cooperative",
            product_id=product.id,
            cap_kg=Decimal(1000),
            uses=make.USES,
            capacity="示范",
            promise=True,
        )
        make.papers(writing, application)
        make.step(asked, application, "submit", PRODUCER)
        make.step(asked, application, "start_review", CLERK)
        make.reviewed(asked, application)
        make.step(asked, application, "publish_notice", CLERK)
        make.step(make.work(session), application, "grant", APPROVER)
        licence = session.exec(select(Licence)).one()
        assert reading.status_on(session, licence, make.MONDAY.date()).value == "valid"
