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


def test_a_quick_twin_answers_once_the_view_has_with_the_very_same_headers(app, client):
    slow = [Response("slow")]
    app.answer_leanly("/lean/", lambda: slow.pop(), lambda environ, language: f"quick {language}".encode())
    first, second = client.get("/lean/x"), client.get("/lean/x")
    assert (first.text, second.text, slow) == ("slow", "quick zh", [])
    told = [[one for one in answer.headers if one[0] != "Content-Length"] for answer in (first, second)]
    assert told[0] == told[1]
    assert int(second.headers["Content-Length"]) == len(second.data)


def test_a_quick_twin_hears_of_gets_at_our_own_hosts_only_and_in_languages_that_were_answered(app, client):
    heard: list[str] = []
    app.answer_leanly("/lean/", lambda: Response("slow"), lambda environ, language: heard.append(language))
    client.get("/lean/x")
    assert client.get("/lean/x", headers={"Host": "elsewhere.invalid"}).status_code == 400
    client.head("/lean/x")
    client.get("/lean/x", headers={"Accept-Language": "en"})
    assert heard == []
    client.get("/lean/x", headers={"Accept-Language": "en"})
    assert heard == ["en"]


def test_a_twin_that_says_nothing_or_fails_leaves_it_to_the_view(app, client):
    def fail(environ, language):
        raise RuntimeError("planted")

    app.answer_leanly("/lean/", lambda: Response("slow"), fail)
    assert [client.get("/lean/x").text for _ in range(2)] == ["slow", "slow"]
    app.answer_leanly("/lean/", lambda: Response("slow"), lambda environ, language: None)
    assert [client.get("/lean/x").text for _ in range(2)] == ["slow", "slow"]


def test_a_number_no_column_holds_is_no_address(client):
    for number, status in ((2**31 - 1, 404), (2**31, 404), (10**30, 404)):
        answer = client.get(f"/log/entries/{number}/proof")
        assert (answer.status_code, number) == (status, number)
