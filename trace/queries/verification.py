"""Answers a scan: what the registry holds about one code, read without building records, and the verdict on it.

One select for a known code, two for an unknown one. Pages, API and command line all ask here.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, bindparam, func, literal, select
from sqlmodel import Session, SQLModel, col

from brand.kernel.clock import local_day
from brand.models.brand_moves import BrandStep
from brand.models.endorsements import Endorsement
from brand.models.enterprises import Enterprise, EnterpriseKind, EnterpriseStep
from brand.models.licences import Licence, LicenceStep, LicenceYear
from brand.models.product_rules import ProductRule
from brand.queries import brand_chains
from brand.queries.licences import holder_states
from brand.rules import licence_terms
from brand.rules.licence_terms import HOLDER_HALTED, Standing
from brand.rules.product_rules import Stage
from trace.crypto import keys, label_codes
from trace.crypto.code_profiles import GtinCode, UnitCode
from trace.crypto.label_codes import ScannedCode
from trace.crypto.readings import Reading
from trace.crypto.typed_codes import human_readable
from trace.models.batches import Batch, PackLine
from trace.models.events import Event
from trace.models.holds import Hold
from trace.models.label_stops import LabelStop
from trace.models.labels import Label, LabelOrder, SigningKey
from trace.models.log import LogEntry
from trace.models.recalls import Recall, RecallBatch
from trace.models.scans import LabelSale, Scan, ScanCode
from trace.queries import completeness, label_stops
from trace.queries.gate import breaches_open
from trace.queries.holds import bearing_on
from trace.rules.completeness import Line, missing
from trace.rules.keys import trusts
from trace.rules.labels import LabelState
from trace.rules.scans import read_signals
from trace.rules.verdicts import BrandHalt, CodeRecord, Facts, KeyState, LicenceStatus, Signature, Verdict, decide

#: Earlier scans are told up to here: beyond it a count says nothing more.
MOST_COUNTED = 50

#: What is asked of a chain and how many breaches stand open in it, by its edition; emptied when full. Whatever happens
#: to a batch counts up its version and that of everything made from it (``services/events.touch``).
_MOST_REMEMBERED = 4096
_CHAINS: dict[tuple[str | None, str, int, int, int], tuple[tuple[Line, ...], int]] = {}

_public_key = lru_cache(maxsize=4096)(keys.public_key)


@dataclass(frozen=True)
class Pack:
    """What a known code stands for.

    ``edition`` changes whenever the story behind the code does: batch, chain, enterprises, licence, allowance.
    ``recall`` is the number under which its goods are called back, ``log_entry`` the place of the code's issue in the
    transparency log. ``asked`` are the steps and papers its product asks for, there or missing.
    """

    order_id: str
    batch_id: str
    batch_code: str
    pack_line_id: str
    licence_id: str
    edition: tuple[int | None, ...]
    state: str
    activated_at: datetime | None
    voided_at: datetime | None
    void_reason: str
    licence_today: LicenceStatus
    scans: int
    first_scan: datetime | None
    first_place: str
    recall: str | None
    log_entry: int | None
    second_code: bool
    asked: tuple[Line, ...]


@dataclass(frozen=True)
class Answer:
    """The verdict on one reading, and the pack behind it when the registry issued such a code."""

    reading: Reading
    signature: Signature
    verdict: Verdict
    pack: Pack | None

    @property
    def code(self) -> UnitCode | GtinCode:
        return self.reading.code

    @property
    def unit(self) -> UnitCode | None:
        """The pack by batch and serial, as the line under its symbol names it; None for a GTIN nobody knows."""
        code = self.code
        if isinstance(code, UnitCode):
            return code
        return UnitCode(self.pack.batch_code, self.reading.serial) if self.pack is not None else None

    @property
    def text(self) -> str:
        """The line people type, where there is one, else what the symbol says."""
        return human_readable(self.unit) if self.unit is not None else self.code.element


def _table(model: type[SQLModel]):  # type: ignore[no-untyped-def]
    return model.__table__  # type: ignore[attr-defined]


_label, _order, _key = _table(Label), _table(LabelOrder), _table(SigningKey)
_scan, _seen, _sale = _table(Scan), _table(ScanCode), _table(LabelSale)
_batch, _line, _licence = _table(Batch), _table(PackLine), _table(Licence)
_producer, _holder, _maker = (_table(Enterprise).alias(one) for one in ("producer", "holder", "maker"))
_holder_step, _endorsement = _table(EnterpriseStep), _table(Endorsement)
_endorsed = _endorsement.c.subject.in_(
    [literal("batch:") + _batch.c.code, literal("product:") + _holder.c.id + ":" + _batch.c.product_id]
)
_brand_step, _hold, _rule = _table(BrandStep), _table(Hold), _table(ProductRule)
_stop = _table(LabelStop)
_entry = _table(LogEntry)
_recall, _recalled = _table(Recall), _table(RecallBatch)
_event, _year = _table(Event), _table(LicenceYear)
_mine = (
    (_scan.c.serial == bindparam("serial")) & (_scan.c.day == bindparam("day")) & (_scan.c.token == bindparam("token"))
)

_KNOWN = (
    select(
        _order.c.id.label("order_id"),
        _order.c.kid,
        _order.c.signed,
        _order.c.second_code,
        _batch.c.id.label("batch_id"),
        _batch.c.code.label("batch_code"),
        _batch.c.version,
        _line.c.id.label("pack_line_id"),
        _line.c.packed_on,
        _line.c.shelf_life_days,
        _licence.c.id.label("licence_id"),
        _licence.c.brand_id,
        _licence.c.valid_from,
        _licence.c.valid_until,
        _licence.c.version.label("licence_version"),
        _holder.c.id.label("holder_id"),
        _holder.c.name.label("holder"),
        _holder.c.kind.label("holder_kind"),
        _holder.c.version.label("holder_version"),
        _producer.c.version.label("producer_version"),
        _maker.c.version.label("maker_version"),
        _year.c.labels.label("labels_this_year"),
        _year.c.used_kg,
        _key.c.public_key,
        _key.c.state.label("key_state"),
        _key.c.distrusted_from,
        _label.c.state,
        _label.c.activated_at,
        _label.c.voided_at,
        _label.c.void_reason,
        select(func.count())
        .where(_holder_step.c.enterprise_id == _holder.c.id, _holder_step.c.to_state.in_(HOLDER_HALTED))
        .scalar_subquery()
        .label("halts"),
        select(func.count()).select_from(_brand_step).scalar_subquery().label("brand_steps"),
        select(func.count()).where(_rule.c.product_id == _batch.c.product_id).scalar_subquery().label("rules"),
        select(func.coalesce(func.sum(_endorsement.c.version), 0))
        .where(_endorsed)
        .scalar_subquery()
        .label("endorsements"),
        select(func.min(_recall.c.number))
        .where(_recall.c.id == _recalled.c.recall_id, _recalled.c.batch_id == _batch.c.id, _recalled.c.drill.is_(False))
        .scalar_subquery()
        .label("recall"),
        select(func.min(_entry.c.place))
        .where(_entry.c.subject == literal("label_order:") + _order.c.id)
        .scalar_subquery()
        .label("log_entry"),
        select(func.count()).select_from(_hold).where(_hold.c.lifted_at.is_(None)).scalar_subquery().label("holds"),
        select(func.count()).select_from(_stop).where(_stop.c.lifted_at.is_(None)).scalar_subquery().label("stops"),
        select(func.count()).where(_event.c.batch_id == _batch.c.id).scalar_subquery().label("events"),
        _seen.c.devices,
        _seen.c.first_at,
        _seen.c.first_place,
        _seen.c.warning,
        _sale.c.sold_on,
        select(func.count()).where(_mine).scalar_subquery().label("own"),
    )
    .select_from(_label)
    .join(_order, _order.c.id == _label.c.order_id)
    .join(_batch, _batch.c.id == _label.c.batch_id)
    .join(_line, _line.c.id == _order.c.pack_line_id)
    .join(_licence, _licence.c.id == _order.c.licence_id)
    .join(_producer, _producer.c.id == _batch.c.producer_id)
    .join(_holder, _holder.c.id == _licence.c.enterprise_id)
    .join(_maker, _maker.c.id == _batch.c.maker_id)
    .join(_key, _key.c.kid == _order.c.kid)
    .outerjoin(_seen, _seen.c.serial == _label.c.serial)
    .outerjoin(_sale, _sale.c.serial == _label.c.serial)
    .outerjoin(_year, (_year.c.licence_id == _licence.c.id) & (_year.c.year == bindparam("year")))
    .where(_label.c.serial == bindparam("serial"))
)
#: What stands before the serial must be that of the very label, in either spelling of a code.
_BY_BATCH = _KNOWN.where(_batch.c.code == bindparam("batch"))
_BY_GTIN = _KNOWN.where(
    _order.c.gtin == bindparam("gtin"),
    _batch.c.lot == bindparam("lot"),
    func.coalesce(_order.c.expiry, "") == bindparam("expiry"),
)
_Row: Any = namedtuple("_Row", [one.name for one in _KNOWN.selected_columns])  # type: ignore[misc]
_KEY = select(_key.c.public_key, _key.c.state).where(_key.c.kid == bindparam("kid"))


def verify(session: Session, origin: str, reading: Reading, today: date, token: str = "") -> Answer:
    """The verdict on ``reading`` for this registry on ``today`` (a day in China).

    ``token``: of the device that asks, so that its own look of the day does not count as somebody else's.
    """
    return verify_by(session.connection(), origin, reading, today, token)


def verify_by(connection: Connection, origin: str, reading: Reading, today: date, token: str = "") -> Answer:
    """The same for whoever has no session and needs none."""
    row = _known(connection, reading, today, token)
    if row is None:
        facts = _facts_of_unknown(connection, origin, reading, today)
        return Answer(reading, facts.signature, decide(facts), None)
    asked, breaches = _chain(connection, row)
    pack, now, packed = _pack(connection, row, today, asked)
    standing = (_is_held(connection, row), _is_stopped(connection, row), len(missing(asked, Stage.LABEL)), breaches)
    known = _record(row, pack, now, packed, *standing)
    signature = _signature(origin, reading, row.kid, row.public_key)
    # A compact label is signed by nobody: a thief of the key could make none, so the key's end says nothing of it.
    trusted = not row.signed or trusts(row.key_state, row.distrusted_from, row.log_entry)
    key = KeyState.KNOWN if trusted else KeyState.DISTRUSTED
    return Answer(reading, signature, decide(Facts(today, signature, key, known)), pack)


def _known(connection: Connection, reading: Reading, today: date, token: str) -> Any:
    """The row of a code as the driver gives it, or None: the engine's own way to it costs five times the query."""
    code = reading.code
    if isinstance(code, UnitCode):
        own = {"batch": code.batch}
    else:
        own = {"gtin": code.gtin, "lot": code.lot, "expiry": code.expiry or ""}
    text, names, values = _prepared(connection.dialect, isinstance(code, GtinCode))
    # The driver gets the day as text: SQLite has no days, and PostgreSQL reads one out of it.
    asked = {"serial": reading.serial, "year": today.year, "day": today.isoformat(), "token": token or "-"}
    given = {**values, **own, **asked}
    cursor = connection.connection.cursor()
    try:
        cursor.execute(text, tuple(given[one] for one in names) if names else given)
        found = cursor.fetchone()
    finally:
        cursor.close()
    return _Row(*found) if found is not None else None


@lru_cache(maxsize=4)
def _prepared(dialect: Dialect, by_gtin: bool) -> tuple[str, Sequence[str], Mapping[str, Any]]:
    """The select in a database's own words: text, order of positional parameters, values that never change."""
    compiled = (_BY_GTIN if by_gtin else _BY_BATCH).compile(dialect=dialect)
    own = dict.fromkeys(("gtin", "lot", "expiry") if by_gtin else ("batch",), "")
    state = compiled.construct_expanded_state({"serial": "", "year": 0, "day": "", "token": "", **own})
    return state.statement, tuple(state.positiontup or ()), state.parameters


def _day(value: date | str) -> date:
    """A day as drivers give it: SQLite has none of its own."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _moment(value: datetime | str | None) -> datetime | None:
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value


def _facts_of_unknown(connection: Connection, origin: str, reading: Reading, today: date) -> Facts:
    kid = reading.scanned.kid
    row = connection.execute(_KEY, {"kid": kid}).first() if kid is not None else None
    signature = _signature(origin, reading, kid if row is not None else None, row.public_key if row is not None else "")
    distrusted = row is not None and row.state == "distrusted"
    return Facts(today, signature, KeyState.DISTRUSTED if distrusted else None, None)


def _signature(origin: str, reading: Reading, kid: str | None, public_key: str) -> Signature:
    """Every key of this registry is known here, so a key id that is not the order's own is a bad signature."""
    scanned: ScannedCode = reading.scanned
    if scanned.kid is None:
        return Signature.TYPED if reading.typed else Signature.ABSENT
    key = _public_key(public_key) if scanned.kid == kid else None
    return Signature.OK if label_codes.verify_with(key, origin, scanned) else Signature.BAD


def _pack(connection: Connection, row: Any, today: date, asked: tuple[Line, ...]) -> tuple[Pack, Standing, Standing]:
    sanctions = _sanctions(connection, row.licence_id) if row.licence_version > 1 else ()
    holder = holder_states(Session(connection), [row.holder_id])[row.holder_id] if row.halts else ()
    chain = brand_chains.lives(Session(connection)).get(row.brand_id, ()) if row.brand_steps else ()
    first, last = _day(row.valid_from), _day(row.valid_until)

    def standing(day: date) -> Standing:
        own = licence_terms.status_on(first, last, sanctions, day)
        return licence_terms.under_brands(licence_terms.held_back(own, holder, day), chain, day)

    now = standing(today)
    pack = Pack(
        order_id=row.order_id,
        batch_id=row.batch_id,
        batch_code=row.batch_code,
        pack_line_id=row.pack_line_id,
        licence_id=row.licence_id,
        edition=(
            row.version,
            row.events,
            row.licence_version,
            row.holder_version,
            row.producer_version,
            row.maker_version,
            row.labels_this_year,
            row.used_kg,
            row.endorsements,
            row.brand_steps,
            row.rules,
            row.log_entry,
        ),
        state=row.state,
        activated_at=_moment(row.activated_at),
        voided_at=_moment(row.voided_at),
        void_reason=row.void_reason,
        licence_today=licence_word(now),
        scans=min((row.devices or 0) - row.own, MOST_COUNTED) if row.devices else 0,
        first_scan=_moment(row.first_at),
        first_place=row.first_place or "",
        recall=row.recall,
        log_entry=row.log_entry,
        second_code=bool(row.second_code),
        asked=asked,
    )
    return pack, now, standing(_day(row.packed_on))


def licence_word(standing: Standing) -> LicenceStatus:
    found = standing.status
    return LicenceStatus.NONE if found is licence_terms.LicenceStatus.NOT_YET else LicenceStatus(found.value)


def halt_of(standing: Standing) -> BrandHalt | None:
    return BrandHalt(standing.halt.brand, standing.halt.state) if standing.halt else None


def _sanctions(connection: Connection, licence_id: str) -> Iterable[tuple[date, str]]:
    statement = (
        select(col(LicenceStep.at), col(LicenceStep.to_state))
        .where(col(LicenceStep.licence_id) == licence_id)
        .order_by(col(LicenceStep.position))
    )
    return [(local_day(at), state) for at, state in connection.execute(statement)]


def _is_held(connection: Connection, row: Any) -> bool:
    """Looked into only while anything at all is held in the county."""
    return bool(row.holds) and bool(bearing_on(Session(connection), [row.batch_id])[row.batch_id])


def _is_stopped(connection: Connection, row: Any) -> bool:
    """The same for stop switches."""
    asked = {"licence_id": row.licence_id, "kid": row.kid, "order_id": row.order_id}
    return bool(row.stops) and label_stops.bearing_on(Session(connection), **asked) is not None


def _chain(connection: Connection, row: Any) -> tuple[tuple[Line, ...], int]:
    """What is asked of the chain and breaches open; looked up once per edition of the chain and the rule."""
    key = (connection.engine.url.database, row.batch_id, row.version, row.events, row.rules)
    found = _CHAINS.get(key)
    if found is None:
        with Session(connection) as session:
            asked = completeness.lines(session, session.get_one(Batch, row.batch_id))
            found = asked, breaches_open(session, row.batch_id)
        if len(_CHAINS) >= _MOST_REMEMBERED:
            _CHAINS.clear()
        _CHAINS[key] = found
    return found


def _record(
    row: Any,
    pack: Pack,
    now: Standing,
    packed: Standing,
    held: bool,
    stopped: bool,
    steps_missing: int,
    breaches: int,
) -> CodeRecord:
    return CodeRecord(
        batch=row.batch_code,
        # A household's name is a person's: whoever shows the verdict puts a neutral word there.
        enterprise="" if row.holder_kind == EnterpriseKind.HOUSEHOLD else row.holder,
        signed=bool(row.signed),
        one_pack=True,
        activated=pack.activated_at is not None,
        void=pack.state == LabelState.VOID,
        recalled=pack.recall is not None,
        licence_today=pack.licence_today,
        licence_at_packing=licence_word(packed),
        shelf_life_ends=_day(row.packed_on) + timedelta(days=row.shelf_life_days),
        breaches_open=breaches,
        scans_before=pack.scans,
        steps_missing=steps_missing,
        brand_halt_today=halt_of(now),
        brand_halt_at_packing=halt_of(packed),
        held=held,
        stopped=stopped,
        signals=read_signals(row.warning or ""),
        sold_on=_day(row.sold_on) if row.sold_on else None,
    )
