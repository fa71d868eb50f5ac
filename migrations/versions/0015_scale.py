"""What makes many requests cheap: a stamp that changes with the directory; open tasks in the order of the lists."""

import sqlalchemy as sa
from alembic import op

revision = "0015_scale"
down_revision = "0014_actions"
branch_labels = None
depends_on = None

TABLES = ("organizations", "org_units", "positions", "people", "appointments", "role_grants")
RENEW = """
CREATE FUNCTION renew_directory_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE directory_stamp SET stamp = gen_random_uuid();
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "directory_stamp",
        sa.Column("one", sa.Boolean(), nullable=False),
        sa.Column("stamp", sa.Uuid(), nullable=False),
        sa.CheckConstraint("one", name=op.f("ck_directory_stamp_one")),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_directory_stamp")),
    )
    op.execute("INSERT INTO directory_stamp VALUES (true, gen_random_uuid())")
    op.execute(RENEW)
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER renew_directory_stamp AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION renew_directory_stamp()"
        )
    _order_open_tasks("organization_id", "due_at", sa.text("priority DESC"), "id")


def downgrade() -> None:
    _order_open_tasks("organization_id", "due_at")
    for table in TABLES:
        op.execute(f"DROP TRIGGER renew_directory_stamp ON {table}")
    op.execute("DROP FUNCTION renew_directory_stamp()")
    op.drop_table("directory_stamp")


def _order_open_tasks(*columns: "str | sa.TextClause") -> None:
    op.drop_index("ix_engine_tasks_ready", table_name="engine_tasks")
    op.create_index("ix_engine_tasks_ready", "engine_tasks", list(columns), postgresql_where=sa.text("state = 'ready'"))
