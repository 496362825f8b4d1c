"""Deny by default: every route × every role, and no GET that writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from brand.edge.policies import PUBLIC, SIGNED_IN, policy_of
from brand.kernel.db import Database
from brand.kernel.permissions import ALL_PERMISSIONS, PERMISSIONS
from tests.people import CAST, PersonOfTheCast

_CONVERTED = {"default": "00000000000000000000", "string": "00000000000000000000", "path": "0", "int": "1"}


def _routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(method, address with invented ids, policy) of every route that is ours."""
    for rule in app.url_map.iter_rules():
        policy = str(policy_of(app, rule.endpoint))
        if rule.endpoint.partition(".")[0] in ("static", "security", "api-docs"):
            continue
        values = {
            name: 1 if "Integer" in type(rule._converters[name]).__name__ else "0" * 20 for name in rule.arguments
        }
        with app.test_request_context():
            address = app.url_map.bind("localhost").build(rule.endpoint, values, force_external=False)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, address, policy


def _allowed(policy: str, person: PersonOfTheCast) -> bool:
    return policy in (PUBLIC, SIGNED_IN) or policy in PERMISSIONS[person.role]


def test_every_policy_is_a_known_one(app: Flask) -> None:
    assert {policy for *_, policy in _routes(app)} <= {PUBLIC, SIGNED_IN, *ALL_PERMISSIONS}


def test_nobody_enters_without_signing_in(app: Flask, client: FlaskClient) -> None:
    for method, address, policy in _routes(app):
        if policy == PUBLIC:
            continue
        answer = client.open(address, method=method)
        if address.startswith("/api/"):
            assert answer.status_code == 401, (method, address)
            assert answer.mimetype == "application/problem+json"
        else:
            assert answer.status_code == 302, (method, address)
            assert answer.location.startswith("/sign-in"), (method, address)


@pytest.mark.parametrize("person", CAST, ids=lambda one: one.username)
def test_a_role_without_the_permission_meets_nothing(
    app: Flask, as_: Callable[[PersonOfTheCast], FlaskClient], person: PersonOfTheCast
) -> None:
    client = as_(person)
    cells = 0
    for method, address, policy in _routes(app):
        if address.startswith("/api/") or policy == PUBLIC:
            continue
        answer = client.open(address, method=method)
        assert answer.status_code != 500, (method, address)
        if not _allowed(policy, person):
            assert answer.status_code == 404, (method, address, policy)
            cells += 1
    if person.role not in ("administrator",):
        assert cells > 0


@pytest.mark.parametrize("person", CAST, ids=lambda one: one.username)
def test_pages_open_for_those_who_may_and_reading_writes_nothing(
    app: Flask, as_: Callable[[PersonOfTheCast], FlaskClient], database: Database, person: PersonOfTheCast
) -> None:
    client = as_(person)
    before = _dump(database)
    for method, address, policy in _routes(app):
        if method != "GET" or "00000" in address or address.startswith("/api/v1"):
            continue
        answer = client.get(address)
        expected = {200, 302, 303} if _allowed(policy, person) else {404}
        assert answer.status_code in expected, (address, policy, answer.status_code)
    assert _dump(database) == before


def _dump(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        return list(raw.iterdump())
