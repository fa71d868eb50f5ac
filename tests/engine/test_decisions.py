"""Decisions are read as DMN 1.1 to 1.5 draw them, answered as the standard and Operaton say, or refused in words."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from engine.bpmn import answers
from engine.bpmn.xml import Problems
from engine.decisions import evaluation, reading
from engine.decisions.errors import DecisionFailed
from engine.errors import Problem
from engine.values import adopted_all
from tests.engine.tables import DMN, decisions, literal, table

D = Decimal
GRADES = [["< 5", '"thấp"', "1"], ["[3..8]", '"vừa"', "2"], ["> 4", '"cao"', "3"]]


def read(data: bytes) -> list[Problem]:
    problems = Problems()
    reading.read(data, frozenset(), problems)
    return problems.found


def decide(data: bytes, key: str = "d1", /, **names: Any) -> list[dict[str, Any]]:
    return steps(data, key, names)[-1].rows


def steps(data: bytes, key: str, names: Mapping[str, Any]) -> list[evaluation.Step]:
    problems = Problems()
    accepted = reading.read(data, frozenset({"twice"}), problems)
    assert problems.found == []
    assert accepted.keys() == reading.read_deployed({"d.dmn": data}, "d.dmn").keys()
    return evaluation.evaluate(accepted, key, adopted_all(names), {"twice": lambda value: value * 2})


def graded(policy: str, outputs: tuple[str, ...] = ("grade", "points")) -> bytes:
    rules = [rule[: 1 + len(outputs)] for rule in GRADES]
    return decisions(table("d1", ["n|number"], outputs, *rules, policy=policy))


# -------------------------------------------------------------------------------------------------------- hit policies
@pytest.mark.parametrize("policy", ["", "UNIQUE", "FIRST", "ANY", "COLLECT", "RULE ORDER"])
def test_one_rule_that_matches_answers_under_every_policy(policy: str) -> None:
    assert decide(graded(policy), n=1) == [{"grade": "thấp", "points": D(1)}]


@pytest.mark.parametrize("policy", ["", "UNIQUE", "FIRST", "ANY", "COLLECT", "RULE ORDER"])
def test_no_rule_that_matches_gives_no_row(policy: str) -> None:
    assert decide(graded(policy), n=None) == []


def test_unique_refuses_two_rules_and_names_them() -> None:
    with pytest.raises(DecisionFailed, match=r"“d1” \(UNIQUE\).*dòng 1, 2"):
        decide(graded("UNIQUE"), n=3)


def test_first_takes_the_first() -> None:
    assert decide(graded("FIRST"), n=3) == [{"grade": "thấp", "points": D(1)}]


def test_any_takes_one_of_equal_answers_and_refuses_different_ones() -> None:
    equal = decisions(table("d1", ["n"], ["grade"], ["< 5", '"thấp"'], ["< 9", '"thấp"'], policy="ANY"))

    assert decide(equal, n=3) == [{"grade": "thấp"}]
    with pytest.raises(DecisionFailed, match=r"ANY.*1, 2"):
        decide(graded("ANY"), n=3)


def test_priority_takes_the_answer_that_stands_first_among_the_allowed_values() -> None:
    data = graded("PRIORITY", ('grade|string|"cao", "vừa", "thấp"', "points"))

    assert decide(data, n=6) == [{"grade": "cao", "points": D(3)}]
    assert decide(data, n=3) == [{"grade": "vừa", "points": D(2)}]


def test_output_order_gives_all_in_the_order_of_the_allowed_values() -> None:
    data = graded("OUTPUT ORDER", ('grade|string|"cao", "vừa", "thấp"', "points"))

    assert [row["grade"] for row in decide(data, n=6)] == ["cao", "vừa"]
    assert [row["grade"] for row in decide(data, n=3)] == ["vừa", "thấp"]


def test_rule_order_and_collect_give_all_in_the_order_of_the_table() -> None:
    for policy in ("RULE ORDER", "COLLECT"):
        assert [row["grade"] for row in decide(graded(policy), n=6)] == ["vừa", "cao"]


@pytest.mark.parametrize(("how", "value"), [("SUM", 5), ("MIN", 2), ("MAX", 3), ("COUNT", 2)])
def test_collect_with_an_aggregation_gives_one_value(how: str, value: int) -> None:
    rules = [[rule[0], rule[2]] for rule in GRADES]
    data = decisions(table("d1", ["n"], ["points"], *rules, policy=f"COLLECT/{how}"))

    assert decide(data, n=6) == [{"points": D(value)}]


@pytest.mark.parametrize(("how", "rows"), [("SUM", []), ("MIN", []), ("MAX", []), ("COUNT", [{"points": D(0)}])])
def test_an_aggregation_of_nothing(how: str, rows: list[dict[str, Any]]) -> None:
    data = decisions(table("d1", ["n"], ["points"], ["1", "1"], policy=f"COLLECT/{how}"))

    assert decide(data, n=2) == rows


def test_what_cannot_be_added_up_is_refused() -> None:
    data = decisions(table("d1", ["n"], ["points"], ["-", "1"], ["-", '"x"'], policy="COLLECT/SUM"))

    with pytest.raises(DecisionFailed, match="SUM"):
        decide(data, n=2)


# ---------------------------------------------------------------------------------------------------- inputs, outputs
def test_all_columns_of_a_rule_must_hold() -> None:
    data = decisions(
        table(
            "d1",
            ["kind", "urgency|number"],
            ["who"],
            ['"QĐ"', "> 1", '"chu-tich"'],
            ['"QĐ", "TB"', "-", '"van-phong"'],
            ["", "", '"don-vi"'],
            policy="FIRST",
        )
    )

    assert decide(data, kind="QĐ", urgency=2) == [{"who": "chu-tich"}]
    assert decide(data, kind="TB", urgency=3) == [{"who": "van-phong"}]
    assert decide(data, kind="CV", urgency=None) == [{"who": "don-vi"}]


def test_an_empty_answer_is_no_answer() -> None:
    data = decisions(table("d1", ["n"], ["a", "b"], ["1", "", "2"]))

    assert decide(data, n=1) == [{"b": D(2)}]


def test_answers_may_be_expressions_of_variables_and_functions() -> None:
    data = decisions(table("d1", ["n"], ["a"], ["-", "twice(n) + limit"]))

    assert decide(data, n=2, limit=3) == [{"a": D(7)}]


def test_the_column_s_value_has_a_name_of_its_own() -> None:
    one = table("d1", ["n + 1"], ["a"], ["cellInput > 5 and ? < 9", "1"])
    other = one.replace("<input>", '<input camunda:inputVariable="sum">').replace("cellInput", "sum")

    assert decide(decisions(one), n=5) == [{"a": D(1)}]
    assert decide(decisions(other), n=5) == [{"a": D(1)}]
    assert decide(decisions(other), n=9) == []


def test_default_outputs_answer_when_no_rule_matches() -> None:
    data = decisions(table("d1", ["n"], ["a"], ["1", "1"]))
    data = data.replace(b"</output>", b"<defaultOutputEntry><text>9</text></defaultOutputEntry></output>")

    assert decide(data, n=1) == [{"a": D(1)}]
    assert decide(data, n=2) == [{"a": D(9)}]


@pytest.mark.parametrize(
    ("kind", "value", "test"),
    [
        ("string", 5, '"5"'),
        ("string", True, '"true"'),
        ("boolean", "true", "true"),
        ("boolean", False, "false"),
        ("number", "5.5", "5.5"),
        ("double", "5.5", "> 5"),
        ("integer", "5", "5"),
        ("long", D("5.0"), "5"),
        ("feel:number", "5", "[4..6]"),
        ("date", "2026-03-01", '< date("2026-04-01")'),
        ("date", "2026-03-01T08:00:00", '< date and time("2026-03-01T09:00:00")'),
        ("date", dt.date(2026, 3, 1), 'date("2026-03-01")'),
        ("dateTime", "2026-03-01T08:00:00Z", '>= date and time("2026-03-01T08:00:00")'),
        ("date and time", dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC), '>= date and time("2026-03-01T08:00:00")'),
        ("time", "08:30:00", '> time("08:00:00")'),
        ("dayTimeDuration", "P2D", '> duration("P1D")'),
        ("days and time duration", "PT5H", '[duration("PT5H")..duration("P1D")]'),
        ("Any", "x", '"x"'),
        ("", "x", '"x"'),
        ("tUnknown", "x", '"x"'),
        ("number", None, "null"),
    ],
)
def test_an_input_is_made_to_fit_its_type(kind: str, value: Any, test: str) -> None:
    data = decisions(table("d1", [f"v|{kind}"], ["a"], [test, "1"]))

    assert decide(data, v=value) == [{"a": D(1)}]


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("number", "năm", "cần số, nhận “năm”"),
        ("number", True, "cần số"),
        ("integer", "5.5", "cần số nguyên"),
        ("boolean", "có", "cần đúng hoặc sai"),
        ("date", "mai", "cần ngày"),
        ("dateTime", 5, "cần ngày giờ"),
        ("time", "25:00", "cần giờ"),
        ("dayTimeDuration", "P1M", "cần khoảng thời gian"),
        ("string", ["a"], "cần văn bản"),
    ],
)
def test_an_input_that_does_not_fit_is_refused_by_column(kind: str, value: Any, told: str) -> None:
    with pytest.raises(DecisionFailed, match=f"“d1”, “v”: {told}"):
        decide(decisions(table("d1", [f"v|{kind}"], ["a"], ["-", "1"])), v=value)


def test_an_output_is_made_to_fit_its_type_or_refused_by_rule() -> None:
    data = decisions(table("d1", ["n"], ["a|integer"], ["1", '"7"'], ["2", '"bảy"']))

    assert decide(data, n=1) == [{"a": D(7)}]
    with pytest.raises(DecisionFailed, match="“a”, dòng 2: cần số nguyên"):
        decide(data, n=2)


def test_a_type_of_one_s_own_is_the_one_it_stands_for() -> None:
    item = '<itemDefinition name="tAge"><typeRef>number</typeRef></itemDefinition>'
    data = decisions(item, table("d1", ["v|tAge"], ["a"], ["> 5", "1"]))

    assert decide(data, v="6") == [{"a": D(1)}]


# ------------------------------------------------------------------------------------------ expressions, requirements
def test_an_expression_decides_under_the_name_of_its_variable() -> None:
    assert decide(decisions(literal("d1", "n * 2", variable="double")), n=4) == [{"double": D(8)}]
    assert decide(decisions(literal("d1", "n * 2", variable="double", kind="string")), n=4) == [{"double": "8"}]
    assert decide(decisions(literal("d1", "n * 2")), n=4) == [{"d1": D(8)}]


def test_required_decisions_are_answered_first_and_once() -> None:
    data = decisions(
        literal("d1", "season + guests", requires=["a", "b"], variable="menu"),
        table("a", ["month"], ["season"], ["> 6", '"thu"'], ["<= 6", '"xuân"'], requires=["c"]),
        literal("b", "if c > 5 then 'x' else 'y'".replace("'", '"'), requires=["c"], variable="guests"),
        literal("c", "n", variable="c"),
    )

    told = steps(data, "d1", {"month": 9, "n": 6})

    assert [step.decision for step in told] == ["c", "a", "b", "d1"]
    assert told[-1].rows == [{"menu": "thux"}]


def test_what_several_rules_answered_is_a_list_to_those_who_require_it() -> None:
    listed = table("a", ["n"], ["p"], ["-", "1"], ["-", "2"], policy="COLLECT")
    summed = table("a", ["n"], ["p"], ["-", "1"], ["-", "2"], policy="COLLECT/SUM")

    for drawn in (listed, summed):
        assert decide(decisions(literal("d1", "sum(p) + sum(a)", requires=["a"]), drawn), n=1) == [{"d1": D(6)}]
    empty = decisions(literal("d1", "count(p)", requires=["a"]), listed.replace("-<", "9<"))
    assert decide(empty, n=1) == [{"d1": None}]


def test_two_outputs_are_reached_by_name_and_through_the_decision() -> None:
    data = decisions(
        literal("d1", "x + a.y", requires=["a"]),
        table("a", ["n"], ["x", "y"], ["-", "1", "2"]),
    )

    assert decide(data, n=1) == [{"d1": D(3)}]


def test_what_was_decided_is_told_step_by_step() -> None:
    (step,) = steps(
        decisions(table("d1", ["n", "m"], ["a"], ["1", "-", "1"], ["-", "2", "3"], policy="FIRST")),
        "d1",
        {
            "n": 1,
            "m": 2,
        },
    )

    assert step.inputs == [("n", D(1)), ("m", D(2))]
    assert step.rules == [1, 2]
    assert step.rows == [{"a": D(1)}]


def test_a_long_chain_of_decisions_is_answered() -> None:
    chain = [literal("d0", "1", variable="v0")]
    chain += [literal(f"d{n}", f"v{n - 1} + 1", variable=f"v{n}", requires=[f"d{n - 1}"]) for n in range(1, 900)]

    assert decide(decisions(*chain), "d899") == [{"v899": D(900)}]


# --------------------------------------------------------------------------------------------------------- dialects
@pytest.mark.parametrize("namespace", reading.VERSIONS)
def test_every_version_of_the_standard_is_read(namespace: str) -> None:
    assert decide(decisions(table("d1", ["n"], ["a"], ["1", "2"]), namespace=namespace), n=1) == [{"a": D(2)}]


@pytest.mark.parametrize(
    "language", ["feel", "FEEL", "http://www.omg.org/spec/FEEL/20140401", "https://www.omg.org/spec/DMN/20230324/FEEL/"]
)
def test_every_name_of_the_language_is_known(language: str) -> None:
    data = decisions(table("d1", ["n"], ["a"], ["1", "2"]), attributes=f'expressionLanguage="{language}"')

    assert decide(data, n=1) == [{"a": D(2)}]


def test_the_language_of_older_models_is_translated() -> None:
    data = decisions(
        table("d1", ["${n}"], ["a"], ["${cellInput == 1}", "${b.c}"], ["cellInput != 1", "b.c"]),
        attributes='expressionLanguage="JUEL"',
    )

    assert decide(data, n=1, b={"c": 5}) == [{"a": D(5)}]
    unsaid = decisions(table("d1", ["${n}"], ["a"], ["${cellInput == 1}", "${b.c}"]))
    assert decide(unsaid, n=1, b={"c": 5}) == [{"a": D(5)}]


def test_tag_and_time_to_live_are_read_in_both_namespaces() -> None:
    drawn = table("d1", [], ["a"], ["1"], attributes='camunda:versionTag="v1" camunda:historyTimeToLive="P30D"')
    for data in (decisions(drawn), decisions(drawn).replace(b"camunda.org", b"operaton.org")):
        (decision,) = reading.read_deployed({"d.dmn": data}, "d.dmn").values()
        assert (decision.version_tag, decision.history_ttl_days) == ("v1", 30)


# ----------------------------------------------------------------------------------------------------------- refusals
def altered(old: str, new: str) -> bytes:
    data = decisions(table("d1", ["n"], ["a"], ["1", "2"])).decode()
    assert old in data
    return data.replace(old, new).encode()


BKM = '<businessKnowledgeModel id="k" name="Lãi suất"/>'
BOX = '<decision id="d1" name="Tính"><box/></decision>'
RING = literal("d1", "1", requires=["d2"]) + literal("d2", "1", requires=["d1"])


@pytest.mark.parametrize(
    ("data", "element", "told"),
    [
        (decisions(), "d", "không có quyết định nào"),
        (decisions(BKM, literal("d1", "1")), "k", "Mô hình tri thức"),
        (decisions('<import id="i" name="x" namespace="u:x"/>', literal("d1", "1")), "i", "không có trong bộ tệp"),
        (decisions('<decisionService id="s" name="x"/>', literal("d1", "1")), "s", "Dịch vụ quyết định"),
        (decisions(BOX.replace("box", "invocation")), "d1", "chưa có bảng hay biểu thức"),
        (decisions(BOX.replace("box", "functionDefinition")), "d1", "chưa có bảng hay biểu thức"),
        (decisions(BOX.replace("box", 'functionDefinition kind="Java"')), "d1", "viết bằng JAVA"),
        (decisions(BOX.replace("box", "conditional")), "d1", "thiếu phần if"),
        (decisions('<decision id="d1" name="Trống"/>'), "d1", "chưa có bảng hay biểu thức"),
        (decisions(literal("d1", "")), "d1", "biểu thức trống"),
        (decisions(literal("d1", "1 +")), "d1", "dòng 1, cột 4"),
        (decisions(literal("d1", "nowhere(1)")), "d1", "Không có hàm “nowhere”"),
        (decisions(literal("d1", "1", requires=["d9"])), "d1", "cần “#d9” không có"),
        (decisions(RING), "d1", "cần chính nó"),
        (decisions(literal("d1", "1", requires=["d1"])), "d1", "cần chính nó"),
        (decisions(literal("d1", "1"), literal("d1", "2")), "d1", "dùng hai lần"),
        (altered("<text>1<", "<text>[1..<"), "r1", "Ô “[1..” của “d1”"),
        (altered("<text>2<", "<text>2 2<"), "r1", "Ô “2 2” của “d1”"),
        (altered("<decisionTable>", '<decisionTable hitPolicy="BEST">'), "d1", "“BEST” không có trong DMN"),
        (altered("<decisionTable>", '<decisionTable hitPolicy="PRIORITY">'), "d1", "thứ tự giá trị"),
        (altered("<decisionTable>", '<decisionTable hitPolicy="OUTPUT ORDER">'), "d1", "thứ tự giá trị"),
        (altered("<decisionTable>", '<decisionTable hitPolicy="COLLECT" aggregation="AVG">'), "d1", "“AVG”"),
        (altered("<decisionTable>", '<decisionTable aggregation="SUM">'), "d1", "bằng COLLECT"),
        (altered('<output name="a"></output>', ""), "r1", "0 cột trả lời"),
        (altered("<outputEntry>", "<outputEntry><text>1</text></outputEntry><outputEntry>"), "r1", "2 ô trả lời"),
        (altered("<outputEntry>", '<outputEntry expressionLanguage="groovy">'), "r1", "viết bằng groovy"),
        (altered(DMN, "http://example.org/dmn"), "d", "không phải bảng quyết định"),
        (altered("</definitions>", ""), "", "không phải XML đúng"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + decisions(literal("d1", "1")), "", "DOCTYPE"),
    ],
)
def test_what_cannot_be_decided_as_drawn_is_refused_by_element_and_line(data: bytes, element: str, told: str) -> None:
    problems = read(data)

    assert any(told in problem.sentence for problem in problems), problems
    problem = next(problem for problem in problems if told in problem.sentence)
    assert (problem.level, problem.element_id) == ("error", element)


def test_two_columns_of_one_name_are_refused() -> None:
    (problem,) = read(decisions(table("d1", ["n"], ["a", "a"], ["1", "1", "2"])))

    assert "hai cột trả lời cùng tên" in problem.sentence


def test_an_aggregation_of_several_columns_is_told_and_fails_where_a_rule_fills_both() -> None:
    data = decisions(table("d1", ["n"], ["a", "b"], ["< 3", "1", ""], ["1", "2", "3"], policy="COLLECT/SUM"))
    accepted = reading.read_deployed({"d.dmn": data}, "d.dmn")

    (problem,) = read(data)
    assert (problem.level, "một cột" in problem.sentence) == ("warning", True)
    assert evaluation.evaluate(accepted, "d1", {"n": D(2)}, {})[-1].rows == [{"a": D(1)}]
    with pytest.raises(DecisionFailed, match="nhiều cột"):
        evaluation.evaluate(accepted, "d1", {"n": D(1)}, {})


def test_a_bad_time_to_live_is_refused() -> None:
    (problem,) = read(decisions(table("d1", [], ["a"], ["1"], attributes='camunda:historyTimeToLive="PP5D"')))

    assert "P30D" in problem.sentence


# ------------------------------------------------------------------------------------------------- mapDecisionResult
ONE, TWO, WIDE = [{"a": D(1)}], [{"a": D(1)}, {"a": D(2)}], [{"a": D(1), "b": D(2)}]


@pytest.mark.parametrize(
    ("rows", "mapping", "value"),
    [
        (ONE, "singleEntry", D(1)),
        (ONE, "singleResult", {"a": D(1)}),
        (ONE, "collectEntries", [D(1)]),
        (ONE, "resultList", ONE),
        (TWO, "collectEntries", [D(1), D(2)]),
        (TWO, "resultList", TWO),
        (WIDE, "singleResult", WIDE[0]),
        (WIDE, "resultList", WIDE),
        ([], "singleEntry", None),
        ([], "singleResult", None),
        ([], "collectEntries", []),
        ([], "resultList", []),
    ],
)
def test_rows_are_handed_on_as_the_task_wants_them(rows: list[dict[str, Any]], mapping: str, value: Any) -> None:
    assert answers.mapped(rows, mapping) == value


@pytest.mark.parametrize(
    ("rows", "mapping"),
    [(TWO, "singleEntry"), (TWO, "singleResult"), (WIDE, "singleEntry"), (WIDE, "collectEntries")],
)
def test_more_than_the_task_can_take_is_refused(rows: list[dict[str, Any]], mapping: str) -> None:
    with pytest.raises(answers.Unmapped):
        answers.mapped(rows, mapping)
