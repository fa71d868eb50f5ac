"""What DMN 1.1 to 1.5 says beyond tables and expressions: boxes, knowledge, services, imports, types, scopes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import pytest

from engine.bpmn.xml import Problems
from engine.decisions import evaluation, reading
from engine.decisions.errors import DecisionFailed
from engine.decisions.evaluation import Answer
from engine.decisions.graph import Model
from engine.errors import Problem

D = Decimal
MODEL = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def file(*bodies: str, namespace: str = "u:m") -> bytes:
    """Drawn by the standard."""
    return f'<definitions xmlns="{MODEL}" namespace="{namespace}" name="m">{"".join(bodies)}</definitions>'.encode()


def text(expression: str) -> str:
    return f"<literalExpression><text>{escape(expression)}</text></literalExpression>"


def decision(key: str, logic: str, *requires: str, kind: str = "", name: str = "") -> str:
    """`requires`: `i:href` of input data, `d:href` of a decision, `k:href` of knowledge."""
    typed = f' typeRef="{kind}"' if kind else ""
    variable = f'<variable name="{name or key}"{typed}/>'
    return f'<decision id="{key}" name="{name or key}">{variable}{"".join(map(_required, requires))}{logic}</decision>'


def _required(told: str) -> str:
    kind, _, href = told.partition(":")
    tags = {
        "i": ("informationRequirement", "requiredInput"),
        "d": ("informationRequirement", "requiredDecision"),
        "k": ("knowledgeRequirement", "requiredKnowledge"),
    }
    outer, inner = tags[kind]
    return f'<{outer}><{inner} href="{href if "#" in href else f"#{href}"}"/></{outer}>'


def given(key: str, kind: str = "", name: str = "") -> str:
    typed = f' typeRef="{kind}"' if kind else ""
    return f'<inputData id="{key}" name="{name or key}"><variable name="{name or key}"{typed}/></inputData>'


def knowledge(key: str, parameters: Mapping[str, str], logic: str, *requires: str) -> str:
    formal = "".join(f'<formalParameter name="{name}" typeRef="{kind}"/>' for name, kind in parameters.items())
    head = f'<businessKnowledgeModel id="{key}" name="{key}"><variable name="{key}"/>'
    body = f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>{''.join(map(_required, requires))}"
    return f"{head}{body}</businessKnowledgeModel>"


def item(name: str, inner: str, attributes: str = "") -> str:
    return f'<itemDefinition name="{name}" {attributes}>{inner}</itemDefinition>'


def read(files: Mapping[str, bytes]) -> tuple[dict[str, Model], list[Problem]]:
    problems = Problems()
    return reading.read_set(files, frozenset(), problems), problems.found


def answer(data: bytes, key: str, names: Mapping[str, Any] | None = None, **others: bytes) -> Answer:
    models, problems = read({"m.dmn": data, **{f"{name}.dmn": one for name, one in others.items()}})
    assert problems == []
    return evaluation.answer(models["m.dmn"], key, names or {}, {})


def value(logic: str, names: Mapping[str, Any] | None = None) -> Any:
    return answer(file(decision("d", logic)), "d", names).value


# ---------------------------------------------------------------------------------------------------------------- boxes
ENTRIES = (
    f'<contextEntry><variable name="giá gốc"/>{text("10")}</contextEntry>'
    f'<contextEntry><variable name="b" typeRef="number"/>{text("giá gốc * 2")}</contextEntry>'
)


def part(tag: str, expression: str) -> str:
    return f"<{tag}>{text(expression)}</{tag}>"


def gone_through(tag: str, domain: str, last: str, body: str) -> str:
    return f'<{tag} iteratorVariable="x">{part("in", domain)}{part(last, body)}</{tag}>'


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (f"<context>{ENTRIES}</context>", {"giá gốc": D(10), "b": D(20)}),
        (f"<context>{ENTRIES}<contextEntry>{text('b + 1')}</contextEntry></context>", D(21)),
        (f"<list>{text('1')}{text('[2]')}</list>", [D(1), [D(2)]]),
        (
            f'<relation><column name="a"/><column name="b"/><row>{text("1")}{text("2")}</row></relation>',
            [{"a": D(1), "b": D(2)}],
        ),
        (f"<conditional>{part('if', '1 < 2')}{part('then', '3')}{part('else', '4')}</conditional>", D(3)),
        (f"<conditional>{part('if', 'null')}{part('then', '3')}{part('else', '4')}</conditional>", D(4)),
        (f"<conditional>{part('if', '5')}{part('then', '3')}{part('else', '4')}</conditional>", None),
        (f"<filter>{part('in', '[1, 2, 3]')}{part('match', 'item > 1')}</filter>", [D(2), D(3)]),
        (f"<filter>{part('in', '[{{a: 1}}, {{a: 2}}]')}{part('match', 'a > 1')}</filter>".replace("{{", "{").replace(
            "}}", "}"), [{"a": D(2)}]),
        (f"<filter>{part('in', '[1, 2, 3]')}{part('match', '-1')}</filter>", D(3)),
        (gone_through("for", "[1, 2]", "return", "x + 1"), [D(2), D(3)]),
        (gone_through("for", "[1..3]", "return", "count(partial) + x"), [D(1), D(3), D(5)]),
        (gone_through("every", "[1, 2]", "satisfies", "x > 0"), True),
        (gone_through("every", "[]", "satisfies", "false"), True),
        (gone_through("some", "[1, 2]", "satisfies", "x > 1"), True),
        (gone_through("some", "[1]", "satisfies", "null"), None),
    ],
)  # fmt: skip
def test_every_box_has_a_value(logic: str, expected: Any) -> None:
    assert value(logic) == expected


def test_a_function_of_a_context_may_call_itself() -> None:
    body = text("if n = 0 then 0 else n + down(n - 1)")
    function = f'<functionDefinition><formalParameter name="n" typeRef="number"/>{body}</functionDefinition>'
    entries = f'<contextEntry><variable name="down"/>{function}</contextEntry><contextEntry>{text("down(4)")}'

    assert value(f"<context>{entries}</contextEntry></context>") == D(10)


def test_a_call_without_end_is_stopped() -> None:
    found = answer(file(knowledge("f", {}, text("f()")), decision("d", text("f()"), "k:f")), "d")

    assert found.value is None
    assert any("tầng" in reason.sentence for reason in found.reasons)


# ------------------------------------------------------------------------------------------------------------ knowledge
TAX = knowledge("thuế", {"giá": "number", "mức": "number"}, text("giá * mức"))


def invoked(*bindings: tuple[str, str]) -> str:
    told = "".join(f'<binding><parameter name="{name}"/>{text(one)}</binding>' for name, one in bindings)
    return f"<invocation>{text('thuế')}{told}</invocation>"


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (text("thuế(10, 2)"), D(20)),
        (text("thuế(mức: 2, giá: 10)"), D(20)),
        (text("thuế([10], 2)"), D(20)),
        (text('thuế("10", 2)'), None),
        (text("thuế(10)"), None),
        (text("thuế(10, 2, 3)"), None),
        (text("thuế(x: 10, mức: 2)"), None),
        (invoked(("giá", "10"), ("mức", "2")), D(20)),
        (invoked(("giá", "10"), ("khác", "2")), None),
        (invoked(("giá", "10")), None),
    ],
)
def test_knowledge_is_a_function(logic: str, expected: Any) -> None:
    assert answer(file(TAX, decision("d", logic, "k:thuế")), "d").value == expected


def test_knowledge_sees_what_it_requires_and_nothing_else() -> None:
    double = knowledge("double", {"n": "number"}, text("thuế(n, 2)"), "k:thuế")
    data = file(TAX, double, given("secret"), decision("d", text("double(4)"), "k:double", "i:secret"))

    assert answer(data, "d", {"secret": 1}).value == D(8)
    lone = file(TAX, knowledge("double", {"n": "number"}, text("n + secret")), given("secret"))
    assert answer(lone + b"", "m.dmn#double", {"n": D(1), "secret": D(1)}).value is None


# ------------------------------------------------------------------------------------------------------------- services
def service(key: str, **refs: list[str]) -> str:
    told = "".join(f'<{tag} href="#{one}"/>' for tag, ones in refs.items() for one in ones)
    return f'<decisionService id="{key}" name="{key}"><variable name="{key}"/>{told}</decisionService>'


SERVED = (
    given("n", "number"),
    decision("base", text("100"), kind="number"),
    decision("sum", text("base + n"), "d:base", "i:n"),
    decision("twice", text("sum * 2"), "d:sum"),
    service("s", outputDecision=["twice"], encapsulatedDecision=["sum"], inputDecision=["base"], inputData=["n"]),
    service("two", outputDecision=["twice", "sum"], encapsulatedDecision=["base"], inputData=["n"]),
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("s(1, 2)", D(6)),
        ("s(base: 2, n: 1)", D(6)),
        ("s(1)", None),
        ('s("1", 2)', None),
        ("two(1)", {"twice": D(202), "sum": D(101)}),
        ("[base, n, s(1, 2)]", [D(100), D(7), D(6)]),
    ],
)
def test_a_service_is_a_function_of_input_data_and_input_decisions(expression: str, expected: Any) -> None:
    asking = decision("d", text(expression), "k:s", "k:two", "d:base", "i:n")

    assert answer(file(*SERVED, asking), "d", {"n": D(7)}).value == expected


def test_a_service_is_asked_from_outside_by_names() -> None:
    found = answer(file(*SERVED), "s", {"n": D(1), "base": D(2)})

    assert found.value == D(6)
    assert [step.decision for step in found.steps] == ["sum", "twice", "s"]
    assert found.steps[-1].inputs == [("n", D(1)), ("base", D(2))]
    assert answer(file(*SERVED), "two", {"n": D(1)}).value == {"twice": D(202), "sum": D(101)}


# --------------------------------------------------------------------------------------------------------------- scopes
def test_a_decision_sees_what_it_requires_and_variables_of_nothing_drawn() -> None:
    drawn = (given("pages"), decision("a", text("pages + 1"), "i:pages"))
    models, problems = read({"m.dmn": file(*drawn, decision("d", text("[a, pages, free]"), "d:a"))})

    found = evaluation.answer(models["m.dmn"], "d", {"pages": D(4), "free": D(9)}, {})

    assert found.value == [D(5), None, D(9)]
    (problem,) = problems
    assert (problem.level, problem.element_id) == ("warning", "d")
    assert "“pages”" in problem.sentence


def test_a_given_decision_is_not_evaluated_nor_what_it_alone_requires() -> None:
    data = file(decision("a", text("1")), decision("b", text("a"), "d:a"), decision("d", text("b + 1"), "d:b"))
    models, _ = read({"m.dmn": data})

    found = evaluation.answer(models["m.dmn"], "d", {}, {}, {"m.dmn#b": D(5)})

    assert found.value == D(6)
    assert [step.decision for step in found.steps] == ["d"]


# --------------------------------------------------------------------------------------------------------------- tables
def table(inputs: str, outputs: str, *rules: str, policy: str = "UNIQUE") -> str:
    return f'<decisionTable hitPolicy="{policy}">{inputs}{outputs}{"".join(rules)}</decisionTable>'


def column(expression: str, kind: str = "number", values: str = "") -> str:
    allowed = f"<inputValues><text>{escape(values)}</text></inputValues>" if values else ""
    told = f'<inputExpression typeRef="{kind}"><text>{expression}</text></inputExpression>'
    return f"<input>{told}{allowed}</input>"


def output(name: str = "", values: str = "", default: str = "") -> str:
    named = f' name="{name}"' if name else ""
    allowed = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
    told = f"<defaultOutputEntry><text>{default}</text></defaultOutputEntry>" if default else ""
    return f"<output{named}>{allowed}{told}</output>"


def rule(tests: list[str], answers: list[str]) -> str:
    asked = "".join(f"<inputEntry><text>{escape(one)}</text></inputEntry>" for one in tests)
    told = "".join(f"<outputEntry><text>{escape(one)}</text></outputEntry>" for one in answers)
    return f"<rule>{asked}{told}</rule>"


LOW, HIGH, ANY = rule(["< 5"], ['"thấp"']), rule([">= 3"], ['"cao"']), rule(["-"], ['"nào"'])


@pytest.mark.parametrize(
    ("logic", "n", "expected"),
    [
        (table(column("n"), output(), LOW), 1, "thấp"),
        (table(column("n"), output(), LOW), 9, None),
        (table(column("n"), output(default='"mặc định"'), LOW), 9, "mặc định"),
        (table(column("n"), output(), LOW, HIGH), 4, None),
        (table(column("n"), output(), LOW, HIGH, policy="FIRST"), 4, "thấp"),
        (table(column("n"), output(), LOW, HIGH, policy="COLLECT"), 4, ["thấp", "cao"]),
        (table(column("n"), output(), LOW, policy="COLLECT"), 9, []),
        (table(column("n"), output(values='"cao", "thấp"'), LOW, HIGH, policy="PRIORITY"), 4, "cao"),
        (table(column("n"), output(values='"cao", "thấp"'), LOW, HIGH, policy="OUTPUT ORDER"), 4, ["cao", "thấp"]),
        (table(column("n"), output(values='"cao"'), LOW), 1, None),
        (table(column("n", values="[0..10]"), output(), ANY), 11, None),
        (table(column("n", values="[0..10]"), output(), ANY), 10, "nào"),
        (table(column("n"), output("a") + output("b"), rule(["-"], ["1", "2"])), 1, {"a": D(1), "b": D(2)}),
        (table(column("n"), output("a") + output("b"), rule(["-"], ["1", ""])), 1, {"a": D(1), "b": None}),
        (table("", output(), rule([], ["7"])), 1, D(7)),
    ],
)
def test_a_table_answers_by_the_standard(logic: str, n: int, expected: Any) -> None:
    data = file(given("n", "number"), decision("d", logic, "i:n"))

    assert answer(data, "d", {"n": D(n)}).value == expected


def test_a_table_in_a_box_and_in_knowledge_is_asked_with_their_names() -> None:
    boxed = f'<context><contextEntry><variable name="mức"/>{table(column("k"), output(), LOW)}</contextEntry></context>'
    data = file(knowledge("f", {"k": "number"}, boxed), decision("d", text("f(1).mức"), "k:f"))

    assert answer(data, "d").value == "thấp"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (file(decision("d", table(column("5"), output(), LOW, rule(["5"], ["1"]), HIGH))), "chỉ được một dòng khớp"),
        (file(given("n", "number"), decision("d", text("n"), "i:n")), "cần số, nhận “x”"),
        (file(decision("d", table(column("5", values="1, 2"), output(), ANY))), "không nằm trong các giá trị"),
        (file(TAX, decision("d", text('thuế("x", 1)'), "k:thuế")), "“giá”: cần số"),
        (file(decision("d", text('"x"'), kind="number")), "“kết quả”: cần số"),
    ],
)
def test_what_the_standard_passes_over_has_a_reason_and_fails_a_business_rule(data: bytes, told: str) -> None:
    models, _ = read({"m.dmn": data})

    found = evaluation.answer(models["m.dmn"], "d", {"n": "x"}, {})

    assert found.value is None
    assert any(told in reason.sentence and reason.decision == "d" for reason in found.reasons)
    with pytest.raises(DecisionFailed, match=told):
        evaluation.evaluate(models["m.dmn"], "d", {"n": "x"}, {})


def test_a_null_has_the_part_of_the_expression_as_its_reason() -> None:
    found = answer(file(decision("d", text('1 + ("a" * 2)'))), "d")

    assert found.value is None
    (reason,) = found.reasons
    assert (reason.decision, reason.cell) == ("d", '1 + ("a" * 2)')
    assert '"a" * 2' in reason.sentence


# ---------------------------------------------------------------------------------------------------------------- types
PERSON = item(
    "tPerson",
    '<itemComponent name="họ tên"><typeRef>string</typeRef></itemComponent>'
    '<itemComponent name="age"><typeRef>number</typeRef><allowedValues><text>&gt; 17</text></allowedValues>'
    "</itemComponent>",
)
SHORT = "<typeConstraint><text>count(?) &lt; 3</text></typeConstraint>"
TYPES = (
    PERSON,
    item("tKind", '<typeRef>string</typeRef><allowedValues><text>"a", "b"</text></allowedValues>'),
    item("tKinds", "<typeRef>tKind</typeRef>", 'isCollection="true"'),
    item("tPeople", "<typeRef>tPerson</typeRef>", 'isCollection="true"'),
    item("tShort", f"<typeRef>tKind</typeRef>{SHORT}", 'isCollection="true"'),
    item("tFunction", '<functionItem outputTypeRef="number"><parameters name="n" typeRef="number"/></functionItem>'),
    item("tTree", '<itemComponent name="in"><typeRef>tTree</typeRef></itemComponent>'),
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "expression", "expected"),
    [
        ("tKind", '"a"', "a"),
        ("tKind", '"c"', None),
        ("tKind", '["a"]', "a"),
        ("tKinds", '["a", "b"]', ["a", "b"]),
        ("tKinds", '"a"', ["a"]),
        ("tKinds", '["a", "c"]', None),
        ("tPerson", '{họ tên: "Lan", age: 20}.họ tên', None),
        ("tPerson", '{họ tên: "Lan", age: 20}', {"họ tên": "Lan", "age": D(20)}),
        ("tPerson", '{họ tên: "Lan", age: 2}', None),
        ("tPerson", '{họ tên: "Lan"}', None),
        ("tPeople", '[{họ tên: "Lan", age: 20}]', [{"họ tên": "Lan", "age": D(20)}]),
        ("tPeople", '[{họ tên: "Lan", age: 2}]', None),
        ("tShort", '["a", "b"]', ["a", "b"]),
        ("tShort", '["a", "b", "a"]', None),
        ("tTree", "{in: {in: null}}", {"in": {"in": None}}),
        ("number", '"1"', None),
        ("feel:number", "1", D(1)),
        ("Any", '"1"', "1"),
    ],
)
def test_a_result_is_coerced_to_its_type_or_null(kind: str, expression: str, expected: Any) -> None:
    assert answer(file(*TYPES, decision("d", text(expression), kind=kind)), "d").value == expected


def test_types_of_the_file_are_known_to_expressions() -> None:
    data = file(*TYPES, decision("d", text('[{họ tên: "L", age: 1} instance of tPerson, 1 instance of tKinds]')))

    assert answer(data, "d").value == [True, False]


@pytest.mark.parametrize(
    "drawn", ["<itemComponent name='a'>{0}</itemComponent><itemComponent name='b'>{0}</itemComponent>", "{0}"]
)
def test_types_that_are_made_to_grow_are_refused(drawn: str) -> None:
    chain = [item(f"t{n}", drawn.format(f"<typeRef>t{n + 1}</typeRef>")) for n in range(600)]

    models, problems = read({"m.dmn": file(*chain, decision("d", text("1 instance of t0"), kind="t0"))})

    assert evaluation.answer(models["m.dmn"], "d", {}, {}).steps
    assert any("lồng nhau quá" in problem.sentence for problem in problems)


def test_input_data_that_does_not_fit_is_null() -> None:
    data = file(*TYPES, given("k", "tKind"), decision("d", text("k = null"), "i:k"))

    assert answer(data, "d", {"k": "a"}).value is False
    assert answer(data, "d", {"k": "c"}).value is True


# -------------------------------------------------------------------------------------------------------------- imports
def imported(namespace: str, name: str) -> str:
    return f'<import name="{name}" namespace="{namespace}" importType="{MODEL}"/>'


LIBRARY = file(
    PERSON,
    TAX,
    given("người ký", "tPerson"),
    decision("greeting", text('"Chào " + người ký.họ tên'), "i:người ký", name="Lời chào"),
    namespace="u:lib",
)


def test_what_is_imported_is_seen_under_the_name_of_the_import() -> None:
    own = decision("d", text("[thư viện.Lời chào, thư viện.thuế(2, 3)]"), "d:u:lib#greeting", "k:u:lib#thuế")

    found = answer(
        file(imported("u:lib", "thư viện"), own), "d", {"người ký": {"họ tên": "Lan", "age": 20}}, lib=LIBRARY
    )

    assert found.value == ["Chào Lan", D(6)]
    assert [step.decision for step in found.steps] == ["lib.dmn#greeting", "d"]


def test_an_import_without_a_name_brings_names_as_they_are() -> None:
    own = decision("d", text("thuế(2, 3)"), "k:u:lib#thuế")

    assert answer(file(imported("u:lib", ""), own), "d", lib=LIBRARY).value == D(6)


def test_types_are_imported_and_an_import_of_an_import_is_not_seen() -> None:
    middle = file(imported("u:lib", "lib"), decision("m", text("lib.thuế(1, 5)"), "k:u:lib#thuế"), namespace="u:mid")
    own = (
        imported("u:mid", "mid"),
        imported("u:lib", "lib"),
        given("p", "lib.tPerson"),
        decision("d", text("[mid.m, p.họ tên, mid.lib]"), "d:u:mid#m", "i:p"),
    )

    found = answer(file(*own), "d", {"p": {"họ tên": "Hoa", "age": 20}}, lib=LIBRARY, mid=middle)

    assert found.value == [D(5), "Hoa", None]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"m.dmn": file(imported("u:gone", "x"), decision("d", text("1")))}, "không có trong bộ tệp"),
        ({"m.dmn": file(decision("d", text("1"), "d:u:lib#greeting")), "l.dmn": LIBRARY}, "cần “u:lib#greeting”"),
        ({"m.dmn": file(imported("u:lib", "x")), "l.dmn": LIBRARY, "k.dmn": LIBRARY}, "có trong 2 tệp"),
        ({"m.dmn": file(imported("u:m", "x"), decision("d", text("1")))}, "nhập chính nó"),
        (
            {
                "m.dmn": file(imported("u:b", "b"), decision("d", text("1"))),
                "b.dmn": file(imported("u:m", "m"), decision("e", text("1")), namespace="u:b"),
            },
            "qua các tệp khác",
        ),
        (
            {"m.dmn": file('<import name="x" namespace="u:x" importType="http://www.dmg.org/PMML-4_2"/>')},
            "chỉ nhập được tệp DMN",
        ),
    ],
)
def test_an_import_that_leads_nowhere_is_refused_with_its_file(files: Mapping[str, bytes], told: str) -> None:
    _, problems = read(files)

    assert any(told in problem.sentence and problem.file for problem in problems), problems
