"""Brings a database to the newest state of the schema, or to an earlier one."""

from pathlib import Path
from typing import Any

import psycopg
from psycopg import errors

PLACE = Path(__file__).parent


def newest() -> str:
    """The last migration's name; the history is one line and the files are numbered."""
    return max(file.stem for file in (PLACE / "versions").glob("[0-9]*.py"))


def find_current(url: str) -> str | None:
    """The database's state, or None when it is empty."""
    with psycopg.connect(url) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except errors.UndefinedTable:
            return None
        return str(row[0]) if row else None


def upgrade(url: str, *, revision: str = "head") -> None:
    """Runs what is missing; asks the database first, so that a start with nothing to do loads no model."""
    if revision == "head" and find_current(url) == newest():
        return
    from alembic import command  # noqa: PLC0415 - 0.3 s that most starts need not spend

    command.upgrade(config_for(url), revision)


def downgrade(url: str, *, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 - as above

    command.downgrade(config_for(url), revision)


def config_for(url: str) -> Any:
    """Alembic's configuration, pointed at this database."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config(PLACE.parent / "alembic.ini")
    config.attributes["url"] = url
    return config
