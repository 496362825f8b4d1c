"""Names every table of both halves, so that one import shows the whole database."""

from __future__ import annotations

from brand.kernel import audit, numbers
from brand.models import (
    accounts,
    appeals,
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
<<<<<<< HEAD
from trace.models import batches, events, holds, imports, labels, places, quality
=======
from trace.models import (
    batches,
    checks,
    commitments,
    events,
    free_tests,
    imports,
    labels,
    limits,
    quality,
)
>>>>>>> 411c741 (Tests of goods: rapid tests beside laboratory reports, limits with sources by two persons, confirmation, retests, release)

ALL = (
    audit,
    numbers,
    accounts,
    appeals,
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
    checks,
    commitments,
    free_tests,
    limits,
)
