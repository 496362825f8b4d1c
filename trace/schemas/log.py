"""Shapes of proofs between two sizes of the log."""

from __future__ import annotations

import base64
from typing import Any

from marshmallow import fields

from brand.schemas.shape import Shape, Whole
from trace.crypto.tiles import Tree

_MOST = 2**53  # what a JSON number holds exactly


class ConsistencyIn(Shape):
    """Two sizes, the smaller one first."""

    old = Whole(1, _MOST, required=True)
    new = Whole(1, _MOST, required=True)


class ConsistencyOut(Shape):
    """Hashes and root in base64, as `brandtrace audit consistency` reads them."""

    size1 = fields.Integer()
    size2 = fields.Integer()
    root2 = fields.String()
    proof = fields.List(fields.String())


def shown_consistency(old: int, tree: Tree) -> dict[str, Any]:
    """What ``ConsistencyOut`` shows."""
    proof = [_text(one) for one in tree.consistency(old)]
    return {"size1": old, "size2": tree.size, "root2": _text(tree.root()), "proof": proof}


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
