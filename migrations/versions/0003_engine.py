"""Process definitions, instances, tasks, timers, history."""


revision = "0003_engine"
down_revision = "0002_directory"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
