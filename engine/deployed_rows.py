"""The rows of a deployment: which parts of a set of files are new versions, and how they are written."""

import dataclasses
import hashlib
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from directory.actors import Actor
from engine import file_sets, starting
from engine.deployed_models import DECISION, FORM, PROCESS, DecisionDefinition, DeployedPart, FormDefinition
from engine.file_sets import FileSet
from engine.models import ProcessDefinition, ProcessDeployment, ProcessResource, Subscription, Timer
from kernel import clock, db
from kernel.ids import new_id

_TABLES: dict[str, Any] = {PROCESS: ProcessDefinition, DECISION: DecisionDefinition, FORM: FormDefinition}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    """A process, decision or form of a set of files, with the row of its version, not yet written when it is new."""

    kind: str
    row: Any
    is_new: bool


def settle(found: FileSet, wanted: Collection[str], organization_id: uuid.UUID) -> list[Part]:
    """`wanted`: keys of the processes that may get a new version; of the others, what is there stays."""
    hashes = {key: file_sets.hash_of(process, found) for key, process in found.processes.items()}
    parts = _settle(PROCESS, hashes, wanted, found, organization_id)
    for kind, keys in ((DECISION, found.decisions), (FORM, found.forms)):
        hashes = {key: found.hash_of_file(kind, key) for key in keys}
        parts += _settle(kind, hashes, keys, found, organization_id)
    return parts


def add(found: FileSet, parts: Sequence[Part], actor: Actor, name: str) -> ProcessDeployment:
    """Writes the deployment with its files, the new versions, and what starts them from outside."""
    session = db.session()
    deployment = _deployment(actor, name)
    session.add(deployment)
    session.flush()
    files = [_resource(deployment, file, data) for file, data in found.files.items()]
    session.execute(sa.insert(ProcessResource), files)
    for part in parts:
        if part.is_new:
            _complete(part.row, deployment)
            session.add(part.row)
    session.flush()
    session.execute(sa.insert(DeployedPart), [_part(deployment, part) for part in parts])
    for part in parts:
        if part.is_new and part.kind == PROCESS:
            _replace_starts(found.processes[part.row.key].spec, part.row)
    return deployment


def _settle(
    kind: str, hashes: dict[str, str], wanted: Collection[str], found: FileSet, organization_id: uuid.UUID
) -> list[Part]:
    latest = _latest(kind, hashes, organization_id)
    parts = []
    for key, digest in hashes.items():
        row = latest.get(key)
        is_new = key in wanted and (row is None or row.hash != digest)
        if is_new:
            row = _MAKE[kind](found, key)
            row.id, row.organization_id, row.hash = new_id(), organization_id, digest
            row.version = latest[key].version + 1 if key in latest else 1
            row.resource_name = found.places[kind, key]
        parts.append(Part(kind=kind, row=row, is_new=is_new))
    return [part for part in parts if part.row is not None]


def _latest(kind: str, keys: Iterable[str], organization_id: uuid.UUID) -> dict[str, Any]:
    """Key -> the newest version."""
    if not keys:
        return {}
    table = _TABLES[kind]
    query = (
        sa.select(table)
        .where(table.organization_id == organization_id, table.key.in_(list(keys)))
        .order_by(table.key, table.version.desc())
        .ext(pg.distinct_on(table.key))
    )
    return {row.key: row for row in db.session().scalars(query)}


def _new_process(found: FileSet, key: str) -> ProcessDefinition:
    process = found.processes[key]
    return ProcessDefinition(
        key=key, name=process.name, version_tag=process.version_tag, history_ttl_days=process.history_ttl_days
    )


def _new_decision(found: FileSet, key: str) -> DecisionDefinition:
    decision = found.decisions[key]
    return DecisionDefinition(
        key=key, name=decision.label, version_tag=decision.version_tag, history_ttl_days=decision.history_ttl_days
    )


def _new_form(found: FileSet, key: str) -> FormDefinition:
    return FormDefinition(key=key)


_MAKE: dict[str, Callable[[FileSet, str], Any]] = {PROCESS: _new_process, DECISION: _new_decision, FORM: _new_form}


def _complete(row: Any, deployment: ProcessDeployment) -> None:
    row.deployment_id, row.created_at = deployment.id, deployment.created_at
    if isinstance(row, ProcessDefinition):
        row.created_by_id, row.created_by_name = deployment.created_by_id, deployment.created_by_name


def _deployment(actor: Actor, name: str) -> ProcessDeployment:
    return ProcessDeployment(
        organization_id=actor.organization_id,
        name=name,
        created_at=clock.now(),
        created_by_id=actor.person_id,
        created_by_name=actor.name,
    )


def _resource(deployment: ProcessDeployment, name: str, data: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(data).hexdigest()
    return {"deployment_id": deployment.id, "name": name, "content": data, "sha256": digest}


def _part(deployment: ProcessDeployment, part: Part) -> dict[str, Any]:
    return {
        "deployment_id": deployment.id,
        "kind": part.kind,
        "key": part.row.key,
        "part_id": part.row.id,
        "version": part.row.version,
        "is_new": part.is_new,
    }


def _replace_starts(spec: Any, definition: ProcessDefinition) -> None:
    """Only the newest version is started by timers, messages and signals."""
    if definition.version > 1:
        _end_starts(definition)
    session = db.session()
    for start in starting.start_events(spec, definition.organization_id):
        common: dict[str, Any] = {
            "organization_id": definition.organization_id,
            "definition_id": definition.id,
            "element_id": start.element_id,
        }
        if start.kind == "timer":
            session.add(_start_timer(start.schedule, common))
        else:
            session.add(Subscription(**common, kind=start.kind, name=start.name, business_key=""))
    session.flush()


def _end_starts(definition: ProcessDefinition) -> None:
    versions = sa.select(ProcessDefinition.id).where(
        ProcessDefinition.organization_id == definition.organization_id, ProcessDefinition.key == definition.key
    )
    for table in (Timer, Subscription):
        gone = sa.delete(table).where(table.instance_id.is_(None), table.definition_id.in_(versions))
        db.session().execute(gone)


def _start_timer(told: Any, common: dict[str, Any]) -> Timer:
    return Timer(**common, due_at=told.due, repeats_left=told.left, every_seconds=told.every.total_seconds())
