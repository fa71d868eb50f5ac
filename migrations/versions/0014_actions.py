"""Actions on human tasks: delegation, questions to colleagues, taking a completion back, standing clocks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014_actions"
down_revision = "0013_migrations"
branch_labels = None
depends_on = None

PEOPLE = ("opened_by_id", "owner_id", "delegate_id")
COLUMNS = {
    "opened_at": sa.DateTime(timezone=True),
    "opened_by_id": sa.Uuid(),
    "owner_id": sa.Uuid(),
    "delegate_id": sa.Uuid(),
    "delegation": sa.Text(),
    "draft": postgresql.JSONB(),
    "paused_at": sa.DateTime(timezone=True),
}
DELEGATED = sa.text("delegation = 'pending'")
OPEN = sa.text("answered_at IS NULL AND withdrawn_at IS NULL")


def upgrade() -> None:
    for column, kind in COLUMNS.items():
        op.add_column("engine_tasks", sa.Column(column, kind))
    for column in PEOPLE:
        op.create_foreign_key(f"fk_engine_tasks_{column}", "engine_tasks", "people", [column], ["id"])
    op.create_check_constraint(
        op.f("ck_engine_tasks_delegation"), "engine_tasks", "delegation IN ('pending', 'resolved')"
    )
    op.create_check_constraint(
        op.f("ck_engine_tasks_delegate"),
        "engine_tasks",
        "delegation IS DISTINCT FROM 'pending' OR delegate_id IS NOT NULL",
    )
    op.create_index(
        "ix_engine_tasks_owner", "engine_tasks", ["organization_id", "owner_id"], postgresql_where=DELEGATED
    )
    op.add_column("task_deadlines", sa.Column("left_seconds", sa.Integer()))
    _create_consultations()
    _create_rewinds()


def _create_consultations() -> None:
    op.create_table(
        "engine_consultations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=True),
        sa.Column("asker_name", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answered_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_engine_consultations_end")),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("ck_engine_consultations_answer")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_engine_consultations_organization_id"
        ),
        sa.ForeignKeyConstraint(["instance_id"], ["engine_instances.id"], name="fk_engine_consultations_instance_id"),
        sa.ForeignKeyConstraint(["task_id"], ["engine_tasks.id"], name="fk_engine_consultations_task_id"),
        sa.ForeignKeyConstraint(["asker_id"], ["people.id"], name="fk_engine_consultations_asker_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_engine_consultations_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_engine_consultations"),
    )
    op.create_index("ix_engine_consultations_task", "engine_consultations", ["task_id"])
    op.create_index(
        "ix_engine_consultations_person",
        "engine_consultations",
        ["organization_id", "person_id"],
        postgresql_where=OPEN,
    )


def _create_rewinds() -> None:
    op.create_table(
        "engine_rewinds",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("numbers_before", sa.Integer(), nullable=False),
        sa.Column("numbers_after", sa.Integer(), nullable=False),
        sa.Column("following", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["engine_tasks.id"], name="fk_engine_rewinds_task_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["instance_id"], ["engine_instances.id"], name="fk_engine_rewinds_instance_id"),
        sa.PrimaryKeyConstraint("task_id", name="pk_engine_rewinds"),
    )
    op.create_index("ix_engine_rewinds_instance", "engine_rewinds", ["instance_id"])
    op.create_index("ix_engine_rewinds_person", "engine_rewinds", ["organization_id", "person_id", "at"])


def downgrade() -> None:
    op.drop_table("engine_rewinds")
    op.drop_table("engine_consultations")
    op.drop_column("task_deadlines", "left_seconds")
    for column in reversed(COLUMNS):
        op.drop_column("engine_tasks", column)
