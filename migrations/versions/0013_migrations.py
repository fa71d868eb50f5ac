"""Migration of running instances."""

revision = "0013_migrations"
down_revision = "0012_deployments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
