"""Tables of the process engine: what was deployed, what runs, who has what to do, what happened.

Everything that grows carries the organisation. A definition is never changed; the state of an instance is one snapshot
with a version that guards it; history is only ever added to. What a step writes from the instance in its hand (tasks,
work for machines, history) refers to the instance alone: its organisation and definition are copies of what stands
there, and a key to look up at each completion costs more than the row (docs/decisions/0074).
"""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg

from kernel import db

Instant = sa.DateTime(timezone=True)

ACTIVE, COMPLETED, CANCELLED = "active", "completed", "cancelled"
SUSPENDED = "suspended"
READY, FAILED = "ready", "failed"


class ProcessDeployment(db.IdMixin, db.Base):
    """Diagrams and forms that were deployed together."""

    __tablename__ = "engine_deployments"
    __table_args__ = (sa.Index("ix_engine_deployments_organization", "organization_id", "created_at"),)

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
    created_by_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    created_by_name: orm.Mapped[str] = orm.mapped_column(sa.Text)


class ProcessResource(db.Base):
    """One file of a deployment, byte for byte as it came."""

    __tablename__ = "engine_resources"

    deployment_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_deployments.id"), primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    content: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    sha256: orm.Mapped[str] = orm.mapped_column(sa.Text)


class ProcessDefinition(db.IdMixin, db.Base):
    """One process of a deployment: immutable, one hash, one version."""

    __tablename__ = "engine_definitions"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "key", "version"),
        sa.CheckConstraint("version > 0", name="version"),
        sa.Index("ix_engine_definitions_hash", "organization_id", "key", "hash"),
    )

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    deployment_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_deployments.id"))
    resource_name: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: the diagram's name among the resources
    key: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: the id of the process in the diagram
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    version: orm.Mapped[int]
    hash: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: SHA-256 of the diagram and what it binds by deployment
    version_tag: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")  #: camunda:versionTag
    history_ttl_days: orm.Mapped[int | None]  #: camunda:historyTimeToLive; None keeps history for ever
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
    created_by_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    created_by_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    suspended_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)  #: since then nothing starts


class ProcessInstance(db.IdMixin, db.Base):
    """A running or ended process, with the processes it calls inside its snapshot."""

    __tablename__ = "engine_instances"
    __table_args__ = (
        sa.CheckConstraint("state IN ('active', 'suspended', 'completed', 'cancelled')", name="state"),
        sa.CheckConstraint("(state IN ('active', 'suspended')) = (ended_at IS NULL)", name="ended"),
        sa.Index("ix_engine_instances_suspended", "id", postgresql_where=sa.text("state = 'suspended'")),
        sa.Index(
            "ix_engine_instances_ended", "definition_id", "ended_at", postgresql_where=sa.text("ended_at IS NOT NULL")
        ),
        sa.Index("ix_engine_instances_definition", "organization_id", "definition_id", "state"),
        sa.Index("ix_engine_instances_business_key", "organization_id", "business_key"),
    )

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    definition_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_definitions.id"))
    business_key: orm.Mapped[str] = orm.mapped_column(sa.Text)
    state: orm.Mapped[str] = orm.mapped_column(sa.Text)
    version: orm.Mapped[int]  #: grows with every write; guards against code that forgot the row lock
    snapshot: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary, deferred=True)
    started_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
    started_by_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    started_by_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    ended_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
    end_reason: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")  #: why it was cancelled


class Task(db.IdMixin, db.Base):
    """A human task. `token` is its number in the instance's snapshot; `business_key` that of its own process scope."""

    __tablename__ = "engine_tasks"
    __table_args__ = (
        sa.UniqueConstraint("instance_id", "token"),
        sa.CheckConstraint("state IN ('ready', 'completed', 'cancelled')", name="state"),
        sa.CheckConstraint("(state = 'ready') = (ended_at IS NULL)", name="ended"),
        sa.CheckConstraint("priority BETWEEN 0 AND 100", name="priority"),
        sa.CheckConstraint("delegation IN ('pending', 'resolved')", name="delegation"),
        sa.CheckConstraint("delegation IS DISTINCT FROM 'pending' OR delegate_id IS NOT NULL", name="delegate"),
        sa.Index(
            "ix_engine_tasks_assignee",
            "organization_id",
            "assignee_id",
            postgresql_where=sa.text("state = 'ready' AND assignee_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_engine_tasks_candidate_groups",
            "candidate_groups",
            postgresql_using="gin",
            postgresql_where=sa.text("state = 'ready' AND assignee_id IS NULL"),
        ),
        sa.Index(
            "ix_engine_tasks_candidate_users",
            "candidate_users",
            postgresql_using="gin",
            postgresql_where=sa.text("state = 'ready' AND assignee_id IS NULL"),
        ),
        sa.Index(  # the order of a person's list: who may take any of many gets the first ones without sorting all
            "ix_engine_tasks_ready",
            "organization_id",
            "due_at",
            sa.text("priority DESC"),
            "id",
            postgresql_where=sa.text("state = 'ready'"),
        ),
        sa.Index("ix_engine_tasks_business_key", "organization_id", "business_key"),
        sa.Index(
            "ix_engine_tasks_owner", "organization_id", "owner_id", postgresql_where=sa.text("delegation = 'pending'")
        ),
    )

    organization_id: orm.Mapped[uuid.UUID]
    instance_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_instances.id"))
    definition_id: orm.Mapped[uuid.UUID]
    token: orm.Mapped[int]
    element_id: orm.Mapped[str] = orm.mapped_column(sa.Text)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    state: orm.Mapped[str] = orm.mapped_column(sa.Text)
    business_key: orm.Mapped[str] = orm.mapped_column(sa.Text)
    assignee_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    candidate_users: orm.Mapped[list[str]] = orm.mapped_column(pg.ARRAY(sa.Text))
    candidate_groups: orm.Mapped[list[str]] = orm.mapped_column(pg.ARRAY(sa.Text))
    form_key: orm.Mapped[str] = orm.mapped_column(sa.Text)
    priority: orm.Mapped[int]  #: 0 to 100, 50 when the diagram says nothing
    due_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
    follow_up_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
    claimed_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
    suspended: orm.Mapped[bool] = orm.mapped_column(server_default=sa.false())  #: its instance stands still
    ended_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
    ended_by_id: orm.Mapped[uuid.UUID | None]
    ended_by_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    opened_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)  #: first seen by somebody who may do it
    opened_by_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    owner_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))  #: who delegated it
    delegate_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))  #: to whom, the last time
    delegation: orm.Mapped[str | None] = orm.mapped_column(sa.Text)  #: 'pending', 'resolved' or never
    draft: orm.Mapped[dict[str, Any] | None] = orm.mapped_column(pg.JSONB(none_as_null=True))  #: of the delegate
    paused_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)  #: since when the clock stands still
    extensions: orm.Mapped[dict[str, Any]] = orm.mapped_column(pg.JSONB)  #: "deadline", "actions", "differentFrom"


class Timer(db.IdMixin, db.Base):
    """A time that an instance waits for, or (without instance) a definition's timer start event."""

    __tablename__ = "engine_timers"
    __table_args__ = (
        sa.UniqueConstraint("instance_id", "token"),
        sa.CheckConstraint("(instance_id IS NULL) = (token IS NULL)", name="owner"),
        sa.Index("ix_engine_timers_due", "due_at", postgresql_where=sa.text("failed_at IS NULL")),
        sa.Index("ix_engine_timers_definition", "organization_id", "definition_id"),
    )

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    definition_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_definitions.id"))
    instance_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("engine_instances.id"))
    token: orm.Mapped[int | None]
    element_id: orm.Mapped[str] = orm.mapped_column(sa.Text)
    due_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
    repeats_left: orm.Mapped[int]  #: of a timer start event; -1 is without end
    every_seconds: orm.Mapped[float]  #: of a timer start event
    failed_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)  #: an incident tells why; not claimed again
    retries: orm.Mapped[int | None]  #: how often it may still be tried; None until it has failed: as the diagram says
    retry_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)  #: after a failure, not before


class Subscription(db.IdMixin, db.Base):
    """A message or signal that an instance waits for, or (without instance) one that starts a process."""

    __tablename__ = "engine_subscriptions"
    __table_args__ = (
        sa.UniqueConstraint("instance_id", "token"),
        sa.CheckConstraint("kind IN ('message', 'signal')", name="kind"),
        sa.CheckConstraint("(instance_id IS NULL) = (token IS NULL)", name="owner"),
        sa.Index("ix_engine_subscriptions_name", "organization_id", "kind", "name", "business_key"),
    )

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    definition_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_definitions.id"))
    instance_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("engine_instances.id"))
    token: orm.Mapped[int | None]
    element_id: orm.Mapped[str] = orm.mapped_column(sa.Text)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    business_key: orm.Mapped[str] = orm.mapped_column(sa.Text)


class ExternalTask(db.IdMixin, db.Base):
    """Work of a machine outside the transaction: a job, another system."""

    __tablename__ = "engine_external_tasks"
    __table_args__ = (
        sa.UniqueConstraint("instance_id", "token"),
        sa.CheckConstraint("state IN ('ready', 'failed', 'completed', 'cancelled')", name="state"),
        sa.CheckConstraint("(state IN ('ready', 'failed')) = (ended_at IS NULL)", name="ended"),
        sa.Index(
            "ix_engine_external_tasks_topic",
            "organization_id",
            "topic",
            postgresql_where=sa.text("state IN ('ready', 'failed')"),
        ),
        sa.Index("ix_engine_external_tasks_retry", "retry_at", postgresql_where=sa.text("retry_at IS NOT NULL")),
    )

    organization_id: orm.Mapped[uuid.UUID]
    instance_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_instances.id"))
    definition_id: orm.Mapped[uuid.UUID]
    token: orm.Mapped[int]
    element_id: orm.Mapped[str] = orm.mapped_column(sa.Text)
    topic: orm.Mapped[str] = orm.mapped_column(sa.Text)
    business_key: orm.Mapped[str] = orm.mapped_column(sa.Text)
    state: orm.Mapped[str] = orm.mapped_column(sa.Text)
    retries: orm.Mapped[int]  #: how often it may still be tried
    error: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: of the last try
    retry_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)  #: after a failure: when it is offered again
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
    ended_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)


class HistoryEntry(db.IdMixin, db.Base):
    """An element entered or left by a token, an instance started or ended. A trigger refuses any change."""

    __tablename__ = "engine_history"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('started', 'entered', 'completed', 'cancelled', 'opened', 'closed', 'ended', 'changed', "
            "'suspended', 'resumed', 'moved', 'restarted', 'migrated', 'action')",
            name="kind",
        ),
        sa.Index("ix_engine_history_instance", "organization_id", "instance_id", "token"),
        sa.Index(
            "ix_engine_history_entered",
            "organization_id",
            "definition_id",
            "at",
            "element_id",
            postgresql_where=sa.text("kind = 'entered'"),
        ),
        sa.Index(
            "ix_engine_history_person",
            "organization_id",
            "person_id",
            "at",
            postgresql_where=sa.text("kind = 'completed' AND element_type = 'userTask'"),
        ),
    )

    organization_id: orm.Mapped[uuid.UUID]
    instance_id: orm.Mapped[uuid.UUID]
    definition_id: orm.Mapped[uuid.UUID]
    token: orm.Mapped[int]
    element_id: orm.Mapped[str] = orm.mapped_column(sa.Text)
    element_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    element_type: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: BPMN's name of it: "userTask"
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: 'opened', 'closed': the body of a multi-instance
    flow_id: orm.Mapped[str | None] = orm.mapped_column(sa.Text)  #: the flow by which the token came
    at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
    person_id: orm.Mapped[uuid.UUID | None]
    person_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    data: orm.Mapped[Any | None] = orm.mapped_column(pg.JSONB(none_as_null=True))  #: tagged values that were handed in
    changes: orm.Mapped[Any | None] = orm.mapped_column(pg.JSONB(none_as_null=True))
    """Variables that this step changed: name -> [before, after], tagged, [before] alone where `data` says what was
    handed in; {"$none": 0} where there was, or is, none; {"$cut": bytes} for a big one."""
    loop: orm.Mapped[int | None]  #: which element of a multi-instance, from 0


class Comment(db.IdMixin, db.Base):
    """What somebody wrote beside a task."""

    __tablename__ = "engine_comments"
    __table_args__ = (sa.Index("ix_engine_comments_instance", "organization_id", "instance_id"),)

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    instance_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_instances.id"))
    task_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_tasks.id"))
    person_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    person_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
    text: orm.Mapped[str] = orm.mapped_column(sa.Text)


class Incident(db.IdMixin, db.Base):
    """Something of an instance that cannot go on by itself and waits for the administrator."""

    __tablename__ = "engine_incidents"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('timer', 'external_task', 'job')", name="kind"),
        sa.Index("ix_engine_incidents_open", "organization_id", postgresql_where=sa.text("resolved_at IS NULL")),
        sa.Index("ix_engine_incidents_instance", "organization_id", "instance_id"),
    )

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    definition_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_definitions.id"))
    instance_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("engine_instances.id"))
    token: orm.Mapped[int | None]
    element_id: orm.Mapped[str] = orm.mapped_column(sa.Text)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    subject_id: orm.Mapped[uuid.UUID]  #: the timer, external task or job
    message: orm.Mapped[str] = orm.mapped_column(sa.Text)
    cause: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")  #: class and text of the exception
    place: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")  #: in the code, innermost last
    at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
    resolved_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
