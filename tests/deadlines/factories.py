"""Tasks as the engine would have written them."""

import datetime as dt

from directory import queries as directory
from engine.models import ProcessDefinition, ProcessDeployment, ProcessInstance, ProcessResource, Task
from kernel import clock, db
from kernel.clock import VIETNAM
from tests.engine.diagrams import linear


def at(text):
    """An instant in the office's zone."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def make_instance(organization, *, started_by=None, business_key=""):
    """A process instance, with a definition of its own."""
    session = db.session()
    now = clock.now()
    deployment = ProcessDeployment(
        organization_id=organization.id, name="thử", created_at=now, created_by_name="Hệ thống"
    )
    session.add(deployment)
    session.flush()
    key = f"thu-{deployment.id}"
    session.add(ProcessResource(deployment_id=deployment.id, name="thu.bpmn", content=linear("a", key=key), sha256="0"))
    definition = ProcessDefinition(
        organization_id=organization.id,
        deployment_id=deployment.id,
        resource_name="thu.bpmn",
        key=key,
        name="Thử",
        version=1,
        hash="0",
        created_at=now,
        created_by_name="Hệ thống",
    )
    session.add(definition)
    session.flush()
    instance = ProcessInstance(
        organization_id=organization.id,
        definition_id=definition.id,
        business_key=business_key,
        state="active",
        version=1,
        snapshot=b"",
        started_at=now,
        started_by_id=started_by.person_id if started_by else None,
        started_by_name=started_by.name if started_by else "Hệ thống",
    )
    session.add(instance)
    session.flush()
    return instance


def make_task(
    organization, *, due=None, assignee=None, groups=(), users=(), deadline=None, name="Giải quyết", instance=None
):
    """An open task; `due` and `deadline` as the diagram said them, `assignee` a user name."""
    session = db.session()
    instance = instance or make_instance(organization)
    token = session.query(Task).filter_by(instance_id=instance.id).count() + 1
    task = Task(
        organization_id=organization.id,
        instance_id=instance.id,
        definition_id=instance.definition_id,
        token=token,
        element_id="Task_solve",
        name=name,
        state="ready",
        business_key=instance.business_key,
        assignee_id=directory.find_person(assignee).id if assignee else None,
        candidate_users=list(users),
        candidate_groups=list(groups),
        form_key="",
        priority=50,
        due_at=at(due) if due else None,
        created_at=clock.now(),
        ended_by_name="",
        extensions={"deadline": deadline} if deadline else {},
    )
    session.add(task)
    session.flush()
    return task


def end_task(task, *, state="completed"):
    task.state, task.ended_at = state, clock.now()
    db.session().flush()
