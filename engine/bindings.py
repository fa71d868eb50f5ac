"""Which deployed version a name in a diagram means. Each answer is one indexed statement."""

import uuid
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from engine.bpmn.references import DEPLOYMENT, VERSION, VERSION_TAG, Named
from engine.deployed_models import DECISION, FORM, PROCESS, DecisionDefinition, DeployedPart, FormDefinition
from engine.models import ProcessDefinition
from kernel import db

_TABLES: dict[str, Any] = {PROCESS: ProcessDefinition, DECISION: DecisionDefinition, FORM: FormDefinition}


def find_process(organization_id: uuid.UUID, wanted: Named, definition_id: uuid.UUID) -> uuid.UUID | None:
    """`definition_id`: of the process whose diagram names it; a binding by deployment means its deployment."""
    return _find(PROCESS, organization_id, wanted, definition_id)


def find_decision(organization_id: uuid.UUID, wanted: Named, definition_id: uuid.UUID) -> uuid.UUID | None:
    return _find(DECISION, organization_id, wanted, definition_id)


def find_form(organization_id: uuid.UUID, wanted: Named, definition_id: uuid.UUID) -> uuid.UUID | None:
    return _find(FORM, organization_id, wanted, definition_id)


def is_deployed(organization_id: uuid.UUID, kind: str, key: str) -> bool:
    """Whether there is any version of it."""
    return _find(kind, organization_id, Named(key), None) is not None


def _find(kind: str, organization_id: uuid.UUID, wanted: Named, definition_id: uuid.UUID | None) -> uuid.UUID | None:
    if wanted.binding == DEPLOYMENT:
        return _beside(kind, wanted.key, definition_id)
    table = _TABLES[kind]
    query = sa.select(table.id).where(table.organization_id == organization_id, table.key == wanted.key)
    if wanted.binding == VERSION:
        number = _number(wanted.version)
        if number is None:
            return None
        query = query.where(table.version == number)
    elif wanted.binding == VERSION_TAG:
        query = query.where(table.version_tag == wanted.version)  # of several with one tag, the newest
    return db.connection().scalar(query.order_by(table.version.desc()).limit(1))


def _beside(kind: str, key: str, definition_id: uuid.UUID | None) -> uuid.UUID | None:
    query = (
        sa.select(DeployedPart.part_id)
        .join(ProcessDefinition, ProcessDefinition.deployment_id == DeployedPart.deployment_id)
        .where(ProcessDefinition.id == definition_id, DeployedPart.kind == kind, DeployedPart.key == key)
    )
    return db.connection().scalar(query)


def _number(text: str) -> int | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return int(number) if number == number.to_integral_value() and 0 < number < 2**31 else None
