"""While a long act has the only writer: who reads is answered, who writes is told so at once and loses nothing."""

from __future__ import annotations

import time_machine
from sqlmodel import func, select

from tests import make
from tests.people import PRODUCER
from trace.models.herds import Herd

GIVEN = {"code": "N1", "name": "示范群", "species": "sheep", "township_code": "150824100", "since": "2026-01-01"}
AT = "/enterprises/cooperative/herds/new"


@time_machine.travel(make.MONDAY)
def test_a_form_comes_back_as_it_was_typed_and_is_taken_afterwards(as_, client, database):
    database.patience, own = 0.01, as_(PRODUCER)
    with database.writing():
        refused = own.post(f"{AT}?lang=en", data=GIVEN)
        assert (refused.status_code, "A long list is being stored" in refused.text) == (503, True)
        assert 'value="示范群"' in refused.text
        assert own.get("/herds").status_code == 200
        assert own.get("/register").status_code == 200
        # Whoever signs in meanwhile holds no thread that readers need.
        assert client.post("/sign-in", data={"identity": "producer", "password": "x"}).status_code == 503
    assert own.post(AT, data=GIVEN).status_code == 303
    with database.reading() as session:
        assert session.exec(select(func.count()).select_from(Herd)).one() == 1
