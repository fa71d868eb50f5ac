"""Indexes for many instances."""

revision = "0015_scale"
down_revision = "0014_actions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
