"""Repair and history."""

revision = "0010_repair"
down_revision = "0009_hot_path"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
