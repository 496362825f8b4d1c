"""Shapes of acts on goods: as forms and programs give them, what they made, and what waits for another's yes."""

from __future__ import annotations

from decimal import Decimal

from marshmallow import fields, validate

from brand.schemas.shape import Kilograms, Shape, Text, Whole, one_of
from trace.rules.flows import LEAVING, MOST_BATCHES, commissioned, forms, processes
from trace.rules.goods import BatchKind, Unit
from trace.schemas.batches import BatchOut
from trace.schemas.recalls import Amount

BEGUN = (BatchKind.HARVEST.value, BatchKind.COLLECTED.value)
STATES = ("open", "agreed", "refused", "withdrawn")
_MANY = validate.Length(max=MOST_BATCHES, error="input.out_of_range")
_SOME = validate.Length(1, MOST_BATCHES, error="input.out_of_range")


class FlowOutputIn(Shape):
    """A batch to be made: kilograms, or a quantity of heads or boxes and where these differ kilograms too."""

    lot = Text(20, required=True)
    kg = Kilograms(load_default=None)
    quantity = Kilograms(load_default=None)
    unit = one_of(Unit, load_default=Unit.KG.value)
    form = one_of(("", *forms()), load_default="")


class FlowPartIn(Shape):
    """So many kilograms of one batch."""

    batch_id = Text(20, required=True)
    kg = Kilograms(required=True)


class _Beginning(Shape):
    kind = one_of(BEGUN, required=True)
    product_id = Text(20, required=True)
    form = one_of(commissioned(), required=True)
    producer_id = Text(20, load_default="")
    place_id = Text(20, load_default="")
    day = fields.Date(required=True)


class BeginningIn(_Beginning):
    """Goods that enter the books; without a producer they are the enterprise's own."""

    output = fields.Nested(FlowOutputIn, required=True)


class BeginningPageIn(_Beginning):
    """The same as the form sends it."""

    enterprise_id = Text(20, required=True)
    lot = Text(20, required=True)
    kg = Kilograms(load_default=None)
    quantity = Kilograms(load_default=None)
    unit = one_of(Unit, load_default=Unit.KG.value)


class SplitIn(Shape):
    """Parts of a batch that become batches of their own."""

    outputs = fields.List(fields.Nested(FlowOutputIn), required=True, validate=_SOME)
    day = fields.Date(required=True)
    place_id = Text(20, load_default="")


class SplitPageIn(Shape):
    """One part as the form sends it."""

    lot = Text(20, required=True)
    kg = Kilograms(load_default=None)
    quantity = Kilograms(load_default=None)
    unit = one_of(Unit, load_default=Unit.KG.value)
    day = fields.Date(required=True)
    place_id = Text(20, load_default="")


class BatchMergeIn(Shape):
    """Batches of one product and stage put together; that it takes two is the rule's to say, with its figures."""

    inputs = fields.List(fields.Nested(FlowPartIn), required=True, validate=_MANY)
    lot = Text(20, required=True)
    day = fields.Date(required=True)
    place_id = Text(20, load_default="")


class TransformIn(Shape):
    """Goods of one stage become goods of the next; the loss makes up the difference, to the gram."""

    process = one_of(processes(), required=True)
    inputs = fields.List(fields.Nested(FlowPartIn), required=True, validate=_SOME)
    outputs = fields.List(fields.Nested(FlowOutputIn), required=True, validate=_SOME)
    loss_kg = Amount(load_default=Decimal(0))
    day = fields.Date(required=True)
    place_id = Text(20, load_default="")
    words = Text(500, lines=True, load_default="")


class TransformPageIn(Shape):
    """One batch made of one, as the form sends it; the loss is what the weights leave over."""

    process = one_of(processes(), required=True)
    taken_kg = Kilograms(required=True)
    lot = Text(20, required=True)
    kg = Kilograms(required=True)
    loss_kg = Amount(required=True)
    form = one_of(("", *forms()), load_default="")
    day = fields.Date(required=True)
    place_id = Text(20, load_default="")
    words = Text(500, lines=True, load_default="")


class LeavingIn(Shape):
    """Loose weight that leaves the books."""

    kind = one_of(LEAVING, required=True)
    kg = Kilograms(required=True)
    day = fields.Date(required=True)
    place_id = Text(20, load_default="")
    buyer = Text(120, load_default="")
    words = Text(500, lines=True, load_default="")


class StoreIn(Shape):
    """Where the batch lies from now on."""

    place_id = Text(20, required=True)


class YieldProposalsIn(Shape):
    """A page of acts with an unusual yield; ``state`` empty for all."""

    state = one_of(("", *STATES), load_default="open")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class YieldStepIn(Shape):
    """A step on a proposal as the person read it."""

    version = Whole(1, 10**9, required=True)


class YieldDecisionIn(YieldStepIn):
    """A second person's word on it."""

    words = Text(500, lines=True, load_default="")


class OperationOut(Shape):
    """One act and its sums, kg."""

    id = fields.String()
    kind = fields.String()
    process = fields.String()
    enterprise_id = fields.String()
    at = fields.AwareDateTime(format="iso")
    recorded_at = fields.AwareDateTime(format="iso")
    in_kg = Kilograms()
    out_kg = Kilograms()
    gone_kg = Kilograms()
    loss_kg = Kilograms()
    buyer = fields.String()
    words = fields.String()
    undoes_id = fields.String(allow_none=True)


class UndoIn(Shape):
    """Why an act is taken back."""

    words = Text(500, lines=True, required=True)


class BatchStayOut(Shape):
    """Where a batch lies since when."""

    batch_id = fields.String()
    place_id = fields.String()
    since = fields.AwareDateTime(format="iso")


class GoodsActOut(Shape):
    """One act on a batch; ``drawn_kg``: what it took of this batch, null where it made it; ``undone``: taken back."""

    operation = fields.Nested(OperationOut)
    drawn_kg = fields.Decimal(as_string=True, allow_none=True)
    undone = fields.Boolean()


class YieldProposalOut(Shape):
    """An act with an unusual yield that waits or was decided."""

    id = fields.String(attribute="proposal.id")
    kind = fields.String(attribute="proposal.kind")
    enterprise_id = fields.String(attribute="proposal.enterprise_id")
    batch_id = fields.String(attribute="proposal.batch_id", allow_none=True)
    content = fields.Dict(attribute="proposal.content")
    shares = fields.List(fields.Dict(), attribute="proposal.shares")
    state = fields.String(attribute="proposal.state")
    version = fields.Integer(attribute="proposal.version")
    proposed_at = fields.AwareDateTime(format="iso", attribute="proposal.proposed_at")
    decided_at = fields.AwareDateTime(format="iso", attribute="proposal.decided_at", allow_none=True)
    words = fields.String(attribute="proposal.words")
    operation_id = fields.String(attribute="proposal.operation_id", allow_none=True)


class YieldProposalPageOut(Shape):
    """One page of them."""

    rows = fields.List(fields.Nested(YieldProposalOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()


class MadeOut(Shape):
    """What an act made; ``proposal`` instead of batches where the yield is unusual and another person is asked."""

    batches = fields.List(fields.Nested(BatchOut))
    proposal = fields.Nested(YieldProposalOut, allow_none=True)
