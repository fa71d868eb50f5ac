"""The core without a database: saved, pruned and loaded before every step."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from engine.bpmn import events, saving
from engine.bpmn.activities import UserTask
from engine.bpmn.tokens import READY, STARTED, WAITING, Instance, Token
from engine.bpmn.variables import Variables
from engine.values import adopted_all
from tests.engine.scenario_engine import MemoryHost


class Play:
    """One instance of process `p` of a diagram."""

    def __init__(self, data: bytes, *, key: str = "p", services: Mapping[str, Any] | None = None, **given: Any) -> None:
        self.host = MemoryHost()
        self.host.services = dict(services or {})
        self.problems = self.host.deploy({"p.bpmn": data})
        assert not [problem for problem in self.problems if problem.level == "error"], self.problems
        instance = Instance(key, self.host)
        instance.start(adopted_all(given))
        self._save(instance)

    # ---- seen
    @property
    def tasks(self) -> list[str]:
        """Element ids of open user tasks, oldest first."""
        return [token.task_spec.bpmn_id for token in self._open(self._load())]

    @property
    def ended(self) -> bool:
        return self._load().completed

    @property
    def variables(self) -> dict[str, Any]:
        data: dict[str, Any] = self._load().data
        return data

    def done(self, kind: str = "completed") -> list[str]:
        return [element for told, _, element in self.host.records if told == kind]

    def seen_by(self, element: str) -> dict[str, Any]:
        """What the oldest open task with this id sees."""
        return Variables(self._token(self._load(), element)).flat()

    # ---- done
    def complete(self, element: str, **values: Any) -> "Play":
        instance = self._load()
        token = self._token(instance, element)
        if instance.hand_in(token, adopted_all(values)):
            token.run()
        return self._go_on(instance)

    def pass_time(self, **delta: float) -> "Play":
        """Fires what becomes due, in order."""
        goal = self.host.clock + dt.timedelta(**delta)
        while True:
            instance = self._load()
            due = [t for t in instance.tokens() if t._state == WAITING and "due" in t.internal_data]
            due = [t for t in due if _due(t) <= goal]
            if not due:
                break
            token = min(due, key=_due)
            self.host.clock = max(self.host.clock, _due(token))
            token.task_spec.happened(token)
            self._go_on(instance)
        self.host.clock = goal
        return self

    def send(self, name: str, **values: Any) -> "Play":
        """A message or signal to everything in the instance that waits for it."""
        waiting = [
            t.id
            for t in self._load().tokens()
            if t._state == WAITING and t.task_spec.event is not None and events.name_of(t) == name
        ]
        assert waiting, f"nobody waits for {name}"
        for number in waiting:
            instance = self._load()
            token = instance.find(number)
            token.task_spec.happened(token, adopted_all(values))
            self._go_on(instance)
        return self

    def work(self, topic: str, **values: Any) -> "Play":
        """A machine completes the oldest external task of the topic."""
        instance = self._load()
        token = self._external(instance, topic)
        instance.hand_in(token, adopted_all(values))
        token.complete()
        return self._go_on(instance)

    def fail(self, topic: str, code: str) -> "Play":
        """A machine raises a BPMN error."""
        instance = self._load()
        assert events.throw_error(self._external(instance, topic), code)
        return self._go_on(instance)

    def set(self, **values: Any) -> "Play":
        instance = self._load()
        Variables(instance.task_tree).take(adopted_all(values))
        return self._go_on(instance)

    @property
    def bytes(self) -> int:
        return len(self._row)

    # ---- inside
    def _load(self) -> Instance:
        return saving.load(self._row, self.host)

    def _go_on(self, instance: Instance) -> "Play":
        instance.do_engine_steps()
        self._save(instance)
        return self

    def _save(self, instance: Instance) -> None:
        saving.prune(instance)
        self._row = saving.dump(instance)

    def _open(self, instance: Instance) -> list[Token]:
        found = [t for t in instance.tokens() if t._state == READY and isinstance(t.task_spec, UserTask)]
        return sorted(found, key=lambda token: token.id)

    def _token(self, instance: Instance, element: str) -> Token:
        return next(token for token in self._open(instance) if token.task_spec.bpmn_id == element)

    def _external(self, instance: Instance, topic: str) -> Token:
        return next(
            token
            for token in instance.tokens()
            if token._state == STARTED
            and token.task_spec.topic is not None
            and token.task_spec.evaluate(token, token.task_spec.topic) == topic
        )


def _due(token: Token) -> dt.datetime:
    return dt.datetime.fromisoformat(token.internal_data["due"])
