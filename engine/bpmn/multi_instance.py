"""Multi-instance activities and the standard loop: a body whose elements hang on it."""

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults

from engine import reasons
from engine.bpmn import host
from engine.bpmn.node import Node
from engine.bpmn.tokens import STARTED, Token
from engine.bpmn.variables import Variables
from engine.errors import CannotProceed
from engine.expressions import Value
from engine.values import copied

MAX_ELEMENTS = 10_000
ENDLESS = -1  #: nrOfInstances of a loop without a maximum


class MultiInstance(Node, defaults.NoneTask):
    """The body: its token stays STARTED, its elements (spec `x [child]`) hang on it, each with its own variables.
    A standard loop is one without a number."""

    entry_kind, exit_kind = host.OPENED, host.CLOSED

    instance = ""  #: name of the elements' spec
    sequential = False
    cardinality: Value | None = None
    collection: Value | None = None
    element: str | None = None
    condition: Value | None = None  #: when true, the rest is not needed
    output: str | None = None
    output_item: str | None = None
    loop_condition: Value | None = None
    test_before = False
    maximum: int | None = None

    def activate(self, token: Token) -> bool:
        items = self._items(token)
        number = self._number(token, items)
        if number == 0:
            return True
        token._set_state(STARTED)
        active = 1 if self.sequential else number
        token.data.update(nrOfInstances=number, nrOfActiveInstances=active, nrOfCompletedInstances=0)
        if self.output:
            Variables(token, outer=True)[self.output] = [None] * max(number, 0)
        for element in [self._add(token, index, items) for index in range(active)]:
            element.task_spec._update(element)
        return False

    def _number(self, token: Token, items: list[Any] | None) -> int:
        if items is not None:
            return len(items)
        if self.cardinality is not None:
            return self._whole_number(token, self.cardinality)
        if self.test_before and self.loop_condition and self.evaluate(token, self.loop_condition) is not True:
            return 0
        return ENDLESS if self.maximum is None else self.maximum

    def _whole_number(self, token: Token, cardinality: Value) -> int:
        value = self.evaluate(token, cardinality)
        if isinstance(value, bool) or not hasattr(value, "is_finite") or value != int(value) or value < 0:
            found = "chưa có" if value is None else reasons.kind_of(value)
            told = f"số lần lặp là {found}, phải là số nguyên từ 0{self.why_null(token, cardinality)}."
            raise CannotProceed(element=self.label, reason=told)
        if value > MAX_ELEMENTS:
            raise CannotProceed(element=self.label, reason=f"quá {MAX_ELEMENTS} phần tử.")
        return int(value)

    def _items(self, token: Token) -> list[Any] | None:
        if self.collection is None:
            return None
        items = self.evaluate(token, self.collection)
        if not isinstance(items, list):
            told = f"danh sách để lặp không có hoặc không phải là danh sách{self.why_null(token, self.collection)}."
            raise CannotProceed(element=self.label, reason=told)
        if len(items) > MAX_ELEMENTS:
            raise CannotProceed(element=self.label, reason=f"quá {MAX_ELEMENTS} phần tử.")
        return items

    def _add(self, token: Token, index: int, items: list[Any] | None) -> Token:
        element = Token(token.workflow, self._wf_spec.task_specs[self.instance], token)
        element.data["loopCounter"] = index
        if self.element and items is not None:
            element.data[self.element] = self._value(token, index, items)
        if self.output_item:
            element.data[self.output_item] = None
        return element

    def _value(self, token: Token, index: int, items: list[Any]) -> Any:
        """From the collection, or from the list of who is still to come once somebody has changed it (rounds)."""
        queue = token.internal_data.get("queue")
        if queue is not None:
            return queue.pop(0) if queue else None
        return copied(items[index]) if index < len(items) else None

    def instance_completed(self, token: Token, element: Token) -> None:
        counters, index = token.data, element.data["loopCounter"]
        counters["nrOfCompletedInstances"] += 1
        if not self.sequential:
            counters["nrOfActiveInstances"] -= 1
        if self.output:
            self._keep_result(token, element)
        if self._is_enough(token, element):
            for other in token.live_children():
                other.cancel()
            token.complete()
        elif self.sequential:
            following = self._add(token, index + 1, self._items(token))
            following.task_spec._update(following)

    def _keep_result(self, token: Token, element: Token) -> None:
        variables, index = Variables(token, outer=True), element.data["loopCounter"]
        results = list(variables.get(self.output or "") or [])
        results += [None] * (index + 1 - len(results))
        results[index] = element.data.get(self.output_item or "")
        variables[self.output or ""] = results

    def _is_enough(self, token: Token, element: Token) -> bool:
        return (
            token.data["nrOfCompletedInstances"] == token.data["nrOfInstances"]
            or (self.condition is not None and self.evaluate(element, self.condition) is True)
            or (self.loop_condition is not None and self.evaluate(element, self.loop_condition) is not True)
        )
