"""The standards library as open data."""

from __future__ import annotations

import hashlib
import json

import pytest
from flask.testing import FlaskClient

from brand.kernel.db import Database
from brand.rules.grade_tables import nyt630_2002, table_of
from tests import make


def test_anybody_reads_the_table_and_can_check_its_digest(database: Database, client: FlaskClient) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
    rows = client.get("/api/v1/standards").get_json()["rows"]
    assert [one["code"] for one in rows] == ["NY/T 630-2002"]
    assert rows[0]["current"]["in_force"] is True
    one = client.get("/api/v1/standards/ny-t-630-2002").get_json()
    assert [each["edition"] for each in one["editions"]] == ["2002-12-30"]
    whole = client.get("/api/v1/standards/ny-t-630-2002/editions/2002-12-30").get_json()
    assert table_of(whole["content"]["grade_table"]) == nyt630_2002()
    said = {"code": whole["code"], "edition": whole["edition"], "content": whole["content"]}
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(canonical.encode()).hexdigest() == whole["digest"]
    assert whole["effective_on"] == "2003-03-01"


@pytest.mark.bare
def test_what_is_not_published_is_not_there(client: FlaskClient) -> None:
    assert client.get("/api/v1/standards").get_json() == {"rows": []}
    answer = client.get("/api/v1/standards/ny-t-630-2002")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
