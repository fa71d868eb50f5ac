"""Fills an empty database with the demo: the agency, and what lies beside the database."""

from pathlib import Path
from typing import Protocol

from demo.agency import load_agency
from demo.authority import ORGANIZATION_CODE, make_demo_authority
from demo.samples import load_samples
from demo.tables import load_tables
from directory import queries
from kernel import db


class Settings(Protocol):
    """What the demo asks of the configuration."""

    @property
    def ca_dir(self) -> Path: ...
    @property
    def samples(self) -> bool: ...
    @property
    def database_url(self) -> str: ...


def load_demo(settings: Settings) -> None:
    """Safe to repeat: each part is made only when it is not there yet, and nothing for another agency."""
    if not _organization_codes():
        with db.unit_of_work():
            load_agency()
    if ORGANIZATION_CODE in _organization_codes():
        make_demo_authority(settings.ca_dir)


def load_demo_samples(settings: Settings) -> None:
    """After the processes are deployed: sample documents and the agency's rules, for the demo agency alone."""
    with db.reading():
        found = [o for o in queries.list_organizations() if o.code == ORGANIZATION_CODE]
    if found and settings.samples:
        load_samples(found[0], settings.database_url)
    if found:
        load_tables(found[0])


def _organization_codes() -> set[str]:
    with db.reading():
        return {organization.code for organization in queries.list_organizations()}
