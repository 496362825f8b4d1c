"""Which files a brand has and who may take one for what.

Source: domain notes A1.2 (a mark is used only for what its tier allows), A1.18 (logo and packaging as support).
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from brand.kernel.errors import Fault, invalid


class FileKind(StrEnum):
    LOGO = "logo"
    MANUAL = "manual"


def check_use(allowed: Collection[str], use: str) -> None:
    """Raise ``brand_files.use_not_allowed`` for a use the tier or the licence does not have."""
    if use not in allowed:
        code = "brand_files.use_not_allowed"
        raise invalid(code, faults=[Fault(code, "/use", {"use": f"use.{use}"})], use=f"use.{use}")
