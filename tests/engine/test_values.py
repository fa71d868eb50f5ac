"""Values keep their type in snapshot and history; times mean what the texts say; snapshots know their format."""

import datetime as dt
import uuid
import zoneinfo
from decimal import Decimal
from typing import Any

import orjson
import pytest

from engine import expressions, snapshots, timing, values
from engine.errors import UnusableValue
from feel import FeelError
from feel.literals import read_temporal
from feel.ranges import Range
from feel.temporal import YearsMonths
from feel.values import Function

VIETNAM = zoneinfo.ZoneInfo("Asia/Ho_Chi_Minh")
NOW = dt.datetime(2026, 1, 31, 3, tzinfo=dt.UTC)

KEPT: list[Any] = [
    None,
    True,
    "Văn bản số 7 “mật”",
    "",
    Decimal("1.10"),
    Decimal(10) ** 30,
    dt.date(2026, 2, 26),
    dt.time(7, 30),
    dt.datetime(2026, 2, 26, 17, tzinfo=VIETNAM),
    dt.datetime(2026, 2, 26, 10, tzinfo=dt.UTC),
    dt.timedelta(days=-1, microseconds=5),
    [1, [Decimal("0.5"), None], {}],
    {"a": {"b": [dt.date(2026, 1, 1)]}},
    {"$n": "1"},
    {"$m": [["a", 1]], "b": 2},
    {"typename": "object", "a": {"$d": {"$d": "x"}}},
    'quotes {"$n": "1"} inside a text',
    2**70,
    read_temporal("-P1Y2M"),
    read_temporal("12026-03-09"),
    read_temporal("12026-03-09T08:00:00.5@Asia/Ho_Chi_Minh"),
    read_temporal("08:00:00.123456789Z"),
    read_temporal("PT0.000000001S"),
    Range(dt.date(2026, 1, 1), None, with_high=False),
    [Range(Decimal(1), Decimal("2.5"))],
]


@pytest.mark.parametrize("value", KEPT, ids=repr)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    packed = values.unpack(values.pack({"v": value}))["v"]
    told = values.restored(orjson.loads(orjson.dumps(values.plain(value))))

    expected = Decimal(value) if value == 2**70 else value
    assert packed == told == expected
    assert type(packed) is type(expected)


def test_values_are_adopted_deeply() -> None:
    inner = {"list": [1]}
    given = {"n": 3, "nested": inner, "pair": (1, "a"), "id": uuid.UUID(int=7)}

    taken = values.adopted_all(given)
    inner["list"].append(2)

    assert taken == {
        "n": Decimal(3),
        "nested": {"list": [Decimal(1)]},
        "pair": [Decimal(1), "a"],
        "id": "00000000-0000-0000-0000-000000000007",
    }


def nested(depth: int) -> list[Any]:
    return [nested(depth - 1)] if depth else []


@pytest.mark.parametrize(
    "value",
    ["a\x00b", Function("f", (), len), Decimal("NaN"), nested(60), "x" * 1_000_001],
)
def test_what_no_variable_may_hold_is_refused(value: Any) -> None:
    with pytest.raises(UnusableValue):
        values.adopted(value, "v")


def test_a_moment_without_zone_is_kept_in_the_zone_of_the_house() -> None:
    assert values.adopted(dt.datetime(2026, 1, 1, 8)) == dt.datetime(2026, 1, 1, 1, tzinfo=dt.UTC)  # noqa: DTZ001


@pytest.mark.parametrize("value", [1.5, object(), b"bytes"])
def test_what_is_no_value_is_a_programming_error(value: Any) -> None:
    with pytest.raises(TypeError):
        values.adopted(value, "v")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("PT1H", NOW + dt.timedelta(hours=1)),
        ("P1W", NOW + dt.timedelta(days=7)),
        ("P1M", dt.datetime(2026, 2, 28, 3, tzinfo=dt.UTC)),
        ("P1Y1DT1S", dt.datetime(2027, 2, 1, 3, 0, 1, tzinfo=dt.UTC)),
        ("2026-03-01", dt.datetime(2026, 3, 1, tzinfo=VIETNAM)),
        ("2026-03-01T08:00:00", dt.datetime(2026, 3, 1, 8, tzinfo=VIETNAM)),
        ("2026-03-01T08:00:00Z", dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)),
        (dt.timedelta(days=2), NOW + dt.timedelta(days=2)),
        (YearsMonths(1), dt.datetime(2026, 2, 28, 3, tzinfo=dt.UTC)),
    ],
)
def test_a_text_says_a_moment(text: Any, moment: dt.datetime) -> None:
    assert timing.moment(text, NOW) == moment


@pytest.mark.parametrize(
    "text", ["P", "PT", "P3", "ngày mai", "2026-13-01", None, 5, "P99999999D", YearsMonths(12 * 10**8)]
)
def test_what_says_no_moment_is_refused(text: Any) -> None:
    with pytest.raises(timing.NotATime):
        timing.moment(text, NOW)


def test_a_cycle_says_how_often() -> None:
    told = timing.schedule("timeCycle", "R3/PT10M", NOW)

    assert (told.due, told.left, told.every) == (NOW + dt.timedelta(minutes=10), 3, dt.timedelta(minutes=10))
    assert timing.schedule("timeCycle", "R/P1D", NOW).left == timing.FOREVER
    with pytest.raises(timing.NotATime):
        timing.schedule("timeCycle", "R3/PT0S", NOW)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("van-thu", "van-thu"),
        ("= a + 1", Decimal(2)),
        ("${a == 1}", True),
        ("Việc số ${a}", "Việc số 1"),
        ("#{missing}", None),
        ("", ""),
    ],
)
def test_an_attribute_is_text_unless_it_says_otherwise(text: str, value: Any) -> None:
    assert expressions.attribute(text).evaluate({"a": 1}, {}) == value


def test_a_script_is_lines_of_assignments() -> None:
    found = expressions.script("a = 1\nb = if a = 1\n   then 2\n   else 3\n\n")

    assert [(name, value.evaluate({"a": Decimal(1)}, {})) for name, value in found] == [("a", 1), ("b", 2)]
    with pytest.raises(FeelError):
        expressions.script("import os")


def test_a_snapshot_of_another_format_is_refused() -> None:
    with pytest.raises(snapshots.UnknownFormat):
        snapshots.read(values.pack([99, 0, 0, []]))
