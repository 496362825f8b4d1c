"""Brand schemes over the API: public."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from brand.kernel.db import Database
from tests import make


@pytest.mark.bare
def test_anybody_reads_the_schemes_with_their_sources(client: FlaskClient, database: Database) -> None:
    assert client.get("/api/v1/schemes").json == []
    with database.writing() as session:
        scheme = make.a_scheme(make.work(session))
    (listed,) = client.get("/api/v1/schemes").json
    assert (listed["id"], listed["code"], listed["county_code"]) == (scheme.id, "urad-1-3-10", "150824")
    whole = client.get(f"/api/v1/schemes/{scheme.id}").json
    assert [(one["tier"]["slots_max"], one["slots_left"], len(one["brands"])) for one in whole["tiers"]] == [
        (1, 0, 1),
        (3, 0, 3),
        (10, 10, 0),
    ]
    policy = next(one for one in whole["policies"] if one["key"] == "notice_working_days")
    assert (policy["value"], policy["unit"], policy["confidence"]) == (5, "working_days", "D")
    assert "By analogy" in policy["provenance_en"]


def test_an_unknown_scheme_is_a_problem(client: FlaskClient) -> None:
    answer = client.get("/api/v1/schemes/NOTHING")
    assert answer.status_code == 404
    assert answer.json["code"] == "access.unknown"


def test_both_topics_are_described(client: FlaskClient) -> None:
    paths = client.get("/api/openapi.json").json["paths"]
    assert {"/api/v1/schemes", "/api/v1/schemes/{scheme_id}", "/api/v1/enterprises"} <= paths.keys()
