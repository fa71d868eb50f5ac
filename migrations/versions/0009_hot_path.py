"""What the hot path of a completion needs."""

revision = "0009_hot_path"
down_revision = "0008_open_letters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
