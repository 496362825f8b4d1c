"""The term to carry out what an appeal changed, as a value of schemes that were loaded before there was one"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import brand.kernel.records
from brand.kernel.clock import local_day
from brand.kernel.ids import new_id

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

#: As the shipped preset says it on the day of this migration.
_VALUE = {
    "key": "appeal_carry_out_working_days",
    "value": 5,
    "unit": "working_days",
    "provenance": "未查到法定期限：申诉答复为变更后，恢复审核或解除处理的天数由办公室决定",
    "provenance_en": "No statutory term was found: after an answer «change», within how many days an application is taken up again or a measure lifted, the office decides",
    "confidence": "D",
    "edition": 1,
}


def upgrade() -> None:
    schemes = sa.table("schemes", sa.column("id"), sa.column("loaded_at", brand.kernel.records.Moment()))
    names = ("id", "scheme_id", *_VALUE)
    values = sa.table("policy_values", *(sa.column(one) for one in names), sa.column("valid_from", sa.Date()))
    for scheme_id, loaded_at in op.get_bind().execute(sa.select(schemes.c.id, schemes.c.loaded_at)).all():
        of_scheme = {"id": new_id(), "scheme_id": scheme_id, "valid_from": local_day(loaded_at)}
        op.execute(values.insert().values(**_VALUE, **of_scheme))


def downgrade() -> None:
    """The value stays: ``policy_values`` only grows, and the release before this one does not look at it."""
