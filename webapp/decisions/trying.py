"""Thử: the form that asks for what a decision reads, and what it answers with that. All of it stands in the address."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import feel
from directory.actors import Actor
from engine import decision_trials, values
from engine.decision_trials import Trial, Tried
from engine.decisions import asking
from engine.decisions.asking import Asked
from engine.errors import UnusableValue
from feel import FeelError
from webapp.decisions import drawing, words
from webapp.decisions.answered import ShownStep
from webapp.decisions.drawing import Marks
from webapp.decisions.page import Head
from webapp.instances import typed
from webapp.instances.typed import Unreadable

LONGEST = 2_000  #: characters of one value
FEEL = "feel"  #: where nobody says of what type a value is, it is typed as it stands in a cell

#: built-in type -> kind of field
KINDS = {
    "string": "text",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "date": "date",
    "dateTime": "datetime",
    "date and time": "datetime",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Field:
    """One value that is asked. `options`: what may be chosen, as it is sent."""

    asked: Asked
    kind: str
    typed: str
    problem: str = ""

    @property
    def name(self) -> str:
        return f"v.{self.asked.path}"

    @property
    def options(self) -> list[str]:
        if self.kind == "boolean":
            return ["Có", "Không"]
        return list(_options(self.asked))


@dataclasses.dataclass(frozen=True, kw_only=True)
class TryPage:
    """What templates/decisions/try.html asks for. `steps` is None until something was sent that can be read."""

    fields: Sequence[Field]
    steps: Sequence[ShownStep] | None
    refused: str = ""


def page_of(head: Head, actor: Actor, arguments: Mapping[str, str]) -> TryPage:
    found = [_field(one, arguments) for one in asking.asked_of(head.decisions, head.decision.key)]
    fields = [field for field, _ in found]
    if "run" not in arguments or any(field.problem for field in fields):
        return TryPage(fields=fields, steps=None)
    names = _nested({field.asked.path: value for field, value in found if field.typed})
    trial = decision_trials.try_out(head.decisions, head.decision.key, names, organization_id=actor.organization_id)
    return TryPage(fields=fields, steps=_steps(head, trial), refused=trial.refused)


def _field(asked: Asked, arguments: Mapping[str, str]) -> tuple[Field, Any]:
    text, kind = arguments.get(f"v.{asked.path}", "").strip(), KINDS.get(asked.type, FEEL)
    field = Field(asked=asked, kind=kind, typed=text)
    try:
        return field, _read(field) if text else None
    except Unreadable as wrong:
        return dataclasses.replace(field, problem=str(wrong)), None


def _read(field: Field) -> Any:
    """Raises Unreadable."""
    if len(field.typed) > LONGEST:
        raise Unreadable(f"Dài quá {LONGEST} ký tự.")
    listed = _options(field.asked)
    if field.typed in listed:
        return listed[field.typed]
    return _feel(field.typed) if field.kind == FEEL else typed.read(field.kind, field.typed)


def _feel(text: str) -> Any:
    """Raises Unreadable."""
    try:
        return values.adopted(feel.compile(text).evaluate({}, {}))
    except (FeelError, UnusableValue, TypeError) as wrong:
        told = wrong.message if isinstance(wrong, FeelError) else "Không giữ được giá trị này."
        raise Unreadable(f'{told} Gõ như trong ô của bảng: "chữ", 12.5, true, date("2016-05-05").') from wrong


def _options(asked: Asked) -> dict[str, Any]:
    """As it is shown and sent -> the constant."""
    return {words.value(one): one for one in asked.allowed}


def _nested(told: Mapping[str, Any]) -> dict[str, Any]:
    """{"a.b": 1} as {"a": {"b": 1}}."""
    found: dict[str, Any] = {}
    for path, value in told.items():
        *outer, last = path.split(".")
        place = found
        for part in outer:
            place = place.setdefault(part, {})
        place[last] = value
    return found


# ---------------------------------------------------------------------------------------------------------- the answer
def _steps(head: Head, trial: Trial) -> list[ShownStep]:
    """That of the decision itself first; without an answer where a process would stop."""
    told = [_step(head, one) for one in reversed(trial.steps)]
    return [dataclasses.replace(one, answer=None) for one in told] if trial.refused else told


def _step(head: Head, tried: Tried) -> ShownStep:
    step = tried.step
    decision = head.decisions[step.decision]
    cells = drawing.cells_of(decision, tried.cells)
    marks = Marks(inputs=[words.value(value) for _, value in step.inputs], rules=step.rules, cells=cells)
    return ShownStep(
        name=decision.label,
        rules=words.numbers(step.rules),
        answer=words.rows(step.rows),
        box=drawing.draw(decision, marks=marks),
    )
