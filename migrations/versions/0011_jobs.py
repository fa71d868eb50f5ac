"""Jobs of the engine, retries of timers and external tasks, causes of incidents, idempotency keys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011_jobs"
down_revision = "0010_repair"
branch_labels = None
depends_on = None

Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_jobs()
    _create_deliveries()
    op.add_column("engine_timers", sa.Column("retries", sa.Integer(), nullable=True))
    op.add_column("engine_timers", sa.Column("retry_at", Instant, nullable=True))
    op.add_column("engine_external_tasks", sa.Column("retry_at", Instant, nullable=True))
    op.create_index(
        "ix_engine_external_tasks_retry",
        "engine_external_tasks",
        ["retry_at"],
        postgresql_where=sa.text("retry_at IS NOT NULL"),
    )
    for name in ("cause", "place"):
        op.add_column("engine_incidents", sa.Column(name, sa.Text(), nullable=False, server_default=""))
        op.alter_column("engine_incidents", name, server_default=None)
    _allow_kinds("'timer', 'external_task', 'job'")


def downgrade() -> None:
    op.execute("DELETE FROM engine_incidents WHERE kind = 'job'")
    _allow_kinds("'timer', 'external_task'")
    op.drop_column("engine_incidents", "place")
    op.drop_column("engine_incidents", "cause")
    op.drop_index("ix_engine_external_tasks_retry", "engine_external_tasks")
    op.drop_column("engine_external_tasks", "retry_at")
    op.drop_column("engine_timers", "retry_at")
    op.drop_column("engine_timers", "retries")
    op.drop_table("engine_deliveries")
    op.drop_table("engine_jobs")


def _create_jobs() -> None:
    op.create_table(
        "engine_jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("variables", postgresql.JSONB(), nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("queued_at", Instant, nullable=True),
        sa.Column("kept_until", Instant, nullable=True),
        sa.Column("retries", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("failed_at", Instant, nullable=True),
        sa.CheckConstraint("kind IN ('continue', 'signal', 'message')", name="ck_engine_jobs_kind"),
        sa.CheckConstraint("(instance_id IS NULL) = (token IS NULL)", name="ck_engine_jobs_owner"),
        sa.ForeignKeyConstraint(["definition_id"], ["engine_definitions.id"], name="fk_engine_jobs_definition_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_engine_jobs_organization_id"),
        sa.PrimaryKeyConstraint("id", name="pk_engine_jobs"),
    )
    op.create_index(
        "ix_engine_jobs_token",
        "engine_jobs",
        ["instance_id", "token"],
        unique=True,
        postgresql_where=sa.text("kind = 'continue'"),
    )
    op.create_index("ix_engine_jobs_due", "engine_jobs", ["due_at"], postgresql_where=sa.text("failed_at IS NULL"))
    op.create_index("ix_engine_jobs_instance", "engine_jobs", ["organization_id", "instance_id", "due_at"])
    op.create_index(
        "ix_engine_jobs_messages",
        "engine_jobs",
        ["organization_id", "name"],
        postgresql_where=sa.text("kind = 'message'"),
    )


def _create_deliveries() -> None:
    op.create_table(
        "engine_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_engine_deliveries_organization_id"),
        sa.PrimaryKeyConstraint("id", name="pk_engine_deliveries"),
        sa.UniqueConstraint("organization_id", "key", name="uq_engine_deliveries_organization_id_key"),
    )
    op.create_index("ix_engine_deliveries_at", "engine_deliveries", ["at"])


def _allow_kinds(kinds: str) -> None:
    op.drop_constraint("ck_engine_incidents_kind", "engine_incidents", type_="check")
    op.create_check_constraint("ck_engine_incidents_kind", "engine_incidents", f"kind IN ({kinds})")
