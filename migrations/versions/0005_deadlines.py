"""Deadlines, reminders and escalations."""

import sqlalchemy as sa
from alembic import op

revision = "0005_deadlines"
down_revision = "0004_documents"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "task_deadlines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("escalate_to", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["engine_tasks.id"], name="fk_task_deadlines_task_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["unit_id"], ["org_units.id"], name="fk_task_deadlines_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_task_deadlines"),
        sa.UniqueConstraint("task_id", name="uq_task_deadlines_task_id"),
    )
    op.create_index("ix_task_deadlines_due", "task_deadlines", ["organization_id", "due_at"], postgresql_where=OPEN)
    op.create_index("ix_task_deadlines_unit", "task_deadlines", ["organization_id", "unit_id"], postgresql_where=OPEN)
    op.create_table(
        "deadline_alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("deadline_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('remind', 'escalate')", name=op.f("ck_deadline_alerts_kind")),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["task_deadlines.id"], name="fk_deadline_alerts_deadline_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deadline_alerts"),
    )
    op.create_index("ix_deadline_alerts_deadline", "deadline_alerts", ["deadline_id"])
    op.create_index("ix_deadline_alerts_due", "deadline_alerts", ["at"], postgresql_where=sa.text("fired_at IS NULL"))
    op.create_table(
        "task_reminders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_task_reminders_by_id"),
        sa.ForeignKeyConstraint(["task_id"], ["engine_tasks.id"], name="fk_task_reminders_task_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_task_reminders"),
    )
    op.create_index("ix_task_reminders_task", "task_reminders", ["task_id", "at"])


def downgrade() -> None:
    op.drop_table("task_reminders")
    op.drop_table("deadline_alerts")
    op.drop_table("task_deadlines")
