"""Holds the registry's rows against what its log says of them: terms, weights, counts, keys, codes and their sums."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Date, Row, String, and_, case, func, or_, select, type_coerce
from sqlalchemy.engine.default import DefaultDialect
from sqlmodel import Session, SQLModel

from brand.kernel.errors import AppError
from brand.kernel.leaves import Leaf
from brand.kernel.records import Scaled
from brand.models.licences import Licence, LicenceYear
from trace.crypto import base64url, keys, label_codes, merkle
from trace.crypto.code_profiles import GtinCode, UnitCode
from trace.crypto.keys import SIGNATURE_SIZE
from trace.crypto.tlog_proofs import unit_hash
from trace.models.batches import Batch, PackLine
from trace.models.capacities import Capacity, CapacityUse
from trace.models.flows import Draw
from trace.models.labels import Label, LabelOrder, SigningKey
from trace.models.log import LogEntry, LogKey
from trace.models.supply import SupplyContract, SupplyUse
from trace.queries.log_audit_tree import table

ENTRIES = table(LogEntry)
LEAVES = table(Leaf)
KEYS = table(LogKey)
LICENCES = table(Licence)
YEARS = table(LicenceYear)
BATCHES = table(Batch)
LINES = table(PackLine)
CAPACITIES = table(Capacity)
USES = table(CapacityUse)
SUPPLY = table(SupplyContract)
BOUGHT = table(SupplyUse)
DRAWS = table(Draw)
LABELS = table(Label)
ORDERS = table(LabelOrder)
LABEL_KEYS = table(SigningKey)


#: What is wrong, the place of the entry it is about, and figures.
Wrong = tuple[str, int | None, Mapping[str, Any]]
_Rows = Sequence[Row[Any]]

#: For each kind of statement: its rows, their key, and what stands in which column of them.
_TOLD: Mapping[str, tuple[type[SQLModel], str, Mapping[str, str]]] = {
    "licence.grant": (
        Licence,
        "id",
        {"number": "number", "valid_from": "valid_from", "valid_until": "valid_until", "cap_kg": "cap_kg"},
    ),
    "supply.confirm": (SupplyContract, "id", {"kg": "kg", "valid_from": "valid_from", "valid_until": "valid_until"}),
    "batch.register": (Batch, "id", {"batch": "code", "cold_kg": "total_kg"}),
    "code.issue": (LabelOrder, "id", {"number": "number", "packs": "packs", "kg": "kg", "kid": "kid"}),
    "key.add": (SigningKey, "kid", {"thumbprint": "thumbprint", "public_key": "public_key", "quarter": "quarter"}),
}
_STATES = {
    "licence.grant": "valid",
    "licence.suspend": "suspended",
    "licence.reinstate": "valid",
    "licence.revoke": "revoked",
}


def of_entries(session: Session, origin: str, rows: _Rows) -> Iterator[Wrong]:
    """What is wrong with the rows that these entries tell of; ``rows`` as ``queries.log_audit`` reads them."""
    told = [(row.place, row.statement, row.subject or "", row.facts) for row in rows if row.statement in _TOLD]
    for kind in sorted({one[1] for one in told}):
        said = {
            subject.partition(":")[2]: (place, _facts(facts)) for place, also, subject, facts in told if also == kind
        }
        yield from _rows(session, kind, said)
        if kind == "code.issue":
            yield from _codes(session, origin, said)


def counters(session: Session) -> Iterator[Wrong]:
    """Every counter that limits something, recomputed from the rows that moved it; and the state of every licence."""
    yield from _sums(session, YEARS.c.used_kg, ORDERS.c.kg, ORDERS.c.licence_year_id, "log_audit.licence_used")
    yield from _sums(session, YEARS.c.labels, ORDERS.c.packs, ORDERS.c.licence_year_id, "log_audit.licence_labels")
    # A reprint takes the place of void labels and takes nothing of the line.
    first = case((ORDERS.c.replaces_id.is_(None), ORDERS.c.packs), else_=0)
    yield from _sums(session, LINES.c.ordered, first, ORDERS.c.pack_line_id, "log_audit.packs_ordered")
    yield from _sums(
        session, BATCHES.c.used_kg, DRAWS.c.kg, DRAWS.c.batch_id, "log_audit.batch_used", BATCHES.c.withdrawn
    )
    yield from _sums(session, CAPACITIES.c.used, USES.c.amount, USES.c.capacity_id, "log_audit.capacity_used")
    yield from _sums(session, SUPPLY.c.used_kg, BOUGHT.c.kg, BOUGHT.c.contract_id, "log_audit.supply_used")
    yield from _states(session)
    yield from _confirmed(session)
    for kid in session.execute(_untold_keys()).scalars():
        yield "log_audit.key_untold", None, {"kid": kid}


def _rows(session: Session, kind: str, said: Mapping[str, tuple[int, Mapping[str, Any]]]) -> Iterator[Wrong]:
    model, key, columns = _TOLD[kind]
    if kind == "key.add":
        said = {
            one: found
            for one, found in said.items()
            if found[1].get("role", "label") == "label" and "quarter" in found[1]
        }
    stored_in = table(model).c
    chosen = [stored_in[key], *(_as_stored(stored_in[one]) for one in columns.values())]
    stored = {one[0]: one[1:] for one in session.execute(select(*chosen).where(chosen[0].in_(said)))}
    for one, (place, facts) in said.items():
        if one not in stored:
            yield "log_audit.row_missing", place, {"record": one}
            continue
        for name, raw in zip(columns, stored[one], strict=True):
            value = _value(stored_in[columns[name]], raw)
            # An entry of before a figure was told of does not hold it.
            if name in facts and not _same(facts[name], value):
                yield (
                    "log_audit.row",
                    place,
                    {"record": one, "field": columns[name], "told": facts[name], "is": str(value)},
                )


def _same(told: Any, value: Any) -> bool:
    """Whether a figure of the log is the value of a column; 0 kg is 0.000 kg."""
    if not isinstance(value, Decimal):
        return str(told) == str(value)
    try:
        return Decimal(str(told)) == value
    except InvalidOperation:
        return False


def _as_stored(column: Any) -> Any:
    """A day or a weight as the database has it, so that a damaged one is a finding and not the end of the reading."""
    if isinstance(column.type, Scaled):
        return type_coerce(column, column.type.impl_instance)
    return type_coerce(column, String) if isinstance(column.type, Date) else column


def _value(column: Any, raw: Any) -> Any:
    """What a column's type makes of what is stored, and of what it cannot read a text that equals nothing told."""
    if not isinstance(column.type, Scaled):
        return raw
    try:
        return column.type.process_result_value(raw, DefaultDialect())
    except (TypeError, ValueError, ArithmeticError):
        return repr(raw)


def _codes(session: Session, origin: str, said: Mapping[str, tuple[int, Mapping[str, Any]]]) -> Iterator[Wrong]:
    """Each issue's codes: as many as told, under the root told, each with the signature of the key told."""
    for order, (place, facts) in said.items():
        labels = session.execute(
            select(LABELS.c.serial, LABELS.c.signature, LABELS.c.position, LABELS.c.control)
            .where(LABELS.c.order_id == order)
            .order_by(LABELS.c.position)
        ).all()
        key = _key(session, str(facts.get("kid", "")))
        try:
            elements = [one.element for one in _named(session, facts, [str(one.serial) for one in labels])]
            root = base64.b64encode(merkle.root([unit_hash(one) for one in elements])).decode("ascii")
        except AppError:
            root, elements = "", []
        whole = [one.position for one in labels] == list(range(1, len(labels) + 1))
        apart = sum(bool(one.control) for one in labels)
        if root != facts.get("units_root") or not whole or apart != facts.get("controls", 0):
            yield "log_audit.codes", place, {"record": order}
        for one, element in zip(labels, elements, strict=False):
            bare = "unsigned" in facts and not one.signature
            if not bare and (key is None or not key(origin, element, one.signature)):
                yield "log_audit.code_signature", place, {"record": order, "serial": one.serial}


def _named(session: Session, facts: Mapping[str, Any], serials: Sequence[str]) -> list[UnitCode | GtinCode]:
    """What the symbols of an issue name, as the log told it: the batch, or the goods by GTIN and the batch's lot."""
    batch, gtin = str(facts.get("batch", "")), facts.get("gtin")
    if not gtin:
        return [UnitCode(batch, one) for one in serials]
    lot = session.execute(select(BATCHES.c.lot).where(BATCHES.c.code == batch)).scalar() or ""
    return [GtinCode(str(gtin), lot, one, facts.get("expiry")) for one in serials]


def _key(session: Session, kid: str) -> Callable[[str, str, str], bool] | None:
    text = session.execute(select(LABEL_KEYS.c.public_key).where(LABEL_KEYS.c.kid == kid)).scalar()
    try:
        public = keys.public_key(str(text))
    except AppError:
        return None

    def fits(origin: str, element: str, signature: str) -> bool:
        data = base64url.decode(str(signature), size=SIGNATURE_SIZE)
        return data is not None and public.verify(label_codes.signed_bytes(origin, element, kid), data)

    return fits


def _sums(session: Session, counter: Any, amount: Any, key: Any, code: str, but: Any = None) -> Iterator[Wrong]:
    """Rows whose counter is not the sum of what moved it; ``but`` marks rows that are counted otherwise."""
    counted = counter.table
    summed = select(key.label("key"), func.sum(amount).label("amount")).group_by(key).subquery()
    moved = func.coalesce(summed.c.amount, 0)
    found = select(counted.c.id, _as_stored(counter), _as_stored(moved))
    found = found.outerjoin(summed, summed.c.key == counted.c.id).where(counter != moved)
    if but is not None:
        found = found.where(but.is_(False))
    for one, *both in session.execute(found):
        is_now, total = (str(_value(counter, raw)) for raw in both)
        yield code, _first(session, counted, one), {"record": one, "is": is_now, "sum": total, "of": key.table.name}


#: Which object of the log tells of a row of a table, and the column that names it.
_ABOUT = {"licence_years": ("licence", "licence_id"), "pack_lines": ("batch", "batch_id"), "batches": ("batch", "id")}


def _first(session: Session, counted: Any, one: str) -> int | None:
    """The place of the first entry on the object a row belongs to."""
    kind, column = _ABOUT.get(counted.name, (counted.name, "id"))
    owner = session.execute(select(counted.c[column]).where(counted.c.id == one)).scalar()
    return session.execute(select(func.min(ENTRIES.c.place)).where(ENTRIES.c.subject == f"{kind}:{owner}")).scalar()


def _states(session: Session) -> Iterator[Wrong]:
    """Licences whose state is not that of their last entry."""
    last = (
        select(ENTRIES.c.subject, func.max(ENTRIES.c.place).label("place"))
        .where(ENTRIES.c.subject.like("licence:%"))
        .group_by(ENTRIES.c.subject)
        .subquery()
    )
    entries = select(ENTRIES.c.place, ENTRIES.c.subject, ENTRIES.c.data).join(last, last.c.place == ENTRIES.c.place)
    states = {one.id: one.state for one in session.execute(select(LICENCES.c.id, LICENCES.c.state))}
    for one in session.execute(entries):
        record, kind = one.subject.partition(":")[2], _facts(one.data).get("type")
        if kind in _STATES and record in states and states[record] != _STATES[kind]:
            yield "log_audit.state", one.place, {"record": record, "told": _STATES[kind], "is": states[record]}


def _confirmed(session: Session) -> Iterator[Wrong]:
    """Supply contracts that count from another moment than the log was told, or of which it was told nothing."""
    told = (LEAVES.c.subject == "supply_contract:" + SUPPLY.c.id, LEAVES.c.statement == "supply.confirm")
    found = select(SUPPLY.c.id).outerjoin(LEAVES, and_(*told))
    wrong = or_(LEAVES.c.at.is_(None), LEAVES.c.at != SUPPLY.c.confirmed_at)
    for one in session.execute(found.where(SUPPLY.c.confirmed_at.is_not(None), wrong)).scalars():
        place = select(func.min(ENTRIES.c.place)).where(ENTRIES.c.subject == f"supply_contract:{one}")
        yield "log_audit.supply_confirmed", session.execute(place).scalar(), {"record": one}


def _untold_keys() -> Any:
    """Keys of the log that no entry tells of, once the log has entries."""
    told = select(ENTRIES.c.place).where(ENTRIES.c.subject == "key:" + KEYS.c.kid)
    return select(KEYS.c.kid).where(~told.exists(), select(ENTRIES.c.place).exists())


def _facts(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
