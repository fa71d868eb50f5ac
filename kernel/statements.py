"""SQL of the hot paths: prepared once a connection and run on libpq itself, at a fifth of a cursor's CPU.

Everything else goes through SQLAlchemy. Both work in the same transaction of the same connection, and both raise
SQLAlchemy's exceptions.
"""

import datetime as dt
import itertools
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import abc, pq
from psycopg.adapt import Transformer

Row = tuple[Any, ...]
Prepared = dict["Statement", abc.Transformer | None]  #: what one connection has prepared, with readers of the columns

_NAME = re.compile(r"%\((\w+)\)s")
_numbers = itertools.count(1)


class Statement:
    """One text with `%(name)s` parameters. PostgreSQL must be able to tell each one's type: cast where it cannot."""

    def __init__(self, sql: str) -> None:
        self.names = tuple(dict.fromkeys(_NAME.findall(sql)))
        places = {name: f"${number}" for number, name in enumerate(self.names, 1)}
        self.sql = _NAME.sub(lambda found: places[found[1]], sql)
        self._id = f"moc_{next(_numbers)}".encode()

    def run(self, connection: "psycopg.Connection[Any]", prepared: Prepared, values: Mapping[str, Any]) -> list[Row]:
        """Raises sa.exc.DBAPIError."""
        if self not in prepared:
            ask(connection, lambda of: of.prepare(self._id, self.sql.encode()), self.sql)
            prepared[self] = None
        given: list[Any] = []  # bytes or None
        formats = []
        for name in self.names:
            value = values[name]
            encoded, form = _WRITE[type(value)](value)
            given.append(encoded)
            formats.append(form)
        result = ask(connection, lambda of: of.exec_prepared(self._id, given, formats), self.sql)
        return self._read(result, connection, prepared) if result.ntuples else []

    def _read(self, result: pq.abc.PGresult, connection: "psycopg.Connection[Any]", prepared: Prepared) -> list[Row]:
        reader = prepared[self]
        if reader is None:
            reader = prepared[self] = Transformer(connection)
            reader.set_pgresult(result)
        else:
            reader.set_pgresult(result, set_loaders=False)
        return reader.load_rows(0, result.ntuples, tuple)


def ask(
    connection: "psycopg.Connection[Any]", question: Callable[[pq.abc.PGconn], pq.abc.PGresult], sql: str
) -> pq.abc.PGresult:
    """One question to libpq, whose answer may be an error: raised as SQLAlchemy raises it."""
    try:
        result = question(connection.pgconn)
    except psycopg.Error as lost:
        raise wrapped(lost, sql, connection) from lost
    if result.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        return result
    refused = psycopg.errors.error_from_result(result, connection.info.encoding)
    if connection.closed and refused.sqlstate is None:  # libpq's own words: the server went away
        refused = psycopg.OperationalError(str(refused))
    raise wrapped(refused, sql, connection)


def say(connection: "psycopg.Connection[Any]", command: str) -> pq.abc.PGresult:
    """BEGIN, COMMIT, ROLLBACK. Raises sa.exc.DBAPIError."""
    return ask(connection, lambda of: of.exec_(command.encode()), command)


def commit(connection: "psycopg.Connection[Any]") -> None:
    """Raises sa.exc.DBAPIError, also where a statement had failed: PostgreSQL rolls back then, and says so politely."""
    if say(connection, "COMMIT").command_status != b"COMMIT":
        failed = psycopg.errors.InFailedSqlTransaction("a statement of this transaction has failed")
        raise wrapped(failed, "COMMIT", connection)


def wrapped(error: psycopg.Error, sql: str, connection: "psycopg.Connection[Any] | None" = None) -> Exception:
    lost = connection is not None and connection.closed
    found = sa.exc.DBAPIError.instance(
        sql, None, error, psycopg.Error, hide_parameters=True, connection_invalidated=lost
    )
    assert isinstance(found, Exception)  # noqa: S101 - of an Error it is one
    return found


# ----------------------------------------------------------------------------------------------------------- parameters
TEXT, BINARY = 0, 1


def _text(value: str) -> tuple[bytes, int]:
    if "\0" in value:  # the text format ends there, and would cut the value
        raise ValueError("PostgreSQL keeps no NUL")
    return value.encode(), TEXT


_WRITE: dict[type, Callable[[Any], tuple[bytes | None, int]]] = {
    type(None): lambda value: (None, TEXT),
    str: _text,
    int: lambda value: (b"%d" % value, TEXT),
    bool: lambda value: (b"t" if value else b"f", TEXT),
    uuid.UUID: lambda value: (value.hex.encode(), TEXT),
    dt.datetime: lambda value: (value.isoformat().encode(), TEXT),
    bytes: lambda value: (value, BINARY),
    dt.date: lambda value: (value.isoformat().encode(), TEXT),
    list: lambda value: (f"{{{','.join(map(str, value))}}}".encode(), TEXT),  # of numbers or ids
}
