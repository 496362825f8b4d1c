"""Which 32 bytes may serve as an Ed25519 public key: RFC 8032 section 5.1.3 decoding plus a check of the point's order.

The signing library takes any point. Under one of the eight small-order points a single fixed signature fits every
message, and points with a small-order part are judged differently by different verifiers; neither is ever a key
that somebody generated, so both are refused here, once, where a key enters.
"""

from __future__ import annotations

from functools import lru_cache

from brand.kernel.errors import invalid

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
SIZE = 32
_D = -121665 * pow(121666, -1, PRIME) % PRIME
_ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)

Point = tuple[int, int, int, int]
"""Extended coordinates (X, Y, Z, T) with x = X/Z, y = Y/Z, T = XY/Z (RFC 8032 section 5.1.4)."""
IDENTITY: Point = (0, 1, 1, 0)


@lru_cache(maxsize=4096)
def check_public(raw: bytes) -> None:
    """Refuse ``raw`` unless it is the canonical encoding of a point of prime order. About 2 ms, then remembered.

    Raises ``keys.public_size``, ``keys.public_not_canonical``, ``keys.public_off_curve``,
    ``keys.public_small_order`` or ``keys.public_mixed_order``.
    """
    point = decode(raw)
    if is_identity(multiply(8, point)):
        raise invalid("keys.public_small_order")
    if not is_identity(multiply(ORDER, point)):
        raise invalid("keys.public_mixed_order")


def decode(raw: bytes) -> Point:
    """The point encoded by ``raw`` (y little-endian, sign of x in the top bit); a second spelling is refused."""
    if len(raw) != SIZE:
        raise invalid("keys.public_size", size=len(raw), expected=SIZE)
    number = int.from_bytes(raw, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if y >= PRIME:
        raise invalid("keys.public_not_canonical")
    x = _x_of(y)
    if x is None:
        raise invalid("keys.public_off_curve")
    if x == 0 and sign:
        raise invalid("keys.public_not_canonical")
    if x & 1 != sign:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


def encode(point: Point) -> bytes:
    """The canonical 32 bytes of ``point``."""
    inverse = pow(point[2], -1, PRIME)
    x, y = point[0] * inverse % PRIME, point[1] * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(SIZE, "little")


def _x_of(y: int) -> int | None:
    top, bottom = (y * y - 1) % PRIME, (_D * y * y + 1) % PRIME
    square = top * pow(bottom, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if x * x % PRIME != square:
        x = x * _ROOT_OF_MINUS_ONE % PRIME
    return x if x * x % PRIME == square else None


def is_identity(point: Point) -> bool:
    return point[0] == 0 and (point[1] - point[2]) % PRIME == 0


def add(p: Point, q: Point) -> Point:
    """The complete addition law of RFC 8032 section 5.1.4; it doubles as well."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % PRIME
    b = (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c = 2 * p[3] * q[3] * _D % PRIME
    d = 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def multiply(scalar: int, point: Point) -> Point:
    """``scalar`` times ``point``. Not constant in time: only for public points."""
    result = IDENTITY
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result
