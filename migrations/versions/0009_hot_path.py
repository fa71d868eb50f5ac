"""Keys that each completion looked up although the instance in its hand vouches for them (docs/decisions/0074)."""

from alembic import op

revision = "0009_hot_path"
down_revision = "0008_open_letters"
branch_labels = None
depends_on = None

#: table, column, what it referred to
KEYS = (
    ("engine_tasks", "organization_id", "organizations"),
    ("engine_tasks", "definition_id", "engine_definitions"),
    ("engine_tasks", "ended_by_id", "people"),
    ("engine_external_tasks", "organization_id", "organizations"),
    ("engine_external_tasks", "definition_id", "engine_definitions"),
    ("engine_history", "instance_id", "engine_instances"),
)


def upgrade() -> None:
    for table, column, _ in KEYS:
        op.drop_constraint(f"fk_{table}_{column}", table, type_="foreignkey")


def downgrade() -> None:
    for table, column, referred in KEYS:
        op.create_foreign_key(f"fk_{table}_{column}", table, referred, [column], ["id"])
