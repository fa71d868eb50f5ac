"""Reading of boxed expressions (DMN 1.5, 7.3): each becomes a value of engine.decisions.model."""

from collections.abc import Callable
from typing import Any

from engine.bpmn.xml import local, title
from engine.decisions import model
from engine.decisions.cells import Compiler, text_of
from engine.decisions.model import Binding, Entry, Literal, Logic, Parameter
from engine.decisions.tables import TableReader
from engine.decisions.types import Types

MAX_DEPTH = 40  #: boxes in one another
Scope = frozenset[str]


class BoxReader:
    """Of one file."""

    def __init__(self, compiler: Compiler, types: Types, is_open: bool) -> None:
        self._compiler = compiler
        self._types = types
        self._tables = TableReader(compiler, types, is_open)
        self._depth = 0

    def find(self, node: Any, scope: Scope, label: str = "") -> Logic:
        """The expression within an element; a problem, and null, where there is none. `label`: what a table or a single
        column without a name is called."""
        drawn = find_box(node)
        if drawn is None:
            self._compiler.problems.error(node, f"“{_owner(node)}” chưa có bảng hay biểu thức.")
            return self.nothing(node)
        return self.read(drawn, scope, label)

    def read(self, drawn: Any, scope: Scope, label: str = "") -> Logic:
        if self._depth >= MAX_DEPTH:
            self._compiler.problems.error(drawn, f"Các hộp lồng nhau quá {MAX_DEPTH} tầng.")
            return self.nothing(drawn)
        self._depth += 1
        kind = local(drawn)
        is_table = kind == "decisionTable"
        found = self._tables.read(drawn, label, scope) if is_table else _READ[kind](self, drawn, scope)
        self._depth -= 1
        return found

    def function(self, node: Any, scope: Scope) -> model.FunctionDefinition:
        """Of a function definition or a business knowledge model's logic. Java and PMML are refused."""
        kind = (node.get("kind") or "FEEL").upper()
        parameters = [
            Parameter(name=one.get("name") or "", item=self._types.of(one))
            for one in node.iterchildren("{*}formalParameter")
        ]
        if kind != "FEEL":
            self._compiler.problems.error(node, f"Hàm của “{_owner(node)}” viết bằng {kind}; chỉ chạy được FEEL.")
            body: Logic = self.nothing(node)
        else:
            inner = scope | {one.name for one in parameters}
            body = self.find(node, inner, title(node.getparent()))
        result = self._types.of(find_box(node)) or self._types.result_of(node, variable_beside(node))
        return model.FunctionDefinition(parameters=parameters, body=body, result=result, element_id=_id(node))

    def nothing(self, node: Any) -> Literal:
        return Literal(text="", value=self._compiler.nothing, element_id=node.get("id") or "")

    def _part(self, node: Any, tag: str, scope: Scope) -> Logic:
        """The expression in a child; a problem where it is missing."""
        child = node.find(f"{{*}}{tag}")
        if child is None:
            self._compiler.problems.error(node, f"“{_owner(node)}”: {local(node)} thiếu phần {tag}.")
            return self.nothing(node)
        return self.find(child, scope)

    # ---------------------------------------------------------------------------------------------- kinds of boxes
    def _literal(self, node: Any, scope: Scope) -> Literal:
        if node.find("{*}importedValues") is not None:
            told = f"“{_owner(node)}” lấy giá trị từ tệp ngoài, chưa chạy được."
            self._compiler.problems.error(node, told)
        value = self._compiler.value(node, scope)
        if value is None:
            self._compiler.problems.error(node, f"“{_owner(node)}” có biểu thức trống.")
            value = self._compiler.nothing
        item = self._types.of(node)
        name = "" if item is None else item.type_name
        return Literal(text=text_of(node), value=value, type=name, item=item, element_id=node.get("id") or "")

    def _invocation(self, node: Any, scope: Scope) -> model.Invocation:
        bindings = [self._binding(one, scope) for one in node.iterchildren("{*}binding")]
        called = self.find(node, scope)
        return model.Invocation(called=called, bindings=bindings, item=self._types.of(node), element_id=_id(node))

    def _binding(self, node: Any, scope: Scope) -> Binding:
        parameter = node.find("{*}parameter")
        name = "" if parameter is None else parameter.get("name") or ""
        value = self.read(found, scope) if (found := find_box(node)) is not None else self.nothing(node)
        return Binding(name=name, value=value, item=None if parameter is None else self._types.of(parameter))

    def _context(self, node: Any, scope: Scope) -> model.Context:
        entries: list[Entry] = []
        result = None
        for drawn in node.iterchildren("{*}contextEntry"):
            variable = drawn.find("{*}variable")
            name = (variable.get("name") if variable is not None else "") or ""
            is_function = drawn.find("{*}functionDefinition") is not None
            seen = scope | {name} if is_function else scope  # a function may call itself
            value = self.find(drawn, seen, name or _owner(drawn))
            item = self._types.of(variable) if is_function else self._types.of(variable, find_box(drawn))
            if not name:
                result = Entry(name="", value=value, item=item)
                break
            entries.append(Entry(name=name, value=value, item=item))
            scope = scope | {name}
        return model.Context(entries=entries, result=result, item=self._types.of(node), element_id=_id(node))

    def _list(self, node: Any, scope: Scope) -> model.Listing:
        items = [self.read(child, scope) for child in node if local(child) in KINDS]
        return model.Listing(items=items, item=self._types.of(node), element_id=_id(node))

    def _relation(self, node: Any, scope: Scope) -> model.Relation:
        columns = [
            Entry(name=column.get("name") or "", value=self.nothing(column), item=self._types.of(column))
            for column in node.iterchildren("{*}column")
        ]
        rows = []
        for number, row in enumerate(node.iterchildren("{*}row"), 1):
            cells = [self.read(child, scope) for child in row if local(child) in KINDS]
            if len(cells) != len(columns):
                told = f"Dòng {number} của “{_owner(node)}” có {len(cells)} ô; cần {len(columns)}."
                self._compiler.problems.error(row, told)
                continue
            rows.append(cells)
        return model.Relation(columns=columns, rows=rows, item=self._types.of(node), element_id=_id(node))

    def _function(self, node: Any, scope: Scope) -> model.FunctionDefinition:
        return self.function(node, scope)

    def _conditional(self, node: Any, scope: Scope) -> model.Conditional:
        parts = [self._part(node, tag, scope) for tag in ("if", "then", "else")]
        item = self._types.of(node)
        return model.Conditional(test=parts[0], then=parts[1], otherwise=parts[2], item=item, element_id=_id(node))

    def _filter(self, node: Any, scope: Scope) -> model.Filter:
        domain = self._part(node, "in", scope)
        match = self._part(node, "match", scope | {"item"})
        return model.Filter(domain=domain, match=match, item=self._types.of(node), element_id=_id(node))

    def _for(self, node: Any, scope: Scope) -> model.Iteration:
        variable = node.get("iteratorVariable") or ""
        return model.Iteration(
            variable=variable,
            domain=self._part(node, "in", scope),
            body=self._part(node, "return", scope | {variable, "partial"}),
            item=self._types.of(node),
            element_id=_id(node),
        )

    def _quantified(self, node: Any, scope: Scope) -> model.Quantified:
        variable = node.get("iteratorVariable") or ""
        return model.Quantified(
            kind=local(node),
            variable=variable,
            domain=self._part(node, "in", scope),
            body=self._part(node, "satisfies", scope | {variable}),
            item=self._types.of(node),
            element_id=_id(node),
        )


_READ: dict[str, Callable[[BoxReader, Any, Scope], Logic]] = {
    "literalExpression": BoxReader._literal,
    "invocation": BoxReader._invocation,
    "context": BoxReader._context,
    "list": BoxReader._list,
    "relation": BoxReader._relation,
    "functionDefinition": BoxReader._function,
    "conditional": BoxReader._conditional,
    "filter": BoxReader._filter,
    "for": BoxReader._for,
    "every": BoxReader._quantified,
    "some": BoxReader._quantified,
}
KINDS = frozenset({"decisionTable", *_READ})


def find_box(node: Any) -> Any:
    """The first child that is an expression, or None."""
    return next((child for child in node if local(child) in KINDS), None)


def variable_beside(logic: Any) -> Any:
    """Of the business knowledge model or the entry that a function stands in."""
    return logic.getparent().find("{*}variable")


def words_of(root: Any) -> set[str]:
    """Names that parts of values may have because a box gives them: entries of contexts, columns, outputs."""
    paths = ("contextEntry/{*}variable", "column", "output")
    return {node.get("name") or "" for path in paths for node in root.iterfind(f".//{{*}}{path}")}


def names_within(node: Any) -> set[str]:
    """Names that boxes bind for what stands in them."""
    formal = {one.get("name") or "" for one in node.iter("{*}formalParameter")}
    return (
        words_of(node)
        | formal
        | {one.get("iteratorVariable") or "" for one in node.iter("{*}for", "{*}every", "{*}some")}
    )


def _id(node: Any) -> str:
    return node.get("id") or ""


def _owner(node: Any) -> str:
    """The element of the graph around it, or it itself."""
    around = node.iterancestors("{*}decision", "{*}businessKnowledgeModel")
    return title(node if local(node) in ("decision", "businessKnowledgeModel") else next(around, node))
