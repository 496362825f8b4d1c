"""What was done with labels, in words, for the pages that change many at once."""

from __future__ import annotations

from brand.edge.languages import say
from trace.services.labels import Change


def changed(act: str, done: Change) -> str:
    """How many were ``activated``, ``voided`` or ``sold``; that some were before is said only where some were."""
    return say(f"labels.changed.{act}{'_and_before' if done.already else ''}", **vars(done))
