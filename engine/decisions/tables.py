"""Reading of one decision table (DMN 1.5, 8.3)."""

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
    Output,
    Rule,
    Table,
)
from engine.decisions.types import named


def read_table(node: Any, variable: str, compiler: Compiler) -> Table:
    """`variable`: the name of a single output that has none of its own."""
    inputs = [_input(one, compiler) for one in node.iterchildren("{*}input")]
    outputs = [_output(one, variable, compiler) for one in node.iterchildren("{*}output")]
    table = Table(
        inputs=inputs,
        outputs=outputs,
        rules=_rules(node, len(inputs), len(outputs), compiler),
        hit_policy=(node.get("hitPolicy") or UNIQUE).replace("_", " ").upper(),
        aggregation=(node.get("aggregation") or "").upper(),
    )
    _check(node, table, compiler)
    return table


def _input(node: Any, compiler: Compiler) -> Input:
    expression = node.find("{*}inputExpression")
    value = None if expression is None else compiler.value(expression)
    text = text_of(expression)
    return Input(
        label=node.get("label") or text or title(node),
        text=text,
        value=value or compiler.nothing,
        type=_type(expression, compiler),
        variable=attribute(node, "inputVariable") or "cellInput",
    )


def _output(node: Any, variable: str, compiler: Compiler) -> Output:
    name = node.get("name") or variable
    default = node.find("{*}defaultOutputEntry")
    return Output(
        name=name,
        label=node.get("label") or name,
        type=_type(node, compiler),
        order=compiler.listed(node.find("{*}outputValues")),
        default=None if default is None else compiler.value(default),
    )


def _type(node: Any, compiler: Compiler) -> str:
    return "" if node is None else named(compiler.base_type(node.get("typeRef") or ""))


def _rules(node: Any, asked: int, answered: int, compiler: Compiler) -> list[Rule]:
    rules = []
    for number, rule in enumerate(node.iterchildren("{*}rule"), 1):
        tests = list(rule.iterchildren("{*}inputEntry"))
        answers = list(rule.iterchildren("{*}outputEntry"))
        if len(tests) != asked or len(answers) != answered:
            told = f"Dòng {number} của bảng có {len(tests)} ô hỏi và {len(answers)} ô trả lời"
            compiler.problems.error(rule, f"{told}; bảng có {asked} cột hỏi và {answered} cột trả lời.")
            continue
        rules.append(
            Rule(
                id=rule.get("id") or "",
                number=number,
                tests=[Cell(text=text_of(cell), tests=compiler.tests(cell)) for cell in tests],
                answers=[Cell(text=text_of(cell), value=compiler.value(cell)) for cell in answers],
                note=_note(rule),
            )
        )
    return rules


def _note(rule: Any) -> str:
    """Annotations (DMN 1.2) or the description (1.1)."""
    notes = [text_of(entry) for entry in rule.iterchildren("{*}annotationEntry")]
    return "; ".join(note for note in notes if note) or (rule.findtext("{*}description") or "").strip()


def _check(node: Any, table: Table, compiler: Compiler) -> None:
    decision = title(node.getparent())
    for sentence in _wrong(table):
        compiler.problems.error(node, f"Bảng “{decision}” {sentence}.")
    if table.aggregation and len(table.outputs) > 1:
        told = f"Bảng “{decision}” gộp bằng {table.aggregation}: mỗi dòng chỉ được trả lời ở một cột."
        compiler.problems.warning(node, told)


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
