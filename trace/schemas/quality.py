"""Shapes of test reports: typed in or sent, the word on them, release, retest, and what is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import fields, pre_load, validate

from brand.kernel.clock import CHINA
from brand.schemas.shape import Shape, Text, Whole, one_of
from trace.rules.lab_reports import TestKind

MOST_ITEMS = 60
STATES = ("declared", "contested", "failing")
_VERSION = {"least": 1, "most": 10**9, "required": True}
_CELL = re.compile(r"items/(\d{1,2})/(name|method|result|unit|limit)")
_SANE = validate.Range(datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC), error="input.out_of_range")


class Minute(fields.AwareDateTime):
    """A moment; one without an offset, as forms send it, is told by a clock in China."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", default_timezone=CHINA, validate=_SANE, **options)


class ReportsIn(Shape):
    """Which reports a list shows: a piece of number, laboratory or lot; all, or those in one state."""

    q = Text(60, load_default="")
    state = fields.String(load_default="", validate=validate.OneOf(("", *STATES), error="input.not_a_choice"))
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class ItemIn(Shape):
    """One tested item; there is no field for a verdict, which is computed."""

    name = Text(60, required=True)
    method = Text(120, load_default="")
    result = Text(40, required=True)
    unit = Text(20, load_default="")
    limit = Text(40, load_default="")


class ReportIn(Shape):
    """A report; ``sample`` is a lot or seal, empty for the batch's lot. A rapid test tells its minute."""

    kind = one_of(TestKind, required=True)
    number = Text(60, required=True)
    laboratory = Text(120, required=True)
    sample = Text(40, load_default="")
    place_id = Text(20, load_default="")
    tested_on = fields.Date(load_default=None, allow_none=True)
    tested_at = Minute(load_default=None, allow_none=True)
    items = fields.List(
        fields.Nested(ItemIn), required=True, validate=validate.Length(1, MOST_ITEMS, error="input.required")
    )


class ReportPageIn(ReportIn):
    """The same as a form sends it: the cells of row ``n`` are named ``items/n/result``; empty rows are left out."""

    @pre_load
    def _gather(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        rows: dict[int, dict[str, Any]] = {number: {} for number in typed_rows(data)}
        plain = {}
        for name, value in data.items():
            cell = _CELL.fullmatch(name)
            if cell:
                rows[int(cell[1])][cell[2]] = value
            else:
                plain[name] = value
        return plain | {"items": [rows[number] for number in sorted(rows)]}


def typed_rows(data: Mapping[str, Any]) -> list[int]:
    """The numbers of the rows in which something stands, in order: item ``n`` came from the ``n``-th of them."""
    found = {int(cell[1]) for name, value in data.items() if (cell := _CELL.fullmatch(name)) and str(value).strip()}
    return sorted(found)


class ReportStepIn(Shape):
    """A word on a report; ``digest_seen``: the digest of the words and papers that were read."""

    version = Whole(**_VERSION)
    digest_seen = Text(64, load_default="")
    comment = Text(500, lines=True, load_default="")


class ReliefIn(Shape):
    """A step towards the release of failing goods, or against it."""

    version = Whole(**_VERSION)
    comment = Text(500, lines=True, load_default="")


class RetestAskIn(Shape):
    """``version`` of the report."""

    version = Whole(**_VERSION)


class RetestSampleIn(Shape):
    """The day the retesting laboratory got the sample; ``version`` of the retest."""

    version = Whole(**_VERSION)
    received_on = fields.Date(required=True)


class RetestResultIn(Shape):
    """The report the retest led to; ``version`` of the retest."""

    version = Whole(**_VERSION)
    result_id = Text(20, required=True)


class ReportItemOut(Shape):
    """One item with what decided it."""

    name = fields.String()
    method = fields.String()
    result = fields.String()
    unit = fields.String()
    limit = fields.String()
    passed = fields.Boolean()
    judged_by = fields.String()
    register_limit = fields.String()
    register_source = fields.String()
    register_checked = fields.Boolean()
    doubtful = fields.Boolean()


class ReportFileOut(Shape):
    """One paper; ``digest`` is SHA-256 in hex."""

    id = fields.String()
    name = fields.String()
    media_type = fields.String()
    size_bytes = fields.Integer(attribute="size")
    digest = fields.String()
    added_at = fields.AwareDateTime(format="iso")


class RetestOut(Shape):
    """A retest; ``deadline_at`` was the last moment to ask for it."""

    deadline_at = fields.AwareDateTime(format="iso")
    asked_at = fields.AwareDateTime(format="iso")
    sample_received_on = fields.Date(allow_none=True)
    report_due = fields.Date(allow_none=True)
    result_id = fields.String(allow_none=True)
    version = fields.Integer()


class ReportRowOut(Shape):
    """A report in a list."""

    id = fields.String(attribute="report.id")
    batch_id = fields.String(attribute="report.batch_id")
    lot = fields.String(attribute="batch.lot")
    kind = fields.String(attribute="report.kind")
    laboratory = fields.String(attribute="report.laboratory")
    number = fields.String(attribute="report.number")
    official = fields.Boolean(attribute="report.official")
    tested_on = fields.Date(attribute="report.tested_on")
    passed = fields.Boolean(attribute="report.passed")
    status = fields.String(attribute="report.status")
    relief = fields.String(attribute="report.relief")


class ReportOut(ReportRowOut):
    """One report whole; ``retest_until``: the last moment to ask for a retest, while it counts against the goods."""

    tested_at = fields.AwareDateTime(attribute="report.tested_at", format="iso", allow_none=True)
    received_at = fields.AwareDateTime(attribute="report.received_at", format="iso")
    sample_id = fields.String(attribute="report.sample_id", allow_none=True)
    decided_as = fields.String(attribute="report.decided_as")
    comment = fields.String(attribute="report.comment")
    relief_reason = fields.String(attribute="report.relief_reason")
    version = fields.Integer(attribute="report.version")
    digest = fields.String()
    items = fields.List(fields.Nested(ReportItemOut))
    files = fields.List(fields.Nested(ReportFileOut))
    retest = fields.Nested(RetestOut, allow_none=True)
    retest_until = fields.AwareDateTime(attribute="deadline.at", format="iso")


class ReportsOut(Shape):
    rows = fields.List(fields.Nested(ReportRowOut))
    number = fields.Integer()
    size = fields.Integer()
    total = fields.Integer()
