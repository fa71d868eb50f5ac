"""Drafts of processes on the drawing board."""

import sqlalchemy as sa
from alembic import op

revision = "0007_drafts"
down_revision = "0006_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "engine_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("xml", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("based_on_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint("version > 0", name="ck_engine_drafts_version"),
        sa.ForeignKeyConstraint(["based_on_id"], ["engine_definitions.id"], name="fk_engine_drafts_based_on_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_engine_drafts_organization_id"),
        sa.ForeignKeyConstraint(["updated_by_id"], ["people.id"], name="fk_engine_drafts_updated_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_engine_drafts"),
        sa.UniqueConstraint("organization_id", "key", name="uq_engine_drafts_organization_id_key"),
    )


def downgrade() -> None:
    op.drop_table("engine_drafts")
