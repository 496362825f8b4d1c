"""The tables of the first release"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records
from trace.migrations import guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


#: The tables of this release that only grow.
ONLY_GROWING = (
    "events",
    "audit_entries",
    "application_steps",
    "licence_steps",
    "policy_values",
    "brand_files",
    "brand_file_takings",
    "brand_steps",
    "scheme_editions",
    "rulebook_steps",
    "reviews",
    "inspection_steps",
    "licence_files",
    "guidance",
    "complaint_steps",
    "enterprise_steps",
    "standard_revisions",
    "standard_steps",
    "standard_files",
    "adoptions",
)


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("object_type", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("object_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("account_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("actor_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("on_behalf_of", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("via", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("request_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("detail", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_object_id"), ["object_id"], unique=False)

    op.create_table(
        "calendar_days",
        sa.Column("day", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=4), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "calendar_years",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("gazetted", sa.Boolean(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_years")),
    )
    op.create_table(
        "number_series",
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "persons",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
    )
    op.create_table(
        "scans",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("batch_code", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("serial", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("colour", sqlmodel.sql.sqltypes.AutoString(length=6), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scans")),
    )
    with op.batch_alter_table("scans", schema=None) as batch_op:
        batch_op.create_index("ix_scans_serial_at", ["serial", "at"], unique=False)

    op.create_table(
        "schemes",
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source_en", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("confidence", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("edition", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("county_code", sqlmodel.sql.sqltypes.AutoString(length=6), nullable=False),
        sa.Column("owner", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("owner_en", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("loaded_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schemes")),
        sa.UniqueConstraint("code", name=op.f("uq_schemes_code")),
    )
    op.create_table(
        "standard_files",
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_standard_files")),
    )
    op.create_table(
        "standards",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("created_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standards")),
        sa.UniqueConstraint("code", name=op.f("uq_standards_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_standards_slug")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("username", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("password", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("tf_primary_method", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("tf_totp_secret", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("tf_last_counter", sa.Integer(), nullable=True),
        sa.Column("mf_recovery_codes", sa.JSON(), nullable=True),
        sa.Column("created_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_accounts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_accounts_fs_uniquifier")),
        sa.UniqueConstraint("phone", name=op.f("uq_accounts_phone")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_username")),
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_person_id"), ["person_id"], unique=False)

    op.create_table(
        "enterprises",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("name_mn", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("credit_code", sqlmodel.sql.sqltypes.AutoString(length=18), nullable=True),
        sa.Column("county_code", sqlmodel.sql.sqltypes.AutoString(length=6), nullable=False),
        sa.Column("township_code", sqlmodel.sql.sqltypes.AutoString(length=9), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("contact_name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("contact_phone", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("joined_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("decided_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("decided_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("reason_code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("merged_into", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["persons.id"], name=op.f("fk_enterprises_decided_by")),
        sa.ForeignKeyConstraint(["merged_into"], ["enterprises.id"], name=op.f("fk_enterprises_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprises")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_enterprises_credit_code")),
    )
    with op.batch_alter_table("enterprises", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enterprises_merged_into"), ["merged_into"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprises_name"), ["name"], unique=False)

    op.create_table(
        "policy_values",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scheme_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("provenance", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("provenance_en", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("confidence", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["scheme_id"], ["schemes.id"], name=op.f("fk_policy_values_scheme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_values")),
        sa.UniqueConstraint("scheme_id", "key", "edition", name=op.f("uq_policy_values_scheme_id_key_edition")),
    )
    op.create_table(
        "rulebooks",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scheme_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source_en", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("confidence", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("published_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["scheme_id"], ["schemes.id"], name=op.f("fk_rulebooks_scheme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulebooks")),
        sa.UniqueConstraint("scheme_id", "edition", name=op.f("uq_rulebooks_scheme_id_edition")),
    )
    with op.batch_alter_table("rulebooks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rulebooks_scheme_id"), ["scheme_id"], unique=False)

    op.create_table(
        "scheme_changes",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scheme_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("written_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("written_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("decided_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("decided_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("decided_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'used') OR decided_by IS NOT NULL", name=op.f("ck_scheme_changes_decided")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> written_by", name=op.f("ck_scheme_changes_two_persons")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["persons.id"], name=op.f("fk_scheme_changes_decided_by")),
        sa.ForeignKeyConstraint(["scheme_id"], ["schemes.id"], name=op.f("fk_scheme_changes_scheme_id")),
        sa.ForeignKeyConstraint(["written_by"], ["persons.id"], name=op.f("fk_scheme_changes_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_changes")),
    )
    with op.batch_alter_table("scheme_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scheme_changes_scheme_id"), ["scheme_id"], unique=False)
        batch_op.create_index(
            "uq_scheme_changes_one_open",
            ["scheme_id", "kind", "key"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "standard_editions",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("standard_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("updated_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["standard_id"], ["standards.id"], name=op.f("fk_standard_editions_standard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_editions")),
        sa.UniqueConstraint("standard_id", "label", name=op.f("uq_standard_editions_standard_id_label")),
    )
    with op.batch_alter_table("standard_editions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standard_editions_state"), ["state"], unique=False)

    op.create_table(
        "tiers",
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source_en", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("confidence", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scheme_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("slots_min", sa.Integer(), nullable=False),
        sa.Column("slots_max", sa.Integer(), nullable=True),
        sa.Column("slots_used", sa.Integer(), nullable=False),
        sa.Column("heroes_min", sa.Integer(), nullable=False),
        sa.Column("heroes_max", sa.Integer(), nullable=True),
        sa.Column("allowed_uses", sa.JSON(), nullable=False),
        sa.Column("process", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.CheckConstraint(
            "slots_used >= 0 AND (slots_max IS NULL OR slots_used <= slots_max)", name=op.f("ck_tiers_slots")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["schemes.id"], name=op.f("fk_tiers_scheme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tiers")),
        sa.UniqueConstraint("scheme_id", "level", name=op.f("uq_tiers_scheme_id_level")),
    )
    op.create_table(
        "trainings",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("standard_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("trainer", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_trainings_by")),
        sa.ForeignKeyConstraint(["standard_id"], ["standards.id"], name=op.f("fk_trainings_standard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainings")),
    )
    with op.batch_alter_table("trainings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trainings_standard_id"), ["standard_id"], unique=False)

    op.create_table(
        "api_tokens",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("account_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("revoked_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_api_tokens_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_tokens_digest")),
    )
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_tokens_account_id"), ["account_id"], unique=False)

    op.create_table(
        "assets",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("claim", sqlmodel.sql.sqltypes.AutoString(length=90), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("nice_class", sa.Integer(), nullable=True),
        sa.Column("scope", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("issuer", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("file_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("declared_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("declared_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("decided_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("decided_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("reason_code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.CheckConstraint(
            "valid_from IS NULL OR valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_assets_term")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["persons.id"], name=op.f("fk_assets_decided_by")),
        sa.ForeignKeyConstraint(["declared_by"], ["persons.id"], name=op.f("fk_assets_declared_by")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_assets_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets")),
    )
    with op.batch_alter_table("assets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assets_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assets_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_assets_valid_until"), ["valid_until"], unique=False)
        batch_op.create_index(
            "uq_assets_claim",
            ["claim"],
            unique=True,
            sqlite_where=sa.text("state IN ('declared', 'confirmed')"),
            postgresql_where=sa.text("state IN ('declared', 'confirmed')"),
        )

    op.create_table(
        "attendances",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("training_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("people > 0", name=op.f("ck_attendances_people")),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_attendances_by")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_attendances_enterprise_id")),
        sa.ForeignKeyConstraint(["training_id"], ["trainings.id"], name=op.f("fk_attendances_training_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint("training_id", "enterprise_id", name=op.f("uq_attendances_training_id_enterprise_id")),
    )
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendances_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "brands",
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source_en", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("confidence", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scheme_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("tier_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("parent_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name_mn", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("exception_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["exception_id"], ["scheme_changes.id"], name=op.f("fk_brands_exception_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["brands.id"], name=op.f("fk_brands_parent_id")),
        sa.ForeignKeyConstraint(["scheme_id"], ["schemes.id"], name=op.f("fk_brands_scheme_id")),
        sa.ForeignKeyConstraint(["tier_id"], ["tiers.id"], name=op.f("fk_brands_tier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brands")),
        sa.UniqueConstraint("exception_id", name=op.f("uq_brands_exception_id")),
        sa.UniqueConstraint("scheme_id", "code", name=op.f("uq_brands_scheme_id_code")),
    )
    op.create_table(
        "consents",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("account_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("given_by", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("paper", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("recorded_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recorded_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("revoked_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("revoked_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.CheckConstraint("until >= valid_from", name=op.f("ck_consents_term")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_consents_account_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_consents_enterprise_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["persons.id"], name=op.f("fk_consents_recorded_by")),
        sa.ForeignKeyConstraint(["revoked_by"], ["persons.id"], name=op.f("fk_consents_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "uq_consents_one_open",
            ["enterprise_id", "account_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "designations",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("mark_code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("scope", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recorded_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("revoked_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("revoked_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= granted_on", name=op.f("ck_designations_term")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_designations_enterprise_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["persons.id"], name=op.f("fk_designations_recorded_by")),
        sa.ForeignKeyConstraint(["revoked_by"], ["persons.id"], name=op.f("fk_designations_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designations")),
    )
    with op.batch_alter_table("designations", schema=None) as batch_op:
        batch_op.create_index(
            "uq_designations_one_held",
            ["enterprise_id", "mark_code"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "enrolments",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("edition_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_enrolments_days")),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_enrolments_by")),
        sa.ForeignKeyConstraint(["edition_id"], ["standard_editions.id"], name=op.f("fk_enrolments_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
        sa.UniqueConstraint("edition_id", "name", name=op.f("uq_enrolments_edition_id_name")),
    )
    op.create_table(
        "enterprise_merges",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("duplicate_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kept_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("why", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("proposed_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("decided_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("decided_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.CheckConstraint(
            "state <> 'merged' OR (decided_by IS NOT NULL AND decided_by <> proposed_by)",
            name=op.f("ck_enterprise_merges_two_persons"),
        ),
        sa.CheckConstraint("duplicate_id <> kept_id", name=op.f("ck_enterprise_merges_two_entries")),
        sa.ForeignKeyConstraint(["decided_by"], ["persons.id"], name=op.f("fk_enterprise_merges_decided_by")),
        sa.ForeignKeyConstraint(["duplicate_id"], ["enterprises.id"], name=op.f("fk_enterprise_merges_duplicate_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["enterprises.id"], name=op.f("fk_enterprise_merges_kept_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["persons.id"], name=op.f("fk_enterprise_merges_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_merges")),
    )
    with op.batch_alter_table("enterprise_merges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enterprise_merges_kept_id"), ["kept_id"], unique=False)
        batch_op.create_index(
            "uq_enterprise_merges_one_open",
            ["duplicate_id"],
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )

    op.create_table(
        "enterprise_steps",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("from_state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("to_state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("person_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason_code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_enterprise_steps_enterprise_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_enterprise_steps_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_steps")),
        sa.UniqueConstraint("enterprise_id", "position", name=op.f("uq_enterprise_steps_enterprise_id_position")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("account_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=128), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_idempotency_keys_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_keys")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_idempotency_keys_account_id_key")),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("invited_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("withdrawn_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("accepted_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("accepted_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["accepted_by"], ["accounts.id"], name=op.f("fk_invitations_accepted_by")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_invitations_enterprise_id")),
        sa.ForeignKeyConstraint(["invited_by"], ["persons.id"], name=op.f("fk_invitations_invited_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitations_digest")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "role_grants",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("account_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_role_grants_account_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_role_grants_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
        sa.UniqueConstraint(
            "account_id", "role", "enterprise_id", name=op.f("uq_role_grants_account_id_role_enterprise_id")
        ),
    )
    with op.batch_alter_table("role_grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grants_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grants_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "rulebook_steps",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rulebook_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["rulebook_id"], ["rulebooks.id"], name=op.f("fk_rulebook_steps_rulebook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulebook_steps")),
        sa.UniqueConstraint("rulebook_id", "position", name=op.f("uq_rulebook_steps_rulebook_id_position")),
    )
    op.create_table(
        "scheme_editions",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scheme_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("made_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("change_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["scheme_changes.id"], name=op.f("fk_scheme_editions_change_id")),
        sa.ForeignKeyConstraint(["scheme_id"], ["schemes.id"], name=op.f("fk_scheme_editions_scheme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_editions")),
        sa.UniqueConstraint("scheme_id", "number", name=op.f("uq_scheme_editions_scheme_id_number")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("account_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("started_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("ended_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_account_id"), ["account_id"], unique=False)

    op.create_table(
        "signing_keys",
        sa.Column("kid", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("thumbprint", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("algorithm", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("public_key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("quarter", sqlmodel.sql.sqltypes.AutoString(length=6), nullable=False),
        sa.Column("created_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_signing_keys_enterprise_id")),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_keys")),
        sa.UniqueConstraint("enterprise_id", "quarter", name=op.f("uq_signing_keys_enterprise_id_quarter")),
        sa.UniqueConstraint("thumbprint", name=op.f("uq_signing_keys_thumbprint")),
    )
    op.create_table(
        "sites",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("county_code", sqlmodel.sql.sqltypes.AutoString(length=6), nullable=False),
        sa.Column("township_code", sqlmodel.sql.sqltypes.AutoString(length=9), nullable=False),
        sa.Column("added_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("closed_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_sites_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
    )
    with op.batch_alter_table("sites", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sites_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "standard_revisions",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("edition_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("person_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["standard_editions.id"], name=op.f("fk_standard_revisions_edition_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_standard_revisions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_revisions")),
        sa.UniqueConstraint("edition_id", "position", name=op.f("uq_standard_revisions_edition_id_position")),
    )
    op.create_table(
        "standard_steps",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("edition_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("from_state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("to_state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("person_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["standard_editions.id"], name=op.f("fk_standard_steps_edition_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_standard_steps_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_steps")),
        sa.UniqueConstraint("edition_id", "position", name=op.f("uq_standard_steps_edition_id_position")),
    )
    op.create_table(
        "adoptions",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("edition_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enrolment_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_adoptions_by")),
        sa.ForeignKeyConstraint(["edition_id"], ["standard_editions.id"], name=op.f("fk_adoptions_edition_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_adoptions_enrolment_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_adoptions_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoptions")),
        sa.UniqueConstraint("edition_id", "enterprise_id", name=op.f("uq_adoptions_edition_id_enterprise_id")),
    )
    with op.batch_alter_table("adoptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adoptions_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_adoptions_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "brand_files",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("brand_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("licensees", sa.Boolean(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("added_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("added_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["persons.id"], name=op.f("fk_brand_files_added_by")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_brand_files_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand_files")),
        sa.UniqueConstraint("brand_id", "kind", "edition", name=op.f("uq_brand_files_brand_id_kind_edition")),
    )
    with op.batch_alter_table("brand_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_brand_files_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "brand_moves",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("brand_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("reason_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("proposed_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("proposed_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("decided_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("decided_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("decided_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.CheckConstraint(
            "state <> 'approved' OR (decided_by IS NOT NULL AND decided_by <> proposed_by)",
            name=op.f("ck_brand_moves_two_persons"),
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_brand_moves_brand_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["persons.id"], name=op.f("fk_brand_moves_decided_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["persons.id"], name=op.f("fk_brand_moves_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand_moves")),
    )
    with op.batch_alter_table("brand_moves", schema=None) as batch_op:
        batch_op.create_index(
            "uq_brand_moves_one_open",
            ["brand_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "guidance",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("brand_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("topic", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_guidance_brand_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_guidance_enterprise_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_guidance_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance")),
    )
    with op.batch_alter_table("guidance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guidance_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_guidance_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "products",
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source_en", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("confidence", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("brand_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name_mn", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("standard", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("hero", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_products_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("brand_id", "code", name=op.f("uq_products_brand_id_code")),
    )
    op.create_table(
        "trademarks",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("brand_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("nice_class", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("holder", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entered_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("nice_class BETWEEN 1 AND 45", name=op.f("ck_trademarks_nice_class")),
        sa.CheckConstraint("valid_until > registered_on", name=op.f("ck_trademarks_term")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_trademarks_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trademarks")),
        sa.UniqueConstraint("number", "nice_class", name=op.f("uq_trademarks_number_nice_class")),
    )
    with op.batch_alter_table("trademarks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trademarks_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_trademarks_valid_until"), ["valid_until"], unique=False)

    op.create_table(
        "applications",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("brand_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("product_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("cap_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("capacity", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("promise", sa.Boolean(), nullable=False),
        sa.Column("renews_id", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("updated_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("cap_kg > 0", name=op.f("ck_applications_cap_positive")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_applications_brand_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_applications_enterprise_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_applications_product_id")),
        sa.ForeignKeyConstraint(["written_by"], ["persons.id"], name=op.f("fk_applications_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("number", name=op.f("uq_applications_number")),
    )
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applications_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_applications_one_open",
            ["enterprise_id", "brand_id", "product_id"],
            unique=True,
            sqlite_where=sa.text(
                "state IN ('draft', 'submitted', 'under_review', 'recommended', 'desk_reviewed', 'site_inspected', 'experts_heard', 'returned', 'on_notice')"
            ),
            postgresql_where=sa.text(
                "state IN ('draft', 'submitted', 'under_review', 'recommended', 'desk_reviewed', 'site_inspected', 'experts_heard', 'returned', 'on_notice')"
            ),
        )

    op.create_table(
        "brand_file_takings",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("file_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("use", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("licence_number", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("taken_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_brand_file_takings_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["brand_files.id"], name=op.f("fk_brand_file_takings_file_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_brand_file_takings_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand_file_takings")),
    )
    with op.batch_alter_table("brand_file_takings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_brand_file_takings_file_id"), ["file_id"], unique=False)

    op.create_table(
        "brand_steps",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("brand_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("move_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("from_state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("to_state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("proposed_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason_code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_brand_steps_brand_id")),
        sa.ForeignKeyConstraint(["move_id"], ["brand_moves.id"], name=op.f("fk_brand_steps_move_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_brand_steps_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand_steps")),
        sa.UniqueConstraint("brand_id", "position", name=op.f("uq_brand_steps_brand_id_position")),
        sa.UniqueConstraint("move_id", name=op.f("uq_brand_steps_move_id")),
    )
    op.create_table(
        "endorsements",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("product_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("authority", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("scope", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("statement", sqlmodel.sql.sqltypes.AutoString(length=600), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("written_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("issued_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("issued_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("revoked_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("reason_code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'dropped') OR (issued_by IS NOT NULL AND issued_by <> written_by)",
            name=op.f("ck_endorsements_two_persons"),
        ),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_endorsements_term")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_endorsements_enterprise_id")),
        sa.ForeignKeyConstraint(["issued_by"], ["persons.id"], name=op.f("fk_endorsements_issued_by")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_endorsements_product_id")),
        sa.ForeignKeyConstraint(["written_by"], ["persons.id"], name=op.f("fk_endorsements_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsements")),
        sa.UniqueConstraint("number", name=op.f("uq_endorsements_number")),
    )
    with op.batch_alter_table("endorsements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_endorsements_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_endorsements_subject"), ["subject"], unique=False)

    op.create_table(
        "offerings",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("product_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("name_mn", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("origin", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("production_date", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("standard", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("specification", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("packaging", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("net_contents", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("storage", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("after_sales", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("updated_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("listed_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("reason_code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_offerings_enterprise_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_offerings_product_id")),
        sa.ForeignKeyConstraint(["written_by"], ["persons.id"], name=op.f("fk_offerings_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offerings")),
    )
    with op.batch_alter_table("offerings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offerings_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offerings_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offerings_state"), ["state"], unique=False)

    op.create_table(
        "application_steps",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("application_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("from_state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("to_state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason_code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rulebook", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("clause", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_application_steps_application_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_application_steps_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_steps")),
        sa.UniqueConstraint("application_id", "position", name=op.f("uq_application_steps_application_id_position")),
    )
    op.create_table(
        "licences",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("application_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("brand_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("product_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scope", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("cap_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rulebook", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("follows_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("granted_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("granted_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("cap_kg > 0", name=op.f("ck_licences_cap_positive")),
        sa.CheckConstraint("valid_until > valid_from", name=op.f("ck_licences_term")),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("fk_licences_application_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_licences_brand_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_licences_enterprise_id")),
        sa.ForeignKeyConstraint(["follows_id"], ["licences.id"], name=op.f("fk_licences_follows_id")),
        sa.ForeignKeyConstraint(["granted_by"], ["persons.id"], name=op.f("fk_licences_granted_by")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_licences_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licences")),
        sa.UniqueConstraint("application_id", name=op.f("uq_licences_application_id")),
        sa.UniqueConstraint("number", name=op.f("uq_licences_number")),
    )
    with op.batch_alter_table("licences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_licences_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "notices",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("application_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("published_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("fk_notices_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("number", name=op.f("uq_notices_number")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_application_id"), ["application_id"], unique=False)

    op.create_table(
        "offering_photos",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("offering_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("alt", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("alt_en", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("added_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["persons.id"], name=op.f("fk_offering_photos_added_by")),
        sa.ForeignKeyConstraint(["offering_id"], ["offerings.id"], name=op.f("fk_offering_photos_offering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offering_photos")),
        sa.UniqueConstraint("offering_id", "digest", name=op.f("uq_offering_photos_offering_id_digest")),
    )
    with op.batch_alter_table("offering_photos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offering_photos_offering_id"), ["offering_id"], unique=False)

    op.create_table(
        "reviews",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("application_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("opinion", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("sheet", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("present", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("fk_reviews_application_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_reviews_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("application_id", "position", name=op.f("uq_reviews_application_id_position")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reviews_application_id"), ["application_id"], unique=False)

    op.create_table(
        "application_files",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("application_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("review_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("added_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("added_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("added_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("removed_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_application_files_not_empty")),
        sa.ForeignKeyConstraint(["added_by"], ["persons.id"], name=op.f("fk_application_files_added_by")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_application_files_application_id")
        ),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_application_files_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_files")),
    )
    with op.batch_alter_table("application_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_files_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_files_review_id"), ["review_id"], unique=False)

    op.create_table(
        "batches",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("lot", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("product_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("producer_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("abattoir_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("licence_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("slaughtered_on", sa.Date(), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("live_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("hot_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("cold_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("packed_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("grade_table", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("grade_edition", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("registered_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("registered_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("hot_kg < live_kg AND cold_kg <= hot_kg", name=op.f("ck_batches_weights")),
        sa.CheckConstraint("packed_kg >= 0 AND packed_kg <= cold_kg", name=op.f("ck_batches_mass_balance")),
        sa.ForeignKeyConstraint(["abattoir_id"], ["enterprises.id"], name=op.f("fk_batches_abattoir_id")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_batches_licence_id")),
        sa.ForeignKeyConstraint(["producer_id"], ["enterprises.id"], name=op.f("fk_batches_producer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_batches_product_id")),
        sa.ForeignKeyConstraint(["registered_by"], ["persons.id"], name=op.f("fk_batches_registered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("abattoir_id", "lot", name=op.f("uq_batches_abattoir_id_lot")),
        sa.UniqueConstraint("code", name=op.f("uq_batches_code")),
    )
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batches_abattoir_id"), ["abattoir_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_batches_licence_id"), ["licence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_batches_producer_id"), ["producer_id"], unique=False)

    op.create_table(
        "complaints",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("secret_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("place", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("notice_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("received_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("due_policy", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("due_start", sa.Date(), nullable=True),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("handler_role", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("handler_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.Column("unread", sa.Boolean(), nullable=False),
        sa.Column("changed_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["handler_id"], ["persons.id"], name=op.f("fk_complaints_handler_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_complaints_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("number", name=op.f("uq_complaints_number")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_complaints_secret_digest")),
    )
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaints_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaints_notice_id"), ["notice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaints_state"), ["state"], unique=False)

    op.create_table(
        "inspections",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("licence_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("severity", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("reason_code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("earlier", sa.Integer(), nullable=False),
        sa.Column("measure", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("rectify_by", sa.Date(), nullable=True),
        sa.Column("result_due", sa.Date(), nullable=False),
        sa.Column("result_provisional", sa.Boolean(), nullable=False),
        sa.Column("rulebook", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("clause", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("recorded_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recorded_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_inspections_enterprise_id")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_inspections_licence_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["persons.id"], name=op.f("fk_inspections_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
    )
    with op.batch_alter_table("inspections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspections_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspections_licence_id"), ["licence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspections_state"), ["state"], unique=False)

    op.create_table(
        "licence_steps",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("licence_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("from_state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("to_state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason_code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rulebook", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("clause", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_licence_steps_licence_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_licence_steps_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_steps")),
        sa.UniqueConstraint("licence_id", "position", name=op.f("uq_licence_steps_licence_id_position")),
    )
    op.create_table(
        "licence_years",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("licence_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("cap_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("used_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("labels", sa.Integer(), nullable=False),
        sa.CheckConstraint("used_kg >= 0 AND used_kg <= cap_kg", name=op.f("ck_licence_years_within_cap")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_licence_years_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_years")),
        sa.UniqueConstraint("licence_id", "year", name=op.f("uq_licence_years_licence_id_year")),
    )
    op.create_table(
        "carcasses",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("ear_tag", sqlmodel.sql.sqltypes.AutoString(length=15), nullable=False),
        sa.Column("carcass_no", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("breed", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sex", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("age_months", brand.kernel.records.Hundredths(), nullable=False),
        sa.Column("incisor_pairs", sa.Integer(), nullable=False),
        sa.Column("live_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("hot_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("cold_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("backfat_cm", brand.kernel.records.Hundredths(), nullable=False),
        sa.Column("marbling", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("firmness", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("lean_colour", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("fat_colour", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("slaughtered_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("grader", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("remark", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("animal_class", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("grade", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("decided_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("not_assessed", sa.JSON(), nullable=False),
        sa.Column("to_be_checked", sa.Boolean(), nullable=False),
        sa.Column("grade_table", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("grade_edition", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("graded_on", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("hot_kg < live_kg AND cold_kg <= hot_kg AND cold_kg > 0", name=op.f("ck_carcasses_weights")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_carcasses_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carcasses")),
        sa.UniqueConstraint("batch_id", "carcass_no", name=op.f("uq_carcasses_batch_id_carcass_no")),
        sa.UniqueConstraint("ear_tag", name=op.f("uq_carcasses_ear_tag")),
    )
    with op.batch_alter_table("carcasses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carcasses_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_carcasses_grade"), ["grade"], unique=False)

    op.create_table(
        "complaint_contacts",
        sa.Column("complaint_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("contact", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_contacts_complaint_id")),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complaint_contacts")),
    )
    op.create_table(
        "complaint_messages",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("complaint_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_messages_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_messages")),
    )
    with op.batch_alter_table("complaint_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_messages_complaint_id"), ["complaint_id"], unique=False)

    op.create_table(
        "complaint_pictures",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("complaint_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_pictures_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_pictures")),
    )
    with op.batch_alter_table("complaint_pictures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_pictures_complaint_id"), ["complaint_id"], unique=False)

    op.create_table(
        "complaint_steps",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("complaint_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("from_state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("to_state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("person_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason_code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("handler", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_steps_complaint_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_complaint_steps_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_steps")),
        sa.UniqueConstraint("complaint_id", "position", name=op.f("uq_complaint_steps_complaint_id_position")),
    )
    op.create_table(
        "events",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("biz_step", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("event_time", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("record_time", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("account_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("on_behalf_of", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("county_code", sqlmodel.sql.sqltypes.AutoString(length=6), nullable=False),
        sa.Column("corrects_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_events_batch_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["events.id"], name=op.f("fk_events_corrects_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_events_enterprise_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_events_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "inspection_steps",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("inspection_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_steps_inspection_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_inspection_steps_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_steps")),
        sa.UniqueConstraint("inspection_id", "position", name=op.f("uq_inspection_steps_inspection_id_position")),
    )
    op.create_table(
        "licence_files",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("licence_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("inspection_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("added_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_licence_files_inspection_id")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_licence_files_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_files")),
    )
    with op.batch_alter_table("licence_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_licence_files_inspection_id"), ["inspection_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_licence_files_licence_id"), ["licence_id"], unique=False)

    op.create_table(
        "pack_lines",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("cut", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("net_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("ordered", sa.Integer(), nullable=False),
        sa.Column("packed_on", sa.Date(), nullable=False),
        sa.Column("shelf_life_days", sa.Integer(), nullable=False),
        sa.Column("storage", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "ordered >= 0 AND ordered <= packs AND packs > 0 AND net_kg > 0",
            name=op.f("ck_pack_lines_ordered_within_packs"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_pack_lines_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_lines")),
        sa.UniqueConstraint(
            "batch_id", "cut", "net_kg", "packed_on", name=op.f("uq_pack_lines_batch_id_cut_net_kg_packed_on")
        ),
    )
    with op.batch_alter_table("pack_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pack_lines_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "sheet_imports",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("target_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_sheet_imports_batch_id")),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_sheet_imports_by")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_sheet_imports_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_imports")),
        sa.UniqueConstraint("kind", "target_id", "digest", name=op.f("uq_sheet_imports_kind_target_id_digest")),
    )
    with op.batch_alter_table("sheet_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_imports_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "chilling_logs",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("event_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("started_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("readings", sa.JSON(), nullable=False),
        sa.Column("breaches", sa.JSON(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_chilling_logs_batch_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_chilling_logs_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chilling_logs")),
        sa.UniqueConstraint("event_id", name=op.f("uq_chilling_logs_event_id")),
    )
    with op.batch_alter_table("chilling_logs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chilling_logs_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "lab_reports",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("event_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("laboratory", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("tested_on", sa.Date(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_lab_reports_batch_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_lab_reports_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_reports")),
        sa.UniqueConstraint("event_id", name=op.f("uq_lab_reports_event_id")),
        sa.UniqueConstraint("laboratory", "number", name=op.f("uq_lab_reports_laboratory_number")),
    )
    with op.batch_alter_table("lab_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lab_reports_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "label_orders",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("pack_line_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("licence_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("licence_year_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kid", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("ordered_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("ordered_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("packs > 0", name=op.f("ck_label_orders_packs_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_label_orders_batch_id")),
        sa.ForeignKeyConstraint(["kid"], ["signing_keys.kid"], name=op.f("fk_label_orders_kid")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_label_orders_licence_id")),
        sa.ForeignKeyConstraint(
            ["licence_year_id"], ["licence_years.id"], name=op.f("fk_label_orders_licence_year_id")
        ),
        sa.ForeignKeyConstraint(["ordered_by"], ["persons.id"], name=op.f("fk_label_orders_ordered_by")),
        sa.ForeignKeyConstraint(["pack_line_id"], ["pack_lines.id"], name=op.f("fk_label_orders_pack_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_label_orders_number")),
    )
    with op.batch_alter_table("label_orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_label_orders_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_label_orders_licence_id"), ["licence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_label_orders_pack_line_id"), ["pack_line_id"], unique=False)

    op.create_table(
        "lab_items",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("report_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("method", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("result", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("limit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["lab_reports.id"], name=op.f("fk_lab_items_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_items")),
    )
    with op.batch_alter_table("lab_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lab_items_report_id"), ["report_id"], unique=False)

    op.create_table(
        "labels",
        sa.Column("serial", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("order_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("signature", sqlmodel.sql.sqltypes.AutoString(length=86), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("activated_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("voided_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("void_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("state IN ('issued', 'activated', 'void')", name=op.f("ck_labels_state")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_labels_batch_id")),
        sa.ForeignKeyConstraint(["order_id"], ["label_orders.id"], name=op.f("fk_labels_order_id")),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_labels")),
        sa.UniqueConstraint("order_id", "position", name=op.f("uq_labels_order_id_position")),
    )
    with op.batch_alter_table("labels", schema=None) as batch_op:
        batch_op.create_index("ix_labels_batch_state", ["batch_id", "state"], unique=False)

    op.create_table(
        "print_runs",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("order_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("layout", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["label_orders.id"], name=op.f("fk_print_runs_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_runs")),
    )
    with op.batch_alter_table("print_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_print_runs_order_id"), ["order_id"], unique=False)
    for table in ONLY_GROWING:
        guards.forbid_changes(table)
