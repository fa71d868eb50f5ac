"""A decision is answered: what it requires first, then its own logic, with everything that was decided noted.

`answer` is the standard: a value, or null with the reasons. `evaluate` is for those who must not go on with a null that
nobody meant: whatever the standard passes over in silence (a hit policy that is broken, a value of another type) fails.
"""

import collections
import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import feel
from engine.decisions import logics, matching, requirements
from engine.decisions.course import Course, Reason
from engine.decisions.errors import DecisionFailed
from engine.decisions.graph import Decision, Element, InputData, Knowledge, Model
from engine.decisions.hit_policies import Row
from engine.decisions.model import MANY, Required, Service, Table
from engine.expressions import Functions, Names
from feel import FeelError, texts
from feel.values import RUN, Function
from kernel import clock

NOTHING: Mapping[str, Any] = {}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Step:
    """One decision's part in an answer. `decision`: its key, or `file#id` in another file; `inputs`: label and value of
    each column; `rules`: numbers of those that matched."""

    decision: str
    inputs: Sequence[tuple[str, Any]]
    rules: Sequence[int]
    rows: list[Row]

    def told(self) -> dict[str, Any]:
        """For the record, as lists and maps; a function as its text."""
        inputs = [{"label": label, "value": _kept(value)} for label, value in self.inputs]
        return {"key": self.decision, "inputs": inputs, "rules": list(self.rules), "rows": _kept(self.rows)}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Answer:
    """By the standard. `reasons`: why there are nulls, in the order in which they were met."""

    value: Any
    reasons: Sequence[Reason]
    steps: Sequence[Step]


def evaluate(decisions: Model, key: str, names: Names, functions: Functions) -> list[Step]:
    """The steps, that of the decision itself last. Raises DecisionFailed."""
    run = _Run(decisions, names, Course(functions, strict=True))
    try:
        _bounded(run.value_of, decisions[key], feel.Run(now=clock.now(), zone=clock.VIETNAM))
    except FeelError as wrong:
        raise DecisionFailed(f"quyết định “{run.course.at or decisions[key].label}”: {wrong.message}") from wrong
    return run.steps


def answer(
    decisions: Model, key: str, names: Names, functions: Functions, given: Mapping[str, Any] = NOTHING
) -> Answer:
    """`key`: of a decision, a decision service or (as `file#id`) a business knowledge model, whose parameters are taken
    from `names`; `given`: element -> the value of input data or of a decision that is not to be evaluated."""
    course = Course(functions, strict=False)
    run = _Run(decisions, names, course, given)
    element = decisions.elements.get(f"{decisions.file}#{key}") or decisions.elements[key]
    try:
        value = _bounded(run.invoked if isinstance(element, Knowledge) else run.value_of, element, feel.Run())
    except FeelError as wrong:
        course.tell(element.element, wrong.message)
        value = None
    return Answer(value=value, reasons=course.reasons, steps=run.steps)


def _bounded(work: Callable[[Any], Any], element: Element, run: feel.Run) -> Any:
    """All that a decision leads into uses up the same bounds: those of the evaluation that goes on, else of `run`."""
    token = RUN.set(RUN.get() or run)
    try:
        return work(element)
    finally:
        RUN.reset(token)


class _Run:
    """One set of values: what is given, what was decided so far."""

    def __init__(self, model: Model, names: Names, course: Course, given: Mapping[str, Any] = NOTHING) -> None:
        self.model = model
        self.names = names
        self.course = course
        self.given = given
        self.values: dict[str, Any] = {}  #: element -> value
        self.told: dict[str, Any] = {}  #: what open decisions see of those before them
        self.steps: list[Step] = []

    def value_of(self, element: Element) -> Any:
        """Of a decision with all that it requires, or of input data."""
        if isinstance(element, InputData):
            return self._input(element)
        if isinstance(element, Decision) and isinstance(element.logic, Service):
            return self._service(element, element.logic)
        for name in self._before(element):
            self._decide(self.model.elements[name])
        return self._decide(element)

    def invoked(self, knowledge: Knowledge) -> Any:
        """A business knowledge model by itself: parameters are what has their names."""
        arguments = [self.names.get(one.name) for one in knowledge.logic.parameters]
        return self._function(knowledge).call(*arguments)

    def _before(self, element: Element) -> Sequence[str]:
        assert isinstance(element, Decision)  # noqa: S101 - others have no requirements that are evaluated
        if not self.given:
            return element.before
        return requirements.order([element.element], self._required, self.given)[:-1]

    def _required(self, name: str) -> Iterable[str]:
        found = self.model.elements[name]
        required = [] if isinstance(found, InputData) else [one.element for one in found.requires]
        return [one for one in required if _is_decided(self.model.elements.get(one))]

    # ------------------------------------------------------------------------------------------------------ decisions
    def _decide(self, decision: Any) -> Any:
        if decision.element in self.values:
            return self.values[decision.element]
        self.course.at = decision.label
        scope = self._scope(decision)
        if isinstance(decision.logic, Table):
            found = matching.decide(decision.logic, scope, self.course)
            rows, value = found.rows, found.value
            step = Step(decision=self.model.key_of(decision.element), inputs=found.inputs, rules=found.rules, rows=rows)
        else:
            value = self.course.fitted(logics.value(decision.logic, scope, self.course), decision.item, "kết quả")
            rows = [{decision.variable: value}]
            step = Step(decision=self.model.key_of(decision.element), inputs=(), rules=(), rows=rows)
        if isinstance(decision.logic, Table):
            value = self.course.fitted(value, decision.item, "kết quả")
        self.steps.append(step)
        self.values[decision.element] = value
        if decision.is_open:
            self.told |= _told(decision, rows)
        return value

    def _scope(self, element: Decision | Knowledge) -> Any:
        """The names that its expressions see. Drawn for Operaton: every variable, and every answer so far; by the
        standard what it requires. Names of nothing that is drawn are variables in both."""
        scope = self._seen(element.requires) if element.requires else {}
        if element.is_open:
            return collections.ChainMap(scope, self.told, self.names)  # type: ignore[arg-type]  # only read
        for name in element.reads:
            if name not in scope and name in self.names:
                scope[name] = self.names[name]
        return scope

    def _seen(self, requires: Iterable[Required]) -> dict[str, Any]:
        scope: dict[str, Any] = {}
        for required in requires:
            home = scope.setdefault(required.within, {}) if required.within else scope
            home[required.name] = self._known(required.element)
        return scope

    def _known(self, name: str) -> Any:
        """The value of something that is required."""
        found = self.model.elements.get(name)
        if isinstance(found, InputData):
            return self._input(found)
        if name in self.values:
            return self.values[name]
        if found is None or name in self.given:
            return self._given(name, found)
        return self._function(found)

    def _given(self, name: str, found: Any) -> Any:
        value = self.given.get(name)
        if found is not None:
            value = self.course.fitted(value, found.item, found.variable)
        self.values[name] = value
        return value

    def _input(self, found: InputData) -> Any:
        if found.element not in self.values:
            value = self.given.get(found.element, self.names.get(found.variable))
            self.values[found.element] = self.course.fitted(value, found.item, found.variable)
        return self.values[found.element]

    # ------------------------------------------------------------------------------------------------------ functions
    def _function(self, found: Any) -> Function:
        """A business knowledge model or a decision service as a function."""
        if isinstance(found, Knowledge):
            parameters = found.logic.parameters
            return self.course.function(found.variable, parameters, lambda *given: self._known_call(found, given))
        service = found.logic
        parameters = [one for one, _ in service.parameters]
        return self.course.function(found.variable, parameters, lambda *given: self._service_call(found, given))

    def _known_call(self, found: Knowledge, given: Sequence[Any]) -> Any:
        scope = self._scope(found)
        names = {one.name: value for one, value in zip(found.logic.parameters, given, strict=True)}
        inner = {found.variable: self._function(found)} | (scope if isinstance(scope, dict) else {}) | names
        if not isinstance(scope, dict):
            inner = collections.ChainMap(names, scope)  # type: ignore[assignment]  # only read
        value = logics.value(found.logic.body, inner, self.course)
        return self.course.fitted(value, found.logic.result, found.variable)

    def _service_call(self, found: Decision, given: Sequence[Any]) -> Any:
        service = found.logic
        assert isinstance(service, Service)  # noqa: S101 - for the type checker
        told = {element: value for (_, element), value in zip(service.parameters, given, strict=True)}
        inner = _Run(self.model, _Undrawn(self.names, self.model), self.course, told)
        return inner._answered(found, service)

    # ------------------------------------------------------------------------------------------------------- services
    def _service(self, decision: Decision, service: Service) -> Any:
        """From outside: what has to be given is taken from the names."""
        told = {
            element: self.given.get(element, self.names.get(parameter.name))
            for parameter, element in service.parameters
        }
        inner = _Run(self.model, self.names, self.course, told | dict(self.given))
        value = inner._answered(decision, service)
        self.steps = inner.steps
        rows = [value] if len(service.outputs) > 1 and isinstance(value, dict) else [{decision.variable: value}]
        self.steps.append(Step(decision=decision.key, inputs=list(_labelled(service, told)), rules=(), rows=rows))
        return value

    def _answered(self, decision: Decision, service: Service) -> Any:
        """One output is its value, several are a context (DMN 1.3, 10.4)."""
        for name in service.before:
            self._decide(self.model.elements[name])
        found = {one.name: self._known(one.element) for one in service.outputs}
        value = next(iter(found.values())) if len(found) == 1 else found
        return self.course.fitted(value, decision.item, "kết quả")


def holds_function(value: Any) -> bool:
    """Whether there is a function in it, which nobody can keep."""
    if isinstance(value, Mapping):
        return any(holds_function(one) for one in value.values())
    return isinstance(value, Function) or (isinstance(value, list) and any(holds_function(one) for one in value))


def _kept(value: Any) -> Any:
    if not holds_function(value):
        return value
    if isinstance(value, Mapping):
        return {name: _kept(one) for name, one in value.items()}
    return [_kept(one) for one in value] if isinstance(value, list) else texts.text_of(value)


class _Undrawn(Mapping[str, Any]):
    """Variables from outside, without those that input data stands for: a service sees what it is given."""

    def __init__(self, names: Names, model: Model) -> None:
        self._names = names
        self._drawn = {one.variable for one in model.elements.values() if isinstance(one, InputData)}

    def __getitem__(self, name: str) -> Any:
        if name in self._drawn:
            raise KeyError(name)
        return self._names[name]

    def __iter__(self) -> Any:
        return (name for name in self._names if name not in self._drawn)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _is_decided(element: Element | None) -> bool:
    return isinstance(element, Decision) and not isinstance(element.logic, Service)


def _labelled(service: Service, told: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return ((parameter.name, told[element]) for parameter, element in service.parameters)


def _told(decision: Decision, rows: Sequence[Row]) -> dict[str, Any]:
    """What later decisions see: the answer under the decision's own variable (DMN 1.5, 10.4), and each output under its
    name, as in Operaton. A single output is its value; several hits are lists."""
    several = len(rows) > 1 or (isinstance(decision.logic, Table) and decision.logic.hit_policy in MANY)
    if isinstance(decision.logic, Table) and decision.logic.aggregation:
        several = False
    values = [next(iter(row.values()), None) if len(row) <= 1 else row for row in rows]
    names = list(dict.fromkeys(name for row in rows for name in row))
    if several:
        return {decision.variable: values} | {name: [row[name] for row in rows if name in row] for name in names}
    return {decision.variable: next(iter(values), None)} | (dict(rows[0]) if rows else {})
