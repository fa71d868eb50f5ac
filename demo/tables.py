"""The demo agency's own rules: its decision tables, and its versions of the processes that ask them."""

import uuid

import config
from directory import queries as directory
from directory.models import Organization
from engine import bindings, operations, queries
from engine.deployed_models import DECISION
from kernel import db

FOLDER = config.CHECKOUT / "demo" / "rules"
DESIGNER = "phan-tich"
FIRST = "don-vi-chu-tri"  #: stands for all: they are deployed together


def load_tables(organization: Organization) -> None:
    """Once, as its designer would: what analysts have deployed, before or after, is never displaced."""
    with db.unit_of_work():
        designer = directory.find_person(DESIGNER)
        if designer is None or bindings.is_deployed(organization.id, DECISION, FIRST) or _are_drawn(organization.id):
            return
        operations.deploy_files(rule_files(), actor=directory.get_actor(designer.id), name="Bảng quy tắc của cơ quan")


def rule_files() -> dict[str, bytes]:
    """Tables and diagrams, with the shipped forms that the diagrams name unless the agency draws its own."""
    shipped = {path.name: path.read_bytes() for path in config.shipped_files() if path.suffix == ".form"}
    return {**shipped, **{path.name: path.read_bytes() for path in sorted(FOLDER.iterdir())}}


def _are_drawn(organization_id: uuid.UUID) -> bool:
    """Whether a person has deployed a version of one of the processes."""
    keys = [path.stem for path in FOLDER.glob("*.bpmn")]
    newest = [queries.find_latest_definition(organization_id, key) for key in keys]
    return any(definition is not None and definition.created_by_id is not None for definition in newest)
