"""From DMN files (1.1 to 1.5) to decisions. What cannot be decided as drawn is refused, with element and line."""

from collections.abc import Mapping
from typing import Any

from engine.bpmn.references import read_days
from engine.bpmn.xml import Problems, Unreadable, local, parse_any, read_again, title
from engine.decisions import requirements
from engine.decisions.cells import Compiler, attribute, text_of
from engine.decisions.model import Decision, Literal
from engine.decisions.tables import read_table
from engine.decisions.types import named

VERSIONS = (
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20151130",  # 1.1 as some modellers write it
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
)
SUFFIXES = (".dmn", ".dmn11.xml", ".dmn13.xml")
MAX_DECISIONS = 1_000  #: in one file
LOGIC = frozenset(
    {
        "decisionTable",
        "literalExpression",
        "invocation",
        "context",
        "list",
        "relation",
        "functionDefinition",
        "conditional",
        "filter",
        "for",
        "every",
        "some",
    }
)
NOT_RUN = {
    "import": "Nhập tệp DMN khác",
    "businessKnowledgeModel": "Mô hình tri thức (BKM)",
    "decisionService": "Dịch vụ quyết định",
}


def is_decisions(name: str) -> bool:
    """Whether a file of this name is taken for one of decisions."""
    return name.endswith(SUFFIXES)


def read(data: bytes, functions: frozenset[str], problems: Problems) -> dict[str, Decision]:
    """The decisions of one file by their keys. With an error among the problems they must not be used."""
    try:
        root = parse_any(data)
    except Unreadable as wrong:
        problems.of_file(problems.file, wrong)
        return {}
    if root.tag not in {f"{{{version}}}definitions" for version in VERSIONS}:
        problems.error(root, "Tệp không phải bảng quyết định DMN 1.1 đến 1.5.")
        return {}
    return _read_root(root, Compiler(root, functions, problems))


def read_deployed(data: bytes) -> Mapping[str, Decision]:
    """The decisions of a file that was accepted once, read again without checks."""
    root = read_again(data)
    return _read_root(root, Compiler(root, None, Problems()))


def _read_root(root: Any, compiler: Compiler) -> dict[str, Decision]:
    problems = compiler.problems
    for child in root:
        if local(child) in NOT_RUN:
            problems.error(child, f"{NOT_RUN[local(child)]} “{title(child)}” chưa chạy được.")
    nodes: dict[str, Any] = {}
    for node in root.iterchildren("{*}decision"):
        key = node.get("id")
        if not key:
            problems.error(node, f"Quyết định “{title(node)}” không có mã (id).")
        elif key in nodes:
            problems.error(node, f"Mã “{key}” dùng hai lần.")
        else:
            nodes[key] = node
    if not nodes:
        problems.error(root, "Tệp DMN không có quyết định nào.")
    if len(nodes) > MAX_DECISIONS:
        problems.error(root, f"Tệp có {len(nodes)} quyết định; tối đa {MAX_DECISIONS}. Tách thành nhiều tệp.")
        return {}
    order = requirements.read(root, nodes, problems)
    read_ones = {key: _read_decision(node, order.get(key, ()), compiler) for key, node in nodes.items()}
    return {key: decision for key, decision in read_ones.items() if decision is not None}


def _read_decision(node: Any, before: tuple[str, ...], compiler: Compiler) -> Decision | None:
    logic = next((child for child in node if local(child) in LOGIC), None)
    if logic is None or local(logic) not in ("decisionTable", "literalExpression"):
        told = "chưa có bảng hay biểu thức" if logic is None else f"viết bằng {local(logic)}, loại này chưa chạy được"
        compiler.problems.error(node if logic is None else logic, f"Quyết định “{title(node)}” {told}.")
        return None
    drawn = node.find("{*}variable")
    variable = (drawn.get("name") if drawn is not None else "") or node.get("name") or node.get("id")
    return Decision(
        key=node.get("id"),
        name=node.get("name") or "",
        variable=variable,
        logic=_literal(logic, drawn, compiler)
        if local(logic) == "literalExpression"
        else read_table(logic, variable, compiler),
        before=before,
        version_tag=attribute(node, "versionTag") or "",
        history_ttl_days=read_days(node, attribute(node, "historyTimeToLive"), compiler.problems),
    )


def _literal(logic: Any, drawn: Any, compiler: Compiler) -> Literal:
    if logic.find("{*}importedValues") is not None:
        compiler.problems.error(logic, f"“{title(logic)}” lấy giá trị từ tệp ngoài, chưa chạy được.")
    type_ref = (drawn.get("typeRef") if drawn is not None else None) or logic.get("typeRef") or ""
    value = compiler.value(logic)
    if value is None:
        compiler.problems.error(logic, f"Quyết định “{title(logic.getparent())}” có biểu thức trống.")
        value = compiler.nothing
    return Literal(text=text_of(logic), value=value, type=named(compiler.base_type(type_ref)))
