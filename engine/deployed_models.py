"""Tables of what is deployed beside diagrams: decisions, forms, what each deployment holds; and what decisions said."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg

from kernel import db

Instant = sa.DateTime(timezone=True)

PROCESS, DECISION, FORM = "process", "decision", "form"


class DecisionDefinition(db.IdMixin, db.Base):
    """One decision of a deployment: immutable, one hash, one version."""

    __tablename__ = "engine_decisions"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "key", "version"),
        sa.CheckConstraint("version > 0", name="version"),
    )

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    deployment_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_deployments.id"))
    resource_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    key: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: the id of the decision in the file
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    version: orm.Mapped[int]
    version_tag: orm.Mapped[str] = orm.mapped_column(sa.Text)
    history_ttl_days: orm.Mapped[int | None]
    hash: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: SHA-256 of the file: what a decision requires lies beside it
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)


class FormDefinition(db.IdMixin, db.Base):
    """One form of a deployment, for tasks that ask for the newest or for a numbered version."""

    __tablename__ = "engine_forms"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "key", "version"),
        sa.CheckConstraint("version > 0", name="version"),
    )

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    deployment_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_deployments.id"))
    resource_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    key: orm.Mapped[str] = orm.mapped_column(sa.Text)
    version: orm.Mapped[int]
    hash: orm.Mapped[str] = orm.mapped_column(sa.Text)
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)


class DeployedPart(db.Base):
    """What a deployment holds: new versions, and those that its files left as they were."""

    __tablename__ = "engine_deployed_parts"
    __table_args__ = (sa.CheckConstraint("kind IN ('process', 'decision', 'form')", name="kind"),)

    deployment_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_deployments.id"), primary_key=True)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    key: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    part_id: orm.Mapped[uuid.UUID]  #: of a ProcessDefinition, DecisionDefinition or FormDefinition
    version: orm.Mapped[int]
    is_new: orm.Mapped[bool]


class DecisionEvaluation(db.IdMixin, db.Base):
    """What a business rule task was answered and why. Triggers let none change, and none go before its time."""

    __tablename__ = "engine_decision_evaluations"
    __table_args__ = (
        sa.Index("ix_engine_decision_evaluations_instance", "organization_id", "instance_id"),
        sa.Index("ix_engine_decision_evaluations_decision", "organization_id", "decision_id", "id"),
    )

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    decision_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_decisions.id"))
    instance_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_instances.id"))
    definition_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_definitions.id"))
    token: orm.Mapped[int]
    element_id: orm.Mapped[str] = orm.mapped_column(sa.Text)
    at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
    person_id: orm.Mapped[uuid.UUID | None]  #: whose action came to the task; none: the machine's
    person_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    rules: orm.Mapped[list[int]] = orm.mapped_column(pg.ARRAY(sa.Integer))  #: of the decision itself that matched
    steps: orm.Mapped[list[dict[str, Any]]] = orm.mapped_column(pg.JSONB)
    """The required decisions first: `key`, `inputs` (label, value), `rules` (numbers from 1), `rows`; tagged values."""
