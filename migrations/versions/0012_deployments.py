"""Decisions, version tags and history time to live."""

revision = "0012_deployments"
down_revision = "0011_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
