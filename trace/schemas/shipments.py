"""Shapes of journeys: what is sent and what arrived, as forms and programs give it, and what is answered."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.schemas.shape import Kilograms, Shape, Text, Whole, one_of
from trace.rules.shipments import MOST_LINES, Shortage
from trace.schemas.recalls import Amount

MOST_PARCELS = 100_000
_MOST = validate.Length(max=MOST_LINES, error="input.out_of_range")
STATES = ("on_the_way", "received", "called_off")


class ShipmentsIn(Shape):
    """A page of journeys; ``state`` empty for all."""

    state = fields.String(load_default="", validate=validate.OneOf(("", *STATES), error="input.not_a_choice"))
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class _WayIn(Shape):
    to_id = Text(20, required=True)
    carrier_id = Text(20, load_default="")
    vehicle = Text(40, load_default="")
    seal = Text(40, load_default="")
    planned_on = fields.Date(required=True)
    place_id = Text(20, load_default="")


class ShipmentSendPageIn(_WayIn):
    """A journey as the form sends it: batches, cases and pallets ticked; ``kg-{batch}``, ``parcels-{batch}`` beside."""

    from_id = Text(20, required=True)
    batches = fields.List(Text(20), load_default=list, validate=_MOST)
    boxes = fields.List(Text(8), load_default=list, validate=_MOST)


class ShipmentLoadIn(Shape):
    """One batch on board, or so many kilograms of it."""

    batch_id = Text(20, required=True)
    kg = Kilograms(load_default=None)
    parcels = Whole(0, MOST_PARCELS, load_default=0)


class ShipmentSendIn(_WayIn):
    """A journey of batches, and of cases and pallets by their codes."""

    batches = fields.List(fields.Nested(ShipmentLoadIn), load_default=list, validate=_MOST)
    boxes = fields.List(Text(8, required=True), load_default=list, validate=_MOST)


class ShipmentStepIn(Shape):
    """A step as the sender of it read the journey."""

    version = Whole(1, 10**9, required=True)


class ShipmentTakeOverIn(ShipmentStepIn):
    """The carrier has the goods; the seal as it read it."""

    seal_taken = Text(40, load_default="")
    taken_words = Text(300, lines=True, load_default="")


class ShipmentMissingIn(Shape):
    """Packs of one line that did not arrive."""

    pack_line_id = Text(20, required=True)
    packs = Whole(1, 1_000_000, required=True)


class ShipmentArrivedIn(Shape):
    """One line as it was weighed; ``shortage`` where it is less than was sent."""

    line_id = Text(20, required=True)
    received_kg = Amount(required=True)
    shortage = one_of(Shortage, load_default="")
    words = Text(300, lines=True, load_default="")
    missing = fields.List(fields.Nested(ShipmentMissingIn), load_default=list, validate=validate.Length(max=MOST_LINES))


class ShipmentBoxIn(Shape):
    """One case or pallet: it arrived whole, or not at all."""

    code = Text(8, required=True)
    arrived = fields.Boolean(required=True)


class ShipmentReceiveIn(ShipmentStepIn):
    """What arrived; the seal as it was read."""

    seal_found = Text(40, load_default="")
    place_id = Text(20, load_default="")
    seal_words = Text(300, lines=True, load_default="")
    lines = fields.List(fields.Nested(ShipmentArrivedIn), load_default=list, validate=_MOST)
    boxes = fields.List(fields.Nested(ShipmentBoxIn), load_default=list, validate=_MOST)


class ParcelYearIn(Shape):
    """A calendar year."""

    year = Whole(2000, 2200, load_default=0)


class ShipmentLineOut(Shape):
    """One batch of a journey."""

    line_id = fields.String(attribute="line.id")
    batch_id = fields.String(attribute="batch.id")
    code = fields.String(attribute="batch.code")
    lot = fields.String(attribute="batch.lot")
    kg = fields.Decimal(as_string=True, attribute="line.kg")
    parcels = fields.Integer(attribute="line.parcels")
    received_kg = fields.Decimal(as_string=True, attribute="line.received_kg", allow_none=True)
    shortage = fields.String(attribute="line.shortage")
    words = fields.String(attribute="line.words")


class ShipmentOut(Shape):
    """A journey as its parties read it."""

    number = fields.String(attribute="shipment.number")
    state = fields.String(attribute="shipment.state")
    from_id = fields.String(attribute="shipment.from_id")
    to_id = fields.String(attribute="shipment.to_id")
    carrier_id = fields.String(attribute="shipment.carrier_id", allow_none=True)
    vehicle = fields.String(attribute="shipment.vehicle")
    seal = fields.String(attribute="shipment.seal")
    taken_over_at = fields.AwareDateTime(format="iso", attribute="shipment.taken_over_at", allow_none=True)
    seal_taken = fields.String(attribute="shipment.seal_taken")
    seal_found = fields.String(attribute="shipment.seal_found")
    planned_on = fields.Date(attribute="shipment.planned_on")
    sent_at = fields.AwareDateTime(format="iso", attribute="shipment.sent_at")
    ended_at = fields.AwareDateTime(format="iso", attribute="shipment.ended_at", allow_none=True)
    version = fields.Integer(attribute="shipment.version")


class ShipmentColdOut(Shape):
    """A logger file of a journey as it speaks for one batch."""

    batch_id = fields.String(attribute="batch.id")
    event_id = fields.String(attribute="log.event_id")
    file_name = fields.String(attribute="log.file_name")
    started_at = fields.AwareDateTime(format="iso", attribute="log.started_at")
    breaches = fields.Function(lambda one: len(one.log.breaches))
    open = fields.Boolean()


class ShipmentBoxOut(Shape):
    """One case or pallet of a journey; ``arrived`` null while it is on the way."""

    code = fields.String()
    kind = fields.String()
    kg = Kilograms()
    arrived = fields.Boolean(allow_none=True)


class WholeShipmentOut(Shape):
    """A journey with what is on board, and how cold it was."""

    shipment = fields.Nested(ShipmentOut)
    lines = fields.List(fields.Nested(ShipmentLineOut))
    temperatures = fields.List(fields.Nested(ShipmentColdOut))
    boxes = fields.List(fields.Nested(ShipmentBoxOut))


class ShipmentPageOut(Shape):
    """One page of journeys."""

    rows = fields.List(fields.Nested(ShipmentOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()


class ParcelCountOut(Shape):
    """Parcels of one producer in one month."""

    month = fields.String()
    producer_id = fields.String(attribute="producer.id")
    producer = fields.String(attribute="producer.name")
    shipments = fields.Integer()
    parcels = fields.Integer()
    kg = fields.Decimal(as_string=True)


class ParcelCountsOut(Shape):
    """Parcels per producer and month."""

    rows = fields.List(fields.Nested(ParcelCountOut))
