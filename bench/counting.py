"""Hears every SQL statement this process sends, by SQLAlchemy or by a hot path; BEGIN and COMMIT are not among them."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from kernel import db
from kernel.statements import Row, Statement


@contextlib.contextmanager
def statements() -> Iterator[list[str]]:
    """The texts, as they are sent; clear the list before what is counted."""
    sent: list[str] = []
    run = Statement.run

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    def noting(self: Statement, connection: Any, prepared: Any, values: Mapping[str, Any]) -> list[Row]:
        sent.append(self.sql)
        return run(self, connection, prepared, values)

    engine = db.engine()
    sa.event.listen(engine, "before_cursor_execute", note)
    Statement.run = noting  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        Statement.run = run  # type: ignore[method-assign]
        sa.event.remove(engine, "before_cursor_execute", note)
