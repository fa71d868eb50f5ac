"""One answer of a decision, with the tables that led to it and the rules that matched, as they were deployed then."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from directory.actors import Actor
from engine import deployed_decisions
from engine.decisions.graph import Decisions
from engine.evaluations import Evaluation
from webapp.decisions import drawing, past, words
from webapp.decisions.drawing import Box, Marks
from webapp.decisions.past import Row


@dataclasses.dataclass(frozen=True, kw_only=True)
class ShownStep:
    """One decision's part. `box` is None when its file no longer has it; `answer` is None for whoever may not read."""

    name: str
    rules: str
    answer: str | None
    box: Box | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class AnswerPage:
    """What templates/decisions/evaluation.html asks for. `steps`: the decision itself first, then what it required."""

    row: Row
    steps: Sequence[ShownStep]
    newest: bool

    @property
    def decision_url(self) -> str:
        decision = self.row.evaluation.decision
        return url_for("decisions.show", key=decision.key, version=decision.version)


def page_of(evaluation: Evaluation, actor: Actor) -> AnswerPage:
    row = past.row_of(evaluation, actor)
    decisions, _ = deployed_decisions.read(evaluation.decision)
    versions = deployed_decisions.list_versions(actor.organization_id, evaluation.decision.key)
    steps = [step_of(step, decisions, may_read=row.inputs is not None) for step in reversed(evaluation.steps)]
    return AnswerPage(row=row, steps=steps, newest=versions[0].id == evaluation.decision.id)


def step_of(step: Mapping[str, Any], decisions: Decisions, *, may_read: bool) -> ShownStep:
    decision = decisions.get(step["key"])
    values = [words.value(one["value"]) for one in step["inputs"]] if may_read else []
    marks = Marks(inputs=values, rules=step["rules"])
    return ShownStep(
        name=decision.label if decision else step["key"],
        rules=words.numbers(step["rules"]),
        answer=words.rows(step["rows"]) if may_read else None,
        box=drawing.draw(decision, marks=marks) if decision else None,
    )
