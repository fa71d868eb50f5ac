"""What decisions said, for whoever has to account for it: found by decision, rule, instance, person and time."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from engine import values
from engine.deployed_models import DecisionDefinition, DecisionEvaluation
from engine.errors import EvaluationNotFound
from engine.history import COUNTED
from engine.models import ProcessDefinition, ProcessInstance
from kernel import db

RECENT = 1_000  #: evaluations in which list_people looks


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asked:
    """Which evaluations are meant. `key`: of the decision, any version unless `version`; `rule`: one that matched, by
    its number; `since` and later, `until` and earlier."""

    organization_id: uuid.UUID
    key: str
    version: int | None = None
    rule: int | None = None
    instance_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    @property
    def conditions(self) -> list[Any]:
        row, told = DecisionEvaluation, [DecisionEvaluation.organization_id == self.organization_id]
        told.append(row.decision_id.in_(self._versions()))
        if self.instance_id is not None:
            told.append(row.instance_id == self.instance_id)
        if self.person_id is not None:
            told.append(row.person_id == self.person_id)
        if self.rule is not None:
            told.append(row.rules.contains([self.rule]))
        if self.since is not None:
            told.append(row.at >= self.since)
        return told if self.until is None else [*told, row.at < self.until]

    def _versions(self) -> "sa.Select[Any]":
        query = sa.select(DecisionDefinition.id).where(
            DecisionDefinition.organization_id == self.organization_id, DecisionDefinition.key == self.key
        )
        return query if self.version is None else query.where(DecisionDefinition.version == self.version)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Evaluation:
    """One answer. `steps`: of the required decisions first, that of the decision itself last; each has `key`, `inputs`
    (label, value), `rules` (numbers from 1) and `rows`, as process values."""

    row: DecisionEvaluation
    decision: DecisionDefinition
    instance: ProcessInstance
    definition: ProcessDefinition
    steps: Sequence[Mapping[str, Any]]


def list_evaluations(asked: Asked, *, limit: int = 100, offset: int = 0) -> list[Evaluation]:
    """The newest first."""
    query = _whole().where(*asked.conditions).order_by(DecisionEvaluation.id.desc())
    return [_evaluation(row) for row in db.session().execute(query.limit(limit).offset(offset))]


def count_evaluations(asked: Asked) -> int:
    """No more than COUNTED."""
    found = sa.select(sa.literal(1)).select_from(DecisionEvaluation).where(*asked.conditions).limit(COUNTED)
    return db.session().scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0


def get_evaluation(evaluation_id: uuid.UUID, organization_id: uuid.UUID) -> Evaluation:
    """Raises EvaluationNotFound."""
    query = _whole().where(
        DecisionEvaluation.id == evaluation_id, DecisionEvaluation.organization_id == organization_id
    )
    row = db.session().execute(query).first()
    if row is None:
        raise EvaluationNotFound
    return _evaluation(row)


def list_people(asked: Asked) -> list[tuple[uuid.UUID, str]]:
    """Whose actions came to the newest of these answers: id and name, by name."""
    row = DecisionEvaluation
    newest = sa.select(row.person_id, row.person_name).where(*asked.conditions).order_by(row.id.desc()).limit(RECENT)
    told = newest.subquery()
    query = sa.select(told.c.person_id, told.c.person_name).distinct().where(told.c.person_id.is_not(None))
    return sorted(((found[0], found[1]) for found in db.session().execute(query)), key=lambda person: person[1])


def count_rules(decision_id: uuid.UUID) -> dict[int, int]:
    """Of one version: number of a rule -> how often it matched among the newest COUNTED answers."""
    row = DecisionEvaluation
    newest = sa.select(row.rules).where(row.decision_id == decision_id, row.organization_id == _owner(decision_id))
    told = newest.order_by(row.id.desc()).limit(COUNTED).subquery()
    matched = sa.select(sa.func.unnest(told.c.rules).label("number")).subquery()
    query = sa.select(matched.c.number, sa.func.count()).group_by(matched.c.number)
    return {row[0]: row[1] for row in db.session().execute(query)}


def addresses_of(organization_id: uuid.UUID, instance_id: uuid.UUID) -> dict[int, tuple[str, uuid.UUID]]:
    """Of an instance: number of a token at a business rule task -> key of the decision, id of what it said there."""
    row = DecisionEvaluation
    query = sa.select(row.token, DecisionDefinition.key, row.id).join(
        DecisionDefinition, DecisionDefinition.id == row.decision_id
    )
    query = query.where(row.organization_id == organization_id, row.instance_id == instance_id).order_by(row.id)
    return {found[0]: (found[1], found[2]) for found in db.session().execute(query)}


def _whole() -> Any:
    return (
        sa.select(DecisionEvaluation, DecisionDefinition, ProcessInstance, ProcessDefinition)
        .join(DecisionDefinition, DecisionDefinition.id == DecisionEvaluation.decision_id)
        .join(ProcessInstance, ProcessInstance.id == DecisionEvaluation.instance_id)
        .join(ProcessDefinition, ProcessDefinition.id == DecisionEvaluation.definition_id)
    )


def _owner(decision_id: uuid.UUID) -> Any:
    return sa.select(DecisionDefinition.organization_id).where(DecisionDefinition.id == decision_id).scalar_subquery()


def _evaluation(row: Any) -> Evaluation:
    evaluation, decision, instance, definition = row
    steps = [values.restored(step) for step in evaluation.steps]
    return Evaluation(row=evaluation, decision=decision, instance=instance, definition=definition, steps=steps)
