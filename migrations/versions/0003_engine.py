"""Process definitions, instances, tasks, timers, history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_engine"
down_revision = "0002_directory"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "engine_deployments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name="fk_engine_deployments_created_by_id"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_engine_deployments_organization_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_engine_deployments"),
    )
    op.create_index(
        "ix_engine_deployments_organization", "engine_deployments", ["organization_id", "created_at"], unique=False
    )
    op.create_table(
        "engine_definitions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint("version > 0", name="ck_engine_definitions_version"),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name="fk_engine_definitions_created_by_id"),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["engine_deployments.id"], name="fk_engine_definitions_deployment_id"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_engine_definitions_organization_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_engine_definitions"),
        sa.UniqueConstraint(
            "organization_id", "key", "version", name="uq_engine_definitions_organization_id_key_version"
        ),
    )
    op.create_index(
        "ix_engine_definitions_hash", "engine_definitions", ["organization_id", "key", "hash"], unique=False
    )
    op.create_table(
        "engine_resources",
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["engine_deployments.id"], name="fk_engine_resources_deployment_id"),
        sa.PrimaryKeyConstraint("deployment_id", "name", name="pk_engine_resources"),
    )
    op.create_table(
        "engine_instances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Uuid(), nullable=True),
        sa.Column("started_by_name", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'active') = (ended_at IS NULL)", name="ck_engine_instances_ended"),
        sa.CheckConstraint("state IN ('active', 'completed', 'cancelled')", name="ck_engine_instances_state"),
        sa.ForeignKeyConstraint(["definition_id"], ["engine_definitions.id"], name="fk_engine_instances_definition_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_engine_instances_organization_id"),
        sa.ForeignKeyConstraint(["started_by_id"], ["people.id"], name="fk_engine_instances_started_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_engine_instances"),
    )
    op.create_index(
        "ix_engine_instances_business_key", "engine_instances", ["organization_id", "business_key"], unique=False
    )
    op.create_index(
        "ix_engine_instances_definition",
        "engine_instances",
        ["organization_id", "definition_id", "state"],
        unique=False,
    )
    op.create_table(
        "engine_external_tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('ready', 'failed')) = (ended_at IS NULL)", name="ck_engine_external_tasks_ended"
        ),
        sa.CheckConstraint(
            "state IN ('ready', 'failed', 'completed', 'cancelled')", name="ck_engine_external_tasks_state"
        ),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["engine_definitions.id"], name="fk_engine_external_tasks_definition_id"
        ),
        sa.ForeignKeyConstraint(["instance_id"], ["engine_instances.id"], name="fk_engine_external_tasks_instance_id"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_engine_external_tasks_organization_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_engine_external_tasks"),
        sa.UniqueConstraint("instance_id", "token", name="uq_engine_external_tasks_instance_id_token"),
    )
    op.create_index(
        "ix_engine_external_tasks_topic",
        "engine_external_tasks",
        ["organization_id", "topic"],
        unique=False,
        postgresql_where=sa.text("state IN ('ready', 'failed')"),
    )
    op.create_table(
        "engine_history",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("element_name", sa.Text(), nullable=False),
        sa.Column("element_type", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("flow_id", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('started', 'entered', 'completed', 'cancelled', 'opened', 'closed', 'ended')",
            name="ck_engine_history_kind",
        ),
        sa.ForeignKeyConstraint(["instance_id"], ["engine_instances.id"], name="fk_engine_history_instance_id"),
        sa.PrimaryKeyConstraint("id", name="pk_engine_history"),
    )
    op.create_index("ix_engine_history_instance", "engine_history", ["organization_id", "instance_id"], unique=False)
    op.create_table(
        "engine_incidents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('timer', 'external_task')", name="ck_engine_incidents_kind"),
        sa.ForeignKeyConstraint(["definition_id"], ["engine_definitions.id"], name="fk_engine_incidents_definition_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["engine_instances.id"], name="fk_engine_incidents_instance_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_engine_incidents_organization_id"),
        sa.PrimaryKeyConstraint("id", name="pk_engine_incidents"),
    )
    op.create_index(
        "ix_engine_incidents_instance", "engine_incidents", ["organization_id", "instance_id"], unique=False
    )
    op.create_index(
        "ix_engine_incidents_open",
        "engine_incidents",
        ["organization_id"],
        unique=False,
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_table(
        "engine_subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('message', 'signal')", name="ck_engine_subscriptions_kind"),
        sa.CheckConstraint("(instance_id IS NULL) = (token IS NULL)", name="ck_engine_subscriptions_owner"),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["engine_definitions.id"], name="fk_engine_subscriptions_definition_id"
        ),
        sa.ForeignKeyConstraint(["instance_id"], ["engine_instances.id"], name="fk_engine_subscriptions_instance_id"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_engine_subscriptions_organization_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_engine_subscriptions"),
        sa.UniqueConstraint("instance_id", "token", name="uq_engine_subscriptions_instance_id_token"),
    )
    op.create_index(
        "ix_engine_subscriptions_name",
        "engine_subscriptions",
        ["organization_id", "kind", "name", "business_key"],
        unique=False,
    )
    op.create_table(
        "engine_tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("candidate_users", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("candidate_groups", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_by_name", sa.Text(), nullable=False),
        sa.Column("extensions", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("(state = 'ready') = (ended_at IS NULL)", name="ck_engine_tasks_ended"),
        sa.CheckConstraint("state IN ('ready', 'completed', 'cancelled')", name="ck_engine_tasks_state"),
        sa.CheckConstraint("priority BETWEEN 0 AND 100", name="ck_engine_tasks_priority"),
        sa.ForeignKeyConstraint(["assignee_id"], ["people.id"], name="fk_engine_tasks_assignee_id"),
        sa.ForeignKeyConstraint(["definition_id"], ["engine_definitions.id"], name="fk_engine_tasks_definition_id"),
        sa.ForeignKeyConstraint(["ended_by_id"], ["people.id"], name="fk_engine_tasks_ended_by_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["engine_instances.id"], name="fk_engine_tasks_instance_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_engine_tasks_organization_id"),
        sa.PrimaryKeyConstraint("id", name="pk_engine_tasks"),
        sa.UniqueConstraint("instance_id", "token", name="uq_engine_tasks_instance_id_token"),
    )
    op.create_index(
        "ix_engine_tasks_assignee",
        "engine_tasks",
        ["organization_id", "assignee_id"],
        unique=False,
        postgresql_where=sa.text("state = 'ready' AND assignee_id IS NOT NULL"),
    )
    op.create_index("ix_engine_tasks_business_key", "engine_tasks", ["organization_id", "business_key"], unique=False)
    op.create_index(
        "ix_engine_tasks_candidate_groups",
        "engine_tasks",
        ["candidate_groups"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("state = 'ready' AND assignee_id IS NULL"),
    )
    op.create_index(
        "ix_engine_tasks_candidate_users",
        "engine_tasks",
        ["candidate_users"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("state = 'ready' AND assignee_id IS NULL"),
    )
    op.create_index(
        "ix_engine_tasks_ready",
        "engine_tasks",
        ["organization_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'ready'"),
    )
    op.create_table(
        "engine_timers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("repeats_left", sa.Integer(), nullable=False),
        sa.Column("every_seconds", sa.Double(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(instance_id IS NULL) = (token IS NULL)", name="ck_engine_timers_owner"),
        sa.ForeignKeyConstraint(["definition_id"], ["engine_definitions.id"], name="fk_engine_timers_definition_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["engine_instances.id"], name="fk_engine_timers_instance_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_engine_timers_organization_id"),
        sa.PrimaryKeyConstraint("id", name="pk_engine_timers"),
        sa.UniqueConstraint("instance_id", "token", name="uq_engine_timers_instance_id_token"),
    )
    op.create_index("ix_engine_timers_definition", "engine_timers", ["organization_id", "definition_id"], unique=False)
    op.create_index(
        "ix_engine_timers_due", "engine_timers", ["due_at"], unique=False, postgresql_where=sa.text("failed_at IS NULL")
    )
    op.create_table(
        "engine_comments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["engine_instances.id"], name="fk_engine_comments_instance_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_engine_comments_organization_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_engine_comments_person_id"),
        sa.ForeignKeyConstraint(["task_id"], ["engine_tasks.id"], name="fk_engine_comments_task_id"),
        sa.PrimaryKeyConstraint("id", name="pk_engine_comments"),
    )
    op.create_index("ix_engine_comments_instance", "engine_comments", ["organization_id", "instance_id"], unique=False)
    op.execute("ALTER TABLE engine_instances ALTER snapshot SET STORAGE EXTERNAL")
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON engine_history "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("engine_comments")
    op.drop_table("engine_timers")
    op.drop_table("engine_tasks")
    op.drop_table("engine_subscriptions")
    op.drop_table("engine_incidents")
    op.drop_table("engine_history")
    op.drop_table("engine_external_tasks")
    op.drop_table("engine_instances")
    op.drop_table("engine_resources")
    op.drop_table("engine_definitions")
    op.drop_table("engine_deployments")
