"""The Flask class of the product: one transaction around every request."""

import contextlib
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue

from kernel import db
from webapp import auth

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

#: Endpoints that open no transaction around themselves: files of the program, signs of life, the stream of events.
OUTSIDE = frozenset({"static", "health.live", "health.ready", "live.stream"})


class App(Flask):
    """Unsafe requests run in a unit of work, safe ones in a read-only transaction; a view never opens one."""

    def dispatch_request(self, *args: Any) -> ResponseReturnValue:
        if request.routing_exception is not None or request.endpoint in OUTSIDE:
            return super().dispatch_request(*args)
        with self._transaction():
            stopped = auth.stop_at_the_door()
            return super().dispatch_request(*args) if stopped is None else stopped

    def _transaction(self) -> contextlib.AbstractContextManager[Any]:
        return db.reading() if request.method in SAFE else db.unit_of_work()
