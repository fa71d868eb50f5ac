"""The verbs of the engine (signatures; bodies follow)."""

import uuid
from collections.abc import Mapping
from typing import Any

from directory.actors import Actor
from engine.errors import Problem
from engine.models import Comment, ProcessDefinition, ProcessInstance, Task


def deploy(resources: Mapping[str, bytes], *, actor: Actor, name: str = "") -> list[ProcessDefinition]:
    raise NotImplementedError


def check_process(resources: Mapping[str, bytes]) -> list[Problem]:
    raise NotImplementedError


def deploy_shipped(organization_id: uuid.UUID, resources: Mapping[str, bytes]) -> list[ProcessDefinition]:
    raise NotImplementedError


def start_instance(key: str, variables: Mapping[str, Any], *, actor: Actor, business_key: str = "") -> ProcessInstance:
    raise NotImplementedError


def claim_task(task_id: uuid.UUID, *, actor: Actor) -> Task:
    raise NotImplementedError


def release_task(task_id: uuid.UUID, *, actor: Actor) -> Task:
    raise NotImplementedError


def assign_task(task_id: uuid.UUID, person_id: uuid.UUID, *, actor: Actor) -> Task:
    raise NotImplementedError


def complete_task(task_id: uuid.UUID, values: Mapping[str, Any], *, actor: Actor) -> Task:
    raise NotImplementedError


def add_comment(task_id: uuid.UUID, text: str, *, actor: Actor) -> Comment:
    raise NotImplementedError


def complete_external_task(external_task_id: uuid.UUID, variables: Mapping[str, Any], *, actor: Actor) -> None:
    raise NotImplementedError


def fail_external_task(external_task_id: uuid.UUID, error: str, *, retries_left: int, actor: Actor) -> None:
    raise NotImplementedError


def cancel_instance(instance_id: uuid.UUID, reason: str, *, actor: Actor) -> None:
    raise NotImplementedError


def fire_due_timers() -> int:
    raise NotImplementedError
