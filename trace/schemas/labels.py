"""Shapes of label orders: what forms and programs send, and what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import ValidationError, fields, validate, validates

from brand.schemas.shape import Shape, Text, Whole, clean, one_of
from trace.formats.label_files import PrintKind
from trace.formats.label_raster import RESOLUTIONS
from trace.formats.layouts import LAYOUTS
from trace.models.jobs import Job
from trace.queries.labels import Code, Entry
from trace.rules.control_labels import MOST_CONTROLS
from trace.rules.label_flow import PrinterKind
from trace.rules.label_stops import StopReason, StopScope
from trace.rules.labels import LARGEST_ORDER, LabelState, Profile, VoidReason

#: Codes in one call: what a person scans at a packing table before pressing the button.
MOST_CODES = 500
_LONGEST_CODE = 400
_LONGEST_TEXT = _LONGEST_CODE * (MOST_CODES + 1)


class Yes(fields.Boolean):
    """A ticked box, or true."""

    truthy = {"yes", "true", "True", True}  # noqa: RUF012
    falsy = {"", "no", "false", "False", False}  # noqa: RUF012


class ListIn(Shape):
    batch_id = Text(40, load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class CodesListIn(Shape):
    state = one_of(LabelState, load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class OrderIn(Shape):
    pack_line_id = Text(40, required=True)
    packs = Whole(1, LARGEST_ORDER, required=True)
    profile = one_of(Profile, load_default=Profile.UNIT.value)
    second_code = Yes(load_default=False)
    controls = Whole(0, MOST_CONTROLS, load_default=0)


class RangeIn(Shape):
    """Labels by their place in the order, counted from 1."""

    first = Whole(1, LARGEST_ORDER, required=True)
    last = Whole(1, LARGEST_ORDER, required=True)


class LookIn(Shape):
    """How labels are to be printed; what is not said is the A4 sheet everybody can print."""

    kind = one_of(PrintKind, load_default=PrintKind.PDF.value)
    layout = fields.String(load_default="a4-24", validate=validate.OneOf(list(LAYOUTS), error="input.not_a_choice"))
    dpi = Whole(min(RESOLUTIONS), max(RESOLUTIONS), load_default=300)
    recipient = Text(200, load_default="")

    @validates("dpi")
    def _a_resolution(self, value: int, data_key: str) -> None:
        if value not in RESOLUTIONS:
            raise ValidationError("input.not_a_choice")


#: How to print when nobody says.
CHOICES = {name: one.load_default for name, one in LookIn().fields.items()}


class TagLookIn(LookIn):
    """How tags are printed; whoever hangs them up has a label printer."""

    layout = fields.String(
        load_default="roll-60x40", validate=validate.OneOf(list(LAYOUTS), error="input.not_a_choice")
    )


class PrintIn(RangeIn, LookIn):
    """Which labels, and how."""


class VoidIn(RangeIn):
    reason = one_of(VoidReason, required=True)
    version = Whole(1, 1_000_000_000, required=True)


class LabelReleaseIn(Shape):
    """Who prints the order: the producer itself, or the printing house named."""

    printer = one_of(PrinterKind, required=True)
    name = Text(120, load_default="")
    version = Whole(1, 1_000_000_000, required=True)


class LabelReleaseOut(Shape):
    printer = fields.String()
    name = fields.String()
    released_at = fields.DateTime(format="iso")


class LabelReleasesOut(Shape):
    items = fields.List(fields.Nested(LabelReleaseOut))


class LabelFileOut(Shape):
    number = fields.Integer()
    first = fields.Integer()
    last = fields.Integer()


class LabelRunOut(Shape):
    """Long work on an order; ``files`` are there once a printing run is done."""

    id = fields.String()
    kind = fields.String()
    state = fields.String()
    labels = fields.Integer()
    done_labels = fields.Integer()
    refusal = fields.String()
    files = fields.List(fields.Nested(LabelFileOut))


class LabelRunsOut(Shape):
    items = fields.List(fields.Nested(LabelRunOut))


class SecondIn(Shape):
    """A hidden second code, and the line or address of the pack it was under."""

    code = Text(_LONGEST_CODE, required=True)
    second = Text(20, required=True)


class LabelStopIn(Shape):
    """What is stopped at once: number of a licence or order, or the id of a key."""

    scope = one_of(StopScope, required=True)
    name = Text(40, required=True)
    reason_code = one_of(StopReason, required=True)
    words = Text(500, lines=True, load_default="")


class LabelLiftIn(Shape):
    words = Text(500, lines=True, required=True)


class LabelStopOut(Shape):
    """A stop switch; it counts until ``lifted_at``."""

    id = fields.String()
    scope = fields.String()
    name = fields.String()
    reason_code = fields.String()
    placed_at = fields.DateTime(format="iso")
    lifted_at = fields.DateTime(format="iso", allow_none=True)


class LabelStopsOut(Shape):
    items = fields.List(fields.Nested(LabelStopOut))


class YearLabelsOut(Shape):
    year = fields.Integer()
    labels = fields.Integer()
    used_kg = fields.Decimal(as_string=True)
    cap_kg = fields.Decimal(as_string=True)


class LabelTotalsOut(Shape):
    """Labels of one licence by state, void ones by reason, and the yearly weight."""

    licence = fields.String()
    issued = fields.Integer()
    activated = fields.Integer()
    void = fields.Integer()
    replacing = fields.Integer()
    void_reasons = fields.Dict(keys=fields.String(), values=fields.Integer())
    years = fields.List(fields.Nested(YearLabelsOut))


class ControlOut(Shape):
    """A label that never goes onto a pack, and on how many device-days somebody looked at it."""

    position = fields.Integer()
    serial = fields.String()
    looks = fields.Integer()


class ControlsOut(Shape):
    items = fields.List(fields.Nested(ControlOut))


class CodesIn(Shape):
    """Codes as they were scanned or typed."""

    codes = fields.List(
        Text(_LONGEST_CODE, required=True),
        required=True,
        validate=validate.Length(1, MOST_CODES, error="input.out_of_range"),
    )


class Lines(fields.Field[list[str]]):
    """A text area: one code per line, empty lines skipped."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[str]:
        lines = [one.strip() for one in clean(str(value)[:_LONGEST_TEXT], lines=True).split("\n")]
        return [one for one in lines if one]


class CodeLinesIn(Shape):
    """The same from a page."""

    codes = Lines(required=True, validate=validate.Length(1, MOST_CODES, error="labels.codes_too_many"))


class PositionIn(Shape):
    position = Whole(1, LARGEST_ORDER, load_default=1)


class OrderOut(Shape):
    id = fields.String()
    number = fields.String()
    batch_id = fields.String()
    batch_code = fields.String()
    lot = fields.String()
    pack_line_id = fields.String()
    cut = fields.String()
    net_kg = fields.Decimal(as_string=True)
    packs = fields.Integer()
    controls = fields.Integer()
    kg = fields.Decimal(as_string=True)
    kid = fields.String()
    gtin = fields.String(allow_none=True)
    gtin_source = fields.String()
    signed = fields.Boolean()
    second_code = fields.Boolean()
    producer_id = fields.String()
    licensee_id = fields.String()
    issued = fields.Integer()
    activated = fields.Integer()
    void = fields.Integer()
    ordered_at = fields.DateTime(format="iso")
    state = fields.String()
    version = fields.Integer()


class OrderPage(Shape):
    items = fields.List(fields.Nested(OrderOut))
    page = fields.Integer()
    pages = fields.Integer()
    total = fields.Integer()


class CodeOut(Shape):
    position = fields.Integer()
    state = fields.String()
    address = fields.String()
    typed = fields.String()
    activated_at = fields.DateTime(format="iso", allow_none=True)
    voided_at = fields.DateTime(format="iso", allow_none=True)
    void_reason = fields.String()


class CodePage(Shape):
    items = fields.List(fields.Nested(CodeOut))
    page = fields.Integer()
    pages = fields.Integer()
    total = fields.Integer()


class ChangeOut(Shape):
    """Labels changed by this call, and labels that were in the wanted state already."""

    changed = fields.Integer()
    already = fields.Integer()


def shown_order(entry: Entry) -> dict[str, Any]:
    """What ``OrderOut`` dumps."""
    order, batch, line = entry.order, entry.batch, entry.line
    return {
        **order.model_dump(
            include={
                *("id", "number", "batch_id", "pack_line_id", "packs", "controls", "kg", "kid"),
                *("gtin", "gtin_source", "signed", "second_code", "ordered_at", "state", "version"),
            }
        ),
        "batch_code": batch.code,
        "lot": batch.lot,
        "producer_id": batch.producer_id,
        "licensee_id": batch.licensee_id,
        "cut": line.cut,
        "net_kg": line.net_kg,
        "issued": entry.issued,
        "activated": entry.activated,
        "void": entry.void,
    }


def shown_code(one: Code, public_url: str, typed: str) -> dict[str, Any]:
    """What ``CodeOut`` dumps."""
    kept = one.label.model_dump(include={"position", "state", "activated_at", "voided_at", "void_reason"})
    return {**kept, "address": f"{public_url}{one.address}", "typed": typed}


def shown_run(job: Job, files: Sequence[tuple[int, int, int]]) -> dict[str, Any]:
    """What ``LabelRunOut`` dumps."""
    return {
        **job.model_dump(include={"id", "kind", "state"}),
        "labels": job.rows,
        "done_labels": job.done_rows,
        "refusal": job.result.get("code", ""),
        "files": [{"number": number, "first": first, "last": last} for number, first, last in files],
    }
