"""From BPMN files to specs made of our nodes: nothing of a diagram is lost."""

import contextlib
import dataclasses
from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.bpmn import bound, brought, checks, comparison, normaliser, xml
from engine.bpmn.attributes import Compiler
from engine.bpmn.catalog import Catalog
from engine.bpmn.node import Process
from engine.bpmn.readers import Reader
from engine.bpmn.references import read_days
from engine.bpmn.scopes import Scopes, Surroundings
from engine.bpmn.xml import Problems
from engine.errors import Problem


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReadProcess:
    """An executable process of a deployment."""

    key: str
    name: str
    resource_name: str
    spec: Process
    form_keys: frozenset[str] | None  #: of forms bound by deployment; None when an expression chooses one
    decision_keys: frozenset[str] | None  #: the same of decisions
    called_keys: frozenset[str] | None  #: the same of processes
    version_tag: str
    history_ttl_days: int | None


def read(resources: Mapping[str, bytes], catalog: Catalog) -> tuple[dict[str, ReadProcess], list[Problem]]:
    """All diagrams among the resources (name -> bytes): process id -> what was read, and all problems found.

    With an error among the problems the processes must not be used.
    """
    found: dict[str, ReadProcess] = {}
    problems = Problems()
    catalog = dataclasses.replace(catalog, processes=_keys(resources))
    for name, data in resources.items():
        if is_diagram(name):
            problems.file = name if len(resources) > 1 else ""
            for process in _read_file(name, data, catalog, problems):
                if process.key in found:
                    problems.error(None, f"Quy trình “{process.key}” có trong hai tệp.")
                found[process.key] = process
    return found, problems.found


def is_diagram(name: str) -> bool:
    """Whether a file of this name is taken for a diagram."""
    return name.endswith((".bpmn", ".bpmn20.xml"))


def _keys(resources: Mapping[str, bytes]) -> frozenset[str]:
    """Of all processes in the files that can be read."""
    found: set[str] = set()
    for name, data in resources.items():
        if is_diagram(name):
            with contextlib.suppress(xml.Unreadable):
                found.update(process.get("id") or "" for process in checks.runnable(xml.parse(data)))
    return frozenset(found)


def read_deployed(name: str, data: bytes, key: str, beside: Mapping[str, bytes]) -> Process:
    """The spec of a process that was accepted once. It is read again without checks, so that a stricter version of the
    product strands no running instance. `beside`: forms and decisions of its deployment, whose names it may use."""
    problems = Problems()
    root = xml.read_again(data)
    normaliser.normalise(root, problems)
    scopes = Scopes(root, Surroundings(files=brought.read(beside)))
    catalog = Catalog(functions=frozenset(), has_service=lambda _: True, forms=())
    reader = Reader(Compiler(catalog, problems, scopes if scopes.has_compound_names() else None))
    reader.add_bpmn_xml(root, name)
    spec: Process = reader.get_spec(key)
    return spec


def _read_file(name: str, data: bytes, catalog: Catalog, problems: Problems) -> list[ReadProcess]:
    before = len(problems.found)
    try:
        root = xml.parse(data)
    except xml.Unreadable as wrong:
        problems.of_file(name, wrong)
        return []
    normaliser.normalise(root, problems)
    checks.check(root, problems)
    if any(problem.level == "error" for problem in problems.found[before:]):
        return []  # what cannot be read would only add problems that follow from these
    reader = Reader(Compiler(catalog, problems, Scopes(root, catalog.surroundings)))
    try:
        reader.add_bpmn_xml(root, name)
        read_processes = [_read_process(process, name, reader) for process in checks.runnable(root)]
    except ValidationException as wrong:
        problems.error(None, f"Tệp {name}: sơ đồ không đọc được ({wrong}).")
        return []
    if not any(problem.level == "error" for problem in problems.found[before:]):
        _check_nothing_lost(data, {process.key: process.spec for process in read_processes}, problems)
    return read_processes


def _read_process(node: Any, resource_name: str, reader: Reader) -> ReadProcess:
    spec = reader.get_spec(node.get("id"))
    return ReadProcess(
        key=node.get("id"),
        name=node.get("name") or node.get("id"),
        resource_name=resource_name,
        spec=spec,
        form_keys=bound.forms(spec),
        decision_keys=bound.decisions(spec),
        called_keys=bound.processes(spec),
        version_tag=xml.attribute(node, "versionTag") or "",
        history_ttl_days=read_days(node, xml.attribute(node, "historyTimeToLive"), reader.compiler.problems),
    )


def _check_nothing_lost(data: bytes, specs: Mapping[str, Process], problems: Problems) -> None:
    """Compared with the file as it came: what the normaliser has rewritten must not be its own witness."""
    for process in xml.read_again(data).iter(f"{xml.BPMN}process"):
        if process.get("id") in specs:
            for node, sentence in comparison.lost(process, specs[process.get("id")]):
                problems.error(node, sentence)
