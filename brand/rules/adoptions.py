"""When an enterprise may adopt an edition, and what a licence may ask of it: adoption, training, both or neither.

Source: domain notes A2.4: a standard is issued, taught in training meetings, and producers are enrolled in batches.
Whether a licence rests on either is the scheme's policy, never a constant here.
"""

from __future__ import annotations

from datetime import date

from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.workflow import Facts

#: Keys of the policy values; a scheme that does not set them asks for nothing.
ADOPTION_POLICY = "standard_adoption_required"
TRAINING_POLICY = "standard_trainings_required"


def check_days(opens_on: date, closes_on: date) -> None:
    """Raise ``adoptions.days`` when the last day of an enrolment comes before its first."""
    if closes_on < opens_on:
        raise invalid("adoptions.days", faults=[Fault("adoptions.days", "/closes_on")])


def check_open(opens_on: date, closes_on: date, today: date) -> None:
    """Raise ``adoptions.not_open`` outside the days of an enrolment; both days are included."""
    if not opens_on <= today <= closes_on:
        raise refused("adoptions.not_open", first=opens_on.isoformat(), last=closes_on.isoformat())


def standard_is_adopted(facts: Facts) -> None:
    """``adoption_missing`` names the standard whose edition in force the enterprise has yet to adopt."""
    if facts["adoption_missing"]:
        raise refused("applications.adoption_missing", standard=facts["adoption_missing"])


def trainings_are_attended(facts: Facts) -> None:
    """``training_missing`` is how many trainings on the product's standard are still to be attended."""
    if facts["training_missing"]:
        raise refused("applications.training_missing", count=facts["training_missing"])
