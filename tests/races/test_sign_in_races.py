"""A one-time code counts once even at the same moment, and a reset is not undone by whoever it shuts out."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlmodel import select

from brand.edge.requests import house
from brand.edge.signin import Snapshots, Visitor, house_store
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.models.accounts import Account
from brand.services import accounts
from tests.races.harness import one_work, race

TRIES = 8


class Careless(Snapshots):
    """The naive twin: whatever the snapshot holds is written back."""

    def put(self, model: Visitor) -> Visitor:
        with house().database.writing() as session:
            account = session.get_one(Account, model.id)
            for name in model.as_read:
                setattr(account, name, getattr(model, name))
        return model


def _use_code(app: Flask, store: Snapshots) -> int:
    """How many of those who looked at the account together spend the same code."""
    with app.app_context():
        seen = [store.find_user(username="approver") for _ in range(TRIES)]

    def spend(position: int) -> None:
        visitor = seen[position]
        assert visitor is not None
        visitor.tf_last_counter = 59_000_000
        with app.app_context():
            store.put(visitor)

    return len(race(TRIES, spend).done)


def test_a_code_counts_once_at_the_same_moment(app: Flask) -> None:
    with app.app_context():
        store = house_store()
    assert _use_code(app, store) == 1


def test_the_naive_twin_lets_everybody_in(app: Flask) -> None:
    assert _use_code(app, Careless(Visitor, None)) > 1


def test_a_reset_stands_against_a_change_that_began_before_it(app: Flask, database: Database) -> None:
    with app.app_context():
        visitor = house_store().find_user(username="producer")
        assert visitor is not None
        one_work(database, lambda work: accounts.reset(work, "producer"))
        with database.reading() as session:
            after = session.exec(select(Account.password).where(Account.id == "producer")).one()
        visitor.password = "the password of whoever is shut out"
        with pytest.raises(AppError) as caught:
            house_store().put(visitor)
    assert caught.value.code == "accounts.changed_meanwhile"
    with database.reading() as session:
        assert session.exec(select(Account.password).where(Account.id == "producer")).one() == after


@pytest.mark.parametrize(
    "address", ["/labels/%00", "/applications/a%00b", "/batches/%00/carcasses", "/labels/new?batch=%00"]
)
def test_an_address_no_database_can_hold_names_nothing(app: Flask, database: Database, address: str) -> None:
    from brand.edge.requests import SEEN, SIGN_IN
    from brand.kernel import clock
    from brand.models.accounts import SignIn

    client = app.test_client()
    with database.writing() as session:
        row = SignIn(account_id="producer", started_at=clock.now())
        session.add(row)
    with client.session_transaction() as cookie:
        cookie[SIGN_IN], cookie[SEEN] = row.id, clock.now().timestamp()
    assert client.get(address).status_code in (404, 422)
