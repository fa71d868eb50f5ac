"""Built-in functions as data: parameter names of each form, what it says to the analyst, an example with its result."""

import dataclasses
import decimal
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from feel.functions.arguments import Argument
from feel.values import Unfit, spend

CALL = 10  #: steps that a call costs beside what it goes through
Form = tuple[str, ...]  #: names of the parameters

#: groups, in the order in which the editor shows them
CONVERSION = "Chuyển đổi"
BOOLEAN = "Đúng sai"
TEXT = "Văn bản"
NUMBER = "Số"
LIST = "Danh sách"
CONTEXT = "Ngữ cảnh"
DATE = "Ngày giờ"
RANGE = "Khoảng"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Builtin:
    """`takes`: what each argument has to be, in order. `spread`: any number of arguments in place of the last parameter
    (the standard's `list` or `item, …`). `example` is an expression that gives what the expression `result` gives; no
    result where it hangs on the clock. `strict`: what a form takes whose arguments are named, where that is less."""

    name: str
    forms: tuple[Form, ...]
    takes: tuple[Argument, ...]
    work: Callable[..., Any]
    group: str
    description: str
    example: str
    result: str
    spread: bool = False
    strict: Mapping[Form, tuple[Argument, ...]] = dataclasses.field(default_factory=dict)

    def call(self, run: Any, *arguments: Any) -> Any:
        """The value. Raises Unfit with the reason where the arguments do not fit; `run`: the evaluation, which the
        functions find in values.RUN."""
        spend(CALL)
        if self.spread:
            return self._answer(self._gathered(arguments))
        if not any(len(form) == len(arguments) for form in self.forms):
            raise Unfit(f"hàm {self.name} nhận {self.counts} giá trị")
        return self._answer([take(value) for take, value in zip(self.takes, arguments, strict=False)])

    def _answer(self, arguments: Sequence[Any]) -> Any:
        try:
            return self.work(*arguments)
        except (decimal.DecimalException, OverflowError):
            raise Unfit("kết quả nằm ngoài phạm vi của số") from None

    def named(self, names: Sequence[str]) -> Callable[..., Any] | None:
        """For named arguments: a function of the evaluation and the values in the order of `names`. What is missing is
        null; None when no form of the function has these names."""
        wanted = set(names)
        fitting = [form for form in self.forms if wanted <= set(form)]
        if not fitting or len(wanted) != len(names):
            return None
        form = min(fitting, key=len)
        places = [names.index(name) if name in wanted else None for name in form]
        takes = self.strict.get(form, self.takes)
        listed = self.spread and form != ("list",)  # the last one is a single item here

        def call(run: Any, *given: Any) -> Any:
            spend(CALL)
            values = [None if place is None else given[place] for place in places]
            values[-1:] = [values[-1:]] if listed else values[-1:]
            return self._answer([take(value) for take, value in zip(takes, values, strict=False)])

        return call

    @property
    def counts(self) -> str:
        """How many arguments it takes, for a sentence."""
        return " hoặc ".join(str(count) for count in sorted({len(form) for form in self.forms}))

    def _gathered(self, arguments: tuple[Any, ...]) -> list[Any]:
        """The last parameter gets the rest, as a list."""
        fixed = len(self.takes) - 1
        if len(arguments) <= fixed:
            raise Unfit(f"hàm {self.name} cần ít nhất {fixed + 1} giá trị")
        given = [take(value) for take, value in zip(self.takes[:fixed], arguments[:fixed], strict=True)]
        rest = arguments[fixed:]
        last = rest[0] if fixed == 0 and len(rest) == 1 and self.forms[0] == ("list",) else list(rest)
        return [*given, self.takes[fixed](last)]


_NOTHING: Mapping[str, tuple[Argument, ...]] = {}
BUILTINS: dict[str, Builtin] = {}


def builtin(
    name: str,
    *forms: str,
    takes: Sequence[Argument],
    group: str,
    says: str,
    example: str,
    result: str,
    spread: bool = False,
    strict: Mapping[str, tuple[Argument, ...]] = _NOTHING,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Registers the function under its name. `forms`: parameter names parted by commas."""

    def register(work: Callable[..., Any]) -> Callable[..., Any]:
        BUILTINS[name] = Builtin(
            name=name,
            forms=tuple(_form(form) for form in forms),
            takes=tuple(takes),
            work=work,
            group=group,
            description=says,
            example=example,
            result=result,
            spread=spread,
            strict={_form(form): taken for form, taken in strict.items()},
        )
        return work

    return register


def _form(text: str) -> Form:
    return tuple(name.strip() for name in text.split(",")) if text else ()
