"""What the pages of the library show: every process with its versions, drafts, instances and problems."""

import dataclasses
import uuid
from collections.abc import Sequence

from directory.actors import Actor
from engine import deployments, drafts, queries, usage
from engine.decisions.graph import Decision
from engine.deployed_models import DecisionDefinition
from engine.draft_models import ProcessDraft
from engine.errors import DefinitionNotFound
from engine.models import ProcessDefinition


@dataclasses.dataclass(frozen=True, kw_only=True)
class Entry:
    """One process of the library. `definition` is the newest version; None while it is only a draft."""

    key: str
    name: str
    definition: ProcessDefinition | None
    draft: ProcessDraft | None
    running: int
    incidents: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Version:
    """One published version and how many instances still run on it."""

    definition: ProcessDefinition
    running: int
    suspended: int
    newest: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProcessPage:
    """One process: the version shown, all versions, the draft."""

    entry: Entry
    versions: Sequence[Version]
    shown: Version | None
    tables: Sequence[tuple[DecisionDefinition, Decision]] = ()  #: decisions deployed beside the version shown


def list_entries(actor: Actor) -> list[Entry]:
    """Published processes and those that are drafts only, by name."""
    organization_id = actor.organization_id
    board = {draft.key: draft for draft in drafts.list_drafts(organization_id)}
    stuck = usage.count_incidents(organization_id)
    entries = [
        Entry(
            key=one.definition.key,
            name=one.definition.name,
            definition=one.definition,
            draft=board.pop(one.definition.key, None),
            running=one.running,
            incidents=stuck.get(one.definition.key, 0),
        )
        for one in queries.list_processes(organization_id)
    ]
    entries += [
        Entry(key=draft.key, name=draft.name, definition=None, draft=draft, running=0, incidents=0)
        for draft in board.values()
    ]
    return sorted(entries, key=lambda entry: entry.name)


def get_page(key: str, wanted: int | None, actor: Actor) -> ProcessPage:
    """`wanted`: the version to show, else the newest. Raises DefinitionNotFound."""
    entry = next((one for one in list_entries(actor) if one.key == key), None)
    if entry is None:
        raise DefinitionNotFound
    versions = _versions(key, actor)
    shown = next((one for one in versions if one.definition.version == wanted), None)
    if wanted is not None and shown is None:
        raise DefinitionNotFound
    shown = shown or next(iter(versions), None)
    tables = deployments.read_decisions(shown.definition.deployment_id) if shown else []
    return ProcessPage(entry=entry, versions=versions, shown=shown, tables=tables)


def get_definition(definition_id: uuid.UUID, actor: Actor) -> ProcessDefinition:
    """Of the actor's own organisation. Raises DefinitionNotFound."""
    definition = queries.get_definition(definition_id)
    if definition.organization_id != actor.organization_id:
        raise DefinitionNotFound
    return definition


def _versions(key: str, actor: Actor) -> list[Version]:
    running = usage.count_open(actor.organization_id, key)
    found = queries.list_versions(actor.organization_id, key)
    return [
        Version(
            definition=one,
            running=running.get(one.id, usage.Running()).active,
            suspended=running.get(one.id, usage.Running()).suspended,
            newest=index == 0,
        )
        for index, one in enumerate(found)
    ]
