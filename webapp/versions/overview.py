"""What the first pages say: which processes have instances on old versions, what was migrated before."""

import dataclasses
from collections.abc import Sequence

from flask import url_for

from directory.actors import Actor
from engine import migration_queries, queries, usage
from engine.errors import DefinitionNotFound
from engine.migration_queries import BatchView, Standing
from engine.models import ProcessDefinition
from webapp.addresses import page_number
from webapp.documents.listing import Paging

PAGE = 100


@dataclasses.dataclass(frozen=True, kw_only=True)
class Version:
    """A version and how many instances follow it, running or suspended."""

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


@dataclasses.dataclass(frozen=True, kw_only=True)
class Overview:
    """A page of processes."""

    processes: Sequence[Process]
    total: int
    paging: Paging

    @property
    def words(self) -> str:
        return f"{self.total} quy trình"


def overview_of(actor: Actor) -> Overview:
    """Those with something to migrate first, then by name."""
    found = [_process(versions) for versions in migration_queries.list_backlog(actor.organization_id).values()]
    found.sort(key=lambda process: (not process.behind, process.name))
    number = page_number("page")
    offset = (number - 1) * PAGE
    return Overview(
        processes=found[offset : offset + PAGE],
        total=len(found),
        paging=Paging(
            before=url_for("versions.show_list", page=number - 1) if number > 1 else None,
            after=url_for("versions.show_list", page=number + 1) if offset + PAGE < len(found) else None,
        ),
    )


def _process(versions: Sequence[Standing]) -> Process:
    newest = versions[0]
    running = sum(version.running for version in versions)
    return Process(
        key=newest.key,
        name=newest.name,
        newest=newest.version,
        versions=len(versions),
        running=running,
        behind=running - newest.running,
    )


def page_of(key: str, actor: Actor) -> VersionsPage:
    """Raises DefinitionNotFound."""
    found = queries.list_versions(actor.organization_id, key)
    if not found:
        raise DefinitionNotFound
    open_ones = usage.count_open(actor.organization_id, key)
    running = {version: counted.active + counted.suspended for version, counted in open_ones.items()}
    return VersionsPage(
        key=key,
        name=found[0].name,
        versions=[Version(definition=one, running=running.get(one.id, 0)) for one in found],
        batches=migration_queries.list_batches(actor.organization_id, key),
    )
