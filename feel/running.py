"""One evaluation: what it may use up, when and where it takes place."""

import datetime as dt

from feel.errors import LimitExceeded

MAX_STEPS = 100_000  #: rounds and parts of values that are gone through
MAX_SIZE = 4_000_000  #: characters that are made; a value that is made counts as eighty
MAX_CALLS = 100  #: functions and loops of the text itself within each other, a comparator of sort as well
VALUE = 80
CALL = 10  #: steps that calling a function of the text costs


class Run:
    """`now`: what now() and today() say (None: the machine's clock); `zone`: where date-times without a zone are taken
    to stand (None: nowhere, by the standard). Whatever is exceeded raises LimitExceeded."""

    __slots__ = ("calls", "now", "size", "steps", "zone")

    def __init__(self, *, now: dt.datetime | None = None, zone: dt.tzinfo | None = None) -> None:
        self.now = now
        self.zone = zone
        self.steps = MAX_STEPS
        self.size = MAX_SIZE
        self.calls = 0

    def spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise LimitExceeded("Biểu thức tính quá lâu: quá nhiều vòng lặp.")

    def grow(self, size: int) -> None:
        self.size -= size
        if self.size < 0:
            raise LimitExceeded("Biểu thức tạo ra quá nhiều dữ liệu.")

    def enter(self) -> None:
        self.spend(CALL)  # two calls in each call are few levels, but endless many
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise LimitExceeded(f"Hàm và vòng lặp lồng nhau quá {MAX_CALLS} tầng.")

    def leave(self) -> None:
        self.calls -= 1


class Charged(Exception):
    """Something was charged where there is no Run yet."""


class Unmetered:
    """Stands for a Run where an expression seems to cost nothing: most conditions need no more."""

    now: dt.datetime | None = None
    zone: dt.tzinfo | None = None

    def spend(self, steps: int) -> None:
        raise Charged

    def grow(self, size: int) -> None:
        raise Charged

    def enter(self) -> None:
        raise Charged

    def leave(self) -> None:
        raise Charged


UNMETERED = Unmetered()
