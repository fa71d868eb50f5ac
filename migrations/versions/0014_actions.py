"""Actions on human tasks."""

revision = "0014_actions"
down_revision = "0013_migrations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
