"""Shapes of the family of a batch: the moment asked for, and nodes, edges, animals and steps as programs read them."""

from __future__ import annotations

from marshmallow import fields

from brand.schemas.shape import Shape, Text
from trace.schemas.quality import Minute


class GenealogyIn(Shape):
    """``at``: the state of the chain at that moment; now when none is given."""

    at = Minute(load_default=None, allow_none=True)


class StartIn(Shape):
    """An ear tag, the code of a batch, case, pallet or place, a label as scanned or typed, a hold's number."""

    q = Text(400, load_default="")


class StartOut(Shape):
    """A batch the starting point leads to."""

    id = fields.String()
    code = fields.String()
    lot = fields.String()
    form = fields.String()
    made_on = fields.Date()


class StartsOut(Shape):
    """Batches within reach, by lot, and codes of cases or pallets."""

    batches = fields.List(fields.Nested(StartOut))
    containers = fields.List(fields.String())


class NodeOut(Shape):
    """One thing; ``name``, ``party`` are empty where the reader may not know them; ``labels``: issued, on packs."""

    id = fields.String()
    kind = fields.String()
    name = fields.String()
    detail = fields.String()
    party = fields.String()
    day = fields.Date(allow_none=True)
    kg = fields.Decimal(as_string=True, allow_none=True)
    count = fields.Integer(allow_none=True)
    labels = fields.List(fields.Integer(), allow_none=True)
    sight = fields.String()


class EdgeOut(Shape):
    """What went from one thing into another."""

    source = fields.String()
    target = fields.String()
    kg = fields.Decimal(as_string=True, allow_none=True)
    count = fields.Integer(allow_none=True)
    day = fields.Date(allow_none=True)
    until = fields.Date(allow_none=True)


class GrazedOut(Shape):
    """Land grazed on, up to but not including ``until``."""

    place = fields.String()
    township = fields.String()
    since = fields.Date()
    until = fields.Date(allow_none=True)


class LineOut(Shape):
    """One carcass: its tag, every number its animal bore, herds and land."""

    batch_id = fields.String()
    tag = fields.String()
    numbers = fields.List(fields.String())
    herds = fields.Function(lambda one: [name for _, name, _, _ in one.herds])
    grazed = fields.List(fields.Nested(GrazedOut))


class HappenedOut(Shape):
    """One step of the timeline."""

    at = fields.AwareDateTime(format="iso")
    kind = fields.String()
    batch_id = fields.String()
    lot = fields.String()
    enterprise = fields.String()
    late = fields.Boolean()


class GenealogyOut(Shape):
    """The graph at ``at``; ``there``: the batch had come to be; ``more``: left out beyond the bounds.

    ``veiled`` counts batches of others that stand there without their figures.
    """

    at = fields.AwareDateTime(format="iso")
    there = fields.Boolean()
    more = fields.Boolean()
    veiled = fields.Integer()
    nodes = fields.List(fields.Nested(NodeOut))
    edges = fields.List(fields.Nested(EdgeOut))
    animals = fields.List(fields.Nested(LineOut), attribute="lines")
    steps = fields.List(fields.Nested(HappenedOut))
