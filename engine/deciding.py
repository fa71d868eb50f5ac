"""A business rule task is answered by a deployed decision; what was decided and why becomes a row."""

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from engine import bindings, specs, values
from engine.bpmn.references import Named
from engine.bpmn.tokens import Token
from engine.bpmn.variables import Variables
from engine.decisions import evaluation
from engine.decisions.errors import DecisionFailed
from engine.errors import CannotProceed
from engine.expressions import Functions
from kernel.ids import new_id


class Decided(NamedTuple):
    """`steps`: tagged values, as in engine.deployed_models.DecisionEvaluation."""

    decision_id: uuid.UUID
    token: int
    definition_id: uuid.UUID
    element_id: str
    rules: Sequence[int]
    steps: list[dict[str, Any]]


#: part of the one statement of store.write
INSERT = """
INSERT INTO engine_decision_evaluations (id, organization_id, decision_id, instance_id, definition_id, token,
    element_id, at, person_id, person_name, rules, steps)
SELECT o.id, %(organization_id)s::uuid, o.decision_id, g.id, o.definition_id, o.token, o.element_id,
    %(now)s::timestamptz, %(person_id)s::uuid, %(person_name)s::text, o.rules, o.steps
FROM guarded g, jsonb_to_recordset(%(decided)s::jsonb) AS o(id uuid, decision_id uuid, definition_id uuid, token int,
    element_id text, rules int[], steps jsonb)"""


def rows_of(decided: Sequence[Decided]) -> list[dict[str, Any]]:
    """For INSERT."""
    return [{"id": new_id(), **one._asdict()} for one in decided]


def decide(
    token: Token, wanted: Named, organization_id: uuid.UUID, functions: Functions
) -> tuple[list[dict[str, Any]], Decided]:
    """The rows, and what is to be kept of how they came about. Raises CannotProceed."""
    spec, definition_id = token.task_spec, uuid.UUID(token.workflow.definition)
    found = bindings.find_decision(organization_id, wanted, definition_id)
    if found is None:
        raise CannotProceed(element=spec.label, reason=f"chưa có quyết định {wanted}.")
    try:
        steps = evaluation.evaluate(*specs.decisions_of(found), Variables(token), functions)
    except DecisionFailed as wrong:
        raise CannotProceed(element=spec.label, reason=str(wrong)) from wrong
    if evaluation.holds_function(steps[-1].rows):
        raise CannotProceed(element=spec.label, reason=f"quyết định {wanted} trả lời bằng một hàm, không giữ được.")
    told = [values.plain(step.told()) for step in steps]
    return steps[-1].rows, Decided(found, token.id, definition_id, spec.bpmn_id, list(steps[-1].rules), told)
