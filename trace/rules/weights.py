"""Write a weight the way people read it: no useless zeros, never an exponent.

Source: the database hands out kilograms to the gram (2917.290); a scale's own writing is 2917.29.
"""

from __future__ import annotations

from decimal import Decimal


def plain(kg: Decimal) -> Decimal:
    """The same weight without zeros behind the last figure that counts."""
    return kg.quantize(Decimal(1)) if kg == kg.to_integral_value() else kg.normalize()
