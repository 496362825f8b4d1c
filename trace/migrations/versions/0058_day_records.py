"""What the carcasses of a sheet have in common, and the curve of a temperature record, kept beside them"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import sqlalchemy as sa
from alembic import op

from brand.kernel.records import Grams, Hundredths, Moment
from trace.formats.curves import of_record
from trace.rules.alike import Graded, alike

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_SHEETS = sa.table("slaughters", sa.column("batch_id"), sa.column("alike", sa.JSON))
_CARCASSES = sa.table(
    "carcasses",
    sa.column("batch_id"),
    sa.column("id"),
    sa.column("breed"),
    sa.column("animal_class"),
    sa.column("age_months", Hundredths()),
    sa.column("not_assessed", sa.JSON),
    sa.column("grade"),
    sa.column("cold_kg", Grams()),
    sa.column("to_be_checked", sa.Boolean),
)
_RECORDS = sa.table(
    "chilling_logs",
    sa.column("id"),
    sa.column("started_at", Moment()),
    sa.column("readings", sa.JSON),
    sa.column("breaches", sa.JSON),
    sa.column("curve", sa.JSON(none_as_null=True)),
)


def upgrade() -> None:
    with op.batch_alter_table("slaughters", schema=None) as table:
        table.add_column(sa.Column("alike", sa.JSON(), nullable=True))
    with op.batch_alter_table("chilling_logs", schema=None) as table:
        table.add_column(sa.Column("curve", sa.JSON(), nullable=True))
    connection = op.get_bind()
    for batch_id, said in _sums(connection):
        connection.execute(_SHEETS.update().where(_SHEETS.c.batch_id == batch_id).values(alike=said))
    connection.execute(_SHEETS.update().where(_SHEETS.c.alike.is_(sa.null())).values(alike={}))
    for one in connection.execute(sa.select(_RECORDS)).all():
        drawn = of_record(one.started_at, one.readings, one.breaches)
        if drawn is not None:
            connection.execute(_RECORDS.update().where(_RECORDS.c.id == one.id).values(curve=asdict(drawn)))
    with op.batch_alter_table("slaughters", schema=None) as table:
        table.alter_column("alike", existing_type=sa.JSON(), nullable=False)


def _sums(connection: sa.Connection) -> Iterator[tuple[str, dict[str, object]]]:
    """Sheet by sheet, so that a county's years of carcasses never lie in memory together."""
    for (batch_id,) in connection.execute(sa.select(_SHEETS.c.batch_id)).all():
        rows = connection.execute(sa.select(_CARCASSES).where(_CARCASSES.c.batch_id == batch_id).order_by("id"))
        yield batch_id, alike(Graded(*(getattr(one, name) for name in Graded._fields)) for one in rows)


def downgrade() -> None:
    with op.batch_alter_table("chilling_logs", schema=None) as table:
        table.drop_column("curve")
    with op.batch_alter_table("slaughters", schema=None) as table:
        table.drop_column("alike")
