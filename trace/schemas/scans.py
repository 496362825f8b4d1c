"""Shapes of alarms about codes, of sales over the counter and of areas of sale."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from brand.schemas.shape import Shape, Text, Whole, one_of
from trace.queries.scans import Case, Entry
from trace.rules.sales import MOST_PLACES
from trace.rules.scans import Outcome, read_signals
from trace.schemas.labels import CodeLinesIn, CodesIn, LabelReleaseOut


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
    """``open`` until somebody closed it with an outcome; ``control``: the label was never meant for a pack."""

    id = fields.String()
    serial = fields.String()
    batch = fields.String()
    order_id = fields.String()
    position = fields.Integer()
    producer_id = fields.String()
    at = fields.DateTime(format="iso")
    score = fields.Integer()
    signals = fields.List(fields.Nested(ScanSignalOut))
    control = fields.Boolean()
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


class LeakFileOut(Shape):
    """A file that held the label: made when, of which labels, on what paper."""

    at = fields.DateTime(format="iso")
    first = fields.Integer()
    last = fields.Integer()
    layout = fields.String()


class LeakOut(Shape):
    """Of a control label: its order, to whom that was released, and the files it was in."""

    order = fields.String()
    printers = fields.List(fields.Nested(LabelReleaseOut))
    files = fields.List(fields.Nested(LeakFileOut))


class ScanCaseOut(ScanAlarmOut):
    places = fields.List(fields.Nested(ScanPlaceOut))
    leak = fields.Nested(LeakOut, allow_none=True)


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
        "control": entry.label.control,
        "open": entry.open,
    }


def shown_case(case: Case) -> dict[str, Any]:
    """What ``ScanCaseOut`` dumps."""
    leak = case.leak and {
        "order": case.leak.order.number,
        "printers": [release for release, _ in case.leak.printers],
        "files": [run for run, _ in case.leak.files],
    }
    return {**shown_alarm(case.entry), "places": [vars(one) for one in case.places], "leak": leak}
