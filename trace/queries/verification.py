"""Answers a scan: what the registry holds about one code, read without building records, and the verdict on it.

One select for a known code, two for an unknown one. Pages, API and command line all ask here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, select
from sqlmodel import Session, col

from brand.kernel import rows
from brand.kernel.clock import local_day
from brand.models.enterprises import EnterpriseKind
from brand.models.licences import LicenceStep
from brand.queries import brand_chains
from brand.queries.licences import holder_states
from brand.rules import licence_terms
from brand.rules.licence_terms import Standing
from brand.rules.product_rules import Stage
from trace.crypto import keys, label_codes
from trace.crypto.code_profiles import GtinCode, UnitCode
from trace.crypto.label_codes import ScannedCode
from trace.crypto.readings import Reading
from trace.crypto.typed_codes import human_readable
from trace.models.batches import Batch
from trace.queries import completeness, cuts, known_codes, label_stops
from trace.queries.gate import breaches_open
from trace.queries.holds import bearing_on
from trace.rules.completeness import Line, missing
from trace.rules.cuts import Naming
from trace.rules.keys import trusts
from trace.rules.labels import LabelState
from trace.rules.scans import read_signals
from trace.rules.verdicts import BrandHalt, CodeRecord, Facts, KeyState, LicenceStatus, Signature, Verdict, decide

#: Earlier scans are told up to here: beyond it a count says nothing more.
MOST_COUNTED = 50

#: What a chain comes to, by its edition; emptied when full. Whatever happens to a batch counts up its version and that
#: of everything made from it (``services/events.touch``).
_MOST_REMEMBERED = 4096
CHAINS: dict[tuple[str | None, str, int, int, int], _Chain] = {}

_public_key = lru_cache(maxsize=4096)(keys.public_key)


class Edition(NamedTuple):
    """What changes whenever the story behind a code does; columns of ``known_codes``."""

    version: int
    events: int
    licence_version: int
    holder_version: int
    producer_version: int
    maker_version: int
    labels_this_year: int | None
    used_kg: Decimal | None
    endorsements: int
    brand_steps: int
    rules: int
    log_entry: int | None


class Pack(NamedTuple):
    """What a known code stands for.

    ``edition`` changes whenever the story behind the code does: batch, chain, enterprises, licence, allowance.
    ``recall`` is the number under which its goods are called back, ``log_entry`` the place of the code's issue in the
    transparency log. ``asked`` are the steps and papers its product asks for, there or missing, ``namings`` how the
    names of the cuts packed from its batch stand in their list. ``standing`` is what
    its licence is worth today, ``licence_today`` the same in the words of a verdict.
    """

    order_id: str
    batch_id: str
    batch_code: str
    pack_line_id: str
    licence_id: str
    edition: Edition
    state: str
    activated_at: datetime | None
    voided_at: datetime | None
    void_reason: str
    standing: licence_terms.LicenceStatus
    licence_today: LicenceStatus
    scans: int
    first_scan: datetime | None
    first_place: str
    recall: str | None
    log_entry: int | None
    second_code: bool
    asked: tuple[Line, ...]
    namings: Mapping[str, Naming]


class _Chain(NamedTuple):
    """What is asked of it, how many breaches stand open in it, and how the names of its cuts stand in their list."""

    asked: tuple[Line, ...]
    breaches: int
    namings: Mapping[str, Naming]


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


def verify(session: Session, origin: str, reading: Reading, today: date, token: str = "") -> Answer:
    """The verdict on ``reading`` for this registry on ``today`` (a day in China).

    ``token``: of the device that asks, so that its own look of the day does not count as somebody else's.
    """
    return verify_by(session.connection(), origin, reading, today, token)


def verify_by(connection: Connection, origin: str, reading: Reading, today: date, token: str = "") -> Answer:
    """The same for whoever has no session and needs none."""
    row = known_codes.known(connection, reading, today, token)
    if row is None:
        facts = _facts_of_unknown(connection, origin, reading, today)
        return Answer(reading, facts.signature, decide(facts), None)
    chain = _chain(connection, row)
    pack, now, packed = _pack(connection, row, today, chain)
    steps_missing = len(missing(chain.asked, Stage.LABEL))
    standing = (_is_held(connection, row), _is_stopped(connection, row), steps_missing, chain.breaches)
    known = _record(row, pack, now, packed, *standing)
    signature = _signature(origin, reading, row.kid, row.public_key)
    # A compact label is signed by nobody: a thief of the key could make none, so the key's end says nothing of it.
    trusted = not row.signed or trusts(row.key_state, row.distrusted_from, row.log_entry)
    key = KeyState.KNOWN if trusted else KeyState.DISTRUSTED
    return Answer(reading, signature, decide(Facts(today, signature, key, known)), pack)


def _facts_of_unknown(connection: Connection, origin: str, reading: Reading, today: date) -> Facts:
    kid = reading.scanned.kid
    row = known_codes.key(connection, kid) if kid is not None else None
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


def _pack(connection: Connection, row: Any, today: date, found: _Chain) -> tuple[Pack, Standing, Standing]:
    sanctions = _sanctions(connection, row.licence_id) if row.licence_version > 1 else ()
    holder = holder_states(rows.Glance(connection), [row.holder_id])[row.holder_id] if row.halts else ()
    chain = brand_chains.lives(rows.Glance(connection)).get(row.brand_id, ()) if row.brand_steps else ()

    def standing(day: date) -> Standing:
        own = licence_terms.status_on(row.valid_from, row.valid_until, sanctions, day)
        return licence_terms.under_brands(licence_terms.held_back(own, holder, day), chain, day)

    now = standing(today)
    pack = Pack(
        order_id=row.order_id,
        batch_id=row.batch_id,
        batch_code=row.batch_code,
        pack_line_id=row.pack_line_id,
        licence_id=row.licence_id,
        edition=Edition(*(getattr(row, one) for one in Edition._fields)),
        state=row.state,
        activated_at=row.activated_at,
        voided_at=row.voided_at,
        void_reason=row.void_reason,
        standing=now.status,
        licence_today=licence_word(now),
        scans=min((row.devices or 0) - row.own, MOST_COUNTED) if row.devices else 0,
        first_scan=row.first_at,
        first_place=row.first_place or "",
        recall=row.recall,
        log_entry=row.log_entry,
        second_code=bool(row.second_code),
        asked=found.asked,
        namings=found.namings,
    )
    return pack, now, standing(row.packed_on)


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
    return bool(row.holds) and bool(bearing_on(rows.Glance(connection), [row.batch_id])[row.batch_id])


def _is_stopped(connection: Connection, row: Any) -> bool:
    """The same for stop switches."""
    asked = {"licence_id": row.licence_id, "kid": row.kid, "order_id": row.order_id}
    return bool(row.stops) and label_stops.bearing_on(rows.Glance(connection), **asked) is not None


def _chain(connection: Connection, row: Any) -> _Chain:
    """Looked up once per edition of the chain and the rules of its product."""
    key = (connection.engine.url.database, row.batch_id, row.version, row.events, row.rules)
    found = CHAINS.get(key)
    if found is None:
        with rows.Glance(connection) as session:
            batch = session.get_one(Batch, row.batch_id)
            asked, breaches = completeness.lines(session, batch), breaches_open(session, row.batch_id)
            found = _Chain(asked, breaches, cuts.packed(session, batch))
        if len(CHAINS) >= _MOST_REMEMBERED:
            CHAINS.clear()
        CHAINS[key] = found
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
        shelf_life_ends=row.packed_on + timedelta(days=row.shelf_life_days),
        breaches_open=breaches,
        scans_before=pack.scans,
        steps_missing=steps_missing,
        brand_halt_today=halt_of(now),
        brand_halt_at_packing=halt_of(packed),
        held=held,
        stopped=stopped,
        signals=read_signals(row.warning or ""),
        sold_on=row.sold_on,
    )
