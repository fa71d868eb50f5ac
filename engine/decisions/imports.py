"""The DMN files of one set, and what they name of one another (DMN 1.5, 6.3.3).

An element is called by its file and its id, `tệp.dmn#id`: ids and namespaces of unrelated files may be the same.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from engine.bpmn.xml import Problems, local, title

VERSIONS = (
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20151130",  # 1.1 as some modellers write it
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
)
VENDORS = ("http://camunda.org/schema/1.0/dmn", "http://operaton.org/schema/1.0/dmn")
EXPORTERS = ("camunda", "operaton", "dmn-js", "bpmn.io")
ELEMENTS = frozenset({"decision", "inputData", "businessKnowledgeModel", "decisionService"})


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Source:
    """One file. `imports`: namespace -> the name under which it is seen here ("" is possible); `nodes`: id -> element
    of the graph; `is_open`: drawn for Operaton."""

    name: str
    root: Any
    imports: Mapping[str, str]
    nodes: Mapping[str, Any]
    is_open: bool

    @property
    def namespace(self) -> str:
        return self.root.get("namespace") or ""

    def element(self, key: str) -> str:
        return f"{self.name}#{key}"


class Sources:
    """All files of a set."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.by_name = {source.name: source for source in sources}

    def imported(self, source: Source, namespace: str) -> Source | None:
        """The file with this namespace as seen from this one; itself under its own."""
        if namespace in ("", source.namespace):
            return source
        return next((one for one in self._of(namespace)), None) if namespace in source.imports else None

    def under(self, source: Source, name: str) -> Source | None:
        """The file that is imported under this name."""
        return next((self.imported(source, where) for where, called in source.imports.items() if called == name), None)

    def find(self, source: Source, href: str) -> tuple[Source, str, Any] | None:
        """What a reference (`#id` or `namespace#id`) means: its file, its id, its node."""
        where, _, key = href.rpartition("#")
        home = self.imported(source, where)
        return (home, key, home.nodes[key]) if home is not None and key in home.nodes else None

    def check(self, problems: Problems) -> None:
        """Every import is there, once, and leads to no circle."""
        for source in self.by_name.values():
            problems.file = source.name
            for node in source.root.iterchildren("{*}import"):
                self._check_import(source, node, problems)
        for source in self.by_name.values():
            if source in self._reached(source):
                problems.file = source.name
                problems.error(source.root, f"Tệp {source.name} nhập chính nó, qua các tệp khác.")

    def closure(self, name: str) -> list[str]:
        """Names of the file and of all that it imports, directly or not."""
        source = self.by_name[name]
        return [name, *(one.name for one in self._reached(source) if one is not source)]

    def _reached(self, source: Source) -> list[Source]:
        found: list[Source] = []
        todo = [source]
        while todo:
            for namespace in todo.pop().imports:
                for other in self._of(namespace):
                    if other not in found:
                        found.append(other)
                        todo.append(other)
        return found

    def _of(self, namespace: str) -> list[Source]:
        return [one for one in self.by_name.values() if one.namespace == namespace]

    def _check_import(self, source: Source, node: Any, problems: Problems) -> None:
        namespace, kind = node.get("namespace") or "", node.get("importType") or ""
        if kind and kind.rstrip("/") not in {version.rstrip("/") for version in VERSIONS}:
            problems.error(node, f"Tệp nhập “{title(node)}” thuộc loại {kind}; chỉ nhập được tệp DMN.")
        elif namespace == source.namespace:
            problems.error(node, f"Tệp {source.name} nhập chính nó.")
        elif (number := len(self._of(namespace))) != 1:
            told = "không có trong bộ tệp; hãy nộp cùng" if not number else f"có trong {number} tệp của bộ"
            problems.error(node, f"Tệp nhập “{title(node)}” (namespace “{namespace}”) {told}.")


def read_source(name: str, root: Any, problems: Problems) -> Source:
    """An element without id goes by its name. Ids that are used twice are problems."""
    nodes: dict[str, Any] = {}
    for node in root.iterchildren("{*}decision", "{*}inputData", "{*}businessKnowledgeModel", "{*}decisionService"):
        key = node.get("id") or node.get("name")
        if not key:
            problems.error(node, f"{_KINDS[local(node)]} không có mã (id) và không có tên.")
        elif key in nodes:
            problems.error(node, f"Mã “{key}” dùng hai lần.")
        else:
            nodes[key] = node
    drawn = root.iterchildren("{*}import")
    imports = {node.get("namespace") or "": node.get("name") or "" for node in drawn}
    return Source(name=name, root=root, imports=imports, nodes=nodes, is_open=_is_open(root))


def variable_of(node: Any) -> str:
    """The name under which an element of the graph is seen: that of its variable, else its own (in 1.1)."""
    variable = node.find("{*}variable")
    return (variable.get("name") if variable is not None else "") or node.get("name") or node.get("id")


def _is_open(root: Any) -> bool:
    """Whether Operaton's rules hold: names of others, by the marks that its modellers leave in a file."""
    exporter = (root.get("exporter") or "").lower()
    language = (root.get("expressionLanguage") or "").lower()
    namespaces = {root.get("namespace"), *root.nsmap.values()}
    return not namespaces.isdisjoint(VENDORS) or exporter.startswith(EXPORTERS) or language.endswith("juel")


_KINDS = {
    "decision": "Quyết định",
    "inputData": "Dữ liệu vào",
    "businessKnowledgeModel": "Mô hình tri thức",
    "decisionService": "Dịch vụ quyết định",
}
