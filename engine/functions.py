"""The working-time functions of FEEL expressions, and the clock."""

import datetime as dt
from decimal import Decimal

from directory import queries, working_time
from engine.registry import FunctionContext, FunctionWords, function
from kernel import clock

MOST_DAYS = 10_000  #: working days, forty years; counting further would only keep everybody waiting


@function(
    "now",
    FunctionWords(
        description="Ngày giờ lúc này, theo múi giờ Việt Nam.",
        forms=((),),
        example="now()",
        result='@"2026-02-26T08:30:00+07:00"',
    ),
)
def now(context: FunctionContext) -> dt.datetime:
    return context.now


@function(
    "today",
    FunctionWords(
        description="Ngày hôm nay ở Việt Nam.",
        forms=((),),
        example="today()",
        result='@"2026-02-26"',
    ),
)
def today(context: FunctionContext) -> dt.date:
    """The date in Vietnam."""
    return clock.local(context.now).date()


@function(
    "working_days",
    FunctionWords(
        description="Hết ngày làm việc thứ mấy kể từ lúc này, theo lịch của cơ quan; hôm nay không tính.",
        forms=(("number",),),
        example="working_days(5)",
        result='@"2026-03-05T17:00:00+07:00"',
    ),
)
def working_days(context: FunctionContext, number: Decimal) -> dt.datetime:
    """When `number` working days from now end; today does not count."""
    return working_time.add_working_days(context.organization_id, context.now, _days(number))


@function(
    "add_working_days",
    FunctionWords(
        description="Hết ngày làm việc thứ mấy sau một ngày hoặc thời điểm, theo lịch làm việc của cơ quan.",
        forms=(("start", "number"),),
        example='add_working_days(@"2026-02-26", 3)',
        result='@"2026-03-03T17:00:00+07:00"',
    ),
)
def add_working_days(context: FunctionContext, start: dt.date | None, number: Decimal) -> dt.datetime | None:
    """The end of the `number`-th working day after a date or date-time; null of null."""
    return None if start is None else working_time.add_working_days(context.organization_id, start, _days(number))


@function(
    "end_of_working_day",
    FunctionWords(
        description="Giờ tan làm của ngày đó ở cơ quan.",
        forms=(("day",),),
        example='end_of_working_day(@"2026-02-26")',
        result='@"2026-02-26T17:00:00+07:00"',
    ),
)
def end_of_working_day(context: FunctionContext, day: dt.date | None) -> dt.datetime | None:
    """When the office closes on that day; null of null."""
    if day is None:
        return None
    date = clock.local(day).date() if isinstance(day, dt.datetime) else day
    return working_time.end_of_working_day(context.organization_id, date)


@function(
    "position_of",
    FunctionWords(
        description="Mã chức vụ mà người này đang giữ ở cơ quan, theo danh bạ; null nếu không giữ chức vụ nào.",
        forms=(("username",),),
        example='position_of("chu-tich")',
        result='"chu-tich"',
    ),
)
def position_of(context: FunctionContext, username: str | None) -> str | None:
    """The code of the position that a person of the organisation holds today, of several the primary one."""
    person = queries.find_person(username) if username else None
    if person is None or person.organization_id != context.organization_id:
        return None
    offices = queries.list_appointments(person.id)
    return offices[0].position.code if offices else None


def _days(number: Decimal) -> int:
    days = int(number)
    if abs(days) > MOST_DAYS:
        raise ValueError(days)
    return days
