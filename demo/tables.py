"""The demo agency's own rules: its decision tables, and its versions of the processes that ask them."""

import config
from directory import queries
from directory.models import Organization
from engine import bindings, operations
from engine.deployed_models import DECISION
from kernel import db

FOLDER = config.CHECKOUT / "demo" / "rules"
DESIGNER = "phan-tich"
FIRST = "don-vi-chu-tri"  #: stands for all: they are deployed together


def load_tables(organization: Organization) -> None:
    """Once, as its designer would: what analysts deploy later is never displaced."""
    with db.unit_of_work():
        designer = queries.find_person(DESIGNER)
        if designer is None or bindings.is_deployed(organization.id, DECISION, FIRST):
            return
        operations.deploy_files(rule_files(), actor=queries.get_actor(designer.id), name="Bảng quy tắc của cơ quan")


def rule_files() -> dict[str, bytes]:
    """Tables and diagram, with the shipped forms that the diagram names unless the agency draws its own."""
    shipped = {path.name: path.read_bytes() for path in config.shipped_files() if path.suffix == ".form"}
    return {**shipped, **{path.name: path.read_bytes() for path in sorted(FOLDER.iterdir())}}
