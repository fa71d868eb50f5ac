"""Who may see which document: one rule, asked by lists and by pages alike."""

import uuid
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from directory.actors import Actor
from documents import states
from documents.errors import DocumentNotFound
from documents.models import Directive, Document, Receipt
from engine.action_models import Consultation
from engine.models import Task
from kernel import db

SEE_ALL = ("van-thu", "lanh-dao", "chanh-van-phong")  #: see every document of their organisation
HEAD = "truong-don-vi"


def visible_to(actor: Actor) -> "sa.ColumnElement[bool]":
    """The condition on documents. The administrator's role gives no right to content."""
    own = Document.organization_id == actor.organization_id
    if actor.person_id is None or actor.has_role(*SEE_ALL):
        return own
    return sa.and_(own, sa.or_(_drafted(actor), _had_task(actor), _was_consulted(actor), _was_received(actor)))


def may_view(document: Document, actor: Actor) -> bool:
    query = sa.select(sa.literal(1)).select_from(Document).where(Document.id == document.id, visible_to(actor))
    return db.session().scalar(query) is not None


def get_document(document_id: uuid.UUID, actor: Actor) -> Document:
    """Raises DocumentNotFound also when it is not the actor's to see: an address must not tell what exists."""
    query = sa.select(Document).where(Document.id == document_id, visible_to(actor))
    document = db.session().scalars(query).one_or_none()
    if document is None:
        raise DocumentNotFound
    return document


def find_document(document_id: uuid.UUID) -> Document | None:
    """Without asking who wants it: for packages above that act for the system."""
    return db.session().get(Document, document_id)


def find_by_instances(instance_ids: Iterable[uuid.UUID], *, reader: Actor | None = None) -> Sequence[Document]:
    """The documents that these process instances carry, replies drafted there too. `reader`: only what they may see."""
    query = sa.select(Document).where(Document.instance_id.in_(list(instance_ids)))
    if reader is not None:
        query = query.where(visible_to(reader))
    return db.session().scalars(query.order_by(Document.id)).all()


def may_edit_draft(document: Document, actor: Actor) -> bool:
    """The drafter, until it is submitted and again when it was returned."""
    return document.state in states.EDITABLE and document.drafter_id == actor.person_id


def _drafted(actor: Actor) -> "sa.ColumnElement[bool]":
    """The drafter, and the head of the drafting unit."""
    mine = Document.drafter_id == actor.person_id
    if not actor.has_role(HEAD):
        return mine
    return sa.or_(mine, Document.drafting_unit_id == actor.unit_id)


def _had_task(actor: Actor) -> "sa.ColumnElement[bool]":
    """Has or had a task about it, personally or as one of a group."""
    groups = sa.cast(sorted(actor.groups), pg.ARRAY(sa.Text))
    return (
        sa.select(Task.id)
        .where(
            Task.organization_id == Document.organization_id,
            Task.business_key == sa.cast(Document.id, sa.Text),
            sa.or_(
                Task.assignee_id == actor.person_id,
                Task.ended_by_id == actor.person_id,
                Task.delegate_id == actor.person_id,
                Task.owner_id == actor.person_id,
                Task.candidate_users.contains([actor.username]),
                Task.candidate_groups.overlap(groups),
            ),
        )
        .exists()
    )


def _was_consulted(actor: Actor) -> "sa.ColumnElement[bool]":
    """Was asked about it, as long as the question was not taken back."""
    return (
        sa.select(Consultation.id)
        .join(Task, Task.id == Consultation.task_id)
        .where(
            Consultation.organization_id == Document.organization_id,
            Consultation.person_id == actor.person_id,
            Consultation.withdrawn_at.is_(None),
            Task.business_key == sa.cast(Document.id, sa.Text),
        )
        .exists()
    )


def _was_received(actor: Actor) -> "sa.ColumnElement[bool]":
    """A unit's head sees what the unit received; others what was given to them or is for the unit to know."""
    own_unit = Receipt.unit_id == actor.unit_id
    if not actor.has_role(HEAD):
        own_unit = sa.and_(own_unit, Receipt.role == "inform")
    return (
        sa.select(Receipt.id)
        .join(Directive, Directive.id == Receipt.directive_id)
        .where(
            Receipt.document_id == Document.id,
            Directive.superseded_at.is_(None),
            sa.or_(Receipt.person_id == actor.person_id, own_unit),
        )
        .exists()
    )
