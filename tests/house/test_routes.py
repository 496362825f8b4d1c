"""Deny by default: every route × every role, and no GET that writes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from brand.edge.policies import PUBLIC, SIGNED_IN, policy_of
from brand.kernel.db import Database
from brand.kernel.permissions import ALL_PERMISSIONS, PERMISSIONS
from brand.kernel.records import metadata
from tests.people import CAST, PersonOfTheCast


def _invented(rule: Rule) -> dict[str, object]:
    """A value for each variable of the address that no record has."""
    values: dict[str, object] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        if isinstance(converter, IntegerConverter):
            values[name] = 1
        elif isinstance(converter, AnyConverter):
            values[name] = sorted(converter.items)[0]
        else:
            values[name] = "0" * 20
    return values


#: Signed files that are there once the keeper of keys has published them; in these tests none runs.
_UNPUBLISHED = ("/trust/bundle", "/trust/revocations")


def _routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(method, address with invented ids, policy) of every route that is ours."""
    addresses = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in ("static", "security", "api-docs"):
            continue
        address = addresses.build(rule.endpoint, _invented(rule))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, address, str(policy_of(app, rule.endpoint))


def _allowed(policy: str, person: PersonOfTheCast) -> bool:
    return policy in (PUBLIC, SIGNED_IN) or policy in PERMISSIONS[person.role]


def test_no_address_stands_for_two(app: Flask) -> None:
    """Of two rules with one address the router answers by one and the other is never heard."""
    asked = Counter(
        (method, re.sub("<[^>]+>", "<>", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )
    assert [one for one, times in asked.items() if times > 1] == []


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


@pytest.mark.parametrize("person", {one.role: one for one in CAST}.values(), ids=lambda one: one.role)
def test_a_role_without_the_permission_meets_nothing(
    app: Flask, as_: Callable[[PersonOfTheCast], FlaskClient], person: PersonOfTheCast
) -> None:
    """With invented ids a person is no more than a role: one of each is asked."""
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
        if address in _UNPUBLISHED:
            expected = {503}
        assert answer.status_code in expected, (address, policy, answer.status_code)
    assert _dump(database) == before


def _dump(database: Database) -> list[tuple[object, ...]]:
    with database.engine.connect() as connection:
        tables = [table for table in metadata.sorted_tables if not table.name.startswith("scan")]
        return [(table.name, *row) for table in tables for row in connection.execute(select(table))]
