"""Herds"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records
from trace.migrations import guards

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "medicines",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scope", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("maker", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("species", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("withdrawal_days", sa.Integer(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("source_note", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("written_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("written_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.CheckConstraint("withdrawal_days >= 0", name=op.f("ck_medicines_withdrawal_days")),
        sa.ForeignKeyConstraint(["written_by"], ["persons.id"], name=op.f("fk_medicines_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medicines")),
    )
    with op.batch_alter_table("medicines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_medicines_scope"), ["scope"], unique=False)

    op.create_table(
        "alarms",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("subject_id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("answered_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("answered_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["persons.id"], name=op.f("fk_alarms_answered_by")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_alarms_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sa.UniqueConstraint(
            "kind", "subject_id", "enterprise_id", "day", name=op.f("uq_alarms_kind_subject_id_enterprise_id_day")
        ),
    )
    with op.batch_alter_table("alarms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarms_answered_at"), ["answered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_alarms_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_alarms_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "herds",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("species", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("breed", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("township_code", sqlmodel.sql.sqltypes.AutoString(length=9), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("written_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("written_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_herds_enterprise_id")),
        sa.ForeignKeyConstraint(["written_by"], ["persons.id"], name=op.f("fk_herds_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_herds")),
        sa.UniqueConstraint("enterprise_id", "code", name=op.f("uq_herds_enterprise_id_code")),
    )
    with op.batch_alter_table("herds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_herds_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "quarantine_certificates",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("form", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("county_code", sqlmodel.sql.sqltypes.AutoString(length=6), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("goods", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("quantity", brand.kernel.records.Grams(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=4), nullable=False),
        sa.Column("used", brand.kernel.records.Grams(), nullable=False),
        sa.Column("from_place", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("to_place", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("seen_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("seen_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("seen_note", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("written_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("written_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('declared', 'confirmed', 'rejected')", name=op.f("ck_quarantine_certificates_state")
        ),
        sa.CheckConstraint(
            "used >= 0 AND used <= quantity AND quantity > 0", name=op.f("ck_quarantine_certificates_used")
        ),
        sa.CheckConstraint("valid_until >= issued_on", name=op.f("ck_quarantine_certificates_order")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_quarantine_certificates_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["seen_by"], ["persons.id"], name=op.f("fk_quarantine_certificates_seen_by")),
        sa.ForeignKeyConstraint(["written_by"], ["persons.id"], name=op.f("fk_quarantine_certificates_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine_certificates")),
        sa.UniqueConstraint("form", "county_code", "key", name=op.f("uq_quarantine_certificates_form_county_code_key")),
    )
    with op.batch_alter_table("quarantine_certificates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quarantine_certificates_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "quarantine_uses",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("certificate_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("subject_id", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("quantity", brand.kernel.records.Grams(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("used_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("used_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["quarantine_certificates.id"], name=op.f("fk_quarantine_uses_certificate_id")
        ),
        sa.ForeignKeyConstraint(["used_by"], ["persons.id"], name=op.f("fk_quarantine_uses_used_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine_uses")),
        sa.UniqueConstraint(
            "certificate_id", "subject", "subject_id", name=op.f("uq_quarantine_uses_certificate_id_subject_subject_id")
        ),
    )
    with op.batch_alter_table("quarantine_uses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quarantine_uses_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quarantine_uses_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "animals",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("species", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("sex", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("breed", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("birth", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("origin", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("origin_note", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("sold_to", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("registered_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("registered_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("import_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("sex IN ('male', 'female', 'castrated')", name=op.f("ck_animals_sex")),
        sa.CheckConstraint("state IN ('alive', 'slaughtered', 'dead', 'sold', 'lost')", name=op.f("ck_animals_state")),
        sa.ForeignKeyConstraint(["import_id"], ["sheet_imports.id"], name=op.f("fk_animals_import_id")),
        sa.ForeignKeyConstraint(["registered_by"], ["persons.id"], name=op.f("fk_animals_registered_by")),
        sa.ForeignKeyConstraint(["sold_to"], ["enterprises.id"], name=op.f("fk_animals_sold_to")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_animals")),
    )
    with op.batch_alter_table("animals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_animals_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_animals_state"), ["state"], unique=False)

    op.create_table(
        "care_records",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("herd_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("event_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("medicine_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("lot", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("dose", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("route", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("last_dose_on", sa.Date(), nullable=False),
        sa.Column("withdrawal_days", sa.Integer(), nullable=False),
        sa.Column("closed_until", sa.Date(), nullable=True),
        sa.Column("person", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("whole_herd", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("recorded_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("import_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("struck_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("struck_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("struck_reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint(
            "closed_until IS NULL OR closed_until > last_dose_on", name=op.f("ck_care_records_closed_until")
        ),
        sa.CheckConstraint("last_dose_on >= given_on", name=op.f("ck_care_records_order")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_care_records_enterprise_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_care_records_event_id")),
        sa.ForeignKeyConstraint(["herd_id"], ["herds.id"], name=op.f("fk_care_records_herd_id")),
        sa.ForeignKeyConstraint(["import_id"], ["sheet_imports.id"], name=op.f("fk_care_records_import_id")),
        sa.ForeignKeyConstraint(["medicine_id"], ["medicines.id"], name=op.f("fk_care_records_medicine_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["persons.id"], name=op.f("fk_care_records_recorded_by")),
        sa.ForeignKeyConstraint(["struck_by"], ["persons.id"], name=op.f("fk_care_records_struck_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_records")),
        sa.UniqueConstraint("event_id", name=op.f("uq_care_records_event_id")),
    )
    with op.batch_alter_table("care_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_care_records_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_care_records_herd_id"), ["herd_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_care_records_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_care_records_lot"), ["lot"], unique=False)
        batch_op.create_index(batch_op.f("ix_care_records_medicine_id"), ["medicine_id"], unique=False)

    op.create_table(
        "grazings",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("herd_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("place_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("current", sa.Integer(), nullable=True),
        sa.Column("event_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("(until IS NULL) = (current IS NOT NULL)", name=op.f("ck_grazings_current")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_grazings_order")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_grazings_event_id")),
        sa.ForeignKeyConstraint(["herd_id"], ["herds.id"], name=op.f("fk_grazings_herd_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_grazings_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grazings")),
        sa.UniqueConstraint("herd_id", "current", name=op.f("uq_grazings_herd_id_current")),
    )
    with op.batch_alter_table("grazings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grazings_herd_id"), ["herd_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_grazings_place_id"), ["place_id"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("import_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("account_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("done_rows", sa.Integer(), nullable=False),
        sa.Column("made_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("beat_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("ended_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.CheckConstraint("done_rows >= 0 AND done_rows <= rows", name=op.f("ck_jobs_done_rows")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_jobs_account_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_jobs_enterprise_id")),
        sa.ForeignKeyConstraint(["import_id"], ["sheet_imports.id"], name=op.f("fk_jobs_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_jobs_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_jobs_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_jobs_state"), ["state"], unique=False)

    op.create_table(
        "animal_ids",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("animal_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("scope", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("current", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=True),
        sa.CheckConstraint("(until IS NULL) = (current IS NOT NULL)", name=op.f("ck_animal_ids_current")),
        sa.ForeignKeyConstraint(["animal_id"], ["animals.id"], name=op.f("fk_animal_ids_animal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_animal_ids")),
        sa.UniqueConstraint("animal_id", "current", name=op.f("uq_animal_ids_animal_id_current")),
        sa.UniqueConstraint("kind", "scope", "value", name=op.f("uq_animal_ids_kind_scope_value")),
    )
    with op.batch_alter_table("animal_ids", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_animal_ids_animal_id"), ["animal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_animal_ids_value"), ["value"], unique=False)

    op.create_table(
        "cared_animals",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("care_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("animal_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["animal_id"], ["animals.id"], name=op.f("fk_cared_animals_animal_id")),
        sa.ForeignKeyConstraint(["care_id"], ["care_records.id"], name=op.f("fk_cared_animals_care_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cared_animals")),
        sa.UniqueConstraint("care_id", "animal_id", name=op.f("uq_cared_animals_care_id_animal_id")),
    )
    with op.batch_alter_table("cared_animals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cared_animals_animal_id"), ["animal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cared_animals_care_id"), ["care_id"], unique=False)

    op.create_table(
        "stays",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("animal_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("herd_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("current", sa.Integer(), nullable=True),
        sa.Column("came", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("left", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=True),
        sa.Column("came_event_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("left_event_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.CheckConstraint("(until IS NULL) = (current IS NOT NULL)", name=op.f("ck_stays_current")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_stays_order")),
        sa.ForeignKeyConstraint(["animal_id"], ["animals.id"], name=op.f("fk_stays_animal_id")),
        sa.ForeignKeyConstraint(["came_event_id"], ["events.id"], name=op.f("fk_stays_came_event_id")),
        sa.ForeignKeyConstraint(["herd_id"], ["herds.id"], name=op.f("fk_stays_herd_id")),
        sa.ForeignKeyConstraint(["left_event_id"], ["events.id"], name=op.f("fk_stays_left_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stays")),
        sa.UniqueConstraint("animal_id", "current", name=op.f("uq_stays_animal_id_current")),
    )
    with op.batch_alter_table("stays", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stays_animal_id"), ["animal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stays_herd_id"), ["herd_id"], unique=False)

    with op.batch_alter_table("carcasses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("animal_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_carcasses_animal_id"), ["animal_id"])
        batch_op.create_foreign_key(batch_op.f("fk_carcasses_animal_id"), "animals", ["animal_id"], ["id"])

    for table in ("cared_animals", "quarantine_uses"):
        guards.forbid_changes(table)
