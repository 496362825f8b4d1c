"""Hero products counted per tier with their limit, exceptions beyond it, and a renewal that must name a licence

Columns are added in place: rebuilding a table others point at would have SQLite delete its rows first.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

#: More heroes than a limit allows could stand in a tier before: those beyond it are not counted, and none is added.
_COUNT = """
UPDATE tiers SET heroes_used = (
    SELECT CASE WHEN count(*) > tiers.heroes_max THEN tiers.heroes_max ELSE count(*) END
    FROM products JOIN brands ON brands.id = products.brand_id
    WHERE brands.tier_id = tiers.id AND products.hero
)
"""


def upgrade() -> None:
    op.execute(
        "ALTER TABLE tiers ADD COLUMN heroes_used INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_tiers_heroes "
        "CHECK (heroes_used >= 0 AND (heroes_max IS NULL OR heroes_used <= heroes_max))"
    )
    op.execute(
        "ALTER TABLE products ADD COLUMN hero_exception_id VARCHAR CONSTRAINT fk_products_hero_exception_id "
        "REFERENCES scheme_changes (id) CONSTRAINT ck_products_hero_exception CHECK (hero_exception_id IS NULL OR hero)"
    )
    op.create_index("uq_products_hero_exception_id", "products", ["hero_exception_id"], unique=True)
    op.execute("UPDATE products SET hero = false WHERE brand_id IN (SELECT id FROM brands WHERE state = 'ended')")
    op.execute(_COUNT)
    _renewals()


def _renewals() -> None:
    constraint = "CONSTRAINT fk_applications_renews_id"
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"ALTER TABLE applications ADD {constraint} FOREIGN KEY (renews_id) REFERENCES licences (id)")
        return
    op.execute(f"ALTER TABLE applications ADD COLUMN renews VARCHAR(20) {constraint} REFERENCES licences (id)")
    op.execute("UPDATE applications SET renews = renews_id")
    op.execute("ALTER TABLE applications DROP COLUMN renews_id")
    op.execute("ALTER TABLE applications RENAME COLUMN renews TO renews_id")
