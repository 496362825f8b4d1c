"""Reads what the registry holds about one code: one select for a known code, one more for the key of an unknown one."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, literal, select
from sqlmodel import SQLModel

from brand.kernel import rows
from brand.models.brand_moves import BrandStep
from brand.models.endorsements import Endorsement
from brand.models.enterprises import Enterprise, EnterpriseStep
from brand.models.licences import Licence, LicenceYear
from brand.models.product_rules import ProductRule
from brand.rules.licence_terms import HOLDER_HALTED
from trace.crypto.code_profiles import UnitCode
from trace.crypto.readings import Reading
from trace.models.batches import Batch, PackLine
from trace.models.events import Event
from trace.models.holds import Hold
from trace.models.label_stops import LabelStop
from trace.models.labels import Label, LabelOrder, SigningKey
from trace.models.log import LogEntry
from trace.models.recalls import Recall, RecallBatch
from trace.models.scans import LabelSale, Scan, ScanCode


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
_KEY = select(_key.c.public_key, _key.c.state).where(_key.c.kid == bindparam("kid"))


def known(connection: Connection, reading: Reading, today: date, token: str) -> Any:
    """The row of a code with the columns of the select above, or None; ``token`` is that of the device that asks."""
    code = reading.code
    asked = {"serial": reading.serial, "year": today.year, "day": today, "token": token or "-"}
    if isinstance(code, UnitCode):
        found = rows.asked(connection, _BY_BATCH, batch=code.batch, **asked)
    else:
        found = rows.asked(connection, _BY_GTIN, gtin=code.gtin, lot=code.lot, expiry=code.expiry or "", **asked)
    return found[0] if found else None


def key(connection: Connection, kid: str) -> Any:
    """Public half and state of a key of ours, or None."""
    found = rows.asked(connection, _KEY, kid=kid)
    return found[0] if found else None
