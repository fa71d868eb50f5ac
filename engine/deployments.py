"""Readers of what was deployed: deployments with their files and parts, decisions, versions by number or tag."""

import dataclasses
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from engine import bindings, queries, specs, values
from engine.bpmn.references import DEPLOYMENT, Named
from engine.decisions.graph import Decision
from engine.deployed_models import (
    DECISION,
    FORM,
    PROCESS,
    DecisionDefinition,
    DecisionEvaluation,
    DeployedPart,
    FormDefinition,
)
from engine.errors import DecisionNotFound, DeploymentNotFound
from engine.models import ProcessDefinition, ProcessDeployment, ProcessInstance, ProcessResource, Task
from kernel import db

KINDS = (PROCESS, DECISION, FORM)  #: in the order in which they are told


@dataclasses.dataclass(frozen=True, kw_only=True)
class FileOf:
    """A file of a deployment; `size` in bytes."""

    name: str
    size: int
    sha256: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeploymentView:
    """A deployment with what it held: new versions first, then those that it left as they were."""

    deployment: ProcessDeployment
    parts: Sequence[DeployedPart]

    @property
    def news(self) -> list[DeployedPart]:
        return [part for part in self.parts if part.is_new]


# --------------------------------------------------------------------------------------------------------- deployments
def list_deployments(organization_id: uuid.UUID, *, limit: int = 50, offset: int = 0) -> list[DeploymentView]:
    """The newest first."""
    query = sa.select(ProcessDeployment).where(ProcessDeployment.organization_id == organization_id)
    query = query.order_by(ProcessDeployment.created_at.desc(), ProcessDeployment.id.desc())
    found = db.session().scalars(query.limit(limit).offset(offset)).all()
    parts = _parts([deployment.id for deployment in found])
    return [DeploymentView(deployment=one, parts=parts.get(one.id, [])) for one in found]


def count_deployments(organization_id: uuid.UUID) -> int:
    query = sa.select(sa.func.count()).where(ProcessDeployment.organization_id == organization_id)
    return db.session().scalar(query) or 0


def get_deployment(deployment_id: uuid.UUID, organization_id: uuid.UUID) -> DeploymentView:
    """Raises DeploymentNotFound."""
    found = db.session().get(ProcessDeployment, deployment_id)
    if found is None or found.organization_id != organization_id:
        raise DeploymentNotFound
    return DeploymentView(deployment=found, parts=_parts([found.id]).get(found.id, []))


def list_files(deployment_id: uuid.UUID) -> list[FileOf]:
    size = sa.func.octet_length(ProcessResource.content)
    query = sa.select(ProcessResource.name, size.label("size"), ProcessResource.sha256)
    rows = db.session().execute(
        query.where(ProcessResource.deployment_id == deployment_id).order_by(ProcessResource.name)
    )
    return [FileOf(name=row.name, size=row.size, sha256=row.sha256) for row in rows]


def get_file(deployment_id: uuid.UUID, name: str) -> bytes:
    """Byte for byte as it came. Raises DeploymentNotFound."""
    content = db.session().scalar(
        sa.select(ProcessResource.content).where(
            ProcessResource.deployment_id == deployment_id, ProcessResource.name == name
        )
    )
    if content is None:
        raise DeploymentNotFound
    return content


def _parts(deployment_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[DeployedPart]]:
    query = sa.select(DeployedPart).where(DeployedPart.deployment_id.in_(deployment_ids))
    found: dict[uuid.UUID, list[DeployedPart]] = {}
    for part in db.session().scalars(query):
        found.setdefault(part.deployment_id, []).append(part)
    for parts in found.values():
        parts.sort(key=lambda part: (not part.is_new, KINDS.index(part.kind), part.key))
    return found


# ------------------------------------------------------------------------------------------------------------ versions
def find_version(
    organization_id: uuid.UUID, key: str, *, version: int | None = None, version_tag: str = ""
) -> ProcessDefinition | None:
    """This version, else the newest with this tag, else the newest."""
    query = sa.select(ProcessDefinition).where(
        ProcessDefinition.organization_id == organization_id, ProcessDefinition.key == key
    )
    if version is not None:
        query = query.where(ProcessDefinition.version == version)
    if version_tag:
        query = query.where(ProcessDefinition.version_tag == version_tag)
    return db.session().scalars(query.order_by(ProcessDefinition.version.desc()).limit(1)).first()


# ----------------------------------------------------------------------------------------------------------- decisions
def list_decisions(organization_id: uuid.UUID) -> Sequence[DecisionDefinition]:
    """The newest version of each, by name."""
    query = (
        sa.select(DecisionDefinition)
        .where(DecisionDefinition.organization_id == organization_id)
        .order_by(DecisionDefinition.key, DecisionDefinition.version.desc())
        .ext(pg.distinct_on(DecisionDefinition.key))
    )
    return sorted(db.session().scalars(query), key=lambda decision: decision.name)


def decision_files(organization_id: uuid.UUID, keys: Collection[str]) -> dict[str, bytes]:
    """The files in which the newest versions of these decisions stand, and those that they import: name -> bytes."""
    found = [row for row in list_decisions(organization_id) if row.key in keys]
    names = {(row.deployment_id, name) for row in found for name in _files_of(row)}
    return {name: get_file(deployment_id, name) for deployment_id, name in sorted(names, key=str)}


def _files_of(row: DecisionDefinition) -> list[str]:
    decisions, _ = specs.decisions_of(row.id)
    return [row.resource_name, *decisions.imports]


def get_decision(decision_id: uuid.UUID, organization_id: uuid.UUID) -> DecisionDefinition:
    """Raises DecisionNotFound."""
    found = db.session().get(DecisionDefinition, decision_id)
    if found is None or found.organization_id != organization_id:
        raise DecisionNotFound
    return found


def read_decisions(deployment_id: uuid.UUID) -> list[tuple[DecisionDefinition, Decision]]:
    """The decisions that a deployment holds, each with what its file says."""
    query = (
        sa.select(DecisionDefinition)
        .join(DeployedPart, DeployedPart.part_id == DecisionDefinition.id)
        .where(DeployedPart.deployment_id == deployment_id, DeployedPart.kind == DECISION)
        .order_by(DecisionDefinition.resource_name, DecisionDefinition.key)
    )
    return [(row, _read(row)) for row in db.session().scalars(query)]


def _read(row: DecisionDefinition) -> Decision:
    decisions, key = specs.decisions_of(row.id)
    return decisions[key]


def list_evaluations(instance_id: uuid.UUID) -> list[tuple[DecisionEvaluation, list[Mapping[str, Any]]]]:
    """What decisions said in this instance, oldest first, with their steps as process values."""
    owner = sa.select(ProcessInstance.organization_id).where(ProcessInstance.id == instance_id).scalar_subquery()
    query = sa.select(DecisionEvaluation).where(
        DecisionEvaluation.organization_id == owner, DecisionEvaluation.instance_id == instance_id
    )
    rows = db.session().scalars(query.order_by(DecisionEvaluation.id))
    return [(row, [values.restored(step) for step in row.steps]) for row in rows]


# --------------------------------------------------------------------------------------------------------------- forms
def get_task_form(task: Task) -> bytes | None:
    """The form-js schema that the diagram binds the task to: the one beside it, the newest, or a numbered version."""
    told = task.extensions.get("form", {"binding": DEPLOYMENT, "version": ""})
    if told["binding"] == DEPLOYMENT and (beside := queries.get_form_source(task.definition_id, task.form_key)):
        return beside
    wanted = Named(task.form_key, told["binding"], told["version"])
    found = bindings.find_form(task.organization_id, wanted, task.definition_id)
    form = None if found is None else db.session().get(FormDefinition, found)
    return None if form is None else get_file(form.deployment_id, form.resource_name)
