"""What waits for a person in the registry: one line per thing to do, with its due day where a rule sets one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Waiting:
    """One thing that waits. ``topic`` is a message id; ``endpoint`` and ``values`` lead to where it is done."""

    topic: str
    title: str
    endpoint: str
    values: Mapping[str, str] = field(default_factory=dict)
    detail: str = ""
    due: date | None = None
