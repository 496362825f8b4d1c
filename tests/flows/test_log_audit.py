"""Edits of stored data, each of them named by the audit; and what an honest log looks like."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from brand.kernel.db import Database
from brand.kernel.leaves import ErasedSalt
from brand.services import accounts, erasures
from tests import make
from tests.conftest import tier
from tests.people import ADMIN, PRODUCER
from trace.crypto.second_codes import SecondCodes
from trace.queries import log_audit
from trace.rules.labels import VoidReason
from trace.services import labels, reprints
from trace.services.key_files import KeyFiles
from trace.services.log_signer import LogSigner
from trace.services.sequencer import Sequencer

_LEAF = "(SELECT leaf_id FROM log_entries WHERE place = 7)"
#: What the log says of an act lies in these columns; a row is found by its entry's place.
OF_ENTRY = {
    "log_entries": ("place = :place", ("leaf_id", "subject", "data", "hash")),
    "log_leaves": (
        "id = (SELECT leaf_id FROM log_entries WHERE place = :place)",
        ("id", "at", "statement", "subject", "issuer", "facts", "commitment"),
    ),
    "log_salts": ("leaf_id = (SELECT leaf_id FROM log_entries WHERE place = :place)", ("salt",)),
    "audit_entries": (
        "id = (SELECT leaf_id FROM log_entries WHERE place = :place)",
        (
            "id", "at", "action", "object_type", "object_id", "enterprise_id", "account_id", "person_id", "actor_name",
            "on_behalf_of", "via", "request_id", "detail",
        ),
    ),
}  # fmt: skip
#: Rows the log tells of, and counters: one edit of each in a pass. The codes that may name it.
ELSEWHERE = {
    ("log_heads", "root"): {"log_audit.head_root"},
    ("log_heads", "note"): {"log_audit.head_note"},
    ("log_tiles", "hashes"): {"log_audit.tile"},
    ("log_tiles", "root"): {"log_audit.tile_root"},
    ("licences", "number"): {"log_audit.row"},
    ("licences", "valid_from"): {"log_audit.row"},
    ("licences", "valid_until"): {"log_audit.row"},
    ("licences", "cap_kg"): {"log_audit.row"},
    ("licences", "state"): {"log_audit.state"},
    ("licence_years", "used_kg"): {"log_audit.licence_used"},
    ("licence_years", "labels"): {"log_audit.licence_labels"},
    ("batches", "code"): {"log_audit.row"},
    ("batches", "total_kg"): {"log_audit.row"},
    ("batches", "used_kg"): {"log_audit.batch_used"},
    ("draws", "kg"): {"log_audit.batch_used"},
    ("pack_lines", "ordered"): {"log_audit.packs_ordered"},
    ("label_orders", "number"): {"log_audit.row"},
    ("label_orders", "packs"): {"log_audit.row"},
    ("label_orders", "kg"): {"log_audit.row"},
    ("labels", "serial"): {"log_audit.codes"},
    ("labels", "signature"): {"log_audit.code_signature"},
    ("labels", "position"): {"log_audit.codes"},
    ("signing_keys", "thumbprint"): {"log_audit.row"},
    ("signing_keys", "public_key"): {"log_audit.row"},
    ("log_keys", "public_key"): {"log_audit.head_note"},
    ("log_size", "size"): {"log_audit.size"},
    ("capacities", "used"): {"log_audit.capacity_used"},
    ("supply_contracts", "used_kg"): {"log_audit.supply_used"},
}


@pytest.fixture
def sequencer(database: Database, tmp_path: Path) -> Sequencer:
    signer = LogSigner(KeyFiles(tmp_path / "keys", make.PASSPHRASE, cost=make.WEAKEST))
    return Sequencer(database, signer, make.ORIGIN, tmp_path / "log", lambda: make.MONDAY)


@pytest.fixture
def told(database: Database, sequencer: Sequencer, tmp_path: Path) -> Database:
    """A county's small log: a licence, a batch, packs and labels of every profile, and enough more for a whole tile."""
    with database.writing() as session:
        work, signer = make.work(session), make.a_signer(tmp_path)
        made = make.an_order(work, signer, packs=5, activated=False)
        line = made.pack_line_id
        make.a_gtin(work)
        mine = make.work(session, make.actor(session, PRODUCER))
        for profile in ("gtin_expiry", "compact"):
            labels.order(mine, signer, pack_line_id=line, packs=2, profile=profile)
        session.refresh(made)
        spoilt = {"first": 1, "last": 2, "reason": VoidReason.SPOILT, "second": SecondCodes(b"seed", b"pepper")}
        reprints.reprint(mine, signer, made.id, **spoilt, version=made.version)  # type: ignore[arg-type]
    with database.writing() as session:
        for number in range(250):
            make.public_act(session, "rulebooks.publish", f"R{number}", edition=str(number), digest=f"{number:064x}")
    sequencer.run_once()
    return database


def findings(session: Session, folder: Path | None) -> list[tuple[str, int | None]]:
    return [(one.code, one.place) for one in log_audit.findings(session, make.ORIGIN, folder)]


@pytest.mark.packed
def test_an_honest_log_has_no_findings(told: Database, sequencer: Sequencer) -> None:
    with told.reading() as session:
        assert findings(session, sequencer.folder) == []
    with told.writing() as session:
        make.public_act(session, "rulebooks.publish", "R999")
    with told.reading() as session:
        assert findings(session, sequencer.folder) == [], "what waits is no finding"


@pytest.mark.packed
def test_what_was_erased_on_request_is_told_and_no_finding_and_nothing_hides_behind_it(
    told: Database, sequencer: Sequencer
) -> None:
    with told.writing() as session:
        admin = make.work(session, make.actor(session, ADMIN))
        accounts.set_active(admin, PRODUCER.username, active=False)
        erasures.erase(admin, PRODUCER.username, paper="示范-1")
    sequencer.run_once()
    with told.reading() as session:
        erased = set(session.exec(select(ErasedSalt.leaf_id)))
        assert erased, "the producer ordered labels"
        assert findings(session, sequencer.folder) == []
    acts = ("(SELECT act_id FROM log_erasures LIMIT 1)", "'nobody'")
    more = [f"INSERT INTO log_erasures SELECT leaf_id, {act} FROM log_entries WHERE place = 7" for act in acts]
    for hiding in ([], more[:1], more[1:]):
        with the_operator(told) as connection:
            for one in (*hiding, f"DELETE FROM log_salts WHERE leaf_id = {_LEAF}"):
                assert connection.exec_driver_sql(one).rowcount == 1
            with Session(connection) as session:
                codes = {code for code, _ in findings(session, None)}
        assert codes == {"log_audit.erasure" if hiding else "log_audit.salt_missing"}


@contextmanager
def the_operator(database: Database) -> Iterator[Connection]:
    """Whoever holds the machine: no trigger, no key and no check is in the way; at the end everything is as it was."""
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("PRAGMA ignore_check_constraints=ON")
        triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for one in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {one}")
        yield connection
        connection.rollback()


def another(chance: random.Random, value: Any) -> Any:
    """The value with one character or its size changed."""
    if value is None or value == "":
        return "x"
    if isinstance(value, int):
        return value + chance.choice((-1, 1, 1000))
    at = chance.randrange(len(value))
    drawn = [one for one in "0123456789abcdefXYZ-示 " if one != value[at]]
    return value[:at] + chance.choice(drawn) + value[at + 1 :]


@dataclass(frozen=True)
class Edit:
    """What was changed, and how the audit may name it."""

    what: str
    codes: frozenset[str]
    place: int | None


def edit_entry(chance: random.Random, connection: Connection, place: int) -> Edit:
    table = chance.choice(list(OF_ENTRY))
    where, columns = OF_ENTRY[table]
    column = chance.choice(columns)
    where = where.replace(":place", str(place))
    (value,) = connection.exec_driver_sql(f"SELECT {column} FROM {table} WHERE {where}").one()
    new = another(chance, value)
    connection.exec_driver_sql(f"UPDATE {table} SET {column} = ? WHERE {where}", (new,))
    return Edit(f"{table}.{column} of {place}: {value!r} → {new!r}", frozenset(), place)


def edit_elsewhere(chance: random.Random, connection: Connection, table: str, column: str) -> Edit | None:
    rows = connection.exec_driver_sql(f"SELECT rowid, {column} FROM {table}").all()
    if not rows:
        return None
    row, value = chance.choice(rows)
    new = another(chance, value)
    try:
        connection.exec_driver_sql(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (new, row))
    except IntegrityError:
        return None  # a unique key, which nobody can drop and keep the column's rows apart
    return Edit(f"{table}.{column}: {value!r} → {new!r}", frozenset(ELSEWHERE[table, column]), None)


def edit_file(chance: random.Random, folder: Path) -> tuple[Edit, Path, bytes]:
    path = chance.choice([one for one in sorted(folder.rglob("*")) if one.is_file()])
    data = path.read_bytes()
    at = chance.randrange(len(data))
    path.write_bytes(data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :])
    codes = frozenset({"log_audit.file", "log_audit.file_beyond"})
    return Edit(f"{path.relative_to(folder)} at {at}", codes, None), path, data


def unnamed(edits: Sequence[Edit], found: Sequence[tuple[str, int | None]]) -> list[str]:
    places, codes = {place for _, place in found}, {code for code, _ in found}
    return [one.what for one in edits if not (one.place in places if one.place is not None else one.codes & codes)]


def wrong(
    chance: random.Random, told: Database, folder: Path, entries: int, blind: bool = False
) -> tuple[int, list[str]]:
    """One pass: how many edits, and which of them the audit did not name."""
    with the_operator(told) as connection:
        size = connection.exec_driver_sql("SELECT count(*) FROM log_entries").scalar_one()
        edits = [edit_entry(chance, connection, one) for one in chance.sample(range(size), entries)]
        for table, column in chance.sample(list(ELSEWHERE), 0 if entries else 1):
            edits += [one for one in [edit_elsewhere(chance, connection, table, column)] if one is not None]
        if entries:
            with Session(connection) as session:
                return len(edits), unnamed(edits, [] if blind else findings(session, None))
        changed, path, data = edit_file(chance, folder)
        try:
            with Session(connection) as session:
                return len(edits) + 1, unnamed([*edits, changed], findings(session, folder))
        finally:
            path.write_bytes(data)


@pytest.mark.packed
def test_every_edit_is_named(told: Database, sequencer: Sequencer) -> None:
    """Edits of entries many at a time, each at its own place; of other rows and of files one of each at a time."""
    chance, done, missed = random.Random(18), 0, []
    for turn in range(tier(80, 4_000)):
        made, left = wrong(chance, told, sequencer.folder, 50 if turn % 2 else 0)
        done, missed = done + made, missed + left
    assert missed == []
    assert done >= tier(2_000, 100_000)


@pytest.mark.packed
def test_the_harness_sees_an_audit_that_looks_away(told: Database, sequencer: Sequencer) -> None:
    assert wrong(random.Random(1), told, sequencer.folder, 3, blind=True)[1]


SCRIPTS = {
    "an entry deleted": (["DELETE FROM log_entries WHERE place = 7"], "log_audit.gap"),
    "two entries in each other's place": (
        [
            "UPDATE log_entries SET place = -1 WHERE place = 7",
            "UPDATE log_entries SET place = 7 WHERE place = 8",
            "UPDATE log_entries SET place = 8 WHERE place = -1",
        ],
        "log_audit.statement",
    ),
    "an entry said again at the end": (
        [
            "INSERT INTO log_entries SELECT place + 1, 'x', subject, data, hash, at FROM log_entries"
            " ORDER BY place DESC LIMIT 1"
        ],
        "log_audit.leaf_missing",
    ),
    "the end cut off": (["DELETE FROM log_entries WHERE place > 200"], "log_audit.head_beyond"),
    "an act kept from the log": (
        [f"DELETE FROM log_leaves WHERE id = {_LEAF}", "DELETE FROM log_entries WHERE place = 7"],
        "log_audit.act_untold",
    ),
    "an act taken away": ([f"DELETE FROM audit_entries WHERE id = {_LEAF}"], "log_audit.act_missing"),
    "a salt destroyed": ([f"DELETE FROM log_salts WHERE leaf_id = {_LEAF}"], "log_audit.salt_missing"),
    "a tile taken away": (["DELETE FROM log_tiles"], "log_audit.tile_missing"),
    "a licence that was never granted": (["DELETE FROM licences"], "log_audit.row_missing"),
    "a label taken out of its issue": (["DELETE FROM labels WHERE position = 1"], "log_audit.codes"),
    "the log's key forgotten": (["DELETE FROM log_keys"], "log_audit.head_note"),
}


@pytest.mark.packed
def test_scripts_of_an_operator_are_named(told: Database, sequencer: Sequencer) -> None:
    for name, (statements, code) in SCRIPTS.items():
        with the_operator(told) as connection:
            for one in statements:
                connection.exec_driver_sql(one)
            with Session(connection) as session:
                assert code in {found for found, _ in findings(session, sequencer.folder)}, name


@pytest.mark.packed
def test_values_of_another_kind_are_named(told: Database) -> None:
    """SQLite takes bytes for text and text for numbers; what cannot be read is a finding, never the end of reading."""
    wrong = ("x'ff00'", "'示'")
    with the_operator(told) as connection:
        places = iter(range(1, 250))
        edited = []
        for table, (where, columns) in OF_ENTRY.items():
            for column, value in product(columns, wrong):
                place = next(places)
                here = where.replace(":place", str(place))
                connection.exec_driver_sql(f"UPDATE {table} SET {column} = {value} || {place} WHERE {here}")
                edited.append((f"{table}.{column} = {value}", place))
        with Session(connection) as session:
            found = {place for _, place in findings(session, None)}
        assert [what for what, place in edited if place not in found] == []
    for (table, column), codes in ELSEWHERE.items():
        for value in wrong:
            with the_operator(told) as connection:
                first = f"SELECT rowid FROM {table} LIMIT 1"
                changed = connection.exec_driver_sql(f"UPDATE {table} SET {column} = {value} WHERE rowid IN ({first})")
                with Session(connection) as session:
                    assert not changed.rowcount or codes & {code for code, _ in findings(session, None)}, (
                        table,
                        column,
                    )
