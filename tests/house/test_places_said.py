"""Every kind of event says where it happened: by page, by API and by sheet, or by a record that cannot be otherwise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from brand.schemas.shape import Shape
from trace.formats import batch_sheets, goods_sheets, journey_sheets, land_sheets
from trace.formats.line_sheets import LineForm
from trace.rules.events import BIZ_STEPS, EventKind
from trace.schemas import batches, containers, flows, grading, grazings, ph, purchases, quality, shipments
from trace.services import sheet_kinds

TEMPLATES = Path(__file__).parents[2] / "templates"
#: What a page and a program send, the page itself, and the sheet, where there is one; ``uploaded``: the sheet goes in
#: by that page, so what is said beside it is said of the sheet.
Said = tuple[tuple[type[Shape], ...], tuple[str, ...], LineForm | str | None]
_UPLOADED = "uploaded"
_SHEET_PAGE = "imports/upload.html"
_BEGUN: Said = ((flows.BeginningIn, flows.BeginningPageIn), ("flows/begin.html",), goods_sheets.HARVESTS)
_BOUGHT: Said = ((purchases.BoughtIn, purchases.PurchaseIn), ("purchases/new.html",), goods_sheets.PURCHASES)
_LEAVES: Said = (
    (flows.LeavingIn, containers.PacksLeavingIn, containers.ContainerLeavingIn),
    ("flows/act.html", "containers/leaving.html"),
    goods_sheets.SALES,
)
_CARCASSES: Said = ((batches.PlanIn, batches.PlanPage), (_SHEET_PAGE,), _UPLOADED)
_COLD: Said = ((batches.ColdPlacedIn, batches.ColdPage), (_SHEET_PAGE,), _UPLOADED)
#: Packs leave by page and API; no sheet names packs, which are counted where they lie.
_PACKED: Said = ((batches.PlacedIn, batches.PlacedPage), (_SHEET_PAGE,), _UPLOADED)
SAID: dict[EventKind, Said] = {
    # The examination enters the chain with the carcasses, at the place said beside their sheet.
    **dict.fromkeys((EventKind.ANTE_MORTEM, EventKind.SLAUGHTERING, EventKind.GRADING), _CARCASSES),
    EventKind.REGRADING: ((grading.GradeIn, grading.SettleIn), ("batches/grading.html",), batch_sheets.GRADED),
    **dict.fromkeys((EventKind.CHILLING, EventKind.AGEING, EventKind.COLD_TRANSPORT, EventKind.COLD_STORAGE), _COLD),
    EventKind.PH: ((ph.PhIn,), ("batches/ph.html",), batch_sheets.PH),
    **dict.fromkeys((EventKind.CUTTING, EventKind.PACKING), _PACKED),
    EventKind.TESTING: (
        (quality.ReportIn, quality.ReportPageIn, batches.PlacedIn, batches.PlacedPage),
        ("quality/new.html", _SHEET_PAGE),
        _UPLOADED,
    ),
    EventKind.SHIPPING: (
        (shipments.ShipmentSendIn, shipments.ShipmentSendPageIn),
        ("shipments/new.html",),
        journey_sheets.SHIPMENTS,
    ),
    EventKind.RECEIVING: ((shipments.ShipmentReceiveIn,), ("shipments/show.html",), journey_sheets.ARRIVALS),
    EventKind.HARVEST: _BEGUN,
    EventKind.COLLECTING: _BOUGHT,
    EventKind.SPLITTING: ((flows.SplitIn, flows.SplitPageIn), ("flows/act.html",), None),
    EventKind.MERGING: ((flows.BatchMergeIn,), ("flows/merge.html",), None),
    EventKind.TRANSFORMING: ((flows.TransformIn, flows.TransformPageIn), ("flows/act.html",), None),
    EventKind.STORING: ((flows.StoreIn,), ("flows/act.html",), None),
    **dict.fromkeys((EventKind.SELLING, EventKind.DESTROYING, EventKind.LOSING), _LEAVES),
    EventKind.AGGREGATING: (
        (containers.ContainerIn, containers.CasePageIn, containers.PalletPageIn, containers.CasesIn),
        ("containers/new_case.html", "containers/new_pallet.html", "containers/show.html"),
        None,
    ),
    EventKind.DISAGGREGATING: ((containers.ContainerStepIn, containers.CasesIn), ("containers/show.html",), None),
    EventKind.GRAZING: ((grazings.GrazingIn,), ("herds/graze.html",), None),
}
#: What happens to a herd happens on the ground it stands on that day, as its grazings say (``services/herds``).
ON_THE_GROUND = {
    EventKind.BIRTH,
    EventKind.PURCHASE,
    EventKind.STOCK_TAKING,
    EventKind.HERD_MOVE,
    EventKind.FOUND,
    EventKind.TAGGING,
    EventKind.CARE,
    EventKind.HERD_SALE,
    EventKind.HERD_LOSS,
    EventKind.DEATH,
}
#: A later word on an event is of that event's place (``services/events``); nothing is begun as a bare COMMISSION.
OF_ANOTHER = {EventKind.CORRECTION, EventKind.ANSWER, EventKind.WITHDRAWN, EventKind.UNDONE, EventKind.COMMISSION}


def test_no_kind_is_forgotten() -> None:
    assert {*SAID, *ON_THE_GROUND, *OF_ANOTHER} == set(EventKind)
    assert not set(SAID) & (ON_THE_GROUND | OF_ANOTHER)
    assert set(BIZ_STEPS) >= {*SAID, *ON_THE_GROUND}


@pytest.mark.parametrize("kind", SAID)
def test_page_api_and_sheet_ask_where(kind: EventKind) -> None:
    shapes, pages, sheet = SAID[kind]
    for shape in shapes:
        assert "place_id" in shape().fields, shape.__name__
    for page in pages:
        assert re.search(r'happened\(form, places|field\("place_id"', (TEMPLATES / page).read_text()), page
    if isinstance(sheet, LineForm):
        assert "place" in {column.field for column in sheet.columns}
    elif sheet == _UPLOADED:
        assert _SHEET_PAGE in pages


def test_every_sheet_of_a_batch_goes_in_by_that_page() -> None:
    asked = {one.value for one in (*sheet_kinds.INTAKES,)} - {one.value for one in sheet_kinds.OF_ENTERPRISES}
    assert asked == {"carcasses", "chilling", "packing", "lab_report", "rapid_tests"}
    assert "place" in {column.field for column in land_sheets.PLOT_CARE.columns}
