"""Alembic's environment: one linear history, the URL given by the caller or by DATABASE_URL."""

import os

import sqlalchemy as sa
from alembic import context

from kernel.db import Base
from migrations.models import is_ours


def run() -> None:
    url = context.config.attributes.get("url") or os.environ["DATABASE_URL"]
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=sa.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=Base.metadata, include_object=is_ours, compare_type=True
        )
        with context.begin_transaction():
            context.run_migrations()


run()
