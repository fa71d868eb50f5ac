"""What the core asks of whoever runs it: definitions, time, services, history."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from engine.bpmn.references import Named

ENTERED, COMPLETED, CANCELLED = "entered", "completed", "cancelled"
OPENED, CLOSED = "opened", "closed"  #: the body of a multi-instance


class Host(Protocol):
    """One request's surroundings. A definition is named by an opaque text."""

    @property
    def functions(self) -> Mapping[str, Callable[..., Any]]: ...
    @property
    def instance_name(self) -> str:
        """What names the instance outside."""

    @property
    def initiator(self) -> str | None:
        """User name of whoever is at work; None for the machine."""

    def now(self) -> dt.datetime: ...

    def spec(self, definition: str) -> Any:
        """The `Process` of a definition."""

    def find_process(self, token: Any, wanted: Named) -> str | None:
        """The definition that a call activity enters; None when there is none."""

    def call_service(self, token: Any, name: str) -> Mapping[str, Any] | None:
        """Runs a registered operation; its result is set as variables."""

    def decide(self, token: Any, wanted: Named) -> list[dict[str, Any]]:
        """The rows a decision gives: output name -> value. Raises CannotProceed."""

    def record(self, kind: str, token: Any) -> None:
        """For history: a token entered or left an element."""
