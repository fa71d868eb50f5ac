"""What a diagram may name: shown in the editor as suggestions, in words an analyst knows."""

import importlib.resources
from collections.abc import Iterable, Mapping
from typing import Any

from directory import queries as directory
from directory.actors import Actor
from directory.models import Appointment
from engine import deployments, drafts, outlines, queries, registry

Option = dict[str, str]

ROLES = {
    "van-thu": "Văn thư",
    "lanh-dao": "Lãnh đạo",
    "chanh-van-phong": "Chánh Văn phòng",
    "truong-don-vi": "Trưởng đơn vị",
    "chuyen-vien": "Chuyên viên",
    "quan-tri": "Quản trị hệ thống",
    "thiet-ke-quy-trinh": "Thiết kế quy trình",
}

FUNCTIONS = ("count", "date", "not")  #: FEEL's own that conditions use most


def build(actor: Actor) -> dict[str, Any]:
    """Group name -> options (value, label, group)."""
    holders = directory.list_holders(actor.organization_id)
    known = _outlines(actor)
    return {
        "groups": _groups(holders),
        "people": _people(holders),
        "forms": _forms(known),
        "services": [_option(name, name) for name in sorted(registry.service_names())],
        "topics": [_option(topic, topic) for topic in sorted({t for outline in known for t in outline.topics})],
        "processes": _processes(actor),
        "functions": sorted({*FUNCTIONS, *registry.function_names()}),
    }


def shipped_forms() -> Mapping[str, bytes]:
    """Form key -> form-js schema, of the forms that the product brings along."""
    folder = importlib.resources.files("forms") / "definitions"
    files = [file for file in folder.iterdir() if file.name.endswith(".form")]
    return {file.name.removesuffix(".form"): file.read_bytes() for file in files}


def files_for(key: str, outline: outlines.Outline, actor: Actor) -> dict[str, bytes]:
    """What goes along with a diagram that is published: the forms it names and the decisions. File name -> bytes."""
    return _forms_for(key, outline, actor) | deployments.decision_files(actor.organization_id, outline.decisions)


def files_of(xml: str, actor: Actor) -> dict[str, bytes]:
    """The same of a diagram as it is drawn now. Raises UnreadableDiagram."""
    outline = outlines.read(xml.encode())
    return files_for(next(iter(outline.processes)), outline, actor)


def _forms_for(key: str, outline: outlines.Outline, actor: Actor) -> dict[str, bytes]:
    """Those of the newest version first, then shipped ones."""
    newest = queries.find_latest_definition(actor.organization_id, key)
    before = queries.get_resources(newest.id) if newest else {}
    shipped = {f"{form}.form": source for form, source in shipped_forms().items()}
    known = {**shipped, **before}
    wanted = [f"{form}.form" for form in sorted(outline.forms)]
    return {name: known[name] for name in wanted if name in known}


def _groups(holders: Iterable[Appointment]) -> list[Option]:
    offices = list(holders)
    roles = sorted({grant.role for office in offices for grant in office.roles})
    units = {office.unit.code: office.unit.name for office in offices}
    positions = {f"position:{o.unit.code}/{o.position.code}": f"{o.position.name}, {o.unit.name}" for o in offices}
    return [
        *(_option(role, ROLES.get(role, role), "Vai trò") for role in roles),
        *(_option(f"truong-don-vi@{code}", f"Trưởng {name}", "Trưởng đơn vị") for code, name in sorted(units.items())),
        *(_option(f"unit:{code}", name, "Đơn vị") for code, name in sorted(units.items())),
        *(_option(value, label, "Chức vụ") for value, label in sorted(positions.items())),
    ]


def _people(holders: Iterable[Appointment]) -> list[Option]:
    people = {office.person.username: f"{office.person.full_name}, {office.position.name}" for office in holders}
    return [_option(username, label) for username, label in sorted(people.items(), key=lambda item: item[1])]


def _forms(known: Iterable[outlines.Outline]) -> list[Option]:
    """A form has no title of its own: it is named after a step that asks it."""
    steps: dict[str, str] = {}
    for outline in known:
        steps.update(outline.forms)
    keys = sorted({*steps, *shipped_forms()})
    return [_option(key, f"{key} ({steps[key]})" if steps.get(key) else key) for key in keys]


def _processes(actor: Actor) -> list[Option]:
    return [_option(one.definition.key, one.definition.name) for one in queries.list_processes(actor.organization_id)]


def _outlines(actor: Actor) -> list[outlines.Outline]:
    newest = queries.list_processes(actor.organization_id)
    published = [outlines.read(queries.get_diagram(one.definition.id)) for one in newest]
    return published + [outlines.read(draft.xml.encode()) for draft in drafts.list_drafts(actor.organization_id)]


def _option(value: str, label: str, group: str = "") -> Option:
    return {"value": value, "label": label, **({"group": group} if group else {})}
