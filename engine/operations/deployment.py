"""Verbs about definitions: check, deploy. A set of files becomes one deployment, wholly or not at all."""

import dataclasses
import uuid
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from directory import actors
from directory.actors import Actor
from engine import deployed_rows, file_sets, permissions, queries
from engine.bpmn.reading import ReadProcess
from engine.deployed_models import PROCESS
from engine.deployed_rows import Part
from engine.errors import Problem, ProcessRefused
from engine.file_sets import FileSet
from engine.models import ProcessDefinition, ProcessDeployment, ProcessResource
from kernel import audit, db


@dataclasses.dataclass(frozen=True, kw_only=True)
class Deployed:
    """What came of a set of files. `deployment` is None when all of it was there already."""

    deployment: ProcessDeployment | None
    parts: list[Part]

    @property
    def definitions(self) -> list[ProcessDefinition]:
        """Of the processes among the files, in their order."""
        return [part.row for part in self.parts if part.kind == PROCESS]


def check_process(resources: Mapping[str, bytes], *, organization_id: uuid.UUID | None = None) -> list[Problem]:
    """What `deploy` would find, errors and warnings; writes nothing. With an organisation, what it has deployed before
    counts as known."""
    return file_sets.read(resources, organization_id).problems


@dataclasses.dataclass(frozen=True, kw_only=True)
class Checked:
    """What would come of a set of files. `parts` is empty when it would be refused."""

    found: FileSet
    parts: list[Part]


def check_files(resources: Mapping[str, bytes], *, actor: Actor) -> Checked:
    """Writes nothing. Raises NotDesigner."""
    permissions.require_designer(actor)
    found = file_sets.read(resources, actor.organization_id)
    parts = [] if found.is_refused else deployed_rows.settle(found, found.processes, actor.organization_id)
    return Checked(found=found, parts=parts)


def deploy(resources: Mapping[str, bytes], *, actor: Actor, name: str = "") -> list[ProcessDefinition]:
    """As deploy_files; returns the definition of every process among the files."""
    return deploy_files(resources, actor=actor, name=name).definitions


def deploy_files(resources: Mapping[str, bytes], *, actor: Actor, name: str = "") -> Deployed:
    """Diagrams (`*.bpmn`), decisions (`*.dmn`) and forms (`*.form`), name -> bytes, as one deployment.

    Whatever was deployed last with the same hash gets no new version; without anything new there is no deployment.
    Raises NotDesigner, ProcessRefused.
    """
    permissions.require_designer(actor)
    found = _read(resources, actor.organization_id)
    _lock(actor.organization_id)
    return _deploy(found, found.processes, actor, name)


def deploy_shipped(organization_id: uuid.UUID, resources: Mapping[str, bytes]) -> list[ProcessDefinition]:
    """At start: deploys a process only if this very diagram was never deployed for its key, so that an analyst's newer
    version is not displaced. A form that changed renews its process unless an analyst's version is the newest.
    Raises ProcessRefused."""
    found = _read(resources, organization_id)
    _lock(organization_id)
    new = [key for key, process in found.processes.items() if _is_news(organization_id, process, found)]
    if not new:
        return []
    deployed = _deploy(found, new, actors.machine(organization_id), "Quy trình có sẵn")
    return [definition for definition in deployed.definitions if definition.key in new]


def _deploy(found: FileSet, wanted: Collection[str], actor: Actor, name: str) -> Deployed:
    """`wanted`: keys of the processes that may get a new version."""
    parts = deployed_rows.settle(found, wanted, actor.organization_id)
    news = [part for part in parts if part.is_new]
    deployment = deployed_rows.add(found, parts, actor, name) if news else None
    subject = deployment.id if deployment else parts[0].row.deployment_id
    told = [f"{part.kind} {part.row.key} {part.row.version}" for part in news]
    audit.record(actor, "process:deploy", "deployment", subject, name=name, files=sorted(found.files), new=told)
    return Deployed(deployment=deployment, parts=parts)


def _read(resources: Mapping[str, bytes], organization_id: uuid.UUID) -> FileSet:
    found = file_sets.read(resources, organization_id)
    if found.is_refused:
        raise ProcessRefused(found.problems)
    return found


def _is_news(organization_id: uuid.UUID, process: ReadProcess, found: FileSet) -> bool:
    """Whether a shipped process says something that was not there yet."""
    earlier = sa.select(ProcessDefinition.id).where(
        ProcessDefinition.organization_id == organization_id, ProcessDefinition.key == process.key
    )
    if _finds(earlier.where(ProcessDefinition.hash == file_sets.hash_of(process, found))):
        return False
    latest = queries.find_latest_definition(organization_id, process.key)
    if latest is None or latest.created_by_id is None:
        return True
    diagram = found.hash_of_file(PROCESS, process.key)
    known = earlier.join(ProcessResource, ProcessResource.deployment_id == ProcessDefinition.deployment_id)
    return not _finds(known.where(ProcessResource.sha256 == diagram))


def _finds(query: "sa.Select[Any]") -> bool:
    return db.connection().execute(query.limit(1)).first() is not None


def _lock(organization_id: uuid.UUID) -> None:
    """One deployment at a time in an organisation, so that versions have no gaps and no twins."""
    db.lock_name(f"moc.deploy.{organization_id}")
