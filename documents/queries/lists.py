"""Lists of documents: searched, filtered, paged; the count and the rows come from one query."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from directory.actors import Actor
from directory.models import OrgUnit
from documents import numbering, search
from documents.models import Directive, Document, DocumentFile, Receipt
from documents.queries.visibility import visible_to
from engine.models import Task
from kernel import db
from kernel.text import fold

Row = TypeVar("Row")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Page(Generic[Row]):
    """Some rows of a list and how many there are in all."""

    rows: Sequence[Row]
    total: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to; dates are of arrival (incoming) or of issue (outgoing)."""

    text: str = ""
    state: str = ""  #: one state, or several separated by commas
    kind: str = ""
    year: int | None = None
    urgency: int | None = None
    unit: str = ""  #: code of a unit that received (incoming) or drafted (outgoing)
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    mine: bool = False  #: drafted by, or given to, the actor
    order: str = "newest"  #: 'newest', 'number', 'due'


def list_documents(
    actor: Actor, direction: str, *, filters: Filters = Filters(), limit: int = 50, offset: int = 0
) -> Page[Document]:
    """The documents the actor may see."""
    found = sa.select(Document).where(Document.direction == direction, visible_to(actor), *_conditions(filters, actor))
    total = db.session().scalar(found.with_only_columns(sa.func.count(), maintain_column_froms=True)) or 0
    rows = db.session().scalars(found.order_by(*_order(filters.order)).limit(limit).offset(offset)).all()
    return Page(rows=rows, total=total)


def count_by_state(actor: Actor, direction: str) -> dict[str, int]:
    query = sa.select(Document.state, sa.func.count()).where(Document.direction == direction, visible_to(actor))
    return {row[0]: row[1] for row in db.session().execute(query.group_by(Document.state))}


def list_instances_about(actor: Actor, text: str, *, limit: int = 500) -> list[uuid.UUID]:
    """The process instances of documents that match, of those the actor may see; the newest documents first."""
    found = sa.select(Document.instance_id).where(visible_to(actor), Document.instance_id.is_not(None), _matches(text))
    return [row for row in db.session().scalars(found.order_by(Document.id.desc()).limit(limit)) if row is not None]


def documents_of_tasks(tasks: Iterable[Task], *, reader: Actor | None = None) -> dict[uuid.UUID, Document]:
    """Id of a task -> its document, for tasks that have one; of other people's tasks those the reader may see."""
    keys = {task.id: _as_id(task.business_key) for task in tasks}
    wanted = {key for key in keys.values() if key is not None}
    if not wanted:
        return {}
    query = sa.select(Document).where(Document.id.in_(wanted))
    found = db.session().scalars(query if reader is None else query.where(visible_to(reader)))
    documents = {document.id: document for document in found}
    return {task_id: documents[key] for task_id, key in keys.items() if key in documents}


def find_duplicates(
    organization_id: uuid.UUID,
    *,
    number: str,
    symbol: str,
    issuing_organ: str,
    issued_date: dt.date | None,
    except_id: uuid.UUID | None = None,
) -> Sequence[Document]:
    """Registered ones of the same number, symbol and issuer in the document's year (NĐ 30/2020 PL VI, mục 1h)."""
    key = numbering.comparison_key(numbering.join(number, symbol))
    if not key:
        return []
    query = sa.select(Document).where(
        Document.organization_id == organization_id,
        Document.direction == "incoming",
        Document.number_key == key,
        Document.issuing_organ_folded == fold(issuing_organ),
        Document.arrival_number.is_not(None),
    )
    if issued_date is not None:
        query = query.where(sa.extract("year", Document.issued_date) == issued_date.year)
    if except_id is not None:
        query = query.where(Document.id != except_id)
    return db.session().scalars(query.order_by(Document.arrival_date, Document.arrival_number)).all()


def find_same_files(document: Document) -> Sequence[Document]:
    """Other incoming documents that came with the same bytes."""
    own = sa.select(DocumentFile.sha256).where(DocumentFile.document_id == document.id)
    query = (
        sa.select(Document)
        .join(DocumentFile, DocumentFile.document_id == Document.id)
        .where(
            Document.organization_id == document.organization_id,
            Document.direction == "incoming",
            Document.id != document.id,
            DocumentFile.role == "original",
            DocumentFile.sha256.in_(own),
        )
    )
    return db.session().scalars(query.distinct().order_by(Document.created_at)).all()


def _conditions(filters: Filters, actor: Actor) -> "list[sa.ColumnElement[bool]]":
    day: Any = sa.func.coalesce(Document.arrival_date, Document.issued_date, sa.cast(Document.created_at, sa.Date))
    asked: list[tuple[object, Callable[[], sa.ColumnElement[bool]]]] = [
        (filters.text.strip(), lambda: _matches(filters.text)),
        (filters.state, lambda: Document.state.in_(filters.state.split(","))),
        (filters.kind, lambda: Document.kind_code == filters.kind),
        (filters.year, lambda: sa.extract("year", day) == filters.year),
        (filters.urgency is not None, lambda: Document.urgency == filters.urgency),
        (filters.unit, lambda: _of_unit(filters.unit)),
        (filters.date_from, lambda: day >= filters.date_from),
        (filters.date_to, lambda: day <= filters.date_to),
        (filters.mine, lambda: _is_mine(actor)),
    ]
    return [condition() for wanted, condition in asked if wanted]


def _matches(text: str) -> "sa.ColumnElement[bool]":
    """Words in their order; a bare number also finds that arrival number or number of a document."""
    found = Document.search.like(search.pattern(text), escape="\\")
    bare = text.strip()
    if not bare.isdigit() or len(bare) > 6:
        return found
    return sa.or_(found, Document.arrival_number == int(bare), Document.number_key.startswith(f"{int(bare)}/"))


def _of_unit(code: str) -> "sa.ColumnElement[bool]":
    unit = sa.select(OrgUnit.id).where(OrgUnit.organization_id == Document.organization_id, OrgUnit.code == code)
    received = sa.select(Receipt.id).join(Directive, Directive.id == Receipt.directive_id)
    received = received.where(
        Receipt.document_id == Document.id, Directive.superseded_at.is_(None), Receipt.unit_id.in_(unit)
    )
    return sa.or_(Document.drafting_unit_id.in_(unit), received.exists())


def _is_mine(actor: Actor) -> "sa.ColumnElement[bool]":
    given = sa.select(Receipt.id).where(Receipt.document_id == Document.id, Receipt.person_id == actor.person_id)
    return sa.or_(Document.drafter_id == actor.person_id, given.exists())


def _order(name: str) -> "tuple[Any, ...]":
    if name == "due":
        return Document.due_date.asc().nulls_last(), Document.id.desc()
    if name == "number":
        number = sa.func.coalesce(Document.arrival_number, 0)
        day = sa.func.coalesce(Document.arrival_date, Document.issued_date)
        return day.desc().nulls_last(), number.desc(), Document.id.desc()
    return Document.urgency.desc(), Document.created_at.desc(), Document.id.desc()


def _as_id(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key)
    except ValueError:
        return None
