"""Pages of inspectors' telephones: the list, offering one with a symbol to read, and revoking one."""

from __future__ import annotations

import re
from base64 import b64encode

from flask import Blueprint, session
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, public_address, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import unknown
from trace.formats.symbol_pictures import symbol_svg
from trace.queries import field_devices as reads
from trace.rules.field_devices import OFFER_STANDS, USUAL_DAYS
from trace.schemas.field_devices import DeviceOfferIn, DeviceRevokeIn
from trace.services import field_devices

bp = Blueprint("field_devices", __name__, url_prefix="/field-devices")
_COMMAS = re.compile(r"[,，、;；\s]+")
#: Where the text of an offer waits, inside the signed cookie, for the one page that shows it.
_SHOWN_ONCE = "device_offer"


@bp.get("")
@needs("field_devices.oversee")
def index() -> ResponseReturnValue:
    with reading() as work:
        rows = reads.listing(work.session, actor())
        now = work.now
    return render("field_devices/index.html", rows=rows, now=now)


@bp.route("/new", methods=["GET", "POST"])
@needs("field_devices.enrol")
def new() -> ResponseReturnValue:
    """Name the telephone and choose what it carries; the next page shows the symbol it reads."""
    form = Form(DeviceOfferIn(), days=USUAL_DAYS)
    if form.posted:
        with form.catching(), writing() as work:
            given = form.values()
            numbers = [one for one in _COMMAS.split(given["licences"]) if one]
            made, token = field_devices.offer(work, **given | {"licences": numbers})
            session[_SHOWN_ONCE] = token
            return back("field_devices.show", device_id=made.id)
    return render("field_devices/new.html", form=form), form.status


@bp.get("/<device_id>")
@needs("field_devices.oversee")
def show(device_id: str) -> ResponseReturnValue:
    return _show(device_id, Form(DeviceRevokeIn()))


@bp.post("/<device_id>/<any(revoke):action>")
@needs("field_devices.oversee")
def step(device_id: str, action: str) -> ResponseReturnValue:
    form = Form(DeviceRevokeIn())
    with form.catching(), writing() as work:
        field_devices.step(work, device_id, action, **form.values())
        return back("field_devices.index", "The device is revoked. Its next call is refused.")
    return _show(device_id, form)


def _show(device_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        entry = reads.find(work.session, actor(), device_id)
        now = work.now
    token = session.pop(_SHOWN_ONCE, "") if entry.standing(now) == "offered" else ""
    if token and field_devices.digest(token) != entry.device.offer_digest:
        raise unknown()
    address = f"{public_address('inspector.show')}#enrol={token}" if token else ""
    symbol = b64encode(symbol_svg(address).encode()).decode() if token else ""
    ends = entry.device.offered_at + OFFER_STANDS
    page = render("field_devices/show.html", entry=entry, now=now, ends=ends, symbol=symbol, address=address, form=form)
    return page, form.status
