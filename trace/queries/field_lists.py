"""Reads what an inspector's telephone takes along: keys, licences, and what stands against each batch with labels.

Every batch that ever got labels has an entry, so that a withdrawn, unused, held or recalled pack is known wherever it
turns up; only chosen ones carry the facts of their packs. An entry's text changes only when something about it does.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, func, literal, select

from brand.kernel import texts
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.models.schemes import Product
from brand.queries import licences, statement_keys
from brand.queries.lookups import by_id
from brand.rules.licence_terms import LicenceStatus, Standing
from trace.crypto import serial_sets
from trace.crypto.canonical import canonical
from trace.models.batches import Batch, PackLine
from trace.models.field_lists import FieldList
from trace.models.labels import Label, LabelOrder, SigningKey
from trace.models.log import LogEntry
from trace.queries import completeness, cuts, field_keys, grading, holds, label_stops, packs, recalls
from trace.queries.batch_codes import packed_on
from trace.queries.gate import breaches_open
from trace.queries.lineage import portions
from trace.rules.field_lists import Entries
from trace.rules.keys import KeyState, trusts
from trace.rules.labels import LabelState

#: Coded labels of a batch by its orders' editions: only what moved is coded anew. Emptied when full.
_MOST_REMEMBERED = 4096
_CODED: dict[tuple[object, ...], dict[str, Any]] = {}
ALL = "all"


@dataclass(frozen=True)
class Composed:
    """What stood in one snapshot: label keys, licences, stop switches on either, and one text per batch."""

    keys: dict[str, dict[str, Any]]
    licences: dict[str, dict[str, Any]]
    stops: dict[str, list[str]]
    entries: Entries


@dataclass(frozen=True)
class _Orders:
    """The label orders of one batch; ``edition`` changes whenever a label of it does, a stop switch, or its key's word.

    ``distrusted``: by each distrusted key the orders it no longer speaks for.
    """

    edition: tuple[tuple[str, int, bool, bool], ...]
    kids: tuple[str, ...]
    lines: tuple[str, ...]
    goods: tuple[tuple[str, str], ...]
    stopped: frozenset[str]
    unsigned: frozenset[str]
    distrusted: Mapping[str, frozenset[str]]


_NO_LABELS = _Orders((), (), (), (), frozenset(), frozenset(), {})


def compose(session: Session, today: date, days: int, chosen: Collection[str]) -> Composed:
    """Everything as it stands; facts of packs packed within ``days`` under the licences ``chosen`` (none: all)."""
    orders, tags = _orders(session), field_keys.tags(session)
    batches = by_id(session, Batch, list({**orders, **tags}))
    held = by_id(session, Licence, {one.licence_id for one in batches.values() if one.licence_id})
    lines = _lines(session, orders)
    called, stopped = recalls.recalled(session, list(batches)), holds.bearing_on(session, list(batches))
    wanted = {key for key, one in held.items() if not chosen or one.number in chosen}
    entries = {}
    for key, batch in batches.items():
        licence, mine = held.get(batch.licence_id or ""), orders.get(key, _NO_LABELS)
        entry: dict[str, Any] = {
            "batch": batch.code,
            "licence": licence.number if licence else "",
            "kids": list(mine.kids),
            "goods": [f"{gtin}:{batch.lot}:{expiry}" for gtin, expiry in mine.goods],
            "recalled": called.get(key, ""),
            "held": bool(stopped[key]),
        }
        newest = max((one.packed_on for one in lines.get(key, ())), default=batch.made_on)
        tell = licence is not None and licence.id in wanted and newest >= today - timedelta(days=days)
        entry |= _labels(session, batch, mine, by_line=tell)
        if key in tags:
            entry |= {"tags": tags[key], "withdrawn": batch.withdrawn}
        if tell and licence is not None:
            entry |= _facts(session, batch, licence, lines.get(key, ()))
            if key in tags:
                entry["at_packing"] = _told(licences.standing_on(session, licence, packed_on(session, batch)))
        entries[batch.code] = canonical(entry).decode()
    told = _licences(session, held.values(), today)
    return Composed(field_keys.keys(session, held.values()), told, field_keys.stops(session, held), entries)


def newest(session: Session, choice: str) -> FieldList | None:
    """The last list made for this choice."""
    mine = select(FieldList).where(FieldList.choice == choice)
    return session.exec(mine.order_by(col(FieldList.version).desc()).limit(1)).first()


def entries_of(session: Session, choice: str, version: int) -> dict[str, str]:
    """The entries of an earlier list by code; nothing where it is no longer kept or was another choice's."""
    found = session.get(FieldList, version)
    return unpacked(found.entries) if found is not None and found.choice == choice else {}


def older(session: Session, choice: str, kept: int) -> list[int]:
    """Versions of this choice beyond the newest ``kept``."""
    mine = select(FieldList.version).where(FieldList.choice == choice).order_by(col(FieldList.version).desc())
    return list(session.exec(mine.offset(kept)))


def packed(entries: Entries) -> bytes:
    return zlib.compress("\n".join(entries[code] for code in sorted(entries)).encode(), 6)


def unpacked(data: bytes) -> dict[str, str]:
    """Code → text; the code is the first value of every entry."""
    lines = zlib.decompress(data).decode().split("\n")
    return {line[len('{"batch":"') :].partition('"')[0]: line for line in lines if line}


def office_keys(session: Session) -> dict[str, str]:
    return statement_keys.public_halves(session)


def _orders(session: Session) -> dict[str, _Orders]:
    found: dict[str, list[LabelOrder]] = defaultdict(list)
    for one in session.exec(select(LabelOrder).order_by(col(LabelOrder.batch_id), col(LabelOrder.id))):
        found[one.batch_id].append(one)
    stops, cut = label_stops.open_ones(session), _cut(session)
    return {key: _of_batch(mine, stops, cut) for key, mine in found.items()}


def _cut(session: Session) -> dict[str, frozenset[str]]:
    """By each distrusted key the orders of signed labels whose place in the log is none, or not before its cut."""
    place = select(func.min(LogEntry.place)).where(LogEntry.subject == literal("label_order:") + LabelOrder.id)
    named: Any = (SigningKey.kid, SigningKey.distrusted_from, LabelOrder.id, LabelOrder.signed, place.scalar_subquery())
    joined = select(*named).join(LabelOrder, col(LabelOrder.kid) == col(SigningKey.kid))
    statement = joined.where(SigningKey.state == KeyState.DISTRUSTED)
    found: dict[str, set[str]] = defaultdict(set)
    for kid, start, order, signed, at in session.exec(statement):
        gone = found[kid]  # stands there empty too: a telephone that is told nothing trusts such a key for nothing
        if signed and not trusts(KeyState.DISTRUSTED, start, at):
            gone.add(order)
    return {kid: frozenset(orders) for kid, orders in found.items()}


def _of_batch(mine: list[LabelOrder], stops: Collection[tuple[str, str]], cut: Mapping[str, frozenset[str]]) -> _Orders:
    stopped = frozenset(one.id for one in mine if label_stops.keys_of(one) & set(stops))
    distrusted = {one.kid: cut[one.kid] for one in mine if one.kid in cut}
    return _Orders(
        edition=tuple((one.id, one.version, one.id in stopped, one.kid in distrusted) for one in mine),
        kids=tuple(sorted({one.kid for one in mine})),
        lines=tuple(sorted({one.pack_line_id for one in mine})),
        goods=tuple(sorted({(one.gtin, one.expiry or "") for one in mine if one.gtin})),
        stopped=stopped,
        unsigned=frozenset(one.id for one in mine if not one.signed),
        distrusted=distrusted,
    )


def _lines(session: Session, orders: Mapping[str, _Orders]) -> dict[str, list[PackLine]]:
    """The pack lines of each batch that have labels, in one order for ever."""
    ids = [line for one in orders.values() for line in one.lines]
    found: dict[str, list[PackLine]] = {key: [] for key in orders}
    for some in portions(ids):
        for line in session.exec(select(PackLine).where(col(PackLine.id).in_(some)).order_by(col(PackLine.id))):
            found[line.batch_id].append(line)
    return found


def _labels(session: Session, batch: Batch, orders: _Orders, *, by_line: bool) -> dict[str, Any]:
    """Which labels of the batch are withdrawn, which wait for a pack, and (where told) which are of which line."""
    if not orders.edition:
        return dict.fromkeys(("void", "idle", "stopped", "unsigned"))
    apart = by_line and len(orders.lines) > 1
    key = (str(session.get_bind().engine.url), batch.id, orders.edition, apart)
    found = _CODED.get(key)
    if found is None:
        if len(_CODED) >= _MOST_REMEMBERED:
            _CODED.clear()
        found = _CODED[key] = _coded(session, batch.id, orders, apart=apart)
    return found


def _coded(session: Session, batch_id: str, orders: _Orders, *, apart: bool) -> dict[str, Any]:
    by_state: dict[str, list[str]] = {one: [] for one in LabelState}
    by_line: dict[str, list[str]] = defaultdict(list)
    by_order: dict[str, list[str]] = defaultdict(list)
    statement = (
        select(Label.serial, Label.state, LabelOrder.pack_line_id, LabelOrder.id)
        .join(LabelOrder, col(LabelOrder.id) == col(Label.order_id))
        .where(Label.batch_id == batch_id)
    )
    for serial, state, line, order in session.connection().execute(statement):
        by_state[state].append(serial)
        by_line[line].append(serial)
        by_order[order].append(serial)
    coded: dict[str, Any] = {
        "void": _set(by_state[LabelState.VOID], by_state[LabelState.ISSUED], by_state[LabelState.ACTIVATED]),
        "idle": _set(by_state[LabelState.ISSUED], by_state[LabelState.VOID], by_state[LabelState.ACTIVATED]),
        "stopped": _of_orders(by_order, orders.stopped),
        "unsigned": _of_orders(by_order, orders.unsigned),
    }
    if orders.distrusted:
        coded["distrusted"] = {kid: _of_orders(by_order, cut) for kid, cut in orders.distrusted.items()}
    if apart:
        largest = max(by_line, key=lambda one: (len(by_line[one]), one))
        coded["serials"] = {
            line: serial_sets.encode(mine, (one for other in by_line if other != line for one in by_line[other]))
            for line, mine in by_line.items()
            if line != largest
        }
    return coded


def _of_orders(by_order: Mapping[str, list[str]], chosen: Collection[str]) -> serial_sets.SerialSet | str | None:
    """The labels of these orders among all of the batch."""
    mine = [serial for order in by_order if order in chosen for serial in by_order[order]]
    return _set(mine, *(serials for order, serials in by_order.items() if order not in chosen))


def _set(members: list[str], *others: list[str]) -> serial_sets.SerialSet | str | None:
    if not members:
        return None
    strangers = [one for other in others for one in other]
    return serial_sets.encode(members, strangers) if strangers else ALL


def _facts(session: Session, batch: Batch, licence: Licence, lines: Iterable[PackLine]) -> dict[str, Any]:
    """What is to be compared with a pack in the hand; no person is named, and no household."""
    licensee = session.get_one(Enterprise, batch.licensee_id)
    product = session.get_one(Product, batch.product_id)
    shares = [one for one in grading.shares(session, batch.id) if one.head]
    return {
        "steps_missing": completeness.needed_missing(session, batch),
        "breaches_open": breaches_open(session, batch.id),
        "lot": batch.lot,
        "producer": _producer(licensee, batch.made_on),
        "product": {"zh": product.name, "en": product.name_en or product.name},
        "grades": [[str(one.grade), one.head] for one in shares],
        "lines": [
            {
                "id": line.id,
                "cut": line.cut,
                "naming": str(cuts.of(session, batch.form, batch.product_id, line.cut)),
                "net_kg": f"{line.net_kg.normalize():f}",
                "packed_on": line.packed_on.isoformat(),
                "best_before": (line.packed_on + timedelta(days=line.shelf_life_days)).isoformat(),
                "storage": line.storage,
                "at_packing": _told(licences.standing_on(session, licence, line.packed_on)),
            }
            for line in lines
        ],
    }


def _producer(enterprise: Enterprise, on: date) -> dict[str, str]:
    party = packs.party(enterprise, on)
    if party.name:
        return {"zh": party.name, "en": party.name_en or party.name}
    place = party.township or party.county
    return {one: texts.say(one, "scan.household", place=place) for one in texts.LANGUAGES}


def _licences(session: Session, held: Iterable[Licence], today: date) -> dict[str, dict[str, Any]]:
    return {
        one.number: {
            "from": one.valid_from.isoformat(),
            "until": one.valid_until.isoformat(),
            "today": _told(licences.standing_on(session, one, today)),
        }
        for one in held
    }


def _told(standing: Standing) -> dict[str, Any]:
    """The word of ``rules/verdicts`` for a standing, and the brand that is the reason."""
    status = "none" if standing.status is LicenceStatus.NOT_YET else str(standing.status)
    halt = standing.halt
    return {"status": status, "halt": {"brand": halt.brand, "state": halt.state} if halt else None}
