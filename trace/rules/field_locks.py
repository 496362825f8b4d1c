"""The lock of an inspector's telephone: which PIN may be chosen, what wrong ones cost, when it shuts by itself.

Source: security notes T35 (a stolen inspector's device: key kept by the device, PIN). The page gets these figures with
itself and acts on them without a network; nothing of a PIN, not even that it was wrong, ever reaches the service.
"""

from __future__ import annotations

from typing import Final

LOCK: Final[dict[str, int | tuple[int, ...]]] = {
    "digits": 6,
    "most_digits": 12,
    "rounds": 600_000,
    "waits": (0, 0, 30, 60, 300, 900, 1800, 3600, 3600),
    "most_wrong": 10,
    "idle": 300,
    "away": 60,
}
"""Figures of the lock, all times in seconds.

``digits`` and ``most_digits`` bound the length of a PIN (ours: six, as telephones ask by themselves).
``rounds`` of PBKDF2 with HMAC-SHA-256 stand between a PIN and the key it opens: OWASP Password Storage Cheat Sheet,
2023, «a work factor of 600,000 or more». Argon2id, which it prefers, is in no browser's Web Cryptography.
``waits[n - 1]`` passes after the n-th wrong PIN in a row before the next is looked at: a delay that grows with each, as
W3C Web Authentication asks of authenticators under «rate limiting»; the steps are ours.
``most_wrong`` wrong ones in a row, and the telephone forgets its secret (ours; six digits then yield to guessing with
a chance of 10 in 1,000,000).
``idle`` without a touch, or ``away`` with the page out of sight, and it shuts (ours: away is long enough for the camera
to take a photo for a finding)."""
