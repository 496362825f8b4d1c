"""A telephone in an inspector's hand: how it is enrolled, how long an offer stands, and what each of its calls signs.

Source: issue 5 point 7 (devices enrolled by QR, revocable); security notes B6 and T35 (key kept by the device, items
signed one by one, remote end at the next call).
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from brand.kernel.workflow import Step, Workflow

#: From showing the QR to the last moment it may be read: long enough for one room, too short to be posted on.
OFFER_STANDS = timedelta(minutes=10)
#: Telephones in use per account; more is a sign that nobody revokes the old ones.
MOST_DEVICES = 5
#: A pack is told with its facts when it was packed within these days, unless the device was set up otherwise.
USUAL_DAYS, MOST_DAYS = 180, 730


class DeviceState(StrEnum):
    OFFERED = "offered"
    ACTIVE = "active"
    REVOKED = "revoked"


FLOW = Workflow(
    "field_devices",
    [
        Step("new", "offer", DeviceState.OFFERED, "field_devices.enrol", "field_devices.offer"),
        Step(DeviceState.OFFERED, "enrol", DeviceState.ACTIVE, "field_devices.enrol", "field_devices.enrol"),
        Step(DeviceState.OFFERED, "revoke", DeviceState.REVOKED, "field_devices.oversee", "field_devices.revoke"),
        Step(DeviceState.ACTIVE, "revoke", DeviceState.REVOKED, "field_devices.oversee", "field_devices.revoke"),
    ],
)
