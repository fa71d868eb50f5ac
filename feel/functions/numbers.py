"""Functions of numbers (DMN 1.5, 10.3.4.5)."""

import decimal
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from feel import kinds
from feel.functions.arguments import anything, numeric, whole
from feel.functions.registry import NUMBER, builtin
from feel.kinds import kind
from feel.temporal import make_duration, make_months, nanoseconds_of
from feel.values import CONTEXT, Unfit, spend

SLOW = 100  #: steps that a logarithm costs
ROOT = 15  #: and a root, or rounding
MIN_SCALE, MAX_SCALE = -6111, 6176


def rounded(value: Decimal, scale: int, rounding: str) -> Decimal:
    """To `scale` digits after the point. Raises Unfit for a scale that the standard does not know."""
    if not MIN_SCALE <= scale <= MAX_SCALE:
        raise Unfit(f"số chữ số lẻ phải từ {MIN_SCALE} đến {MAX_SCALE}")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= scale:
        return value
    spend(ROOT)
    return value.quantize(Decimal((0, (1,), -scale)), rounding=rounding, context=CONTEXT)


def _register(name: str, rounding: str, says: str, example: str, result: str, *forms: str) -> None:
    def work(value: Decimal, scale: int = 0) -> Decimal:
        return rounded(value, scale, rounding)

    register = builtin(name, *forms, takes=(numeric, whole), group=NUMBER, says=says, example=example, result=result)
    register(work)


_EITHER = ("n", "n, scale")
_BOTH = ("n, scale",)
_register(
    "decimal",
    decimal.ROUND_HALF_EVEN,
    "Làm tròn đến số chữ số lẻ đã cho; nửa thì về chữ số chẵn.",
    "decimal(2.5, 0)",
    "2",
    *_BOTH,
)
_register("floor", decimal.ROUND_FLOOR, "Làm tròn xuống (về phía âm).", "floor(-1.56, 1)", "-1.6", *_EITHER)
_register("ceiling", decimal.ROUND_CEILING, "Làm tròn lên (về phía dương).", "ceiling(1.2)", "2", *_EITHER)
_register("round up", decimal.ROUND_UP, "Làm tròn ra xa số 0.", "round up(5.5, 0)", "6", *_BOTH)
_register("round down", decimal.ROUND_DOWN, "Làm tròn về phía số 0.", "round down(-5.5, 0)", "-5", *_BOTH)
_register(
    "round half up",
    decimal.ROUND_HALF_UP,
    "Làm tròn đến số gần nhất; nửa thì ra xa số 0.",
    "round half up(2.5, 0)",
    "3",
    *_BOTH,
)
_register(
    "round half down",
    decimal.ROUND_HALF_DOWN,
    "Làm tròn đến số gần nhất; nửa thì về phía số 0.",
    "round half down(2.5, 0)",
    "2",
    *_BOTH,
)


@builtin(
    "abs",
    "n",
    takes=(anything,),
    group=NUMBER,
    says="Giá trị tuyệt đối của số hoặc của khoảng thời gian.",
    example="abs(-10)",
    result="10",
)
def absolute(value: Any) -> Any:
    match kind(value):
        case kinds.DAYS:
            return make_duration(abs(nanoseconds_of(value)))
        case kinds.MONTHS:
            return make_months(abs(value.months))
        case _:
            return CONTEXT.abs(numeric(value))


@builtin(
    "modulo",
    "dividend, divisor",
    takes=(numeric, numeric),
    group=NUMBER,
    says="Phần dư của phép chia; mang dấu của số chia.",
    example="modulo(-12, 5)",
    result="3",
)
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise Unfit("không chia được cho 0")
    rest = CONTEXT.remainder(dividend, divisor)
    return CONTEXT.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@builtin(
    "sqrt",
    "number",
    takes=(numeric,),
    group=NUMBER,
    says="Căn bậc hai của số không âm.",
    example="sqrt(16)",
    result="4",
)
def square_root(value: Decimal) -> Decimal:
    if value < 0:
        raise Unfit("số âm không có căn bậc hai")
    spend(ROOT)
    return CONTEXT.sqrt(value)


@builtin(
    "log",
    "number",
    takes=(numeric,),
    group=NUMBER,
    says="Lô-ga-rít tự nhiên của số dương.",
    example="decimal(log(10), 2)",
    result="2.30",
)
def logarithm(value: Decimal) -> Decimal:
    if value <= 0:
        raise Unfit("chỉ số dương có lô-ga-rít")
    spend(SLOW)
    return CONTEXT.ln(value)


@builtin(
    "exp",
    "number",
    takes=(numeric,),
    group=NUMBER,
    says="Lũy thừa của số e.",
    example="decimal(exp(5), 2)",
    result="148.41",
)
def exponential(value: Decimal) -> Decimal:
    spend(SLOW)
    return CONTEXT.exp(value)


def _parity(wanted: int) -> Callable[[Decimal], bool]:
    return lambda value: CONTEXT.remainder(CONTEXT.abs(value), Decimal(2)) == wanted


builtin("odd", "number", takes=(numeric,), group=NUMBER, says="Đúng khi là số lẻ.", example="odd(5)", result="true")(
    _parity(1)
)
builtin(
    "even", "number", takes=(numeric,), group=NUMBER, says="Đúng khi là số chẵn.", example="even(5)", result="false"
)(_parity(0))
