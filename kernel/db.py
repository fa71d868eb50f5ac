"""The database handle. `unit_of_work` is the only place in the product that commits.

A process calls `configure` once. Every unsafe request, job and tick opens one unit of work; everything inside asks
`session()`, `connection()` or, on a hot path, `run()`: one transaction on one connection, taken when somebody first
asks. Nothing is passed around and nothing else commits.
"""

import contextlib
import contextvars
import uuid
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg import pq
from sqlalchemy import orm

from kernel import statements
from kernel.announcing import Announcement, Announcer
from kernel.ids import new_id
from kernel.statements import Prepared, Row, Statement

Model = TypeVar("Model")
Kept = TypeVar("Kept")

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


_NOTIFY = sa.text(  # not worth a wait for the disk
    "SELECT set_config('synchronous_commit', 'off', true), pg_notify(channel, message) "
    "FROM unnest(CAST(:channels AS text[]), CAST(:messages AS text[])) AS told(channel, message)"
)
PREPARED, FORGETFUL = "prepared", "forgetful"  #: what we know of a connection as long as it lives
IDLE, INTRANS, INERROR = pq.TransactionStatus.IDLE, pq.TransactionStatus.INTRANS, pq.TransactionStatus.INERROR


class Unit:
    """One transaction. It takes a connection when somebody first asks; SQLAlchemy comes over it only when asked for."""

    def __init__(self, begin: str) -> None:
        self._begin = begin
        self._pooled: sa.PoolProxiedConnection | None = None
        self._core: sa.Connection | None = None
        self.session: orm.Session = _Session(self)
        self.memory: dict[Hashable, Any] = {}
        self.announcements: dict[tuple[str, str], None] = {}

    @property
    def raw(self) -> "psycopg.Connection[Any]":
        if self._pooled is None:
            self._pooled = self._begun()
        return self._pooled.driver_connection  # type: ignore[return-value]

    @property
    def core(self) -> sa.Connection:
        if self._core is None:
            self.raw  # noqa: B018 - begins
            self._core = sa.Connection(engine(), self._pooled)
            self._core.begin()
        return self._core

    def run(self, statement: Statement, values: Mapping[str, Any]) -> list[Row]:
        raw = self.within()
        if raw.pgconn.transaction_status == IDLE:
            raise RuntimeError("the transaction is over")
        return statement.run(raw, self._prepared(raw), values)

    def within(self) -> "psycopg.Connection[Any]":
        """The connection, inside the session's savepoint if there is one: it says SAVEPOINT only when it is asked."""
        if self.session.in_nested_transaction():
            self.session.connection()
        return self.raw

    def _prepared(self, raw: "psycopg.Connection[Any]") -> Prepared:
        info = self._pooled.info  # type: ignore[union-attr]
        if info.pop(FORGETFUL, False):
            raw.execute("DEALLOCATE ALL")
            info.pop(PREPARED)
        prepared: Prepared = info.setdefault(PREPARED, {})
        return prepared

    def commit(self) -> None:
        if self.session.in_transaction():
            self.session.commit()  # flushes; it has joined our transaction and ends only its own part
        if self._pooled is not None:
            statements.commit(self.raw)
        if self.announcements:
            _announcer.tell(self.announcements)

    def close(self) -> None:
        """Gives the connection back; what was not committed is undone. Not by psycopg's rollback: with the transaction
        it drops every statement it had prepared."""
        if self._pooled is not None:
            _undo(self._pooled.driver_connection)
        if self._core is not None:
            self.session.close()
            self._core.close()
        elif self._pooled is not None:
            self._pooled.close()

    def _begun(self) -> sa.PoolProxiedConnection:
        """BEGIN is the first word on every connection, so it also finds out which have died while they lay in the pool:
        a restarted server costs no request, and a healthy one no question."""
        tries = _most
        while True:
            pooled, tries = _connect(), tries - 1
            try:
                statements.say(pooled.driver_connection, self._begin)  # type: ignore[arg-type]
            except sa.exc.DBAPIError as lost:
                pooled.invalidate(lost)
                if tries < 0:
                    raise
            else:
                return pooled


class _Session(orm.Session):
    """Works on the unit's connection, which it asks for when it sends something."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(expire_on_commit=False)
        self._unit = unit

    def get_bind(self, *_: Any, **__: Any) -> sa.Connection:
        return self._unit.core


def _undo(raw: "psycopg.Connection[Any] | None") -> None:
    if raw is not None and raw.pgconn.transaction_status in (INTRANS, INERROR):
        with contextlib.suppress(sa.exc.DBAPIError):  # lost: the pool will see it, and the server undo it
            statements.say(raw, "ROLLBACK")


def _doubt(connection: sa.Connection, cursor: Any, statement: str, *_: Any) -> None:
    """Something may have changed that this unit has asked for before."""
    unit = _unit.get()
    if unit is not None and unit.memory and not statement.startswith(("SELECT", "SAVEPOINT", "RELEASE")):
        unit.memory.clear()


def _forget(connection: sa.Connection, *_: Any) -> None:
    """Once a savepoint is undone psycopg drops what is prepared on the connection, ours as well."""
    connection.info[FORGETFUL] = PREPARED in connection.info


def _notify(announcements: list[Announcement]) -> None:
    told = {
        "channels": [channel for channel, _ in announcements],
        "messages": [message for _, message in announcements],
    }
    with engine().begin() as connection:
        connection.execute(_NOTIFY, told)


_announcer = Announcer(_notify)
_engine: sa.Engine | None = None
_most = 0  #: connections that the pool may hold
_unit: contextvars.ContextVar[Unit | None] = contextvars.ContextVar("unit", default=None)

#: A database on another machine that has frozen, or a network that swallows packets, is given up after half a minute.
KEEPALIVE = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}


def configure(url: str, *, pool_size: int = 10, max_overflow: int = 20) -> None:
    """Points the process at a database; a later call (tests) lets go of the earlier one. No connection is made yet."""
    global _engine, _most  # noqa: PLW0603 - one handle a process
    with _announcer.quiet():
        if _engine is not None:
            _engine.dispose()
        _most = pool_size + max_overflow
        _engine = _made(url, pool_size, max_overflow)


def _made(url: str, pool_size: int, max_overflow: int) -> sa.Engine:
    made = sa.create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=10,
        pool_reset_on_return=None,  # a unit ends its transaction itself
        # short queries: compiling them costs more than running them
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC -c jit=off", **KEEPALIVE},
    )
    sa.event.listen(made, "rollback_savepoint", _forget)
    sa.event.listen(made, "before_cursor_execute", _doubt)
    return made


def let_go() -> None:
    """Tells what is still to be told, and closes the connections that lie in the pool."""
    with _announcer.quiet():
        engine().dispose()


def engine() -> sa.Engine:
    if _engine is None:
        raise RuntimeError("kernel.db.configure has not been called")
    return _engine


def _connect() -> sa.PoolProxiedConnection:
    """Raises sa.exc.OperationalError when there is no server."""
    try:
        return engine().raw_connection()
    except psycopg.Error as lost:
        raise statements.wrapped(lost, "CONNECT") from lost


def _current() -> Unit:
    unit = _unit.get()
    if unit is None:
        raise RuntimeError("no unit of work is open")
    return unit


def session() -> orm.Session:
    """The session of the current unit of work or reading."""
    return _current().session


def connection() -> sa.Connection:
    """The same transaction for SQLAlchemy Core."""
    return session().connection()


def raw_connection() -> "psycopg.Connection[Any]":
    """The psycopg connection beneath, for libraries that write in our transaction."""
    return _current().within()


def run(statement: Statement, values: Mapping[str, Any]) -> list[Row]:
    """A statement of a hot path, in the same transaction. What the session holds is neither flushed nor refreshed."""
    return _current().run(statement, values)


def find_kept(model: type[Model], row_id: uuid.UUID) -> Model | None:
    """The session's object of this row, if it has one already; asks nobody."""
    held = session().identity_map
    return held.get(orm.util.identity_key(model, row_id)) if held else None


def remembered(key: Hashable, ask: Callable[[], Kept]) -> Kept:
    """Asked once a unit of work, and again after SQLAlchemy has written something in it."""
    memory = _current().memory
    if key not in memory:
        memory[key] = ask()
    found: Kept = memory[key]
    return found


def announce(channel: str, message: str) -> None:
    """NOTIFY, once the transaction has committed (kernel.announcing)."""
    _current().announcements[channel, message] = None


def lock_name(name: str) -> None:
    """Waits until nobody else holds this name; held until the transaction ends. For what has no row to lock yet."""
    connection().execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


@contextlib.contextmanager
def unit_of_work() -> Iterator[orm.Session]:
    """All or nothing: commits at the end, rolls back on any exception. Units do not nest."""
    with _open("BEGIN") as unit:
        yield unit.session
        unit.commit()


@contextlib.contextmanager
def reading() -> Iterator[orm.Session]:
    """A read-only transaction: PostgreSQL refuses writes in it."""
    with _open("BEGIN READ ONLY") as unit:
        yield unit.session


@contextlib.contextmanager
def apart() -> Iterator[None]:
    """Inside, no unit of work is open: for what must outlive a refusal, written in a unit of its own."""
    token = _unit.set(None)
    try:
        yield
    finally:
        _unit.reset(token)


@contextlib.contextmanager
def _open(begin: str) -> Iterator[Unit]:
    if _unit.get() is not None:
        raise RuntimeError("a unit of work is already open")
    unit = Unit(begin)
    token = _unit.set(unit)
    try:
        yield unit
    finally:
        _unit.reset(token)
        unit.close()
