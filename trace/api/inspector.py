"""What an inspector's telephone asks of the service; nobody is signed in there, each call is signed by its own key."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint
from brand.edge.files import as_sent, taken
from brand.edge.policies import public
from brand.edge.protection import csrf, limiter
from brand.edge.requests import house, reading, statement_signer, writing
from brand.kernel.json_texts import strict_json
from trace.parts import parts
from trace.queries import field_devices as reads
from trace.queries import field_lists as lists
from trace.rules.field_findings import MOST_PHOTOS
from trace.schemas.field_devices import DeviceCallIn, EnrolIn, EnrolledOut, FieldListIn, FieldListOut
from trace.schemas.field_findings import FieldFindingIn, HandedIn, ReceivedOut
from trace.services import field_devices, field_findings, field_lists
from trace.services.field_findings import TOPIC, Photo, Signed

blp = Blueprint(
    "api_inspector", __name__, url_prefix="/api/v1/inspector", description="Calls of inspectors' telephones"
)
csrf.exempt(blp)


@blp.route("/enrol", methods=["POST"])
@limiter.limit("30/hour")
@blp.arguments(EnrolIn)
@blp.response(201, EnrolledOut)
@public
def enrol(given: dict[str, Any]) -> dict[str, Any]:
    """Bind an offer to the key of the telephone that read it, once, within ten minutes; a repeated call answers alike.

    ``proof``: the key's signature (ECDSA P-256, r‖s) over ``brandtrace/field-enrol/v1``, the registry's origin, the
    SHA-256 of the token in hex and the public key, each on a line of its own.
    """
    origin = house().settings.origin
    with writing() as work:
        made = field_devices.enrol(work, origin, **given)
        holder = reads.holder(work.session, made)
        keys = lists.office_keys(work.session)
    told = {"device": made.id, "name": made.name, "holder": holder}
    return told | {"origin": origin, "hosts": sorted(parts().hosts), "keys": keys}


@blp.route("/list", methods=["POST"])
@limiter.limit("120/hour")
@blp.arguments(DeviceCallIn)
@blp.response(200, FieldListOut)
@public
def newest_list(given: dict[str, Any]) -> dict[str, Any]:
    """The newest signed list, or what changed since the one the telephone has (``since`` in the payload).

    The call is signed over ``brandtrace/field-list/v1``, origin, device, counter and payload, each on a line of its
    own. The head is signed with a key of the office over ``brandtrace/inspector-list/v1``, origin, key id and head.
    """
    origin, signer = house().settings.origin, statement_signer()
    assert signer is not None
    with writing() as work:
        named, device = field_devices.call(work, origin, "list", **signed(given))
        since = FieldListIn().take(strict_json(given["payload"].encode()))["since"]
        found = field_lists.fresh(named, device)
    if found is None:
        # Read in a snapshot of its own: coding a county's labels may take a second, and no writer waits for it.
        with reading() as work:
            composed, read_at = lists.compose(work.session, work.today, device.days, device.licences), work.now
    with writing() as work:
        named = field_devices.in_the_name_of(work, device)
        found = found or field_lists.publish(named, signer, origin, device, composed, read_at)
        handed = field_lists.hand_out(named, device, found, since)
        keys = lists.office_keys(work.session)
    return {"list": handed.list, "since": handed.since, "change": handed.change, "keys": keys}


def signed(given: dict[str, Any]) -> dict[str, Any]:
    """The entries of a call under the names the service knows them by."""
    return {"device_id": given["device"], **{one: given[one] for one in ("counter", "payload", "signature")}}


@blp.route("/findings", methods=["POST"])
@limiter.limit("600/hour")
@blp.arguments(HandedIn, location="form")
@blp.response(201, ReceivedOut)
@public
def hand_in(given: dict[str, Any]) -> dict[str, Any]:
    """Hand in one finding as multipart/form-data with its ``photos``; sent again it answers the same.

    ``payload`` is the JSON text of a finding, signed over ``brandtrace/field-finding/v1``, origin, device and payload.
    Photos are named in it by their SHA-256, as taken and as sent. A device's findings come in their order.
    """
    origin = house().settings.origin
    entries = FieldFindingIn().take(strict_json(given["payload"].encode()))
    one = Signed(given["device"], given["payload"], given["signature"], entries)
    with reading() as work:  # nobody without a device makes us draw pictures
        field_devices.heard(work, origin, TOPIC, one.device_id, one.payload, one.signature)
    sent = as_sent("photos", most=MOST_PHOTOS)
    field_findings.check_photos(one, [digest for digest, _ in sent])
    photos = [Photo(digest, taken(data, "photos", pictures_only=True)) for digest, data in sent]
    with writing() as work:
        made = field_findings.hand_in(work, origin, parts().hosts, one, photos)
        return {"number": made.number, "sequence": entries["sequence"]}
