"""Within how many working days each desk shall do its part: the policy values, and which station rests on which.

Source: no plan and no rulebook of the trade sets these (domain notes A5.9 names only the notice), so each is a
policy value marked D that the office decides on with two persons; where a scheme sets none, none is shown.
"""

from __future__ import annotations

from collections.abc import Mapping

ACCEPTANCE = "application_acceptance_working_days"
DESK = "application_desk_working_days"
SITE = "application_site_working_days"
DECISION = "application_decision_working_days"
#: From an answer «change» to the step that carries it out: a refused application taken up again, a measure lifted.
CARRY_OUT = "appeal_carry_out_working_days"
#: Enterprises that joined, and what they declared: marks, certificates, places, what a place yields.
CONFIRMATION = "confirmation_working_days"
#: What one person wrote and another decides on: merges, rulebooks, standards, endorsements, changes of scheme or brand,
#: limits, unusual yields, free tests and their programmes.
SECOND_PERSON = "second_person_working_days"
#: What inspectors or scans brought to light is looked into as a report from the public is (domain notes, 2022 rules).
CLUE = "report_check_working_days"
#: With so many working days left, or fewer, it is time.
SOON = "urgency_soon_working_days"
#: A yearly review stands on the desk so many days before it is due.
REVIEW_AHEAD = "yearly_review_ahead_days"
#: So many pictures belong to a record of a site inspection.
SITE_PHOTOS = "site_photos"

#: The term of each station of ``rules/whose_turn.py``; a notice and an objection have days of their own.
STATIONS: Mapping[str, str] = {
    "submitted": ACCEPTANCE,
    "review.recommendation": DESK,
    "review.desk": DESK,
    "review.site": SITE,
    "review.experts": DESK,
    "publish": DESK,
    "decide": DECISION,
    "reconsider": CARRY_OUT,
}
