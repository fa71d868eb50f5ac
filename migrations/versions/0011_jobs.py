"""Jobs of the engine and idempotency keys."""

revision = "0011_jobs"
down_revision = "0010_repair"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
