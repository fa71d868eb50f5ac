"""Migration of running instances."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013_migrations"
down_revision = "0012_deployments"
branch_labels = None
depends_on = None

BATCHES, ITEMS = "engine_migrations", "engine_migration_items"


def upgrade() -> None:
    op.create_table(
        BATCHES,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("plan", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Uuid(), nullable=True),
        sa.Column("started_by_name", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('running', 'finished')", name=op.f("ck_engine_migrations_state")),
        sa.CheckConstraint("(state = 'running') = (ended_at IS NULL)", name=op.f("ck_engine_migrations_ended")),
        sa.CheckConstraint("total > 0", name=op.f("ck_engine_migrations_total")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{BATCHES}_organization_id"),
        sa.ForeignKeyConstraint(["source_id"], ["engine_definitions.id"], name=f"fk_{BATCHES}_source_id"),
        sa.ForeignKeyConstraint(["target_id"], ["engine_definitions.id"], name=f"fk_{BATCHES}_target_id"),
        sa.ForeignKeyConstraint(["started_by_id"], ["people.id"], name=f"fk_{BATCHES}_started_by_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{BATCHES}"),
    )
    op.create_index("ix_engine_migrations_source", BATCHES, ["organization_id", "source_id"])
    op.create_index("ix_engine_migrations_target", BATCHES, ["organization_id", "target_id"])
    _create_items()


def _create_items() -> None:
    op.create_table(
        ITEMS,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("migration_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moves", postgresql.JSONB(), nullable=False),
        sa.Column("went_on", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snapshot", sa.LargeBinary(), nullable=True),
        sa.Column("rows", postgresql.JSONB(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('pending', 'done', 'failed', 'undone')", name=op.f(f"ck_{ITEMS}_state")),
        sa.CheckConstraint("(state = 'pending') = (at IS NULL)", name=op.f(f"ck_{ITEMS}_at")),
        sa.CheckConstraint("(state = 'failed') = (reason <> '')", name=op.f(f"ck_{ITEMS}_reason")),
        sa.CheckConstraint("(snapshot IS NULL) = (after IS NULL)", name=op.f(f"ck_{ITEMS}_undo")),
        sa.CheckConstraint("(state = 'done') = (snapshot IS NOT NULL)", name=op.f(f"ck_{ITEMS}_done")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{ITEMS}_organization_id"),
        sa.ForeignKeyConstraint(
            ["migration_id"], ["engine_migrations.id"], name=f"fk_{ITEMS}_migration_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["engine_instances.id"], name=f"fk_{ITEMS}_instance_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{ITEMS}"),
        sa.UniqueConstraint("migration_id", "instance_id", name=f"uq_{ITEMS}_migration_id_instance_id"),
    )
    op.create_index("ix_engine_migration_items_state", ITEMS, ["migration_id", "state"])
    op.create_index("ix_engine_migration_items_instance", ITEMS, ["instance_id"])


def downgrade() -> None:
    op.drop_table(ITEMS)
    op.drop_table(BATCHES)
