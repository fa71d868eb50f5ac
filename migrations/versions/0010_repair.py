"""Suspended processes; what each step changed; history that may go when its time is over."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010_repair"
down_revision = "0009_hot_path"
branch_labels = None
depends_on = None

STATES = "state IN ('active', 'completed', 'cancelled')"
ALL_STATES = "state IN ('active', 'suspended', 'completed', 'cancelled')"
ENDED = "(state = 'active') = (ended_at IS NULL)"
ALL_ENDED = "(state IN ('active', 'suspended')) = (ended_at IS NULL)"
KINDS = "kind IN ('started', 'entered', 'completed', 'cancelled', 'opened', 'closed', 'ended')"
ALL_KINDS = (
    "kind IN ('started', 'entered', 'completed', 'cancelled', 'opened', 'closed', 'ended', 'changed', "
    "'suspended', 'resumed', 'moved', 'restarted', 'migrated', 'action')"
)

#: History is only ever added to, but for the clean-up of what is past its time to live (engine.operations.cleaning). It
#: says so for its own transaction, and even then only lines of ended processes that have a time to live may go.
KEEP_HISTORY = """
CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('moc.cleaning', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
KEEP_YOUNG_HISTORY = """
CREATE FUNCTION keep_young_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT instance_id FROM gone) g
        JOIN engine_instances i ON i.id = g.instance_id JOIN engine_definitions d ON d.id = i.definition_id
        WHERE i.ended_at IS NULL OR d.history_ttl_days IS NULL
            OR i.ended_at > statement_timestamp() - make_interval(days => d.history_ttl_days)
    ) THEN
        RAISE EXCEPTION 'history is not past its time to live' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    _check("engine_instances", state=ALL_STATES, ended=ALL_ENDED)
    _check("engine_history", kind=ALL_KINDS)
    op.add_column("engine_definitions", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("engine_tasks", sa.Column("suspended", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("engine_history", sa.Column("changes", postgresql.JSONB(), nullable=True))
    op.add_column("engine_history", sa.Column("loop", sa.Integer(), nullable=True))
    _create_indexes()
    op.execute("DROP TRIGGER append_only ON engine_history")
    op.execute(KEEP_HISTORY)
    op.execute(KEEP_YOUNG_HISTORY)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON engine_history "
        "FOR EACH STATEMENT EXECUTE FUNCTION keep_history()"
    )
    op.execute(
        "CREATE TRIGGER keep_young AFTER DELETE ON engine_history REFERENCING OLD TABLE AS gone "
        "FOR EACH STATEMENT EXECUTE FUNCTION keep_young_history()"
    )


def downgrade() -> None:
    """Only where nothing is suspended and nobody has repaired anything: history is not rewritten."""
    op.execute("DROP TRIGGER keep_young ON engine_history")
    op.execute("DROP TRIGGER append_only ON engine_history")
    op.execute("DROP FUNCTION keep_young_history()")
    op.execute("DROP FUNCTION keep_history()")
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON engine_history "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    _drop_indexes()
    op.drop_column("engine_history", "loop")
    op.drop_column("engine_history", "changes")
    op.drop_column("engine_tasks", "suspended")
    op.drop_column("engine_definitions", "suspended_at")
    _check("engine_history", kind=KINDS)
    _check("engine_instances", state=STATES, ended=ENDED)


def _check(table: str, **conditions: str) -> None:
    for name, condition in conditions.items():
        op.drop_constraint(f"ck_{table}_{name}", table, type_="check")
        op.create_check_constraint(f"ck_{table}_{name}", table, condition)


def _create_indexes() -> None:
    op.create_index(
        "ix_engine_instances_suspended", "engine_instances", ["id"], postgresql_where=sa.text("state = 'suspended'")
    )
    op.create_index(
        "ix_engine_instances_ended",
        "engine_instances",
        ["definition_id", "ended_at"],
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.drop_index("ix_engine_history_instance", "engine_history")
    op.create_index("ix_engine_history_instance", "engine_history", ["organization_id", "instance_id", "token"])
    op.create_index(
        "ix_engine_history_entered",
        "engine_history",
        ["organization_id", "definition_id", "at", "element_id"],
        postgresql_where=sa.text("kind = 'entered'"),
    )
    op.create_index(
        "ix_engine_history_person",
        "engine_history",
        ["organization_id", "person_id", "at"],
        postgresql_where=sa.text("kind = 'completed' AND element_type = 'userTask'"),
    )


def _drop_indexes() -> None:
    op.drop_index("ix_engine_history_person", "engine_history")
    op.drop_index("ix_engine_history_entered", "engine_history")
    op.drop_index("ix_engine_history_instance", "engine_history")
    op.create_index("ix_engine_history_instance", "engine_history", ["organization_id", "instance_id"])
    op.drop_index("ix_engine_instances_ended", "engine_instances")
    op.drop_index("ix_engine_instances_suspended", "engine_instances")
