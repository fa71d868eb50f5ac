"""typeRef and item definitions: what a value has to be, and how it is made to fit (DMN 1.5, 7.3.2 and 10.3.2.9.4)."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.bpmn.xml import flag, local
from engine.decisions import conversions
from engine.decisions.cells import Compiler
from engine.decisions.errors import Unfit
from engine.decisions.imports import Source, Sources
from engine.decisions.model import ItemType, Tests
from engine.expressions import Functions
from feel import kinds
from feel import types as feel_types
from feel.types import ANY, Type

MAX_DEPTH = 30  #: types within one another
MAX_SIZE = 1_000  #: types that one is made of
PREFIXES = ("feel", "xsd", "dmn", "semantic", "kie")  #: of built-in types in files of DMN 1.1
WORDS = {**conversions.WORDS, "date and time": "ngày giờ", "days and time duration": "khoảng thời gian"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Defined:
    """A type by an item definition or a built-in name. `allowed`: of the value, or of each item where it is a list;
    `constraint`: of the value as it is, list or not (1.5); `inner`: the type it is made from; `parts`: components."""

    name: str
    base: Type
    is_list: bool = False
    allowed: Tests | None = None
    constraint: Tests | None = None
    inner: "Defined | None" = None
    size: int = 1  #: types that it is made of, each as often as it is there
    parts: Mapping[str, "Defined"] = dataclasses.field(default_factory=dict)

    @property
    def type_name(self) -> str:
        """Our name of a built-in type that it comes down to; empty for others."""
        return "" if self.is_list or self.base.entries else conversions.named(self.base.name)

    def fitted(self, value: Any, functions: Functions) -> Any:
        """The value, made to fit. Raises Unfit."""
        if value is None:
            return None
        made = feel_types.coerce(value, self.base)
        if made is None or not self.holds(made, functions):
            raise Unfit(WORDS.get(self.name, f"kiểu {self.name}"))
        return made

    def holds(self, value: Any, functions: Functions, siblings: Mapping[str, Any] | None = None) -> bool:
        """Whether a value that conforms keeps what its type allows. `siblings`: components beside it."""
        if value is None:
            return True
        seen = siblings or {}
        if self.constraint is not None and not self.constraint.holds(value, seen, functions):
            return False
        items = value if self.is_list else [value]
        return all(self._holds_item(item, functions, seen) for item in items)

    def _holds_item(self, item: Any, functions: Functions, seen: Mapping[str, Any]) -> bool:
        if item is not None and self.allowed is not None and not self.allowed.holds(item, seen, functions):
            return False
        if self.inner is not None and not self.inner.holds(item, functions, seen):
            return False
        if not isinstance(item, Mapping):
            return True
        return all(part.holds(item.get(name), functions, item) for name, part in self.parts.items())


class Types:
    """The types that a file sees: those of the language, its own, those of files it imports, by their import's name."""

    def __init__(self, source: Source, compiler: Compiler, others: Mapping[str, "Types"], sources: Sources) -> None:
        """`others`: file name -> its types; all of the set, filled in while they are made."""
        self._source = source
        self._compiler = compiler
        self._others = others
        self._sources = sources
        self._nodes = {node.get("name"): node for node in source.root.iterchildren("{*}itemDefinition")}
        self._made: dict[str, Defined] = {}
        self._depth = 0
        self._open: list[str] = []  #: being made: a type within itself is anything

    def item(self, type_ref: str | None) -> ItemType | None:
        """None: anything. A name that nobody knows is a warning's matter, and converts nothing."""
        wanted = (type_ref or "").strip()
        if self._source.is_open:
            name = conversions.named(self._base_name(wanted))
            return conversions.Converted(name) if name else None
        found = self.defined(wanted)
        return None if found is None or found.base == ANY else found

    def of(self, *nodes: Any) -> ItemType | None:
        """By the first of these nodes that names a type."""
        return self.item(next((ref for node in nodes if node is not None and (ref := node.get("typeRef"))), None))

    def result_of(self, *nodes: Any) -> ItemType | None:
        """What a function gives: these nodes name its type, or (as many write it) that of what it gives."""
        names = [ref for node in nodes if node is not None and (ref := node.get("typeRef"))]
        found = self.defined(names[0].strip()) if names and not self._source.is_open else None
        if found is None or found.base.name != kinds.FUNCTION:
            return self.item(names[0]) if names else None
        result = found.base.result
        return None if result in (None, ANY) else Defined(name=str(result), base=result)

    def defined(self, name: str) -> Defined | None:
        """By the name that the file has for it; None where nobody knows it."""
        if name in self._made:
            return self._made[name]
        if name in self._open:
            return None
        if name in self._nodes:
            self._open.append(name)
            self._made[name] = self._define(self._nodes[name])
            self._open.pop()
            return self._made[name]
        return self._builtin(name) or self._imported(name)

    def allowed_values(self, type_ref: str | None) -> list[object]:
        """The constants that a type allows, in their order; of an imported type none."""
        node = self._nodes.get((type_ref or "").strip())
        for _ in range(10):
            if node is None:
                return []
            if found := self._compiler.listed(node.find("{*}allowedValues")):
                return found
            node = self._nodes.get((node.findtext("{*}typeRef") or "").strip())
        return []

    def feel_types(self) -> dict[str, Type]:
        """Name -> type of each definition, those of imported files by their import's name."""
        own = self._own_types()
        for namespace, called in self._source.imports.items():
            home = self._sources.imported(self._source, namespace)
            if home is not None and home is not self._source and home.name in self._others:
                prefix = f"{called}." if called else ""
                own |= {f"{prefix}{name}": one for name, one in self._others[home.name]._own_types().items()}
        return own

    def _own_types(self) -> dict[str, Type]:
        return {name: found.base for name in self._nodes if name and (found := self.defined(name)) is not None}

    def words(self) -> Iterator[str]:
        """Names of components, of all definitions."""
        for node in self._source.root.iter("{*}itemComponent"):
            yield node.get("name") or ""

    def _builtin(self, name: str) -> Defined | None:
        prefix, sign, rest = name.partition(":")
        bare = rest if sign and prefix in PREFIXES else name
        found = feel_types.named(bare)
        return None if found is None else Defined(name=bare, base=found)

    def _imported(self, name: str) -> Defined | None:
        """`import.type`, or `prefix:type` where the prefix stands for the namespace of an imported file (1.1)."""
        prefix, sign, rest = name.partition(":")
        if sign and prefix in self._source.root.nsmap:
            home = self._sources.imported(self._source, self._source.root.nsmap[prefix])
            return self._in(home, rest)
        for namespace, called in self._source.imports.items():
            if not called or name.startswith(f"{called}."):
                found = self._in(self._sources.imported(self._source, namespace), name[len(called) + bool(called) :])
                if found is not None:
                    return found
        return None

    def _in(self, home: Source | None, name: str) -> Defined | None:
        if home is None or (home is self._source and name not in self._nodes):
            return None
        return self.defined(name) if home is self._source else self._others[home.name].defined(name)

    def _define(self, node: Any) -> Defined:
        """A type that is too large or too deep is a problem, and anything."""
        name = node.get("name") or ""
        self._depth += 1
        made = self._make(node, name) if self._depth <= MAX_DEPTH else None
        self._depth -= 1
        if made is None or made.size > MAX_SIZE:
            told = f"quá {MAX_DEPTH} tầng" if made is None else f"quá {MAX_SIZE} phần"
            self._compiler.problems.error(node, f"Kiểu dữ liệu “{name}” lồng nhau {told}.")
            return Defined(name=name, base=ANY)
        return made

    def _make(self, node: Any, name: str) -> Defined:
        is_list = flag(node, "isCollection")
        parts = {one.get("name") or "": self._define(one) for one in node.iterchildren("{*}itemComponent")}
        inner = self._inner(node)
        base = _base(node, inner, parts, self)
        return Defined(
            name=name,
            base=feel_types.list_of(base) if is_list else base,
            is_list=is_list,
            allowed=self._compiler.tests(node.find("{*}allowedValues"), frozenset(self._siblings(node))),
            constraint=self._compiler.tests(node.find("{*}typeConstraint"), frozenset(self._siblings(node))),
            inner=inner,
            parts=parts,
            size=1 + (inner.size if inner else 0) + sum(one.size for one in parts.values()),
        )

    def _inner(self, node: Any) -> Defined | None:
        return self.defined((node.findtext("{*}typeRef") or "").strip())

    def _siblings(self, node: Any) -> list[str]:
        if local(node) != "itemComponent":
            return []
        return [one.get("name") or "" for one in node.getparent().iterchildren("{*}itemComponent")]

    def _base_name(self, type_ref: str) -> str:
        """The built-in type behind an item definition's name; "" behind lists and contexts."""
        for _ in range(10):
            item = self._nodes.get(type_ref)
            if item is None:
                return type_ref
            inner = item.find("{*}typeRef")
            if flag(item, "isCollection") or inner is None:
                return ""
            type_ref = (inner.text or "").strip()
        return ""


def _base(node: Any, inner: Defined | None, parts: Mapping[str, Defined], types: Types) -> Type:
    """Of one item, without what is allowed."""
    function = node.find("{*}functionItem")
    if function is not None:
        taken: Sequence[Any] = list(function.iterchildren("{*}parameters"))
        parameters = [_feel_type(types, one.get("typeRef")) for one in taken]
        return feel_types.function_of(parameters, _feel_type(types, function.get("outputTypeRef")))
    if parts:
        return feel_types.context_of((name, part.base) for name, part in parts.items())
    return ANY if inner is None else inner.base


def _feel_type(types: Types, type_ref: str | None) -> Type:
    found = types.defined((type_ref or "").strip())
    return ANY if found is None else found.base
