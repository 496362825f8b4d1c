"""Appeals with their papers, and their two terms for schemes loaded before"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records
from brand.kernel.ids import new_id
from trace.migrations import guards

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("decision_id", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("decided_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("decided_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("application_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("licence_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("filed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("filed_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("filed_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("answer_due", sa.Date(), nullable=False),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("answered_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("answered_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("answered_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.CheckConstraint("(state = 'filed') = (answered_by IS NULL)", name=op.f("ck_appeals_answered")),
        sa.CheckConstraint("(application_id IS NULL) <> (licence_id IS NULL)", name=op.f("ck_appeals_one_object")),
        sa.CheckConstraint(
            "answered_by IS NULL OR (answered_by <> decided_by AND answered_by <> filed_by)",
            name=op.f("ck_appeals_another_person"),
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["persons.id"], name=op.f("fk_appeals_answered_by")),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("fk_appeals_application_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["persons.id"], name=op.f("fk_appeals_decided_by")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_appeals_enterprise_id")),
        sa.ForeignKeyConstraint(["filed_by"], ["persons.id"], name=op.f("fk_appeals_filed_by")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_appeals_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeals_decision_id")),
        sa.UniqueConstraint("number", name=op.f("uq_appeals_number")),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeals_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeals_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeals_licence_id"), ["licence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeals_state"), ["state"], unique=False)

    op.create_table(
        "appeal_files",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("appeal_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("added_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_appeal_files_not_empty")),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_appeal_files_appeal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_files")),
    )
    with op.batch_alter_table("appeal_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_files_appeal_id"), ["appeal_id"], unique=False)

    guards.forbid_changes("appeal_files")
    _terms_for_schemes_already_there()


def _terms_for_schemes_already_there() -> None:
    """As the shipped preset says them today; from the day the scheme was loaded, so that every decision has a term."""
    schemes = sa.table("schemes", sa.column("id"), sa.column("loaded_at", brand.kernel.records.Moment()))
    names = ("id", "scheme_id", "key", "value", "unit", "provenance", "provenance_en", "confidence", "edition")
    values = sa.table("policy_values", *(sa.column(one) for one in names), sa.column("valid_from", sa.Date()))
    for scheme_id, loaded_at in op.get_bind().execute(sa.select(schemes.c.id, schemes.c.loaded_at)).all():
        for key in ("appeal_working_days", "appeal_answer_working_days"):
            op.execute(
                values.insert().values(
                    id=new_id(),
                    scheme_id=scheme_id,
                    key=key,
                    value=10,
                    unit="working_days",
                    provenance="未查到法定期限，天数由办公室决定；方案未写申诉程序",
                    provenance_en="No statutory term found: the office decides (office policy). The plan describes no appeal",
                    confidence="D",
                    edition=1,
                    valid_from=loaded_at.date(),
                )
            )
