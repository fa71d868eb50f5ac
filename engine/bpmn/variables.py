"""Variables in scopes. Nothing is copied from token to token.

`workflow.data`: the variables of a process instance, a called process, an embedded sub-process.
`task.data`: those of one activity (camunda:inputOutput), of a multi-instance body (nrOfInstances …) or of one of its
elements (loopCounter, element variable).
"""

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from engine.trace import Change
from engine.values import copied

EXECUTION = "execution"


def chain_of(token: Any) -> list[dict[str, Any]]:
    """The dicts a token sees, nearest first; the last is its process instance's. A called process sees no caller."""
    if token.listens:
        token = token.parent  # it stands at its activity's border and sees what is the activity's own
    found = []
    while True:
        found.append(token.data)
        if token.task_spec.instance_of:
            found.append(token.parent.data)
        found.append(token.workflow.data)
        token = token.workflow.parent_task
        if token is None or token.task_spec.calls_process:
            return found


class Variables(MutableMapping[str, Any]):
    """What expressions and scripts of a token see. A read goes up the chain; a write goes to the nearest scope that has
    the name, else to the process instance. Parallel branches share the chain, so a join has nothing to merge."""

    __slots__ = ("chain", "number", "token", "top")

    def __init__(self, token: Any, *, outer: bool = False) -> None:
        """`outer`: without the token's own variables, as camunda:outputParameter writes."""
        self.chain = chain_of(token)[1 if outer else 0 :]
        self.top, self.number, self.token = token.workflow.top_workflow, token.id, token

    def __getitem__(self, name: str) -> Any:
        for scope in self.chain:
            if name in scope:
                return scope[name]
        if name == EXECUTION:
            return self._execution()
        raise KeyError(name)

    def _execution(self) -> dict[str, Any]:
        """The variable of this name in models of other engines (feel.juel.EXECUTION)."""
        token = self.token
        key, spec = token.workflow.business_key or None, token.task_spec
        return {
            "id": str(token.id),
            "activityInstanceId": str(token.id),
            "processInstanceId": self.top.host.instance_name,
            "businessKey": key,
            "processBusinessKey": key,
            "currentActivityId": spec.bpmn_id,
            "currentActivityName": spec.bpmn_name,
        }

    def __contains__(self, name: object) -> bool:
        return any(name in scope for scope in self.chain)

    def __setitem__(self, name: str, value: Any) -> None:
        self.top.changed = True  # conditional events look again
        for scope in self.chain:
            if name in scope:
                self.top.touched.setdefault(name, "update")
                self._trace(name, scope[name]).after = value
                scope[name] = value
                return
        self.top.touched[name] = "create"
        self._trace(name, None, is_new=True).after = value
        self.chain[-1][name] = value

    def __delitem__(self, name: str) -> None:
        self.top.changed = True
        for scope in self.chain:
            if name in scope:
                self.top.touched[name] = "delete"
                self._trace(name, scope[name]).is_gone = True
                del scope[name]
                return
        raise KeyError(name)

    def _trace(self, name: str, before: Any, *, is_new: bool = False) -> Change:
        """What this token's step has done to the variable, from its first write on."""
        step = self.top.written.setdefault(self.number, {})
        if name not in step:
            step[name] = Change(before, is_new=is_new)
        change: Change = step[name]
        return change

    def __iter__(self) -> Iterator[str]:
        return iter({name for scope in self.chain for name in scope})

    def __len__(self) -> int:
        return len({name for scope in self.chain for name in scope})

    def flat(self) -> dict[str, Any]:
        """All of them, the nearest of each name, copied deeply: for services, workers, called processes."""
        result: dict[str, Any] = {}
        for scope in reversed(self.chain):
            result.update(scope)
        return {name: copied(value) for name, value in result.items()}

    def take(self, values: Mapping[str, Any] | None) -> None:
        """Sets values that nobody else holds."""
        for name, value in (values or {}).items():
            self[name] = value
