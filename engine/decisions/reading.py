"""From DMN files (1.1 to 1.5) to decisions. What cannot be decided as drawn is refused, with element and line."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.bpmn.references import read_days
from engine.bpmn.xml import Problems, Unreadable, local, parse_any, read_again, title
from engine.decisions import decision_services, requirements
from engine.decisions.boxed import BoxReader, find_box, names_within, words_of
from engine.decisions.cells import Compiler, attribute
from engine.decisions.graph import Decision, Element, InputData, Knowledge, Model
from engine.decisions.imports import VERSIONS, Source, Sources, read_source, variable_of
from engine.decisions.model import FunctionDefinition, ItemType, Logic, Required, Table
from engine.decisions.types import Types

SUFFIXES = (".dmn", ".dmn11.xml", ".dmn13.xml")
MAX_DECISIONS = 1_000  #: in one file
EMPTY = Model(file="", namespace="", own=(), elements={})


def is_decisions(name: str) -> bool:
    """Whether a file of this name is taken for one of decisions."""
    return name.endswith(SUFFIXES)


def read(data: bytes, functions: frozenset[str], problems: Problems) -> Model:
    """The decisions of one file that imports none. With an error among the problems they must not be used."""
    return read_set({"": data}, functions, problems).get("", EMPTY)


def read_set(files: Mapping[str, bytes], functions: frozenset[str], problems: Problems) -> dict[str, Model]:
    """The decisions of several files, by the names of the files, which may import one another. Problems are told under
    the name of their file."""
    sources = []
    for name, data in files.items():
        problems.file = name
        if (root := _parse(data, problems)) is not None:
            sources.append(read_source(name, root, problems))
    return _Reader(Sources(sources), functions, problems).read()


def read_deployed(files: Mapping[str, bytes], name: str) -> Model:
    """The decisions of one of the files that were accepted once, read again without checks."""
    sources = Sources(read_source(file, read_again(data), Problems()) for file, data in files.items())
    needed = Sources(sources.by_name[one] for one in sources.closure(name))
    return _Reader(needed, None, Problems()).read()[name]


def _parse(data: bytes, problems: Problems) -> Any:
    try:
        root = parse_any(data)
    except Unreadable as wrong:
        problems.of_file(problems.file, wrong)
        return None
    if root.tag not in {f"{{{version}}}definitions" for version in VERSIONS}:
        problems.error(root, "Tệp không phải bảng quyết định DMN 1.1 đến 1.5.")
        return None
    return root


class _Reader:
    """Of one set."""

    def __init__(self, sources: Sources, functions: frozenset[str] | None, problems: Problems) -> None:
        self.sources = sources
        self.problems = problems
        self.elements: dict[str, Element] = {}
        self.types: dict[str, Types] = {}
        self.compilers = {one.name: Compiler(one.root, functions, problems) for one in self._all}
        self.requires: dict[str, list[Required]] = {}

    @property
    def _all(self) -> Iterable[Source]:
        return self.sources.by_name.values()

    def read(self) -> dict[str, Model]:
        self.sources.check(self.problems)
        for source in self._all:
            compiler = self.compilers[source.name]
            self.types[source.name] = Types(source, compiler, self.types, self.sources)
        self._tell_words()
        for source in self._all:
            self.problems.file = source.name
            self._require(source)
        self._refuse_circle()
        for source in self._all:
            self.problems.file = source.name
            _FileReader(self, source).read()
        return {source.name: self._model(source) for source in self._all}

    def graph(self, element: str) -> list[str]:
        """The decisions that an element requires; what a decision service needs is its own matter."""
        required = (one.element for one in self.requires.get(element, ()))
        return [one for one in required if local(self.node_of(one)[1]) == "decision"]

    def node_of(self, element: str) -> tuple[Source, Any]:
        name, _, key = element.rpartition("#")
        source = self.sources.by_name[name]
        return source, source.nodes[key]

    def item_of(self, element: str) -> ItemType | None:
        """The type of an element's variable."""
        source, node = self.node_of(element)
        return self.types[source.name].of(node.find("{*}variable"), find_box(node))

    def _tell_words(self) -> None:
        """A file's texts may hold the names of all parts of values that come from the files it imports."""
        told = {one.name: self._words(one) for one in self._all}
        for source in self._all:
            seen = {word for name in self.sources.closure(source.name) for word in told[name]}
            compiler = self.compilers[source.name]
            compiler.words = frozenset(word for word in seen if word and not word.isidentifier())
            compiler.types = tuple(self.types[source.name].feel_types().items())

    def _words(self, source: Source) -> set[str]:
        elements = {variable_of(node) for node in source.nodes.values()} if self._is_imported(source) else set()
        return {*self.types[source.name].words(), *words_of(source.root), *elements}

    def _is_imported(self, source: Source) -> bool:
        return any(source.namespace in other.imports for other in self._all)

    def _require(self, source: Source) -> None:
        for key, node in source.nodes.items():
            if local(node) in ("decision", "businessKnowledgeModel"):
                found = requirements.read(source, node, self.sources, self.problems)
                self.requires[source.element(key)] = found

    def _refuse_circle(self) -> None:
        graph = {element: self.graph(element) for element in self.requires}
        if (circle := requirements.find_circle(graph)) is not None:
            source, node = self.node_of(circle)
            self.problems.file = source.name
            self.problems.error(node, f"Quyết định “{title(node)}” cần chính nó, qua các quyết định khác.")
            self.requires.clear()

    def _model(self, source: Source) -> Model:
        own = [key for key in source.nodes if isinstance(self.elements.get(source.element(key)), Decision)]
        return Model(
            file=source.name,
            namespace=source.namespace,
            own=own,
            elements=self.elements,
            imports=self.sources.closure(source.name)[1:],
        )


class _FileReader:
    """Of one file of the set."""

    def __init__(self, whole: _Reader, source: Source) -> None:
        self.whole = whole
        self.source = source
        self.problems = whole.problems
        self.compiler = whole.compilers[source.name]
        self.types = whole.types[source.name]
        self.boxes = BoxReader(self.compiler, self.types, source.is_open)
        self.drawn = {variable_of(node) for node in source.nodes.values()}

    def read(self) -> None:
        decisions = [node for node in self.source.nodes.values() if local(node) == "decision"]
        if not self.source.nodes and self.source.root.find("{*}itemDefinition") is None:
            self.problems.error(self.source.root, "Tệp DMN không có quyết định nào.")
        if len(decisions) > MAX_DECISIONS:
            told = f"Tệp có {len(decisions)} quyết định; tối đa {MAX_DECISIONS}. Tách thành nhiều tệp."
            self.problems.error(self.source.root, told)
            return
        for key, node in self.source.nodes.items():
            found = _READ[local(node)](self, node, self.source.element(key))
            if found is not None:
                self.whole.elements[self.source.element(key)] = found

    def input(self, node: Any, element: str) -> InputData:
        return InputData(
            element=element,
            name=node.get("name") or "",
            variable=variable_of(node),
            namespace=self.source.namespace,
            item=self.types.of(node.find("{*}variable")),
        )

    def decision(self, node: Any, element: str) -> Decision:
        variable = variable_of(node)
        self.compiler.read_names.clear()
        logic = self.boxes.find(node, self._scope(element), variable)
        self._tell_hidden(node, element)
        order = requirements.order([element], self.whole.graph)[:-1]
        return self._decision(node, element, logic, order, self._item(node, logic))

    def service(self, node: Any, element: str) -> Decision | None:
        self.compiler.read_names.clear()
        whole = self.whole
        logic = decision_services.read(
            self.source,
            node,
            sources=whole.sources,
            graph=whole.graph,
            typed=whole.item_of,
            problems=self.problems,
        )
        return None if logic is None else self._decision(node, element, logic, (), self._item(node, logic))

    def knowledge(self, node: Any, element: str) -> Knowledge:
        self.compiler.read_names.clear()
        drawn = node.find("{*}encapsulatedLogic")
        if drawn is None:
            self.problems.error(node, f"Mô hình tri thức “{title(node)}” không có logic (encapsulatedLogic).")
            logic = FunctionDefinition(parameters=(), body=self.boxes.nothing(node))
        else:
            logic = self.boxes.function(drawn, self._scope(element) | {variable_of(node)})
        return Knowledge(
            element=element,
            name=node.get("name") or "",
            variable=variable_of(node),
            logic=logic,
            namespace=self.source.namespace,
            requires=self.whole.requires.get(element, ()),
            reads=self._reads(),
            is_open=self.source.is_open,
        )

    def _decision(
        self, node: Any, element: str, logic: Logic, before: Sequence[str], item: ItemType | None
    ) -> Decision:
        return Decision(
            key=node.get("id") or node.get("name"),
            name=node.get("name") or "",
            variable=variable_of(node),
            logic=logic,
            before=before,
            version_tag=attribute(node, "versionTag") or "",
            history_ttl_days=read_days(node, attribute(node, "historyTimeToLive"), self.problems),
            element=element,
            namespace=self.source.namespace,
            requires=self.whole.requires.get(element, ()),
            reads=self._reads(),
            item=item,
            is_open=self.source.is_open,
        )

    def _item(self, node: Any, logic: Logic) -> ItemType | None:
        """What the answer has to be. Operaton says nothing of the answer of a table as a whole."""
        if self.source.is_open and isinstance(logic, Table):
            return None
        return self.types.of(node.find("{*}variable"), find_box(node))

    def _tell_hidden(self, node: Any, element: str) -> None:
        """Names of what is drawn in the file which a decision reads without requiring it: by the standard, null."""
        if self.source.is_open:
            return
        hidden = (self.compiler.read_names & self.drawn) - self._scope(element) - names_within(node)
        for name in sorted(hidden):
            told = f"“{title(node)}” đọc “{name}” mà không nối tới (informationRequirement), nên chỉ thấy null."
            self.problems.warning(node, told)

    def _reads(self) -> frozenset[str]:
        return frozenset(self.compiler.read_names - self.drawn)

    @functools.cached_property
    def _all_variables(self) -> frozenset[str]:
        return frozenset(self.drawn)

    def _scope(self, element: str) -> frozenset[str]:
        """Names that an element's expressions see."""
        seen = frozenset(one.within or one.name for one in self.whole.requires.get(element, ()))
        return seen | self._all_variables if self.source.is_open else seen


_READ: dict[str, Any] = {
    "inputData": _FileReader.input,
    "decision": _FileReader.decision,
    "businessKnowledgeModel": _FileReader.knowledge,
    "decisionService": _FileReader.service,
}
