"""One decision: its drawing, versions, what it requires and who asks it; and what stands above each of its parts."""

import dataclasses
from collections.abc import Sequence

from flask import url_for

from directory.actors import Actor
from engine import deployed_decisions, evaluations, table_checks
from engine.decisions import coverage
from engine.decisions.coverage import Finding
from engine.decisions.graph import Decision, Element, Knowledge, Model
from engine.deployed_decisions import Asker
from engine.deployed_models import DecisionDefinition
from engine.errors import DecisionNotFound
from webapp.decisions import drawing
from webapp.decisions.drawing import Box


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tab:
    """A part of the decision's pages."""

    label: str
    url: str
    current: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Head:
    """What templates/decisions/_head.html asks for: the version that is shown, and the newest."""

    row: DecisionDefinition
    newest: int
    decision: Decision
    decisions: Model  #: of the same file
    versions: Sequence[DecisionDefinition]
    tabs: Sequence[Tab]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Link:
    """An element of the same file; `url` is empty for what is no decision."""

    name: str
    url: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Page:
    """What templates/decisions/show.html asks for."""

    box: Box
    findings: Sequence[Finding]  #: what its tables leave open
    requires: Sequence[Link]
    required_by: Sequence[Link]
    askers: Sequence[Asker]


def head_of(actor: Actor, key: str, version: int | None, *, current: str) -> Head:
    """`current`: the endpoint of the part that is shown. Raises DecisionNotFound."""
    versions = deployed_decisions.list_versions(actor.organization_id, key)
    row = next((one for one in versions if version in (None, one.version)), None)
    if row is None:
        raise DecisionNotFound
    decisions, decision = deployed_decisions.read(row)
    return Head(
        row=row,
        newest=versions[0].version,
        decision=decision,
        decisions=decisions,
        versions=versions,
        tabs=_tabs(row, row.version == versions[0].version, current),
    )


def page_of(head: Head, actor: Actor) -> Page:
    found = [head.decisions.elements.get(one.element) for one in head.decision.requires]
    users = [one for one in head.decisions.values() if head.decision.element in {r.element for r in one.requires}]
    return Page(
        box=drawing.draw(head.decision, used=evaluations.count_rules(head.row.id)),
        findings=[one for table in table_checks.tables_of(head.decision.logic) for one in coverage.examine(table)],
        requires=[_link(one) for one in found if one is not None],
        required_by=[_link(one) for one in users],
        askers=deployed_decisions.list_askers(actor.organization_id, head.decision.key),
    )


def _link(element: Element) -> Link:
    if isinstance(element, Decision):
        return Link(name=element.label, url=url_for("decisions.show", key=element.key))
    if isinstance(element, Knowledge):
        return Link(name=f"hàm “{element.name or element.variable}”", url="")
    return Link(name=f"dữ liệu “{element.name or element.variable}”", url="")


def _tabs(row: DecisionDefinition, newest: bool, current: str) -> list[Tab]:
    version = None if newest else row.version
    told = {
        "decisions.show": "Bảng",
        "decisions.try_out": "Thử",
        "decisions.show_evaluations": "Các lần quyết định",
    }
    return [
        Tab(label=label, url=url_for(endpoint, key=row.key, version=version), current=endpoint == current)
        for endpoint, label in told.items()
    ]
