"""Quality: kinds and word of test reports, papers, retests, samples, checks, commitments, free tests, limits"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records
from trace.migrations import guards
from trace.rules.look_alikes import one_spelling

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "test_limits",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("item", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("item_key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("limit", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("source_en", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("confidence", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("written_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("written_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("decided_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("decided_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("decided_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'approved' OR (decided_by IS NOT NULL AND decided_by <> written_by)",
            name=op.f("ck_test_limits_two"),
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["persons.id"], name=op.f("fk_test_limits_decided_by")),
        sa.ForeignKeyConstraint(["written_by"], ["persons.id"], name=op.f("fk_test_limits_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_limits")),
    )
    with op.batch_alter_table("test_limits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_limits_kind"), ["kind"], unique=False)
        batch_op.create_index(
            "uq_test_limits_one_open",
            ["kind", "item_key"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "test_programmes",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("online_only", sa.Boolean(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("source_en", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("confidence", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("written_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("written_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("decided_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("decided_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'refused') OR (decided_by IS NOT NULL AND decided_by <> written_by)",
            name=op.f("ck_test_programmes_two"),
        ),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_test_programmes_term")),
        sa.CheckConstraint("used >= 0 AND used <= quota", name=op.f("ck_test_programmes_quota")),
        sa.ForeignKeyConstraint(["decided_by"], ["persons.id"], name=op.f("fk_test_programmes_decided_by")),
        sa.ForeignKeyConstraint(["written_by"], ["persons.id"], name=op.f("fk_test_programmes_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_programmes")),
    )
    op.create_table(
        "commitments",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("style", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("bases", sa.JSON(), nullable=False),
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("quantity_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("origin", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("party", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("contact", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.Column("replaces_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("issued_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("issued_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("style IN ('producer', 'collector')", name=op.f("ck_commitments_style")),
        sa.CheckConstraint("quantity_kg > 0", name=op.f("ck_commitments_something")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_commitments_batch_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_commitments_enterprise_id")),
        sa.ForeignKeyConstraint(["issued_by"], ["persons.id"], name=op.f("fk_commitments_issued_by")),
        sa.ForeignKeyConstraint(["replaces_id"], ["commitments.id"], name=op.f("fk_commitments_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
        sa.UniqueConstraint("number", name=op.f("uq_commitments_number")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_commitments_replaces_id")),
    )
    with op.batch_alter_table("commitments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitments_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitments_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(
            "uq_commitments_one_valid",
            ["batch_id"],
            unique=True,
            sqlite_where=sa.text("state = 'valid'"),
            postgresql_where=sa.text("state = 'valid'"),
        )

    op.create_table(
        "commitments_taken",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("quantity_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("taken_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("taken_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("quantity_kg > 0", name=op.f("ck_commitments_taken_something")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_commitments_taken_batch_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_commitments_taken_enterprise_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["persons.id"], name=op.f("fk_commitments_taken_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_taken")),
        sa.UniqueConstraint("batch_id", "digest", name=op.f("uq_commitments_taken_batch_id_digest")),
    )
    op.create_table(
        "goods_checks",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("checklist", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("edition", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("where", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("official", sa.Boolean(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("signed_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("findings >= 0", name=op.f("ck_goods_checks_findings")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_goods_checks_batch_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_goods_checks_enterprise_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_goods_checks_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_checks")),
    )
    with op.batch_alter_table("goods_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goods_checks_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goods_checks_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "samples",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("seal", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("seal_key", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("where", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("quantity", brand.kernel.records.Grams(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("spare", sa.Boolean(), nullable=False),
        sa.Column("official", sa.Boolean(), nullable=False),
        sa.Column("taken_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("taken_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("taken_by_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recorded_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_samples_something")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_samples_batch_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_samples_enterprise_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["persons.id"], name=op.f("fk_samples_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sa.UniqueConstraint("seal_key", name=op.f("uq_samples_seal_key")),
    )
    with op.batch_alter_table("samples", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_samples_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "commitment_inputs",
        sa.Column("commitment_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("input_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_inputs_commitment_id")),
        sa.ForeignKeyConstraint(["input_id"], ["commitments.id"], name=op.f("fk_commitment_inputs_input_id")),
        sa.PrimaryKeyConstraint("commitment_id", "input_id", name=op.f("pk_commitment_inputs")),
    )
    op.create_table(
        "goods_check_files",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("check_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["goods_checks.id"], name=op.f("fk_goods_check_files_check_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_check_files")),
    )
    with op.batch_alter_table("goods_check_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goods_check_files_check_id"), ["check_id"], unique=False)

    op.create_table(
        "free_tests",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("programme_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("items", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("sold_at", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("reason_code", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("report_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("asked_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("decided_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("decided_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.CheckConstraint("state <> 'done' OR report_id IS NOT NULL", name=op.f("ck_free_tests_report")),
        sa.CheckConstraint("state <> 'refused' OR reason_code <> ''", name=op.f("ck_free_tests_reason")),
        sa.ForeignKeyConstraint(["asked_by"], ["persons.id"], name=op.f("fk_free_tests_asked_by")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_free_tests_batch_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["persons.id"], name=op.f("fk_free_tests_decided_by")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_free_tests_enterprise_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["test_programmes.id"], name=op.f("fk_free_tests_programme_id")),
        sa.ForeignKeyConstraint(["report_id"], ["lab_reports.id"], name=op.f("fk_free_tests_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_free_tests")),
        sa.UniqueConstraint("number", name=op.f("uq_free_tests_number")),
    )
    with op.batch_alter_table("free_tests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_free_tests_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_free_tests_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_free_tests_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_free_tests_state"), ["state"], unique=False)

    op.create_table(
        "report_files",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("report_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("added_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["persons.id"], name=op.f("fk_report_files_added_by")),
        sa.ForeignKeyConstraint(["report_id"], ["lab_reports.id"], name=op.f("fk_report_files_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_files")),
        sa.UniqueConstraint("report_id", "digest", name=op.f("uq_report_files_report_id_digest")),
    )
    op.create_table(
        "retests",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("report_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("deadline_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("asked_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("asked_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sample_received_on", sa.Date(), nullable=True),
        sa.Column("report_due", sa.Date(), nullable=True),
        sa.Column("result_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["persons.id"], name=op.f("fk_retests_asked_by")),
        sa.ForeignKeyConstraint(["report_id"], ["lab_reports.id"], name=op.f("fk_retests_report_id")),
        sa.ForeignKeyConstraint(["result_id"], ["lab_reports.id"], name=op.f("fk_retests_result_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retests")),
        sa.UniqueConstraint("report_id", name=op.f("uq_retests_report_id")),
        sa.UniqueConstraint("result_id", name=op.f("uq_retests_result_id")),
    )
    _items()
    _reports()
    for table in APPEND_ONLY:
        guards.forbid_changes(table)


#: Rows of these are written once and never touched again.
APPEND_ONLY = ("samples", "goods_checks", "goods_check_files", "report_files", "commitment_inputs", "commitments_taken")
_TEXT = sqlmodel.sql.sqltypes.AutoString
_MOMENT = brand.kernel.records.Moment(timezone=True)


def _items() -> None:
    """Items of before: judged by what their report printed."""
    with op.batch_alter_table("lab_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("judged_by", _TEXT(length=10), nullable=False, server_default="printed"))
        for name in ("register_limit", "register_source", "register_source_en"):
            batch_op.add_column(sa.Column(name, _TEXT(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("register_checked", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("doubtful", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("lab_items", schema=None) as batch_op:
        for name in ("judged_by", "register_limit", "register_source", "register_source_en", "register_checked"):
            batch_op.alter_column(name, server_default=None)
        batch_op.alter_column("doubtful", server_default=None)


def _reports() -> None:
    """Reports of before are laboratory reports; who wrote them down and when stands in their event."""
    with op.batch_alter_table("lab_reports", schema=None) as batch_op:
        for name, kind in _NEW.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    _fill()
    with op.batch_alter_table("lab_reports", schema=None) as batch_op:
        for name, kind in _NEW.items():
            if name not in _MAY_BE_EMPTY:
                batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.drop_constraint(batch_op.f("uq_lab_reports_laboratory_number"), type_="unique")
        batch_op.create_index(batch_op.f("ix_lab_reports_laboratory_key"), ["laboratory_key"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_lab_reports_laboratory_key_number_key"), ["laboratory_key", "number_key"]
        )
        for name, table in _FOREIGN.items():
            batch_op.create_foreign_key(batch_op.f(f"fk_lab_reports_{name}"), table, [name], ["id"])
        for name, condition in _CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_lab_reports_{name}"), condition)


_NEW: dict[str, sa.types.TypeEngine[object]] = {
    "enterprise_id": _TEXT(),
    "kind": _TEXT(length=12),
    "laboratory_key": _TEXT(),
    "number_key": _TEXT(),
    "sample_id": _TEXT(),
    "official": sa.Boolean(),
    "tested_at": _MOMENT,
    "received_at": _MOMENT,
    "relief": _TEXT(length=12),
    "version": sa.Integer(),
    "recorded_by": _TEXT(),
    "decided_by": _TEXT(),
    "decided_at": _MOMENT,
    "decided_as": _TEXT(length=12),
    "comment": _TEXT(length=500),
    "relief_asked_by": _TEXT(),
    "relief_by": _TEXT(),
    "relief_at": _MOMENT,
    "relief_reason": _TEXT(length=500),
}
_MAY_BE_EMPTY = {
    "sample_id", "tested_at", "decided_by", "decided_at", "relief_asked_by", "relief_by", "relief_at",
}  # fmt: skip
_FOREIGN = {
    "enterprise_id": "enterprises",
    "sample_id": "samples",
    "recorded_by": "persons",
    "decided_by": "persons",
    "relief_asked_by": "persons",
    "relief_by": "persons",
}
_CHECKS = {
    "kind": "kind IN ('laboratory', 'rapid')",
    "not_ones_own": "decided_by IS NULL OR decided_by <> recorded_by",
    "decided": "status = 'declared' OR decided_by IS NOT NULL",
    "two_persons": "relief NOT IN ('released') OR (relief_by IS NOT NULL AND relief_by <> relief_asked_by)",
}


def _fill() -> None:
    """Numbers that only look alike stood beside each other until now: the later one keeps its id in its key."""
    bind = op.get_bind()
    reports = sa.table("lab_reports", sa.column("id"), sa.column("event_id"), *map(sa.column, ("laboratory", "number")))
    events = sa.table("events", *map(sa.column, ("id", "enterprise_id", "person_id", "record_time")))
    writable = sa.table("lab_reports", sa.column("id"), *(sa.column(name, kind) for name, kind in _NEW.items()))
    wanted = sa.select(
        *(reports.c.id, reports.c.laboratory, reports.c.number),
        *(events.c.enterprise_id, events.c.person_id, sa.type_coerce(events.c.record_time, _MOMENT)),
    ).join(events, events.c.id == reports.c.event_id)
    seen: set[tuple[str, str]] = set()
    for report_id, laboratory, number, enterprise_id, person_id, at in bind.execute(wanted).all():
        keys = one_spelling(laboratory), one_spelling(number)
        number_key = f"{keys[1]} {report_id}" if keys in seen else keys[1]
        seen.add(keys)
        values = {
            "enterprise_id": enterprise_id, "kind": "laboratory", "laboratory_key": keys[0], "number_key": number_key,
            "official": False, "received_at": at, "relief": "none", "version": 1, "recorded_by": person_id,
            "decided_as": "", "comment": "", "relief_reason": "",
        }  # fmt: skip
        bind.execute(sa.update(writable).where(writable.c.id == report_id).values(**values))
    _laboratories(bind)


def _laboratories(bind: sa.Connection) -> None:
    """People of laboratories were entered as producers' clerks, because there was no role of their own."""
    grants = sa.table("role_grants", sa.column("role"), sa.column("enterprise_id"))
    enterprises = sa.table("enterprises", sa.column("id"), sa.column("kind"))
    theirs = sa.select(enterprises.c.id).where(enterprises.c.kind == "laboratory")
    own = (grants.c.role == "producer_clerk", grants.c.enterprise_id.in_(theirs))
    bind.execute(sa.update(grants).where(*own).values(role="laboratory_clerk"))
