"""Shapes of labels of cases and pallets: what is asked for."""

from __future__ import annotations

from brand.schemas.shape import Shape, Text, Whole
from trace.schemas.labels import TagLookIn

#: A case has four sides and a lid, a pallet no more; a spare one for each.
MOST_COPIES = 10


class ContainerTagsIn(TagLookIn):
    """How many of the same, and how they are printed."""

    copies = Whole(1, MOST_COPIES, load_default=2)


class ContainerCheckIn(Shape):
    """``s`` as it stands in the symbol: key id and signature; without it nothing is said of the label."""

    s = Text(100, load_default="")
