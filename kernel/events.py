"""Two ways of telling.

Listeners: what a package below announces (`emit`), packages above hear in the same transaction, in the order in which
they registered. A listener that raises refuses the whole action.

Topics: `publish` sends a small message to open browsers after the transaction has committed, and only then (NOTIFY).
"""

import collections
import json
from collections.abc import Callable
from typing import Any, TypeVar

from kernel import db

CHANNEL = "moc_events"
Listener = TypeVar("Listener", bound=Callable[..., None])

_listeners: dict[type, list[Callable[[Any], None]]] = collections.defaultdict(list)


def listens(kind: type) -> Callable[[Listener], Listener]:
    """Decorator: call the function for each event of this class."""

    def register(listener: Listener) -> Listener:
        if listener not in _listeners[kind]:
            _listeners[kind].append(listener)
        return listener

    return register


def emit(event: object) -> None:
    for listener in _listeners[type(event)]:
        listener(event)


def publish(topic: str, **payload: Any) -> None:
    """At most 8 kB; ids and counts, never content: every open page of the product may see it."""
    db.announce(CHANNEL, json.dumps({"topic": topic, **payload}, default=str))
