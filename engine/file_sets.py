"""The files of one deployment: diagrams, decisions, forms; read together, so that what they name of one another is
found, and every problem says in which file it is."""

import dataclasses
import functools
import hashlib
import json
import pathlib
import uuid
from collections.abc import Iterable, Mapping, Sequence

from engine import bindings, registry, table_checks
from engine.bpmn import brought, reading
from engine.bpmn.catalog import Catalog
from engine.bpmn.reading import ReadProcess
from engine.bpmn.xml import Problems
from engine.decisions import reading as decisions
from engine.decisions.graph import Decision, Model
from engine.errors import Problem

FORM = ".form"


@dataclasses.dataclass(frozen=True, kw_only=True)
class FileSet:
    """What was read. Keys -> what it is; `places`: kind and key -> name of the file; `imports`: name of a file of
    decisions -> names of those it imports, directly or not."""

    files: Mapping[str, bytes]
    processes: Mapping[str, ReadProcess]
    decisions: Mapping[str, Decision]
    forms: Mapping[str, bytes]
    places: Mapping[tuple[str, str], str]
    imports: Mapping[str, Sequence[str]]
    problems: list[Problem]

    @property
    def is_refused(self) -> bool:
        return any(problem.level == "error" for problem in self.problems)

    def hash_of_file(self, kind: str, key: str) -> str:
        """SHA-256, of what it imports, too."""
        name = self.places[kind, key]
        digest = hashlib.sha256(self.files[name])
        for other in sorted(self.imports.get(name, ())):
            digest.update(f"\n{other}\n".encode() + hashlib.sha256(self.files[other]).digest())
        return digest.hexdigest()


def read(resources: Mapping[str, bytes], organization_id: uuid.UUID | None) -> FileSet:
    """`resources`: file name, with or without folders -> bytes. What an organisation has deployed before is known."""
    files = {pathlib.PurePosixPath(name).name: data for name, data in resources.items()}
    problems, places = Problems(), dict[tuple[str, str], str]()
    forms: dict[str, bytes] = {}
    _check_names(resources, problems)
    models = decisions.read_set(decision_files(files), registry.function_names(), problems)
    found = _by_key(models, places, problems)
    if len(files) == 1:
        problems.found = [dataclasses.replace(problem, file="") for problem in problems.found]
    for name, data in files.items():
        problems.file = name if len(files) > 1 else ""
        if name.endswith(FORM):
            key = _form_key(name, data, problems)
            forms[key], places["form", key] = data, name
        elif not reading.is_diagram(name) and name not in decision_files(files):
            told = "không phải sơ đồ (.bpmn), quyết định (.dmn) hay biểu mẫu (.form): giữ nguyên nhưng không dùng đến"
            problems.warning(None, f"Tệp {name} {told}.")
    table_checks.check(found, lambda key: places["decision", key] if len(files) > 1 else "", problems)
    problems.file = ""
    if not any(_is_used(name) for name in files):
        problems.error(None, "Bộ tệp không có sơ đồ BPMN, bảng quyết định hay biểu mẫu nào.")
    catalog = dataclasses.replace(_catalog(found, forms, files, organization_id), files=brought.read(files))
    processes, more = reading.read(files, catalog)
    return FileSet(
        files=files,
        processes=processes,
        decisions=found,
        forms=forms,
        imports={name: model.imports for name, model in models.items()},
        places=places | {("process", key): process.resource_name for key, process in processes.items()},
        problems=[*problems.found, *more],
    )


def _by_key(models: Mapping[str, Model], places: dict[tuple[str, str], str], problems: Problems) -> dict[str, Decision]:
    """The decisions of all files; `places` is told where each stands."""
    found: dict[str, Decision] = {}
    for name, model in models.items():
        problems.file = name
        for key, decision in model.items():
            if key in found:
                problems.error(None, f"Quyết định “{key}” có trong hai tệp.")
            found[key], places["decision", key] = decision, name
    return found


def decision_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those of decisions among them."""
    return {name: data for name, data in files.items() if decisions.is_decisions(name)}


def hash_of(process: ReadProcess, found: FileSet) -> str:
    """SHA-256 of the diagram and of what it binds by deployment: forms, files of decisions, called processes with what
    they bind in turn. Where an expression chooses, all of that kind."""
    digest = hashlib.sha256(found.files[process.resource_name])
    for name in sorted(_bound_files(process, found)):
        digest.update(f"\n{name}\n".encode() + hashlib.sha256(found.files[name]).digest())
    return digest.hexdigest()


def _bound_files(process: ReadProcess, found: FileSet) -> set[str]:
    names: set[str] = set()
    todo, seen = [process.key], set()
    while todo:
        key = todo.pop()
        if key in seen or key not in found.processes:
            continue
        seen.add(key)
        one = found.processes[key]
        for kind, keys in (("form", one.form_keys), ("decision", one.decision_keys)):
            names |= {name for (k, other), name in found.places.items() if k == kind and _is_named(other, name, keys)}
        todo += found.processes if one.called_keys is None else one.called_keys
        names |= {one.resource_name} - {process.resource_name}
    return names | {other for name in names for other in found.imports.get(name, ())}


def _is_named(key: str, name: str, keys: frozenset[str] | None) -> bool:
    """A form may be named by the name of its file too."""
    return keys is None or key in keys or name.removesuffix(FORM) in keys


def _catalog(
    found: Mapping[str, Decision], forms: Mapping[str, bytes], names: Iterable[str], organization_id: uuid.UUID | None
) -> Catalog:
    known = functools.partial(bindings.is_deployed, organization_id) if organization_id else lambda kind, key: False
    return Catalog(
        functions=registry.function_names(),
        has_service=registry.has_service,
        gives=registry.gives,
        started_with=registry.started_with,
        forms=frozenset(forms) | {name.removesuffix(FORM) for name in names},
        decisions=frozenset(found),
        is_deployed=known,
    )


def _check_names(resources: Mapping[str, bytes], problems: Problems) -> None:
    """Two files of one name in different folders would be one."""
    names = [pathlib.PurePosixPath(name).name for name in resources]
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.error(None, f"Bộ tệp có hai tệp cùng tên {name}.")


def _form_key(name: str, data: bytes, problems: Problems) -> str:
    """The id that the form gives itself, else the file's name."""
    key = name.removesuffix(FORM)
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        problems.error(None, f"Tệp {name} không phải biểu mẫu: không phải JSON đúng.")
        return key
    given = told.get("id") if isinstance(told, dict) else None
    return given if isinstance(given, str) and given else key


def _is_used(name: str) -> bool:
    return reading.is_diagram(name) or decisions.is_decisions(name) or name.endswith(FORM)
