"""Shapes of labels of cases and pallets: what is asked for."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.schemas.shape import Shape, Text, Whole
from trace.formats.layouts import LAYOUTS
from trace.schemas.labels import LookIn

#: A case has four sides and a lid, a pallet no more; a spare one for each.
MOST_COPIES = 10


class ContainerTagsIn(LookIn):
    """How many of the same, and how they are printed."""

    copies = Whole(1, MOST_COPIES, load_default=2)
    layout = fields.String(
        load_default="roll-60x40", validate=validate.OneOf(list(LAYOUTS), error="input.not_a_choice")
    )


class ContainerCheckIn(Shape):
    """``s`` as it stands in the symbol: key id and signature; without it nothing is said of the label."""

    s = Text(100, load_default="")
