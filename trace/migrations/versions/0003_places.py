"""Places"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "places",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("enterprise_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("name_mn", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("county_code", sqlmodel.sql.sqltypes.AutoString(length=6), nullable=False),
        sa.Column("township_code", sqlmodel.sql.sqltypes.AutoString(length=9), nullable=False),
        sa.Column("declared_mu", brand.kernel.records.Hundredths(), nullable=True),
        sa.Column("site_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("updated_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("decided_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("decided_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.Column("reason_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name=op.f("ck_places_closed_has_a_day")),
        sa.CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name=op.f("ck_places_term")),
        sa.CheckConstraint("declared_mu IS NULL OR declared_mu > 0", name=op.f("ck_places_declared_area")),
        sa.ForeignKeyConstraint(["decided_by"], ["persons.id"], name=op.f("fk_places_decided_by")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_places_enterprise_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_places_site_id")),
        sa.ForeignKeyConstraint(["written_by"], ["persons.id"], name=op.f("fk_places_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("code", name=op.f("uq_places_code")),
        sa.UniqueConstraint("enterprise_id", "name", name=op.f("uq_places_enterprise_id_name")),
    )
    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_places_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_places_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_places_state"), ["state"], unique=False)

    op.create_table(
        "place_outlines",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("place_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("geometry", sa.JSON(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("area_m2", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("drawn_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("drawn_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("confirmed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("confirmed_at", brand.kernel.records.Moment(timezone=True), nullable=True),
        sa.CheckConstraint("area_m2 >= 0", name=op.f("ck_place_outlines_area")),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_place_outlines_term")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["persons.id"], name=op.f("fk_place_outlines_confirmed_by")),
        sa.ForeignKeyConstraint(["drawn_by"], ["persons.id"], name=op.f("fk_place_outlines_drawn_by")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_place_outlines_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_outlines")),
        sa.UniqueConstraint("place_id", "position", name=op.f("uq_place_outlines_place_id_position")),
    )
    with op.batch_alter_table("place_outlines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_outlines_place_id"), ["place_id"], unique=False)
