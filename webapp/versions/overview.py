"""What the first pages say: which processes have instances on old versions, what was migrated before."""

import dataclasses
from collections.abc import Sequence

from directory.actors import Actor
from engine import migration_queries, queries, usage
from engine.errors import DefinitionNotFound
from engine.migration_queries import BatchView
from engine.models import ProcessDefinition


@dataclasses.dataclass(frozen=True, kw_only=True)
class Version:
    """A version and how many instances run on it."""

    definition: ProcessDefinition
    running: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Process:
    """A process of the overview. `behind`: instances on versions that are not the newest."""

    key: str
    name: str
    newest: int
    versions: int
    running: int
    behind: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class VersionsPage:
    """One process: its versions, the newest first; what was migrated before."""

    key: str
    name: str
    versions: Sequence[Version]
    batches: Sequence[BatchView]

    @property
    def newest(self) -> Version:
        return self.versions[0]

    @property
    def behind(self) -> int:
        return sum(version.running for version in self.versions[1:])

    @property
    def suggested(self) -> Version | None:
        """The oldest that something runs on; else the one before the newest."""
        old = self.versions[1:]
        return next((version for version in reversed(old) if version.running), old[0] if old else None)


def list_processes(actor: Actor) -> list[Process]:
    """Those with something to migrate first, then by name."""
    found = [_process(one.definition, actor) for one in queries.list_processes(actor.organization_id)]
    return sorted(found, key=lambda process: (not process.behind, process.name))


def _process(newest: ProcessDefinition, actor: Actor) -> Process:
    running = usage.count_running(actor.organization_id, newest.key)
    total = sum(running.values())
    return Process(
        key=newest.key,
        name=newest.name,
        newest=newest.version,
        versions=len(queries.list_versions(actor.organization_id, newest.key)),
        running=total,
        behind=total - running.get(newest.id, 0),
    )


def page_of(key: str, actor: Actor) -> VersionsPage:
    """Raises DefinitionNotFound."""
    found = queries.list_versions(actor.organization_id, key)
    if not found:
        raise DefinitionNotFound
    running = usage.count_running(actor.organization_id, key)
    return VersionsPage(
        key=key,
        name=found[0].name,
        versions=[Version(definition=one, running=running.get(one.id, 0)) for one in found],
        batches=migration_queries.list_batches(actor.organization_id, key),
    )
