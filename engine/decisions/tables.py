"""Reading of one decision table (DMN 1.5, 8.3). How it is drawn (rules as rows, as columns, a crosstab) is the same to
the file: `preferredOrientation` is for the eye."""

from typing import Any

from engine.bpmn.xml import title
from engine.decisions.cells import Compiler, attribute, text_of
from engine.decisions.model import (
    AGGREGATIONS,
    COLLECT,
    HIT_POLICIES,
    OUTPUT_ORDER,
    PRIORITY,
    UNIQUE,
    Cell,
    Input,
    ItemType,
    Output,
    Rule,
    Table,
)
from engine.decisions.types import Types

CELL = "cellInput"  #: what Operaton calls the value of a column


class TableReader:
    """Of one file."""

    def __init__(self, compiler: Compiler, types: Types, is_open: bool) -> None:
        self._compiler = compiler
        self._types = types
        self._is_open = is_open

    def read(self, node: Any, label: str, scope: frozenset[str]) -> Table:
        """`label`: the name of a single output that has none of its own."""
        inputs = [self._input(one, scope) for one in node.iterchildren("{*}input")]
        outputs = [self._output(one, node, label, scope) for one in node.iterchildren("{*}output")]
        table = Table(
            inputs=inputs,
            outputs=outputs,
            rules=self._rules(node, inputs, len(outputs), scope),
            hit_policy=(node.get("hitPolicy") or UNIQUE).replace("_", " ").upper(),
            aggregation=(node.get("aggregation") or "").upper(),
            label=label or node.get("outputLabel") or title(node),
            element_id=node.get("id") or "",
        )
        self._check(node, table)
        return table

    def _input(self, node: Any, scope: frozenset[str]) -> Input:
        expression = node.find("{*}inputExpression")
        value = None if expression is None else self._compiler.value(expression, scope)
        text = text_of(expression)
        item = self._types.of(expression)
        allowed = None if self._is_open else self._compiler.tests(node.find("{*}inputValues"), scope)
        return Input(
            label=node.get("label") or text or title(node),
            text=text,
            value=value or self._compiler.nothing,
            type=_type_name(item),
            variable=attribute(node, "inputVariable") or CELL,
            item=item,
            allowed=allowed,
        )

    def _output(self, node: Any, table: Any, label: str, scope: frozenset[str]) -> Output:
        name = node.get("name") or label
        default = node.find("{*}defaultOutputEntry")
        values = node.find("{*}outputValues")
        item = self._types.of(node)
        return Output(
            name=name,
            label=node.get("label") or name,
            type=_type_name(item),
            order=self._compiler.listed(values) or self._order_of(node, table),
            default=None if default is None else self._compiler.value(default, scope),
            item=item,
            allowed=None if self._is_open else self._compiler.tests(values, scope),
        )

    def _order_of(self, node: Any, table: Any) -> list[object]:
        """Without values of its own, a column is ordered by what its type allows (8.3.4)."""
        only = len(list(table.iterchildren("{*}output"))) == 1
        type_ref = node.get("typeRef") or (table.get("typeRef") if only else None)
        return self._types.allowed_values(type_ref)

    def _rules(self, node: Any, inputs: list[Input], answered: int, scope: frozenset[str]) -> list[Rule]:
        rules = []
        scopes = [scope | {one.variable} for one in inputs]
        for number, rule in enumerate(node.iterchildren("{*}rule"), 1):
            tests = list(rule.iterchildren("{*}inputEntry"))
            answers = list(rule.iterchildren("{*}outputEntry"))
            if len(tests) != len(inputs) or len(answers) != answered:
                told = f"Dòng {number} của bảng có {len(tests)} ô hỏi và {len(answers)} ô trả lời"
                sentence = f"{told}; bảng có {len(inputs)} cột hỏi và {answered} cột trả lời."
                self._compiler.problems.error(rule, sentence)
                continue
            cells = [self._test(cell, seen) for cell, seen in zip(tests, scopes, strict=True)]
            found = [self._answer(cell, scope) for cell in answers]
            identifier = rule.get("id") or ""
            rules.append(Rule(id=identifier, number=number, tests=cells, answers=found, note=_note(rule)))
        return rules

    def _test(self, cell: Any, scope: frozenset[str]) -> Cell:
        return Cell(text=text_of(cell), tests=self._compiler.tests(cell, scope))

    def _answer(self, cell: Any, scope: frozenset[str]) -> Cell:
        return Cell(text=text_of(cell), value=self._compiler.value(cell, scope))

    def _check(self, node: Any, table: Table) -> None:
        for sentence in _wrong(table):
            self._compiler.problems.error(node, f"Bảng “{_owner(node)}” {sentence}.")
        if table.aggregation and len(table.outputs) > 1:
            told = f"Bảng “{_owner(node)}” gộp bằng {table.aggregation}: mỗi dòng chỉ được trả lời ở một cột."
            self._compiler.problems.warning(node, told)


def _type_name(item: ItemType | None) -> str:
    return "" if item is None else item.type_name


def _owner(node: Any) -> str:
    return title(next(node.iterancestors("{*}decision", "{*}businessKnowledgeModel"), node))


def _note(rule: Any) -> str:
    """Annotations (DMN 1.2) or the description (1.1)."""
    notes = [text_of(entry) for entry in rule.iterchildren("{*}annotationEntry")]
    return "; ".join(note for note in notes if note) or (rule.findtext("{*}description") or "").strip()


def _wrong(table: Table) -> list[str]:
    """What is wrong with the table as a whole, in words that go on after its name."""
    names = [output.name for output in table.outputs]
    ordered = table.hit_policy in (PRIORITY, OUTPUT_ORDER)
    wrong = {
        "không có cột trả lời nào": not names,
        "có hai cột trả lời cùng tên (hoặc không tên)": len(set(names)) < len(names),
        f"dùng cách chọn dòng “{table.hit_policy}” không có trong DMN": table.hit_policy not in HIT_POLICIES,
        f"dùng phép gộp “{table.aggregation}” không có trong DMN": table.aggregation not in ("", *AGGREGATIONS),
        "chỉ được gộp (aggregation) khi chọn dòng bằng COLLECT": bool(table.aggregation)
        and table.hit_policy != COLLECT,
        f"chọn dòng bằng {table.hit_policy} nhưng không cột trả lời nào nêu thứ tự giá trị (outputValues)": ordered
        and not any(output.order for output in table.outputs),
    }
    return [sentence for sentence, holds in wrong.items() if holds]
