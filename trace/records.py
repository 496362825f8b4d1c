"""Names every table of both halves, so that one import shows the whole database."""

from __future__ import annotations

from brand.kernel import audit, numbers
from brand.models import (
    accounts,
    assets,
    brand_marks,
    brand_moves,
    complaints,
    endorsements,
    enterprises,
    guidance,
    inspections,
    licences,
    materials,
    members,
    offerings,
    product_rules,
    reviews,
    rulebooks,
    scheme_changes,
    schemes,
    standards,
)
from trace.models import batches, events, holds, imports, labels, places, quality

ALL = (
    audit,
    numbers,
    accounts,
    brand_marks,
    brand_moves,
    assets,
    complaints,
    endorsements,
    enterprises,
    guidance,
    inspections,
    licences,
    members,
    offerings,
    product_rules,
    materials,
    reviews,
    rulebooks,
    scheme_changes,
    schemes,
    standards,
    batches,
    events,
    holds,
    imports,
    labels,
    places,
    quality,
)
