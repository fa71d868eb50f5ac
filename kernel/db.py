"""The database handle. `unit_of_work` is the only place in the product that commits.

A process calls `configure` once. Every unsafe request, job and tick opens one unit of work; everything inside asks
`session()` or, on the engine's hot path, `connection()`. Nothing is passed around and nothing else commits.
"""

import contextlib
import contextvars
import uuid
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from kernel.ids import new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(orm.DeclarativeBase):
    """All models."""

    metadata = sa.MetaData(naming_convention=NAMING)


class IdMixin:
    """One primary key column, made by the application (UUID version 7)."""

    id: orm.Mapped[uuid.UUID] = orm.mapped_column(primary_key=True, default=new_id, sort_order=-10)


_engine: sa.Engine | None = None
_session: contextvars.ContextVar[orm.Session | None] = contextvars.ContextVar("session", default=None)


def configure(url: str, *, pool_size: int = 10, max_overflow: int = 20) -> None:
    """Points the process at a database; a later call (tests) lets go of the earlier one. No connection is made yet."""
    global _engine  # noqa: PLW0603 - one handle a process
    if _engine is not None:
        _engine.dispose()
    _engine = sa.create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=10,
        pool_pre_ping=True,  # a restarted server costs one extra round trip, not a failed request
        # short queries: compiling them costs more than running them
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC -c jit=off"},
    )


def engine() -> sa.Engine:
    if _engine is None:
        raise RuntimeError("kernel.db.configure has not been called")
    return _engine


def session() -> orm.Session:
    """The session of the current unit of work or reading."""
    current = _session.get()
    if current is None:
        raise RuntimeError("no unit of work is open")
    return current


def connection() -> sa.Connection:
    """The connection of the current session, in its transaction."""
    return session().connection()


def raw_connection() -> Any:
    """The psycopg connection beneath, for libraries that write in our transaction."""
    return connection().connection.driver_connection


def lock_name(name: str) -> None:
    """Waits until nobody else holds this name; held until the transaction ends. For what has no row to lock yet."""
    connection().execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


@contextlib.contextmanager
def unit_of_work() -> Iterator[orm.Session]:
    """All or nothing: commits at the end, rolls back on any exception. Units do not nest."""
    with _open() as current:
        yield current
        current.commit()


@contextlib.contextmanager
def reading() -> Iterator[orm.Session]:
    """A read-only transaction: PostgreSQL refuses writes in it."""
    with _open() as current:
        current.execute(sa.text("SET TRANSACTION READ ONLY"))
        yield current


@contextlib.contextmanager
def apart() -> Iterator[None]:
    """Inside, no unit of work is open: for what must outlive a refusal, written in a unit of its own."""
    token = _session.set(None)
    try:
        yield
    finally:
        _session.reset(token)


@contextlib.contextmanager
def _open() -> Iterator[orm.Session]:
    if _session.get() is not None:
        raise RuntimeError("a unit of work is already open")
    current = orm.Session(engine(), expire_on_commit=False)
    token = _session.set(current)
    try:
        yield current
    finally:
        _session.reset(token)
        current.close()
