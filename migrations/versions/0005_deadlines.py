"""Deadlines and escalations."""


revision = "0005_deadlines"
down_revision = "0004_documents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
