"""Shapes of cases and pallets: what goes in and comes out, as forms and programs give it, and what is answered."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.schemas.shape import Kilograms, Shape, Text, Whole, one_of
from trace.rules.containers import MOST_CASES, MOST_KINDS, MOST_PACKS, ContainerKind, ContainerState
from trace.rules.flows import LEAVING
from trace.schemas.labels import MOST_CODES, Lines

_CODE = 500
_CODES = validate.Length(max=MOST_CODES, error="labels.codes_too_many")
_KINDS = validate.Length(max=MOST_KINDS, error="input.out_of_range")


class ContainersIn(Shape):
    """A page of cases and pallets; ``state`` empty for all. ``for``: whose loose packs a page shows beside them."""

    whose = Text(20, load_default="", data_key="for", attribute="for")
    state = one_of(("", *ContainerState), load_default=ContainerState.PACKED.value)
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class PacksIn(Shape):
    """Packs of one line."""

    pack_line_id = Text(20, required=True)
    packs = Whole(1, MOST_PACKS, required=True)


class LabelRangeIn(Shape):
    """Labelled packs by the number of their order and the places of their labels in it."""

    order = Text(30, required=True)
    first = Whole(1, 1_000_000, required=True)
    last = Whole(1, 1_000_000, required=True)


class LoosePartIn(Shape):
    """So many kilograms of a batch that are in no pack."""

    batch_id = Text(20, required=True)
    kg = Kilograms(required=True)


class ContainerIn(Shape):
    """A case with packs, labelled packs and loose goods, or a pallet with cases by their codes."""

    kind = one_of(ContainerKind, required=True)
    place_id = Text(20, load_default="")
    packs = fields.List(fields.Nested(PacksIn), load_default=list, validate=_KINDS)
    codes = fields.List(Text(_CODE, required=True), load_default=list, validate=_CODES)
    ranges = fields.List(fields.Nested(LabelRangeIn), load_default=list, validate=_KINDS)
    loose = fields.List(fields.Nested(LoosePartIn), load_default=list, validate=_KINDS)
    cases = fields.List(
        Text(8, required=True), load_default=list, validate=validate.Length(max=MOST_CASES, error="input.out_of_range")
    )


class CasePageIn(Shape):
    """What a case form sends beside its counts."""

    codes = Lines(load_default=list, validate=_CODES)
    order = Text(30, load_default="")
    first = Whole(1, 1_000_000, load_default=None)
    last = Whole(1, 1_000_000, load_default=None)
    place_id = Text(20, load_default="")


class PalletPageIn(Shape):
    """The cases ticked."""

    place_id = Text(20, load_default="")
    cases = fields.List(
        Text(8), load_default=list, validate=validate.Length(max=MOST_CASES, error="input.out_of_range")
    )


class ContainerStepIn(Shape):
    """A step as the person read the container."""

    version = Whole(1, 10**9, required=True)
    place_id = Text(20, load_default="")


class CasesIn(ContainerStepIn):
    """Cases that go onto a pallet or come off it, by their codes."""

    cases = fields.List(
        Text(8), load_default=list, validate=validate.Length(max=MOST_CASES, error="input.out_of_range")
    )


class PacksLeavingIn(Shape):
    """Packs of a batch that leave the books."""

    kind = one_of(LEAVING, required=True)
    packs = fields.List(fields.Nested(PacksIn), required=True, validate=_KINDS)
    day = fields.Date(required=True)
    place_id = Text(20, load_default="")
    buyer = Text(120, load_default="")
    words = Text(500, lines=True, load_default="")


class ContainerLeavingIn(ContainerStepIn):
    """A case or pallet that leaves the books with everything in it."""

    kind = one_of(LEAVING, required=True)
    day = fields.Date(required=True)
    buyer = Text(120, load_default="")
    words = Text(500, lines=True, load_default="")


class ContainerOut(Shape):
    """A case or pallet; ``pallet`` is the code of the pallet it is on, ``shipment`` the journey; empty for none."""

    code = fields.String(attribute="container.code")
    kind = fields.String(attribute="container.kind")
    state = fields.String(attribute="container.state")
    maker_id = fields.String(attribute="container.maker_id")
    holder_id = fields.String(attribute="container.holder_id")
    pallet = fields.Function(lambda one: one.parent.code if one.parent else "", metadata={"type": "string"})
    shipment = fields.String(attribute="journey")
    packs = fields.Integer()
    kg = Kilograms()
    packed_at = fields.AwareDateTime(format="iso", attribute="container.packed_at")
    version = fields.Integer(attribute="container.version")


class PackedOut(Shape):
    """Packs of one line in one case."""

    pack_line_id = fields.String(attribute="line.id")
    batch_id = fields.String(attribute="batch.id")
    lot = fields.String(attribute="batch.lot")
    cut = fields.String(attribute="line.cut")
    net_kg = Kilograms(attribute="line.net_kg")
    packs = fields.Integer()


class LabelledOut(Shape):
    """One labelled pack; ``inside`` false once the case was opened."""

    serial = fields.String()
    order = fields.String()
    position = fields.Integer()
    state = fields.String()
    inside = fields.Boolean()


class LooseOut(Shape):
    """Loose goods: a batch of their own."""

    batch_id = fields.String(attribute="id")
    lot = fields.String()
    kg = Kilograms(attribute="total_kg")


class WholeContainerOut(Shape):
    """A container with all that was put into it."""

    container = fields.Nested(ContainerOut)
    cases = fields.List(fields.String())
    packed = fields.List(fields.Nested(PackedOut))
    labels = fields.List(fields.Nested(LabelledOut))
    loose = fields.List(fields.Nested(LooseOut))


class PublicRowOut(Shape):
    """Goods of one lot, size and name in a container; no ``net_kg``: loose."""

    product = fields.String(attribute="product.name")
    lot = fields.String()
    batch = fields.String()
    cut = fields.String()
    naming = fields.String()
    net_kg = Kilograms(allow_none=True)
    packs = fields.Integer()
    kg = Kilograms()


class PublicContainerOut(Shape):
    """A case or pallet as everybody may read of it; ``packer`` is empty for a household, ``recall`` for none.

    ``states`` is all that is told of it, the gravest first; ``state`` is the first of them.

    ``signature``: absent, ok or bad; ``against``: what speaks against the label, then red.
    """

    code = fields.String()
    kind = fields.String()
    state = fields.String(attribute="word")
    states = fields.List(fields.String(), attribute="words")
    colour = fields.String()
    packed_on = fields.Date()
    ended_on = fields.Date(allow_none=True)
    packer = fields.String(attribute="packer.name")
    township = fields.String(attribute="packer.township")
    cases = fields.List(fields.String())
    pallet = fields.String()
    recall = fields.String()
    packs = fields.Integer()
    kg = Kilograms()
    contents = fields.List(fields.Nested(PublicRowOut), attribute="rows")
    signature = fields.String()
    against = fields.Function(lambda one: [reason.code for reason in one.against])


class ContainerPageOut(Shape):
    """One page of containers."""

    rows = fields.List(fields.Nested(ContainerOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()
