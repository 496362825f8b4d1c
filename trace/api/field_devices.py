"""Inspectors' telephones over the API: what the office reads and revokes."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from trace.queries import field_devices as reads
from trace.queries.field_devices import Entry
from trace.schemas.field_devices import DeviceRevokeIn, FieldDeviceOut, FieldDevicesOut
from trace.services import field_devices

blp = Blueprint(
    "api_field_devices", __name__, url_prefix="/api/v1/field-devices", description="Telephones of inspectors"
)
csrf.exempt(blp)


@blp.route("", methods=["GET"])
@blp.response(200, FieldDevicesOut)
@needs("field_devices.oversee")
def index() -> dict[str, Any]:
    """Every device with its holder, its state and when it was heard of last."""
    with reading() as work:
        return {"rows": reads.listing(work.session, actor())}


@blp.route("/<field_device_id>/revoke", methods=["POST"])
@blp.arguments(DeviceRevokeIn)
@blp.response(200, FieldDeviceOut)
@needs("field_devices.oversee")
def revoke(given: dict[str, Any], field_device_id: str) -> Entry:
    """End a device: its next call is refused."""
    with writing() as work:
        field_devices.step(work, field_device_id, "revoke", **given)
        return reads.find(work.session, work.actor, field_device_id)
