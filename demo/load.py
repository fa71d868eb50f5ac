"""Fills an empty database with the demo: the agency, and what lies beside the database."""

from pathlib import Path
from typing import Protocol

from demo.agency import load_agency
from directory import queries
from kernel import db


class Settings(Protocol):
    """What the demo asks of the configuration."""

    @property
    def ca_dir(self) -> Path: ...


def load_demo(settings: Settings) -> None:
    """Safe to repeat: each part is made only when it is not there yet, and nothing in another agency's database."""
    if _is_empty():
        with db.unit_of_work():
            load_agency()


def _is_empty() -> bool:
    with db.reading():
        return not queries.list_organizations()
