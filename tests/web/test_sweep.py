"""Sweeps every page, form and operation of the API over the whole demo county with what no rule expects.

Nothing here names a door: forms are read from the pages their people see, operations from the OpenAPI document, so a
new door is swept by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from brand.edge.policies import PUBLIC, SIGNED_IN, policy_of
from brand.edge.requests import SEEN, SIGN_IN
from brand.kernel import clock
from brand.kernel.permissions import PERMISSIONS
from brand.kernel.records import metadata
from brand.kernel.work import Work
from brand.models.accounts import Account, SignIn
from brand.queries import accounts as reading
from brand.services import accounts
from tests import make
from tests.browser.county import County, served
from tests.web.sweeper import CANARY, Form, Walk, kind_of, mark_all, walk

PEOPLE = ("clerk", "approver", "inspector", "producer", "abattoir", "admin", None)
#: What nobody of good will types; the long ones are longer than any field.
HOSTILE = ("\0", "\u202e示范", "9" * 5000, "-1e999", "{{7*7}}%s%n'\"<", "/../../x", "٣", "\x1b[2J", "𠀀" * 400)
#: The same for JSON, where a value has a kind as well.
WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**53,
    1e300,
    "",
    "\u202e",
    "x" * 5000,
    [],
    [[None]],
    {},
    {"$ne": 1},
    "2026-02-30",
)
BROKEN = (b"", b"{", b"[]", b"null", b'{"a":1,"a":2}', b"[" * 5000, b'{"a":NaN}', b'{"a":"\\ud800"}', b"\xff")


@dataclass
class Swept:
    """The marked county, a client per person, and what each of them found on a walk through all pages."""

    county: County
    clients: dict[str | None, FlaskClient]
    walks: dict[str | None, Walk]
    bearers: dict[str, str]


@pytest.fixture(scope="module")
def swept(scratch: Path) -> Iterator[Swept]:
    with TemporaryDirectory(dir=scratch) as folder, served(Path(folder)) as county:
        county.app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
        with county.database.writing() as session:
            make.a_complaint(make.work(session, now=clock.now()))
        mark_all(county.database)
        bearers = {one: _bearer(county, one) for one in PEOPLE if one}
        clients = {one: _client(county, one) for one in PEOPLE}
        begin = ("/", "/desk", "/complaints/new", "/join", "/account", *(path for _, path in county.told.packs))
        walks = {who: walk(county.app, client, begin, public=who is None) for who, client in clients.items()}
        yield Swept(county, clients, walks, bearers)
        county.app.extensions["brandtrace.parts"].close()


def _account(county: County, username: str) -> Account:
    with county.database.reading() as session:
        return session.exec(select(Account).where(Account.username == username)).one()


def _client(county: County, username: str | None) -> FlaskClient:
    client = county.app.test_client()
    if username is None:
        return client
    account = _account(county, username)
    with county.database.writing() as session:
        row = SignIn(account_id=account.id, started_at=clock.now())
        session.add(row)
    with client.session_transaction() as cookie:
        cookie[SIGN_IN], cookie[SEEN] = row.id, clock.now().timestamp()
        cookie["_user_id"], cookie["_fresh"] = account.fs_uniquifier, True
    return client


def test_no_text_anybody_wrote_becomes_markup(swept: Swept) -> None:
    found, shown = [], 0
    for who, one in swept.walks.items():
        for address, words in one.pages.items():
            page = words.lstrip().startswith("<")
            shown += page and "&lt;b id=pwned" in words
            found += [f"{who} {address}"] if page and "<b id=pwned" in words else []
    assert not found
    assert shown > 200, "the mark stands where people read"


def test_nothing_of_a_person_is_public(swept: Swept) -> None:
    """Names and telephones on no public page, list or file; who complained is read by nobody outside the office."""
    told = {address for address, words in swept.walks[None].pages.items() if CANARY in words}
    assert not told
    for who in ("producer", "abattoir"):
        pages = swept.walks[who].pages
        assert not {address for address, words in pages.items() if f"{CANARY} complaint" in words}
    assert any(f"{CANARY} complaint" in words for words in swept.walks["clerk"].pages.values()), "the canary sings"


def test_no_form_breaks(swept: Swept, capfd: pytest.CaptureFixture[str]) -> None:
    values, broken, sent, done = cycle(HOSTILE), [], 0, set()
    for who in PEOPLE:
        for form in swept.walks[who].forms:
            kind = kind_of(swept.county.app, form.action, "POST")[0], *form.fields
            if kind in done or form.action.startswith(("/sign-out", "/password", "/account")):
                continue
            done.add(kind)
            for typed in _spoilt(form, values):
                files = {name: (BytesIO(b"%PDF-\0" + b"<svg onload=x>"), "../x\u202e.pdf") for name in form.files}
                answer = swept.clients[who].post(form.action, data=typed | files)
                sent += 1
                broken += [f"{who} {form.action} {typed}"[:300]] if answer.status_code >= 500 else []
    assert not broken
    assert sent > 300
    assert CANARY not in "".join(capfd.readouterr()), "the log names no person"


def _spoilt(form: Form, values: Iterator[str]) -> Iterator[dict[str, Any]]:
    """The form with each field spoilt once, then with all of them, then with nothing at all."""
    for name in form.fields:
        yield form.fields | {name: next(values)}
    yield {name: next(values) for name in form.fields}
    yield {}


def test_no_operation_of_the_api_breaks(swept: Swept) -> None:
    county = swept.county
    document = county.app.test_client().get("/api/openapi.json").json
    assert document is not None
    known, wrong, torn, broken, sent = _ids(county), cycle(WRONG), cycle(BROKEN), [], 0
    client = county.app.test_client()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method not in ("get", "post", "put", "delete"):
                continue
            address = _filled(path, known, [*item.get("parameters", ()), *operation.get("parameters", ())])
            headers = {"Authorization": swept.bearers[_who(county, address, method)]}
            for body in _bodies(document, operation, wrong, torn):
                answer = client.open(address, method=method, headers=headers, **body)
                sent += 1
                broken += [f"{method} {address} {body}"[:300]] if answer.status_code >= 500 else []
    assert not broken
    assert sent > 500


def _bearer(county: County, username: str) -> str:
    with county.database.writing() as session:
        account = session.exec(select(Account).where(Account.username == username)).one()
        account.must_change_password = False
        session.add(account)
        actor = reading.actor_of_account(session, account, clock.now())
        scopes = sorted({one for role in actor.roles for one in PERMISSIONS[role] if actor.may(one)})
        _, text = accounts.issue_token(Work(session, actor, clock.now(), "test"), label="x", scopes=scopes, days=1)
    return f"Bearer {text}"


def _who(county: County, address: str, method: str) -> str:
    """Somebody whom the door lets in."""
    endpoint, _ = county.app.url_map.bind("localhost").match(address, method.upper())
    policy = str(policy_of(county.app, endpoint))
    if policy in (PUBLIC, SIGNED_IN):
        return "clerk"
    return next(one for one in PEOPLE if one and policy in _held(county, one))


def _held(county: County, username: str) -> frozenset[str]:
    with county.database.reading() as session:
        account = session.exec(select(Account).where(Account.username == username)).one()
        actor = reading.actor_of_account(session, account, clock.now())
    return frozenset(one for role in actor.roles for one in PERMISSIONS[role] if actor.may(one))


def _ids(county: County) -> dict[str, str]:
    """A record's key for each name an address may ask for: ``offering_id`` is the first row of ``offerings``."""
    found = {
        "action": "approve",
        "level": "1",
        "number": "L2026-0001",
        "key": "licence_term_years",
        "slug": "ny-t-630-2002",
    }
    with county.database.reading() as session:
        for table in metadata.sorted_tables:
            row = session.connection().execute(table.select().limit(1)).first()
            if row is not None and str(row[0]).isalnum():
                found[f"{table.name.rstrip('s')}_id"] = str(row[0])
    return found


def _filled(path: str, known: dict[str, str], parameters: list[Any]) -> str:
    for one in parameters:
        if one.get("in") == "path":
            kind = one["schema"]
            whole = "1" if kind.get("type") == "integer" else known.get(one["name"], "0" * 20)
            path = path.replace(f"{{{one['name']}}}", kind.get("enum", [whole])[0])
    return path


def _bodies(document: Any, operation: Any, wrong: Iterator[Any], broken: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    """What is sent: the plain call, every property wrong once, broken JSON, wrong questions in the address."""
    names = [one["name"] for one in operation.get("parameters", ()) if one.get("in") == "query"]
    yield {"query_string": {}}
    for name in names:
        yield {"query_string": {name: next(islice((one for one in wrong if isinstance(one, str)), 1))}}
        yield {"query_string": {name: "9" * 400}}
    content = operation.get("requestBody", {}).get("content", {})
    for kind, held in content.items():
        plain = _plain(document, held["schema"])
        for name in plain:
            spoilt = plain | {name: next(wrong)}
            yield (
                {"json": spoilt}
                if kind == "application/json"
                else {"data": {key: str(one) for key, one in spoilt.items()}}
            )
        if kind == "application/json":
            yield {"json": plain}
            yield from ({"data": next(broken), "content_type": kind} for _ in range(2))


def _plain(document: Any, schema: Any) -> dict[str, Any]:
    """A value of the right kind for each property."""
    schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    return {name: _value(document, one) for name, one in schema.get("properties", {}).items()}


def _value(document: Any, schema: Any) -> Any:
    if "$ref" in schema:
        return _plain(document, schema)
    kinds = schema.get("type", "string")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if schema.get("enum"):
        return schema["enum"][0]
    if kind == "array":
        return [_value(document, schema.get("items", {}))]
    plain = {"integer": 1, "number": 1, "boolean": True, "object": {}}
    days = {"date": "2026-11-20", "date-time": "2026-11-20T08:00:00+08:00"}
    return plain.get(kind, days.get(schema.get("format", ""), "示范"))
