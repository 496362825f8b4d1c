"""Pages of alarms about codes, of sales over the counter, and of the area where packs are meant to be sold."""

from __future__ import annotations

import re
from datetime import date, timedelta

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.languages import say
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.clock import local_day
from brand.rules.places import county
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import path
from trace.crypto.readings import read_all
from trace.crypto.typed_codes import human_readable
from trace.parts import parts
from trace.queries import labels as label_reads
from trace.queries import scan_totals
from trace.queries import scans as reads
from trace.queries.scans import Place
from trace.rules.scans import SUSPICIOUS, Outcome, read_signals
from trace.schemas.labels import MOST_CODES
from trace.schemas.scans import AlarmsIn, AreaLineIn, CloseIn, SoldLinesIn
from trace.services import sales, scan_alarms
from trace.web.label_words import changed

bp = Blueprint("scan_alarms", __name__)

#: How far back the office's table of places goes, and how many places it shows.
_WEEKS, _MOST_PLACES = 12, 20


@bp.get("/scan-alarms")
@needs("scans.watch")
def index() -> ResponseReturnValue:
    wanted = AlarmsIn().take({name: text for name, text in request.args.items() if name in ("page", "size")})
    with reading() as work:
        found = reads.listing(work.session, actor(), number=wanted["page"], size=wanted["size"])
        totals = scan_totals.by_place(work.session, work.today - timedelta(weeks=_WEEKS), _MOST_PLACES)
        today = work.today
    rows = [(one, human_readable(UnitCode(one.batch.code, one.label.serial))) for one in found.rows]
    return render(
        "scan_alarms/index.html",
        found=found,
        rows=rows,
        signals=_signals,
        suspicious=SUSPICIOUS,
        totals=[(_named(one.place, today), one) for one in totals],
        weeks=_WEEKS,
    )


@bp.route("/scan-alarms/<alarm_id>", methods=["GET", "POST"])
@needs("scans.watch")
def show(alarm_id: str) -> ResponseReturnValue:
    """The case with its table of places; a POST closes it."""
    form = Form(CloseIn())
    if form.posted:
        with form.catching():
            given = form.values()
            with writing() as work:
                scan_alarms.close(work, alarm_id, outcome=Outcome(given["outcome"]), words=given["words"])
            return back("scan_alarms.show", "Closed, with what was found.", alarm_id=alarm_id)
    with reading() as work:
        case = reads.case(work.session, actor(), alarm_id)
    code = UnitCode(case.entry.batch.code, case.entry.label.serial)
    page = render(
        "scan_alarms/show.html",
        case=case,
        typed=human_readable(code),
        address=path(code),
        places=[(_place(one), one) for one in case.places],
        signals=_signals,
        outcomes=list(Outcome),
        form=form,
        suspicious=SUSPICIOUS,
    )
    return page, form.status


@bp.route("/labels/sold", methods=["GET", "POST"])
@needs("labels.activate")
def sold() -> ResponseReturnValue:
    """Packs that went over the counter, as a scanner types them."""
    with reading() as work:
        today = work.today
    form = Form(SoldLinesIn(), sold_on=today.isoformat())
    if form.posted:
        with form.catching():
            given = form.values()
            found = read_all(given["codes"], parts().hosts)
            with writing() as work:
                done = sales.report(work, found, sold_on=given["sold_on"])
            return back("scan_alarms.sold", changed("sold", done))
    return render("scan_alarms/sold.html", form=form, most=MOST_CODES), form.status


@bp.route("/labels/<order_id>/area", methods=["GET", "POST"])
@needs("labels.order")
def area(order_id: str) -> ResponseReturnValue:
    """Where the packs of an order are meant to be sold."""
    with reading() as work:
        entry = label_reads.find(work.session, actor(), order_id)
        stated = reads.area(work.session, order_id)
    form = Form(AreaLineIn(), places=" ".join(stated))
    if form.posted:
        with form.catching():
            places = [one for one in re.split(r"[\s,;，；、]+", form.values()["places"]) if one]
            with writing() as work:
                sales.state_area(work, order_id, places)
            return back("labels.show", "The area of sale is noted.", order_id=order_id)
    return render("scan_alarms/area.html", entry=entry, form=form), form.status


def _place(one: Place) -> str:
    return _named(one.place, local_day(one.last_at))


def _named(place: str, on: date) -> str:
    """The name of a coarse place; a province or prefecture has none in the table and is told by its code."""
    if not place:
        return say("scans.place.unknown")
    found = county(place, on)
    return f"{found.name} {place}" if found else place


def _signals(text: str) -> list[str]:
    return [say(f"scans.signal.{signal}", count=count) for signal, count in read_signals(text)]
