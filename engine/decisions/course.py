"""What goes along with an evaluation: what may be called, what was noted, and what becomes of what does not fit."""

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import feel
from engine.decisions.errors import DecisionFailed, Unfit
from engine.decisions.model import ItemType, Parameter, Tests
from engine.expressions import Functions, Names, Value
from feel import FeelError, LimitExceeded
from feel.values import Function

MAX_BOXES = 80  #: boxes in one another, through all calls
MAX_DEPTH = 40  #: calls of business knowledge models, services and boxed functions in one another


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reason:
    """Why something is null. `decision`: what a person calls it; `element`: id of the box, where it has one; `cell`:
    its text, or the label of the column."""

    decision: str
    element: str
    cell: str
    sentence: str


class Course:
    """One evaluation, whatever it leads into. `at`: the decision that is being answered."""

    def __init__(self, functions: Functions, *, strict: bool) -> None:
        self.functions = functions
        self.strict = strict
        self.reasons: list[Reason] = []
        self.at = ""
        self._depth = 0
        self._boxes = 0

    def evaluate(self, value: Value, names: Names, text: str, element: str = "") -> Any:
        """Raises FeelError for a limit that was exceeded, and strictly for a function that cannot be called."""
        try:
            found = value.evaluate(names, self.functions)
            if found is None and not self.strict and isinstance(value, feel.Expression):
                self._tell_null(value, names, element)
            return found
        except LimitExceeded:
            raise
        except FeelError as wrong:
            if self.strict:
                raise
            self.tell(element, wrong.message, text)
            return None

    def _tell_null(self, value: feel.Expression, names: Names, element: str) -> None:
        """Which part of an expression became null for a reason of its own."""
        part = feel.reason_of_null(value, names, self.functions)
        if part is not None:
            self.tell(element, f"“{part.text}”: {part.reason}", value.text)

    def holds(self, tests: Tests, value: Any, names: Names, text: str) -> bool:
        """The same of a cell that tests."""
        try:
            return tests.holds(value, names, self.functions)
        except LimitExceeded:
            raise
        except FeelError as wrong:
            if self.strict:
                raise
            self.tell("", wrong.message, text)
            return False

    def fitted(self, value: Any, item: ItemType | None, label: str, number: int = 0) -> Any:
        """The value, made to fit; null where it does not (DMN 1.5, 10.3.2.9.4), which strictly is a failure. `number`:
        of the rule."""
        if item is None or value is None:
            return value
        try:
            return item.fitted(value, self.functions)
        except Unfit as wrong:
            place = f", dòng {number}" if number else ""
            self.fail(f"quyết định “{self.at}”, “{label}”{place}: cần {wrong}, nhận “{str(value)[:80]}”.", label)
            return None

    def fail(self, sentence: str, cell: str = "", element: str = "") -> None:
        """What nobody meant: a reason, strictly a failure. Raises DecisionFailed."""
        if self.strict:
            raise DecisionFailed(sentence)
        self.tell(element, sentence, cell)

    def tell(self, element: str, sentence: str, cell: str = "") -> None:
        reason = Reason(decision=self.at, element=element, cell=cell, sentence=sentence)
        if reason not in self.reasons[-MAX_BOXES:]:  # asking why evaluates again
            self.reasons.append(reason)

    def function(self, name: str, parameters: Sequence[Parameter], work: Callable[..., Any]) -> Function:
        """As a value. An argument that does not fit its parameter makes the call null (10.3.2.13.1); so does a number
        of arguments that is not that of the parameters."""

        def call(*given: Any) -> Any:
            if len(given) != len(parameters):
                self.fail(f"“{name}” cần {len(parameters)} giá trị, nhận {len(given)}.", name)
                return None
            fitted = [self.fitted(one, p.item, p.name) for one, p in zip(given, parameters, strict=True)]
            if any(made is None and one is not None for made, one in zip(fitted, given, strict=True)):
                return None
            return self._called(work, fitted)

        return Function(name, tuple(one.name for one in parameters), call)

    @contextlib.contextmanager
    def deeper(self) -> Iterator[None]:
        """Within a box. Raises LimitExceeded."""
        if self._boxes >= MAX_BOXES:
            raise LimitExceeded(f"Các hộp lồng nhau và gọi nhau quá {MAX_BOXES} tầng.")
        self._boxes += 1
        try:
            yield
        finally:
            self._boxes -= 1

    def _called(self, work: Callable[..., Any], given: Sequence[Any]) -> Any:
        """Raises LimitExceeded."""
        if self._depth >= MAX_DEPTH:
            raise LimitExceeded(f"Các hàm gọi nhau quá {MAX_DEPTH} tầng.")
        self._depth += 1
        at = self.at
        try:
            return work(*given)
        finally:
            self._depth -= 1
            self.at = at
