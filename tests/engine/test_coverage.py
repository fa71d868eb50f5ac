"""What a table leaves open, which rules contradict one another, which never have their say: found before it is used."""

import datetime as dt
import itertools
import random
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import feel
from engine.decisions import coverage
from engine.decisions.coverage import ENDED, GAP, MASKED, NEVER, OPEN, OVERLAP
from engine.decisions.model import Cell, Input, Output, Rule, Table
from engine.expressions import Constant

URGENCY = ("Độ khẩn", "string", '"thường", "khẩn", "hỏa tốc"')
PAGES = ("Số trang", "number", "")
SECRET = ("Mật", "boolean", "")


def column(label: str, kind: str, allowed: str = "") -> Input:
    tests = feel.unary_tests(allowed) if allowed else None
    return Input(label=label, text=label, value=Constant(None), type=kind, allowed=tests)


def table(columns: Sequence[tuple[str, ...]], *rules: Sequence[str], policy: str = "UNIQUE", order: str = "") -> Table:
    """The last cell of each rule is its answer; `order`: its allowed values."""
    output = Output(name="a", label="a", order=feel.compile(f"[{order}]").evaluate({}) if order else ())
    return Table(
        inputs=[column(*told) for told in columns],
        outputs=[output],
        rules=[rule(number, cells) for number, cells in enumerate(rules, 1)],
        hit_policy=policy,
    )


def rule(number: int, cells: Sequence[str]) -> Rule:
    *asked, answer = cells
    tests = [Cell(text=text, tests=None if text == "-" else feel.unary_tests(text)) for text in asked]
    return Rule(id="", number=number, tests=tests, answers=[Cell(text=answer, value=feel.compile(answer))])


def told(found: Table, *kinds: str) -> list[str]:
    return [one.sentence for one in coverage.examine(found) if not kinds or one.kind in kinds]


# ---------------------------------------------------------------------------------------------------------------- gaps
def test_a_gap_is_told_with_its_condition() -> None:
    found = table([URGENCY, PAGES], ['"thường", "khẩn"', "-", "1"], ['"hỏa tốc"', "<= 50", "2"])

    assert told(found) == ["Không dòng nào trả lời khi “Độ khẩn” = “hỏa tốc” và “Số trang” > 50."]


def test_a_table_that_answers_everything_once_has_no_findings() -> None:
    found = table([URGENCY, PAGES], ['"thường"', "< 10", "1"], ['"thường"', ">= 10", "2"], ['not("thường")', "-", "3"])

    assert told(found) == []


@pytest.mark.parametrize(
    ("kind", "cells", "sentences"),
    [
        (PAGES, ["<= 50", "> 51"], ["50 < “Số trang” ≤ 51"]),
        (("Số trang", "integer"), ["<= 50", ">= 51"], []),
        (("Số trang", "integer"), ["<= 50", ">= 52"], ["50 < “Số trang” < 52"]),
        (("Số trang", "number", "[0..100]"), ["< 30"], ["30 ≤ “Số trang” ≤ 100"]),
        (("Số trang", "number", ">= 0"), ["[0..30)", "> 30"], ["“Số trang” = 30"]),
        (SECRET, ["true"], ["“Mật” = sai"]),
        (SECRET, ["true", "false"], []),
        (("Nơi gửi", "string"), ['"a"', '"b"'], ["“Nơi gửi” khác “a” và “b”"]),
        (("Nơi gửi", "string"), ['"a"', 'not("a")'], []),
        (URGENCY, ['"thường"'], ["“Độ khẩn” là “hỏa tốc” hoặc “khẩn”"]),
        (("Ngày", "date"), ['<= date("2016-05-05")', '>= date("2016-05-06")'], []),
        (("Ngày", "date"), ['< date("2016-05-05")', '> date("2016-05-05")'], ["“Ngày” = 05/05/2016"]),
        (("Không kiểu", ""), ["< 1", "> 1"], ["“Không kiểu” = 1"]),
    ],
)
def test_gaps_keep_to_what_may_come(kind: tuple[str, ...], cells: Sequence[str], sentences: Sequence[str]) -> None:
    found = table([kind], *([cell, "1"] for cell in cells))

    assert told(found, GAP) == [f"Không dòng nào trả lời khi {sentence}." for sentence in sentences]


def test_gaps_of_the_same_kind_are_told_together() -> None:
    found = table([URGENCY, SECRET, PAGES], ["-", "true", "-", "1"], ["-", "false", "< 5", "2"])

    assert told(found, GAP) == ["Không dòng nào trả lời khi “Mật” = sai và “Số trang” ≥ 5."]


def test_a_table_that_lists_what_matches_or_has_a_default_leaves_nothing_open() -> None:
    cells = ['"thường"', "1"]

    assert told(table([URGENCY], cells, policy="COLLECT")) == []
    plain = table([URGENCY], cells)
    with_default = Table(
        inputs=plain.inputs, outputs=[Output(name="a", label="a", default=Constant(Decimal(1)))], rules=plain.rules
    )
    assert told(with_default) == []


# ------------------------------------------------------------------------------------------------------ contradictions
def test_rules_that_match_together_are_named_with_where() -> None:
    found = table([URGENCY, PAGES], ["-", "> 50", "1"], ['"hỏa tốc"', "-", "2"], ['not("hỏa tốc")', "<= 50", "3"])

    sentence = "Dòng 1 và dòng 2 cùng khớp nhưng trả lời khác nhau khi “Độ khẩn” = “hỏa tốc” và “Số trang” > 50."
    assert told(found) == [sentence]


def test_rules_that_agree_may_match_together_where_any_is_right() -> None:
    rules = ["> 50", "1"], ["> 20", "1"], ["<= 20", "2"]

    assert told(table([PAGES], *rules, policy="ANY")) == []
    assert told(table([PAGES], *rules)) == ["Dòng 1 và dòng 2 cùng khớp khi “Số trang” > 50."]


def test_two_rules_for_null_meet() -> None:
    found = table([SECRET], ["true", "1"], ["false", "2"], ["null", "3"], ["null", "4"])

    assert told(found) == ["Dòng 3 và dòng 4 cùng khớp nhưng trả lời khác nhau khi “Mật” trống."]


# ------------------------------------------------------------------------------------------------- never has its say
def test_a_rule_behind_others_that_take_all_of_it_is_named() -> None:
    found = table([PAGES], ["< 50", "1"], [">= 50", "2"], ["[40..60]", "3"], ["-", "4"], policy="FIRST")

    sentence = "Dòng 3 không bao giờ được dùng: các dòng đứng trước đã nhận hết trường hợp của nó."
    assert told(found) == [sentence]  # the fourth still answers null


def test_a_rule_less_important_than_others_that_take_all_of_it_is_named() -> None:
    found = table(
        [PAGES], ["[10..20]", '"thấp"'], ["-", '"cao"'], ["-", "a + b"], policy="PRIORITY", order='"cao", "thấp"'
    )

    sentence = "Dòng 1 không bao giờ được dùng: các dòng ưu tiên hơn đã nhận hết trường hợp của nó."
    assert told(found) == [sentence]


def test_a_rule_that_asks_for_what_may_not_come_is_named() -> None:
    found = table([URGENCY], ['"mật"', "1"], ['not("mật")', "2"])

    assert told(found, NEVER) == ["Dòng 1 không bao giờ khớp: ô “Độ khẩn” hỏi giá trị không thể có."]


# ------------------------------------------------------------------------------------------------------- not examined
def test_a_cell_with_another_expression_is_said_to_be_open_and_fills_every_gap() -> None:
    found = table([PAGES], ["< 5", "1"], ["? * 2 > x", "2"])

    assert told(found) == ["Chưa xét được ô “Số trang” của dòng 2: ô không chỉ hỏi giá trị viết sẵn."]


def test_a_column_of_another_type_is_open() -> None:
    found = table([("Kỳ", "duration")], ['duration("P1D")', "1"])

    assert {one.kind for one in coverage.examine(found)} == {OPEN}


# ---------------------------------------------------------------------------------------------------------- as it runs
CELLS = [
    st.sampled_from(["-", '"a"', '"b"', 'not("a")', '"a", "c"']),
    st.sampled_from(["-", "< 2", "[1..3)", "2", ">= 3"]),
]
SMALL = st.lists(st.tuples(*CELLS, st.sampled_from(["1", "2"])), min_size=1, max_size=5)
COLUMNS = [("T", "string", '"a", "b", "c"'), ("N", "integer", "[0..4]")]


@settings(max_examples=200, deadline=None)
@given(SMALL)
def test_findings_are_those_of_trying_every_value(rules: list[tuple[str, ...]]) -> None:
    found = table(COLUMNS, *rules)
    points = list(itertools.product("abc", map(Decimal, range(5))))

    hits = [[number for number, one in enumerate(found.rules, 1) if matches(one, point)] for point in points]

    together = {pair for numbers in hits for pair in itertools.combinations(numbers, 2)}
    reported = {tuple(one.rules) for one in coverage.examine(found) if one.kind == OVERLAP and one.rules}
    assert bool(told(found, GAP)) == ([] in hits)
    assert reported == together
    first = table(COLUMNS, *rules, policy="FIRST")
    used = {numbers[0] for numbers in hits if numbers} | {
        number for number, one in enumerate(rules, 1) if one[:2] == ("-", "-") or "not" in one[0]
    }  # those may answer null
    masked = {one.rules[0] for one in coverage.examine(first) if one.kind == MASKED}
    assert masked.isdisjoint({numbers[0] for numbers in hits if numbers})
    assert masked >= set(range(1, len(rules) + 1)) - used - {
        number for number, one in enumerate(rules, 1) if "-" in one[:2]
    }


def matches(one: Rule, point: Sequence[Any]) -> bool:
    asked = zip(one.tests, point, strict=True)
    return all(cell.tests is None or cell.tests.holds(value, {}, {}) for cell, value in asked)


# -------------------------------------------------------------------------------------------------------------- bounds
def hostile(rules: int, columns: int) -> Table:
    """Ranges that overlap in every way."""
    chance = random.Random(7)  # noqa: S311 - the same table every time
    cells = [[f"[{low}..{low + 300}]" for low in chance.choices(range(1_000), k=columns)] for _ in range(rules)]
    return table([(f"C{place}", "number") for place in range(columns)], *([*row, "1"] for row in cells))


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY", "FIRST"])
def test_what_would_take_too_long_is_given_up_with_a_sentence(policy: str) -> None:
    found = hostile(200, 4)
    found = Table(inputs=found.inputs, outputs=found.outputs, rules=found.rules, hit_policy=policy)

    begin = time.process_time()
    kinds = {one.kind for one in coverage.examine(found)}

    assert ENDED in kinds
    assert time.process_time() - begin < 1  # a generous bound; the benchmark has the figure


def test_many_findings_are_cut_short() -> None:
    found = table([PAGES], *([f"{number}", "1"] for number in range(40) for _ in range(2)))

    sentences = told(found, OVERLAP)

    assert len(sentences) == coverage.MANY + 1
    assert sentences[-1] == "Còn những cặp dòng chồng nhau khác nữa."


def test_a_day_is_written_as_people_write_it() -> None:
    found = table([("Ngày", "date")], [f'< date("{dt.date(2016, 5, 5)}")', "1"])

    assert told(found) == ["Không dòng nào trả lời khi “Ngày” ≥ 05/05/2016."]
