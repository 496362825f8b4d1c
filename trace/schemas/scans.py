"""Shapes of alarms about codes, of sales over the counter and of areas of sale."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from brand.schemas.shape import Shape, Text, Whole, one_of
from trace.queries.scans import Case, Entry
from trace.rules.sales import MOST_PLACES
from trace.rules.scans import Outcome, read_signals
from trace.schemas.labels import CodeLinesIn, CodesIn


class AlarmsIn(Shape):
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class CloseIn(Shape):
    outcome = one_of(Outcome, required=True)
    words = Text(500, required=True)


class SoldLinesIn(CodeLinesIn):
    """From a page: codes one per line, and the day."""

    sold_on = fields.Date(required=True)


class SoldIn(CodesIn):
    sold_on = fields.Date(required=True)


class AreaLineIn(Shape):
    """From a page: codes with spaces or commas between them."""

    places = Text(500, required=True)


class AreaIn(Shape):
    places = fields.List(
        Text(6, required=True), required=True, validate=validate.Length(1, MOST_PLACES, error="input.out_of_range")
    )


class SalesAreaOut(Shape):
    places = fields.List(fields.String())


class ScanSignalOut(Shape):
    signal = fields.String()
    count = fields.Integer()


class ScanAlarmOut(Shape):
    """``open`` until somebody closed it with an outcome."""

    id = fields.String()
    serial = fields.String()
    batch = fields.String()
    order_id = fields.String()
    position = fields.Integer()
    producer_id = fields.String()
    at = fields.DateTime(format="iso")
    score = fields.Integer()
    signals = fields.List(fields.Nested(ScanSignalOut))
    open = fields.Boolean()
    outcome = fields.String()
    words = fields.String()


class ScanAlarmPage(Shape):
    items = fields.List(fields.Nested(ScanAlarmOut))
    page = fields.Integer()
    pages = fields.Integer()
    total = fields.Integer()


class ScanPlaceOut(Shape):
    """A coarse place, a code of GB/T 2260 or empty for unknown, with what was seen from it."""

    place = fields.String()
    days = fields.Integer()
    devices = fields.Integer()
    looks = fields.Integer()
    first_at = fields.DateTime(format="iso")
    last_at = fields.DateTime(format="iso")


class ScanCaseOut(ScanAlarmOut):
    places = fields.List(fields.Nested(ScanPlaceOut))


def shown_alarm(entry: Entry) -> dict[str, Any]:
    """What ``ScanAlarmOut`` dumps."""
    alarm = entry.alarm
    return {
        **alarm.model_dump(include={"id", "serial", "at", "score", "outcome", "words"}),
        "batch": entry.batch.code,
        "order_id": entry.label.order_id,
        "position": entry.label.position,
        "producer_id": alarm.enterprise_id,
        "signals": [{"signal": signal.value, "count": count} for signal, count in read_signals(alarm.signals)],
        "open": entry.open,
    }


def shown_case(case: Case) -> dict[str, Any]:
    """What ``ScanCaseOut`` dumps."""
    return {**shown_alarm(case.entry), "places": [vars(one) for one in case.places]}
