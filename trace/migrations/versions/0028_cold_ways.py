"""Logger files of journeys and of stays in stores; carriers confirm what they take over."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    # One statement per column, its constraints with it: both databases take it, and nothing that only grows is copied.
    op.execute(
        "ALTER TABLE chilling_logs ADD COLUMN shipment_id VARCHAR "
        "CONSTRAINT fk_chilling_logs_shipment_id REFERENCES shipments (id)"
    )
    op.execute(
        "ALTER TABLE chilling_logs ADD COLUMN stay_id VARCHAR "
        "CONSTRAINT fk_chilling_logs_stay_id REFERENCES batch_stays (id) "
        "CONSTRAINT ck_chilling_logs_one_binding CHECK (shipment_id IS NULL OR stay_id IS NULL)"
    )
    for column in ("shipment_id", "stay_id"):
        op.create_index(op.f(f"ix_chilling_logs_{column}"), "chilling_logs", [column], unique=False)
    op.add_column("shipments", sa.Column("taken_over_at", brand.kernel.records.Moment(timezone=True), nullable=True))
    op.execute(
        "ALTER TABLE shipments ADD COLUMN taken_over_by VARCHAR "
        "CONSTRAINT fk_shipments_taken_over_by REFERENCES persons (id) "
        "CONSTRAINT ck_shipments_taken_over CHECK ((taken_over_at IS NULL) = (taken_over_by IS NULL))"
    )
    for name, length in (("seal_taken", 40), ("taken_words", 300)):
        op.add_column("shipments", sa.Column(name, _TEXT(length=length), nullable=False, server_default=""))
