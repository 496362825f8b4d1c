"""Terms of the office's desks, as values of schemes that were loaded before there were any"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import brand.kernel.records
from brand.kernel.clock import local_day
from brand.kernel.ids import new_id

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

#: As the shipped preset says them on the day of this migration: key, value, unit, provenance in both languages.
_VALUES = (
    (
        "application_acceptance_working_days",
        5,
        "working_days",
        "未查到授权申请受理的法定期限，天数由办公室决定",
        "No statutory term for taking up an application was found; the office decides",
    ),
    (
        "application_desk_working_days",
        10,
        "working_days",
        "未查到法定期限：推荐、资料审核、专家评议和发布公示各自的天数由办公室决定",
        "No statutory term was found: for the recommendation, the check of papers, the expert meeting and the notice, each counted by itself, the office decides",
    ),
    (
        "application_site_working_days",
        20,
        "working_days",
        "未查到法定期限，现场核查的天数由办公室决定",
        "No statutory term for the site inspection was found; the office decides",
    ),
    (
        "application_decision_working_days",
        10,
        "working_days",
        "未查到法定期限：公示结束后作出决定的天数由办公室决定",
        "No statutory term was found: within how many days of the notice's end a decision is taken, the office decides",
    ),
    (
        "confirmation_working_days",
        5,
        "working_days",
        "未查到法定期限：新加入主体及其商标、证书的核对天数由办公室决定",
        "No statutory term was found: for comparing new enterprises, their marks and certificates the office decides",
    ),
    (
        "second_person_working_days",
        5,
        "working_days",
        "本系统建议：一人起草、他人审定的事项（合并、管理办法、标准、背书、体系变更）不宜久搁",
        "Our proposal: what one person wrote and another decides on (merges, rulebooks, standards, endorsements, changes of a scheme) should not lie for long",
    ),
    (
        "urgency_soon_working_days",
        2,
        "working_days",
        "本系统建议：余下两个工作日时提示临近",
        "Our proposal: with two working days left a term is shown as near",
    ),
    (
        "yearly_review_ahead_days",
        30,
        "days",
        "本系统建议：年度复核到期前三十天列入待办",
        "Our proposal: a yearly review stands on the desk thirty days before it is due",
    ),
    (
        "site_photos",
        0,
        "files",
        "方案未写现场核查须附照片；是否必附、至少几张由办公室决定",
        "The plan asks for no pictures of a site inspection; whether there must be some and how many, the office decides",
    ),
)


def upgrade() -> None:
    schemes = sa.table("schemes", sa.column("id"), sa.column("loaded_at", brand.kernel.records.Moment()))
    names = ("id", "scheme_id", "key", "value", "unit", "provenance", "provenance_en", "confidence", "edition")
    values = sa.table("policy_values", *(sa.column(one) for one in names), sa.column("valid_from", sa.Date()))
    for scheme_id, loaded_at in op.get_bind().execute(sa.select(schemes.c.id, schemes.c.loaded_at)).all():
        for key, value, unit, provenance, provenance_en in _VALUES:
            op.execute(
                values.insert().values(
                    id=new_id(),
                    scheme_id=scheme_id,
                    key=key,
                    value=value,
                    unit=unit,
                    provenance=provenance,
                    provenance_en=provenance_en,
                    confidence="D",
                    edition=1,
                    valid_from=local_day(loaded_at),
                )
            )


def downgrade() -> None:
    """The values stay: ``policy_values`` only grows, and the release before this one does not look at them."""
