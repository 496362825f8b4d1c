"""Acts taken back: lots and ear tags are free again for the true sheet, packs know the act that made them"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_STANDING = sa.text("NOT withdrawn")
#: Packs of a batch that was packed once are of that act; of others nobody can say it any more.
_FILL = """
UPDATE pack_lines SET operation_id = (
    SELECT MIN(d.operation_id) FROM draws d JOIN operations o ON o.id = d.operation_id
    WHERE d.batch_id = pack_lines.batch_id AND o.kind = 'pack' HAVING COUNT(*) = 1)
"""


def upgrade() -> None:
    with op.batch_alter_table("batches", schema=None) as table:
        table.drop_constraint("uq_batches_maker_id_lot", type_="unique")
    _unique("batches", "uq_batches_standing_lot", ["maker_id", "lot"])
    with op.batch_alter_table("carcasses", schema=None) as table:
        table.add_column(sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.drop_constraint("uq_carcasses_ear_tag", type_="unique")
        table.drop_constraint("uq_carcasses_animal_id", type_="unique")
    with op.batch_alter_table("carcasses", schema=None) as table:
        table.alter_column("withdrawn", server_default=None)
    for one in ("ear_tag", "animal_id"):
        _unique("carcasses", f"uq_carcasses_standing_{one}", [one])
    with op.batch_alter_table("pack_lines", schema=None) as table:
        table.add_column(sa.Column("operation_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        table.create_index(op.f("ix_pack_lines_operation_id"), ["operation_id"])
        table.create_foreign_key(op.f("fk_pack_lines_operation_id"), "operations", ["operation_id"], ["id"])
    op.execute(_FILL)


def _unique(table: str, name: str, columns: list[str]) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING)
