"""The mapping editor: every place of the old version at which something may wait, and where it goes."""

import dataclasses
from collections.abc import Mapping, Sequence

from directory.actors import Actor
from engine import migration, usage
from engine.migration import Element, MappingProblem
from engine.models import ProcessDefinition
from webapp.instances import words
from webapp.versions.addresses import Road

Option = tuple[int, str]  #: place in the list of the target's elements, label


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """An element, or a flow into a join, with what may take its place."""

    field: str  #: name of its select
    label: str
    kind: str
    waiting: int  #: work that stands there now
    options: Sequence[Option]
    chosen: int | None
    problem: str

    @property
    def id(self) -> str:
        return f"o-{self.field}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class EditorPage:
    """What templates/versions/plan.html asks for. `open`: nothing takes their place yet, or not rightly."""

    road: Road
    open: Sequence[Line]
    paired: Sequence[Line]
    errors: Sequence[MappingProblem]
    warnings: Sequence[MappingProblem]
    notes: Sequence[MappingProblem]

    @property
    def usable(self) -> bool:
        return not self.errors


def page_of(road: Road, actor: Actor) -> EditorPage:
    problems = migration.check_plan(road.plan)
    told = {problem.source_id: problem.sentence for problem in problems if problem.level != "note"}
    waiting = usage.count_by_element(actor.organization_id, road.source.id)
    lines = [*_element_lines(road, told, waiting), *_flow_lines(road, told)]
    unsure = [line for line in lines if line.problem or line.chosen is None]
    return EditorPage(
        road=road,
        open=sorted(unsure, key=lambda line: -line.waiting),
        paired=[line for line in lines if line not in unsure],
        **{f"{level}s": [p for p in problems if p.level == level] for level in ("error", "warning", "note")},
    )


def _element_lines(road: Road, told: Mapping[str, str], waiting: Mapping[str, int]) -> list[Line]:
    targets = migration.list_elements(road.target.id)
    places = {element.id: place for place, element in enumerate(targets)}
    return [
        Line(
            field=f"e{place}",
            label=title_of(element),
            kind=_kind(element),
            waiting=waiting.get(element.id, 0),
            options=[(places[other.id], title_of(other)) for other in targets if other.kind == element.kind],
            chosen=places.get(road.plan.pairs.get(element.id, "")),
            problem=told.get(element.id, ""),
        )
        for place, element in enumerate(migration.list_elements(road.source.id))
        if element.holds
    ]


def _flow_lines(road: Road, told: Mapping[str, str]) -> list[Line]:
    sources, targets = _flow_titles(road.source), _flow_titles(road.target)
    places = {flow: place for place, flow in enumerate(targets)}
    joins = {element.id: element for element in migration.list_elements(road.target.id) if element.joins}
    found = []
    for element in migration.list_elements(road.source.id):
        wanted = joins.get(road.plan.pairs.get(element.id, ""))
        if not element.joins or wanted is None:
            continue
        for flow in element.incoming:
            found.append(
                Line(
                    field=f"f{list(sources).index(flow)}",
                    label=f"{sources[flow]}, vào {title_of(element)}",
                    kind="Nhánh vào cổng nối",
                    waiting=0,
                    options=[(places[other], targets[other]) for other in wanted.incoming],
                    chosen=places.get(road.plan.flows.get(flow, "")),
                    problem=told.get(flow, ""),
                )
            )
    return found


def _flow_titles(definition: ProcessDefinition) -> dict[str, str]:
    labels = migration.list_flow_labels(definition.id)
    return {flow: label[:1].upper() + label[1:] for flow, label in labels.items()}


def title_of(element: Element) -> str:
    name = words.named(" ".join(element.name.split()), element.kind.element, element.id)
    return f"{name} (trong {element.inside})" if element.scopes else name


def _kind(element: Element) -> str:
    """What sort of thing it is, with what it sits on."""
    kind = words.element(element.kind.element)
    return f"{kind}, gắn vào {element.hosts}" if element.host else kind


def changed_road(road: Road, form: Mapping[str, str]) -> Road:
    """The plan with what the selects of the form say. A flow that nobody chose follows the element it comes from."""
    sources, targets = (_ids(definition) for definition in (road.source, road.target))
    plan = migration.edited(road.plan, _chosen(form, "e", sources, targets))
    before, followed = road.plan.flows, migration.edited(road.plan, {}).flows
    flows = _flow_ids(road.source)
    asked = _chosen(form, "f", flows, _flow_ids(road.target))
    by_hand = {flow: before.get(flow, "") for flow in flows if before.get(flow) != followed.get(flow)}
    by_hand |= {flow: target for flow, target in asked.items() if target != before.get(flow, "")}
    return dataclasses.replace(road, plan=migration.edited(plan, {}, by_hand))


def _ids(definition: ProcessDefinition) -> list[str]:
    return [element.id for element in migration.list_elements(definition.id)]


def _flow_ids(definition: ProcessDefinition) -> list[str]:
    return list(migration.list_flow_labels(definition.id))


def _chosen(form: Mapping[str, str], letter: str, sources: Sequence[str], targets: Sequence[str]) -> dict[str, str]:
    """What is no place in the list takes the element out."""
    found = {}
    for place, name in enumerate(sources):
        value = form.get(f"{letter}{place}")
        if value is not None:
            known = value.isascii() and value.isdigit() and int(value) < len(targets)
            found[name] = targets[int(value)] if known else ""
    return found
