"""A moment that is held: writers of one table of a served product wait, so that a test can strike in their middle."""

from collections.abc import Callable

import psycopg


class Held:
    """While it is entered, nobody else writes this table; what is entered tells whether somebody waits to.

    The server may die meanwhile.
    """

    def __init__(self, url: str, table: str) -> None:
        self.url = url
        self.table = table

    def __enter__(self) -> Callable[[], bool]:
        self._holding = psycopg.connect(self.url)
        self._holding.execute(f"LOCK TABLE {self.table} IN SHARE MODE".encode())
        self._looking = psycopg.connect(self.url, autocommit=True)
        return self._is_waited_for

    def __exit__(self, *_: object) -> None:
        for connection in (self._looking, self._holding):
            connection.close()

    def _is_waited_for(self) -> bool:
        query = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
        return self._looking.execute(query, (self.table,)).fetchone() is not None
