"""Decisions, version tags and history time to live."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0012_deployments"
down_revision = "0011_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("engine_definitions", sa.Column("version_tag", sa.Text(), nullable=False, server_default=""))
    op.alter_column("engine_definitions", "version_tag", server_default=None)
    op.add_column("engine_definitions", sa.Column("history_ttl_days", sa.Integer(), nullable=True))
    _create_definitions(
        "engine_decisions",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version_tag", sa.Text(), nullable=False),
        sa.Column("history_ttl_days", sa.Integer(), nullable=True),
    )
    _create_definitions("engine_forms")
    _create_parts()
    _create_evaluations()
    op.execute(_FILL_FORMS)
    op.execute(_FILL_PARTS)


def downgrade() -> None:
    for table in ("engine_decision_evaluations", "engine_deployed_parts", "engine_forms", "engine_decisions"):
        op.drop_table(table)
    op.drop_column("engine_definitions", "history_ttl_days")
    op.drop_column("engine_definitions", "version_tag")


def _create_definitions(table: str, *more: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *more,
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=f"ck_{table}_version"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.ForeignKeyConstraint(["deployment_id"], ["engine_deployments.id"], name=f"fk_{table}_deployment_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("organization_id", "key", "version", name=f"uq_{table}_organization_id_key_version"),
    )


def _create_parts() -> None:
    table = "engine_deployed_parts"
    op.create_table(
        table,
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('process', 'decision', 'form')", name=f"ck_{table}_kind"),
        sa.ForeignKeyConstraint(["deployment_id"], ["engine_deployments.id"], name=f"fk_{table}_deployment_id"),
        sa.PrimaryKeyConstraint("deployment_id", "kind", "key", name=f"pk_{table}"),
    )


def _create_evaluations() -> None:
    table = "engine_decision_evaluations"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("steps", pg.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["engine_decisions.id"], name=f"fk_{table}_decision_id"),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["engine_instances.id"], name=f"fk_{table}_instance_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["definition_id"], ["engine_definitions.id"], name=f"fk_{table}_definition_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_instance", table, ["organization_id", "instance_id"])
    op.create_index(f"ix_{table}_decision", table, ["organization_id", "decision_id"])


#: a form is a new version where its bytes differ from those of the deployment before
_FILL_FORMS = r"""
INSERT INTO engine_forms (id, organization_id, deployment_id, resource_name, key, version, hash, created_at)
SELECT gen_random_uuid(), organization_id, deployment_id, name, regexp_replace(name, '\.form$', ''),
    row_number() OVER (PARTITION BY organization_id, name ORDER BY created_at, deployment_id), sha256, created_at
FROM (
    SELECT d.organization_id, d.created_at, r.deployment_id, r.name, r.sha256,
        lag(r.sha256) OVER (PARTITION BY d.organization_id, r.name ORDER BY d.created_at, d.id) AS before
    FROM engine_resources r JOIN engine_deployments d ON d.id = r.deployment_id WHERE r.name LIKE '%.form'
) f
WHERE before IS DISTINCT FROM sha256
"""
_FILL_PARTS = """
INSERT INTO engine_deployed_parts (deployment_id, kind, key, part_id, version, is_new)
SELECT deployment_id, 'process', key, id, version, true FROM engine_definitions
UNION ALL (
    SELECT DISTINCT ON (r.deployment_id, r.name) r.deployment_id, 'form', f.key, f.id, f.version,
        f.deployment_id = r.deployment_id
    FROM engine_resources r JOIN engine_deployments d ON d.id = r.deployment_id
    JOIN engine_forms f ON f.organization_id = d.organization_id AND f.resource_name = r.name AND f.hash = r.sha256
        AND f.created_at <= d.created_at
    ORDER BY r.deployment_id, r.name, f.version DESC
)
"""
