"""Which deployed version a name in a diagram means. Each answer is one indexed statement; completions ask, so they are
prepared ones."""

import functools
import uuid
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from engine.bpmn.references import DEPLOYMENT, LATEST, VERSION, VERSION_TAG, Named
from engine.deployed_models import DECISION, FORM, PROCESS
from kernel import db
from kernel.statements import Row, Statement

_TABLES = {PROCESS: "engine_definitions", DECISION: "engine_decisions", FORM: "engine_forms"}
_COLUMNS = {PROCESS: "t.id, t.suspended_at IS NOT NULL", DECISION: "t.id", FORM: "t.id"}
_CONDITIONS = {
    LATEST: "",
    VERSION: "AND version = %(version)s::int",
    VERSION_TAG: "AND version_tag = %(version)s::text",  # of several with one tag, the newest
}
_BESIDE = (
    "SELECT {columns} FROM engine_definitions d JOIN engine_deployed_parts p ON p.deployment_id = d.deployment_id "
    "JOIN {table} t ON t.id = p.part_id "
    "WHERE d.id = %(definition_id)s AND p.kind = %(kind)s::text AND p.key = %(key)s::text"
)


class Called(NamedTuple):
    """A definition that a call activity means. `suspended`: nothing is started on it, no call either."""

    id: uuid.UUID
    suspended: bool


def find_process(organization_id: uuid.UUID, wanted: Named, definition_id: uuid.UUID) -> Called | None:
    """`definition_id`: of the process whose diagram names it; a binding by deployment means its deployment."""
    row = _find(PROCESS, organization_id, wanted, definition_id)
    return None if row is None else Called(*row)


def find_decision(organization_id: uuid.UUID, wanted: Named, definition_id: uuid.UUID) -> uuid.UUID | None:
    row = _find(DECISION, organization_id, wanted, definition_id)
    return None if row is None else row[0]


def find_form(organization_id: uuid.UUID, wanted: Named, definition_id: uuid.UUID) -> uuid.UUID | None:
    row = _find(FORM, organization_id, wanted, definition_id)
    return None if row is None else row[0]


def is_deployed(organization_id: uuid.UUID, kind: str, key: str) -> bool:
    """Whether there is any version of it."""
    return _first(_among(kind, LATEST), organization_id=organization_id, key=key) is not None


def _find(kind: str, organization_id: uuid.UUID, wanted: Named, definition_id: uuid.UUID) -> Row | None:
    if wanted.binding == DEPLOYMENT:
        return _first(_beside(kind), definition_id=definition_id, kind=kind, key=wanted.key)
    version: int | str | None = _number(wanted.version) if wanted.binding == VERSION else wanted.version
    if version is None:
        return None
    return _first(_among(kind, wanted.binding), organization_id=organization_id, key=wanted.key, version=version)


@functools.cache
def _among(kind: str, binding: str) -> Statement:
    """The newest of those that fit."""
    return Statement(
        f"SELECT {_COLUMNS[kind]} FROM {_TABLES[kind]} t WHERE organization_id = %(organization_id)s "  # noqa: S608 - constants
        f"AND key = %(key)s::text {_CONDITIONS[binding]} ORDER BY version DESC LIMIT 1"
    )


@functools.cache
def _beside(kind: str) -> Statement:
    return Statement(_BESIDE.format(columns=_COLUMNS[kind], table=_TABLES[kind]))


def _first(statement: Statement, **values: Any) -> Row | None:
    rows = db.run(statement, values)
    return rows[0] if rows else None


def _number(text: str) -> int | None:
    try:
        number = Decimal(text.strip())
        return int(number) if number == number.to_integral_value() and 0 < number < 2**31 else None
    except InvalidOperation:
        return None
