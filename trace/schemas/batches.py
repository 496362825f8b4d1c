"""Shapes of batches and the sheets they come from: what forms and programs send, and what is answered."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.rules.grade_tables import Grade
from brand.schemas.shape import Kilograms, Shape, Text, Whole, one_of
from trace.formats.logger_cells import DayOrder
from trace.models.imports import SheetKind
from trace.rules.events import EventKind
from trace.rules.goods import BatchKind, Unit

#: A sheet this small travels inside the page that names its faults, so that nobody must choose the file again.
LARGEST_IN_PAGE = 100_000


class ListIn(Shape):
    """Filters and page of the list; ``lacks`` names a step that has not happened, ``late`` asks for late records."""

    q = Text(60, load_default="")
    lacks = one_of(EventKind, load_default="")
    late = one_of(("yes",), load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class CarcassesIn(Shape):
    """Filters and page of a batch's carcasses."""

    grade = one_of(Grade, load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class PlacedIn(Shape):
    """Where all that a sheet tells happened: a place of whoever holds the batch, or of the abattoir."""

    place_id = Text(20, load_default="")


class PlanIn(PlacedIn):
    """What is said beside a carcass sheet."""

    abattoir_id = Text(40, load_default="")
    producer_id = Text(40, required=True)
    product_id = Text(40, required=True)
    lot = Text(20, required=True)


class SheetFile(Shape):
    """The sheet itself, as a part of a multipart form."""

    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


class DryRun(Shape):
    """``dry_run`` answers what would happen and changes nothing."""

    dry_run = fields.Boolean(load_default=False)


class SheetPage(Shape):
    """A page's form for a sheet; ``content`` is the file of the last try, ``answer`` asks for it with reasons."""

    content = Text(LARGEST_IN_PAGE * 2, load_default="")
    file_name = Text(200, load_default="")
    answer = Text(10, load_default="")


class PlacedPage(PlacedIn, SheetPage):
    """The same for a sheet of a batch."""


_COLUMN = validate.Regexp(r"-?[0-9]{1,3}", error="input.not_whole_number")


class ColdIn(Shape):
    """What is said beside a logger file: the step, the recorder, and its columns where they are not ours.

    Columns count from 0, −1 is «not there»; ``heading`` is the row of the headings, 0 for none.
    """

    step = Text(20, load_default="chilling")
    device = Text(40, load_default="")
    heading = fields.String(validate=_COLUMN)
    at = fields.String(validate=_COLUMN)
    clock = fields.String(validate=_COLUMN)
    room = fields.String(validate=_COLUMN)
    core = fields.String(validate=_COLUMN)
    order = one_of(DayOrder)


class ColdPlacedIn(ColdIn, PlacedIn):
    """The same with where it was measured."""


class ColdPage(ColdIn, PlacedPage):
    """The same as a page's form."""


class ColumnsPage(ColdIn):
    """Other columns for a file that is looked at."""

    version = Whole(1, 1_000_000_000, required=True)


class PlanPage(PlacedPage):
    """The same for carcasses, with whose they are."""

    abattoir_id = Text(40, load_default="")
    producer_id = Text(40, required=True)
    product_id = Text(40, required=True)
    lot = Text(20, required=True)


class VersionIn(Shape):
    """The version of the page the person saw."""

    version = Whole(1, 1_000_000_000, required=True)


class CorrectionIn(VersionIn):
    """What an event stated wrongly: the value's name, what is right, and why."""

    name = Text(40, required=True)
    value = Text(200, required=True)
    reason = Text(500, required=True, lines=True)


class WithdrawIn(VersionIn):
    """Why an event never was as stated."""

    reason = Text(500, lines=True, required=True)


class AnswerIn(VersionIn):
    """Why a chilling left its limits, and what was done about the goods."""

    cause = Text(300, required=True, lines=True)
    measure = Text(300, required=True, lines=True)


class BatchOut(Shape):
    """A batch. Of carcasses also the figures of the slaughter day, sums over them.

    ``late`` counts events written down later than the product's rule allows.
    ``abattoir_id``, ``slaughtered_on`` and ``packed_kg`` are older names of ``maker_id``, ``made_on`` and ``used_kg``.
    """

    id = fields.String()
    code = fields.String()
    lot = fields.String()
    product_id = fields.String()
    producer_id = fields.String()
    maker_id = fields.String()
    holder_id = fields.String()
    abattoir_id = fields.String()
    place_id = fields.String(allow_none=True)
    licence_id = fields.String(allow_none=True)
    kind = one_of(BatchKind)
    form = fields.String()
    made_on = fields.Date()
    late = fields.Integer()
    slaughtered_on = fields.Date()
    unit = one_of(Unit)
    quantity = fields.Decimal(as_string=True)
    total_kg = Kilograms()
    used_kg = Kilograms()
    packed_kg = Kilograms()
    withdrawn = fields.Boolean()
    head = fields.Integer()
    live_kg = Kilograms()
    hot_kg = Kilograms()
    cold_kg = Kilograms()
    grade_table = fields.String()
    grade_edition = fields.String()
    registered_at = fields.AwareDateTime(format="iso")
    version = fields.Integer()


class BatchPage(Shape):
    """One page of batches."""

    rows = fields.List(fields.Nested(BatchOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()


class GradeOut(Shape):
    """Carcasses of one grade; ``to_be_checked`` of them rest on rows of the table that are still unconfirmed."""

    grade = fields.String()
    head = fields.Integer()
    cold_kg = Kilograms()
    to_be_checked = fields.Integer()


class PackLineOut(Shape):
    """Packs of one cut, size and day; ``ordered`` counts labels issued against them."""

    id = fields.String()
    cut = fields.String()
    net_kg = Kilograms()
    packs = fields.Integer()
    ordered = fields.Integer()
    packed_on = fields.Date()
    shelf_life_days = fields.Integer()
    storage = fields.String()


class LabItemOut(Shape):
    name = fields.String()
    method = fields.String()
    result = fields.String()
    unit = fields.String()
    limit = fields.String()
    passed = fields.Boolean()


class LabReportOut(Shape):
    """One report with its items, «declared» until somebody confirms it."""

    number = fields.String(attribute="report.number")
    laboratory = fields.String(attribute="report.laboratory")
    tested_on = fields.Date(attribute="report.tested_on")
    passed = fields.Boolean(attribute="report.passed")
    status = fields.String(attribute="report.status")
    items = fields.List(fields.Nested(LabItemOut))


class BatchWhole(BatchOut):
    """A batch with its grades, packs and reports; nobody has taken ``left_kg`` out of it yet."""

    left_kg = Kilograms()
    grades = fields.List(fields.Nested(GradeOut))
    pack_lines = fields.List(fields.Nested(PackLineOut))
    lab_reports = fields.List(fields.Nested(LabReportOut))


class CarcassOut(Shape):
    """One carcass with both weights, its grade and the criterion that decided it."""

    ear_tag = fields.String()
    carcass_no = fields.String()
    breed = fields.String()
    sex = fields.String()
    age_months = fields.Decimal(as_string=True)
    incisor_pairs = fields.Integer()
    live_kg = Kilograms()
    hot_kg = Kilograms()
    cold_kg = Kilograms()
    backfat_cm = fields.Decimal(as_string=True)
    marbling = fields.String()
    firmness = fields.String()
    lean_colour = fields.String()
    fat_colour = fields.String()
    slaughtered_at = fields.AwareDateTime(format="iso")
    remark = fields.String()
    animal_class = fields.String()
    grade = fields.String(metadata={"description": "The grade that stands"})
    table_grade = fields.String(metadata={"description": "What the grade table gave"})
    disputed = fields.Boolean(
        metadata={"description": "Graders differ; nothing of the batch is packed until they agree"}
    )
    decided_by = fields.String()
    not_assessed = fields.List(fields.String())
    to_be_checked = fields.Boolean()
    grade_table = fields.String()
    grade_edition = fields.String()
    graded_on = fields.String()


class CarcassPage(Shape):
    """One page of carcasses."""

    rows = fields.List(fields.Nested(CarcassOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()


class StepOut(Shape):
    """One event of the chain; ``data`` are the stated values, ``corrections`` say otherwise later.

    ``place`` is the code of the place it happened at, empty where no record says it: then ``county_code`` stands alone.
    """

    id = fields.String()
    kind = fields.String()
    biz_step = fields.String()
    event_time = fields.AwareDateTime(format="iso")
    record_time = fields.AwareDateTime(format="iso")
    enterprise_id = fields.String()
    enterprise = fields.String()
    county_code = fields.String()
    place = fields.String()
    late = fields.Boolean()
    on_behalf_of = fields.String(allow_none=True)
    data = fields.Dict()
    corrections = fields.List(fields.Nested(lambda: StepOut(exclude=("corrections",))))


class ChainOut(Shape):
    """The whole chain of a batch, in the order things happened."""

    rows = fields.List(fields.Nested(StepOut))


class StandsInTheWay(Shape):
    """One reason why the gate is closed; its code has a text, its parameters the figures."""

    code = fields.String()
    params = fields.Dict()


class SheetsIn(Shape):
    """A page of the sheets of an enterprise."""

    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class SheetOut(Shape):
    """A sheet that was brought; ``version`` is what taking it back asks for."""

    id = fields.String()
    kind = fields.String()
    enterprise_id = fields.String()
    file_name = fields.String()
    state = fields.String()
    rows = fields.Integer()
    version = fields.Integer()
    sha256 = fields.String(attribute="digest")


class SheetPageOut(Shape):
    rows = fields.List(fields.Nested(SheetOut))
    number = fields.Integer()
    size = fields.Integer()
    total = fields.Integer()


class SheetFaultOut(Shape):
    """What is wrong with a row: the cell, its row and column in the file, and why in words."""

    pointer = fields.String()
    code = fields.String()
    detail = fields.String()
    row = fields.Integer(allow_none=True)
    column = fields.String(allow_none=True)


class SheetJobOut(Shape):
    """Long work on a sheet: ``look``, ``take`` or ``undo``; ``waiting``, ``running``, ``done`` or ``refused``.

    ``rows`` is 0 until the file was read. Of a refused sheet the first 500 faults are told; ``reasons`` is the address
    of the file with a reason beside each bad row. ``result`` are rows by what they say.
    """

    id = fields.String()
    kind = fields.String()
    state = fields.String()
    rows = fields.Integer()
    done_rows = fields.Integer()
    sheet = fields.Nested(SheetOut)
    result = fields.Dict()
    code = fields.String(metadata={"description": "Why it was refused, else empty"})
    title = fields.String()
    errors = fields.List(fields.Nested(SheetFaultOut))
    reasons = fields.String()


class SheetLookOut(Shape):
    """What taking a sheet in would do: rows, and how many of them say what is recorded already."""

    kind = fields.String()
    rows = fields.Integer()
    unchanged = fields.Integer()


class AskedOut(Shape):
    """One step or paper the product asks for; ``stage`` is until when, ``shown`` stops nothing."""

    item = fields.String()
    stage = fields.String()
    there = fields.Boolean()


class ReleaseOut(Shape):
    """What stands in the way of packing under the brand, and of labels; empty lists mean open."""

    pack = fields.List(fields.Nested(StandsInTheWay))
    label = fields.List(fields.Nested(StandsInTheWay))
    asked = fields.List(fields.Nested(AskedOut))


class OutlookOut(Shape):
    """What a sheet would become (dry run). Only the figures of its kind are filled in."""

    kind = one_of(SheetKind)
    rows = fields.Integer()
    slaughtered_on = fields.Date()
    head = fields.Integer()
    live_kg = Kilograms()
    hot_kg = Kilograms()
    cold_kg = Kilograms()
    grades = fields.Dict(keys=fields.String(), values=fields.Integer())
    to_be_checked = fields.Integer()
    hours = fields.Decimal(as_string=True)
    final_core_c = fields.Decimal(as_string=True, allow_none=True)
    breaches = fields.Integer()
    gaps = fields.Integer()
    packs = fields.Integer()
    total_kg = Kilograms()
    left_kg = Kilograms()
    reports = fields.Integer()
    tested_items = fields.Integer()
    passed = fields.Boolean()
