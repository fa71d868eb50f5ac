"""Verbs about definitions: check, deploy."""

import hashlib
import pathlib
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from directory import actors
from directory.actors import Actor
from engine import permissions, queries, runtime
from engine.bpmn.reading import ReadProcess
from engine.errors import Problem, ProcessRefused
from engine.models import ProcessDefinition, ProcessDeployment, ProcessResource, Subscription, Timer
from kernel import audit, clock, db


def check_process(resources: Mapping[str, bytes]) -> list[Problem]:
    """What `deploy` would find, errors and warnings; writes nothing."""
    return runtime.read_processes(_by_base_name(resources))[1]


def deploy(resources: Mapping[str, bytes], *, actor: Actor, name: str = "") -> list[ProcessDefinition]:
    """Diagrams (`*.bpmn`) and forms (`*.form`), name -> bytes, as one deployment.

    Returns the definition of every process among them; what was deployed last with the same bytes gets no new version.
    Raises NotDesigner, ProcessRefused.
    """
    permissions.require_designer(actor)
    files = _by_base_name(resources)
    processes = _read(files)
    _lock(actor.organization_id)
    return _deploy(files, list(processes.values()), actor, name)


def deploy_shipped(organization_id: uuid.UUID, resources: Mapping[str, bytes]) -> list[ProcessDefinition]:
    """At start: deploys a process only if this very diagram was never deployed for its key, so that an analyst's newer
    version is not displaced. A form that changed renews its process unless an analyst's version is the newest.
    Raises ProcessRefused."""
    files = _by_base_name(resources)
    processes = _read(files)
    _lock(organization_id)
    new = [p for p in processes.values() if _is_news(organization_id, p, files)]
    return _deploy(files, new, actors.machine(organization_id), "Quy trình có sẵn") if new else []


def _deploy(
    files: Mapping[str, bytes], processes: Sequence[ReadProcess], actor: Actor, name: str
) -> list[ProcessDefinition]:
    found: dict[str, ProcessDefinition] = {}
    changed = []
    for process in processes:
        latest = queries.find_latest_definition(actor.organization_id, process.key)
        if latest is not None and latest.hash == _hash(process, files):
            found[process.key] = latest
        else:
            changed.append((process, latest.version + 1 if latest else 1))
    if changed:
        deployment = _add_deployment(files, actor, name)
        for process, version in changed:
            found[process.key] = _add_definition(process, version, deployment, files)
    return [found[process.key] for process in processes]


def _add_deployment(files: Mapping[str, bytes], actor: Actor, name: str) -> ProcessDeployment:
    session = db.session()
    deployment = ProcessDeployment(
        organization_id=actor.organization_id,
        name=name,
        created_at=clock.now(),
        created_by_id=actor.person_id,
        created_by_name=actor.name,
    )
    session.add(deployment)
    session.flush()
    session.add_all(
        ProcessResource(deployment_id=deployment.id, name=file, content=data, sha256=hashlib.sha256(data).hexdigest())
        for file, data in files.items()
    )
    session.flush()
    audit.record(actor, "process:deploy", "deployment", deployment.id, name=name, files=sorted(files))
    return deployment


def _add_definition(
    process: ReadProcess, version: int, deployment: ProcessDeployment, files: Mapping[str, bytes]
) -> ProcessDefinition:
    definition = ProcessDefinition(
        organization_id=deployment.organization_id,
        deployment_id=deployment.id,
        resource_name=process.resource_name,
        key=process.key,
        name=process.name,
        version=version,
        hash=_hash(process, files),
        created_at=deployment.created_at,
        created_by_id=deployment.created_by_id,
        created_by_name=deployment.created_by_name,
    )
    db.session().add(definition)
    db.session().flush()
    _replace_starts(process, definition)
    return definition


def _replace_starts(process: ReadProcess, definition: ProcessDefinition) -> None:
    """Only the newest version is started by timers, messages and signals."""
    session = db.session()
    versions = sa.select(ProcessDefinition.id).where(
        ProcessDefinition.organization_id == definition.organization_id, ProcessDefinition.key == definition.key
    )
    for table in (Timer, Subscription):
        session.execute(sa.delete(table).where(table.instance_id.is_(None), table.definition_id.in_(versions)))
    for start in runtime.start_events(process.spec, definition.organization_id):
        common: dict[str, Any] = {
            "organization_id": definition.organization_id,
            "definition_id": definition.id,
            "element_id": start.element_id,
        }
        if start.kind == "timer":
            told = start.schedule
            session.add(
                Timer(**common, due_at=told.due, repeats_left=told.left, every_seconds=told.every.total_seconds())
            )
        else:
            session.add(Subscription(**common, kind=start.kind, name=start.name, business_key=""))
    session.flush()


def _read(files: Mapping[str, bytes]) -> dict[str, ReadProcess]:
    processes, problems = runtime.read_processes(files)
    if any(problem.level == "error" for problem in problems):
        raise ProcessRefused(problems)
    return processes


def _hash(process: ReadProcess, files: Mapping[str, bytes]) -> str:
    """Of the diagram and the forms it names (of all forms, when an expression chooses)."""
    digest = hashlib.sha256(files[process.resource_name])
    for name in sorted(files):
        key = name.removesuffix(".form")
        if name.endswith(".form") and (process.form_keys is None or key in process.form_keys):
            digest.update(f"\n{name}\n".encode() + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()


def _is_news(organization_id: uuid.UUID, process: ReadProcess, files: Mapping[str, bytes]) -> bool:
    """Whether a shipped process says something that was not there yet."""
    earlier = sa.select(ProcessDefinition.id).where(
        ProcessDefinition.organization_id == organization_id, ProcessDefinition.key == process.key
    )
    if _finds(earlier.where(ProcessDefinition.hash == _hash(process, files))):
        return False
    latest = queries.find_latest_definition(organization_id, process.key)
    if latest is None or latest.created_by_id is None:
        return True
    diagram = hashlib.sha256(files[process.resource_name]).hexdigest()
    known = earlier.join(ProcessResource, ProcessResource.deployment_id == ProcessDefinition.deployment_id)
    return not _finds(known.where(ProcessResource.sha256 == diagram))


def _finds(query: "sa.Select[Any]") -> bool:
    return db.connection().execute(query.limit(1)).first() is not None


def _by_base_name(resources: Mapping[str, bytes]) -> dict[str, bytes]:
    return {pathlib.PurePosixPath(name).name: data for name, data in resources.items()}


def _lock(organization_id: uuid.UUID) -> None:
    """One deployment at a time in an organisation, so that versions have no gaps and no twins."""
    db.lock_name(f"moc.deploy.{organization_id}")
