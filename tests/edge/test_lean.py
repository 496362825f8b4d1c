"""Lean prefixes: one view for every GET below them, no session, the headers of every page, errors as elsewhere."""

from flask import Response, session

from brand.edge.requests import SIGN_IN
from tests.people import PRODUCER


def test_a_lean_view_sees_no_session_and_sets_no_cookie(app, as_):
    app.answer_leanly("/lean/", lambda: Response("signed in" if session.get(SIGN_IN) else "nobody"))
    answer = as_(PRODUCER).get("/lean/anything//at?all=1")
    assert (answer.status_code, answer.text) == (200, "nobody")
    assert "Set-Cookie" not in answer.headers
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Vary"] == "Accept-Language, Cookie"


def test_other_methods_and_other_prefixes_go_the_common_way(app, client):
    app.answer_leanly("/lean/", lambda: Response("lean"))
    assert client.post("/lean/x").status_code == 404
    assert client.get("/leaner").status_code == 404


def test_a_failing_lean_view_is_a_page_with_a_number(app, client):
    def fail() -> Response:
        raise RuntimeError("planted")

    app.answer_leanly("/lean/", fail)
    answer = client.get("/lean/x")
    assert answer.status_code == 500
    assert "planted" not in answer.text
