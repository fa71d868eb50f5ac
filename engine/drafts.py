"""The drawing board: saving, discarding and publishing drafts, and reading them.

A draft is shared by everybody who designs. Publishing deploys it as the next version and takes it off the board.
"""

import uuid
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from directory.actors import Actor
from engine import operations, outlines, queries
from engine.draft_errors import DraftChanged, DraftNotFound, KeyTaken, NotDrafting, OtherProcess, UnusableKey
from engine.draft_models import ProcessDraft
from engine.errors import Problem
from engine.models import ProcessDefinition
from kernel import audit, clock, db

DRAFTERS = ("thiet-ke-quy-trinh",)
READERS = (*DRAFTERS, "quan-tri")


# --------------------------------------------------------------------------------------------------------- permissions
def may_design(actor: Actor) -> bool:
    """May draw, save and publish."""
    return actor.has_role(*DRAFTERS)


def may_study(actor: Actor) -> bool:
    """May look at models, versions and drafts."""
    return actor.has_role(*READERS)


# ---------------------------------------------------------------------------------------------------------- operations
def start_draft(key: str, xml: str, *, actor: Actor) -> ProcessDraft:
    """A process that does not exist yet. Raises KeyTaken."""
    _require_designer(actor)
    if _lock_draft(actor.organization_id, key) or queries.find_latest_definition(actor.organization_id, key):
        raise KeyTaken(key)
    return save_draft(key, xml, seen_version=0, actor=actor)


def save_draft(key: str, xml: str, *, seen_version: int | None, actor: Actor) -> ProcessDraft:
    """`seen_version`: the version the person's copy came from, 0 for none; None overwrites whatever is there.

    Raises DraftChanged when somebody else saved in the meantime, OtherProcess when the diagram is not of this process.
    """
    _require_designer(actor)
    name = _name_in(xml, key)
    draft = _lock_draft(actor.organization_id, key)
    if seen_version is not None and draft and draft.version != seen_version:
        raise DraftChanged(name=draft.updated_by_name, at=f"{clock.local(draft.updated_at):%H:%M ngày %d/%m/%Y}")
    if draft is None:
        draft = _new_draft(key, actor)
    draft.name, draft.xml, draft.version = name, xml, draft.version + 1
    draft.updated_at, draft.updated_by_id, draft.updated_by_name = clock.now(), actor.person_id, actor.name
    db.session().flush()
    audit.record(actor, "process:save_draft", "process", key, version=draft.version)
    return draft


def discard_draft(key: str, *, actor: Actor) -> None:
    """Raises DraftNotFound."""
    _require_designer(actor)
    draft = _lock_draft(actor.organization_id, key)
    if draft is None:
        raise DraftNotFound
    db.session().delete(draft)
    db.session().flush()
    audit.record(actor, "process:discard_draft", "process", key, version=draft.version)


def publish_process(key: str, xml: str, *, forms: Mapping[str, bytes], actor: Actor) -> ProcessDefinition:
    """Deploys the diagram with its forms and decisions (name -> bytes) as the next version and takes the draft off the
    board.

    Raises OtherProcess, and ProcessRefused when the diagram cannot run as drawn.
    """
    _require_designer(actor)
    name = _name_in(xml, key)
    resources = {f"{key}.bpmn": xml.encode(), **forms}
    deployed = operations.deploy(resources, actor=actor, name=name)
    draft = _lock_draft(actor.organization_id, key)
    if draft is not None:
        db.session().delete(draft)
        db.session().flush()
    (definition,) = [one for one in deployed if one.key == key]
    audit.record(actor, "process:publish", "process", key, version=definition.version)
    return definition


def check_draft(xml: str, *, forms: Mapping[str, bytes], actor: Actor) -> list[Problem]:
    """What would refuse the diagram now, and what is doubtful in it. Raises UnreadableDiagram."""
    _require_designer(actor)
    outline = outlines.read(xml.encode())
    files = {f"{next(iter(outline.processes))}.bpmn": xml.encode(), **forms}
    return operations.check_process(files, organization_id=actor.organization_id)


# ------------------------------------------------------------------------------------------------------------- queries
def find_draft(organization_id: uuid.UUID, key: str) -> ProcessDraft | None:
    return db.session().scalars(_draft(organization_id, key)).one_or_none()


def get_draft(organization_id: uuid.UUID, key: str) -> ProcessDraft:
    """Raises DraftNotFound."""
    draft = find_draft(organization_id, key)
    if draft is None:
        raise DraftNotFound
    return draft


def list_drafts(organization_id: uuid.UUID) -> Sequence[ProcessDraft]:
    query = sa.select(ProcessDraft).where(ProcessDraft.organization_id == organization_id)
    return db.session().scalars(query.order_by(ProcessDraft.name)).all()


def _draft(organization_id: uuid.UUID, key: str) -> "sa.Select[ProcessDraft]":
    return sa.select(ProcessDraft).where(ProcessDraft.organization_id == organization_id, ProcessDraft.key == key)


def _lock_draft(organization_id: uuid.UUID, key: str) -> ProcessDraft | None:
    """Two who begin or save at once wait for one another, and the second is told."""
    db.lock_name(f"moc.draft.{organization_id}.{key}")
    query = _draft(organization_id, key).with_for_update().execution_options(populate_existing=True)
    return db.session().scalars(query).one_or_none()


def _new_draft(key: str, actor: Actor) -> ProcessDraft:
    newest = queries.find_latest_definition(actor.organization_id, key)
    draft = ProcessDraft(
        organization_id=actor.organization_id, key=key, version=0, based_on_id=newest.id if newest else None
    )
    db.session().add(draft)
    return draft


def _name_in(xml: str, key: str) -> str:
    outline = outlines.read(xml.encode())
    if key not in outline.processes:
        raise OtherProcess(key=key)
    if not outlines.KEY.fullmatch(key):
        raise UnusableKey(key=key)
    return outline.processes[key]


def _require_designer(actor: Actor) -> None:
    if not may_design(actor):
        raise NotDrafting
