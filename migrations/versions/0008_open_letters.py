"""Open letters share the sequence of official letters: both carry the same symbol, so their numbers must differ."""

from alembic import op

revision = "0008_open_letters"
down_revision = "0007_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE document_kinds SET book_group = 'CV' WHERE code = 'ThC'")


def downgrade() -> None:
    op.execute("UPDATE document_kinds SET book_group = 'ThC' WHERE code = 'ThC'")
