"""Processes in words: states, kinds of elements, what a token waits for, how long something took."""

import datetime as dt

from webapp.documents.words import Tag

STATES = {
    "active": Tag("Đang chạy", "act", "play-circle"),
    "suspended": Tag("Tạm dừng", "warn", "pause-circle"),
    "completed": Tag("Đã xong", "ok", "check2"),
    "cancelled": Tag("Đã hủy", "line", "x-circle"),
}

#: BPMN's name of an element -> what an operator calls it
ELEMENTS = {
    "process": "Quy trình",
    "userTask": "Việc của người",
    "manualTask": "Việc làm ngoài hệ thống",
    "task": "Bước",
    "serviceTask": "Việc của máy",
    "sendTask": "Gửi thông điệp",
    "receiveTask": "Chờ thông điệp",
    "scriptTask": "Bước tính toán",
    "businessRuleTask": "Bảng quyết định",
    "callActivity": "Quy trình được gọi",
    "subProcess": "Quy trình con",
    "transaction": "Giao dịch",
    "adHocSubProcess": "Quy trình con tùy ý",
    "startEvent": "Sự kiện bắt đầu",
    "endEvent": "Sự kiện kết thúc",
    "boundaryEvent": "Sự kiện gắn bên",
    "intermediateCatchEvent": "Sự kiện chờ",
    "intermediateThrowEvent": "Sự kiện phát",
    "exclusiveGateway": "Cổng chọn một",
    "inclusiveGateway": "Cổng chọn nhiều",
    "parallelGateway": "Cổng song song",
    "eventBasedGateway": "Cổng chờ sự kiện",
    "complexGateway": "Cổng phức hợp",
}

#: kind of wait -> icon
WAITS = {
    "task": "person",
    "external": "gear",
    "job": "gear",
    "timer": "alarm",
    "message": "envelope",
    "signal": "megaphone",
    "condition": "signpost-split",
    "": "hourglass-split",
}

INCIDENTS = {
    "timer": "Hẹn giờ",
    "external_task": "Việc của máy",
    "job": "Bước máy tự chạy",
    "condition": "Điều kiện",
}

MINUTE, HOUR, DAY = 60, 3600, 86_400  #: seconds


def state_tag(state: str) -> Tag:
    return STATES.get(state, Tag(state))


def element(kind: str) -> str:
    return ELEMENTS.get(kind, kind)


def named(name: str, kind: str, identifier: str) -> str:
    """What an element without a name of its own is called: "Cổng song song (Gateway_join)"."""
    return name or f"{element(kind)} ({identifier})"


def calendar_time(spent: dt.timedelta) -> str:
    """ "3 ngày 4 giờ", "12 phút", "dưới 1 phút"."""
    return _told(spent.total_seconds(), DAY)


def office_time(spent: dt.timedelta, working_day: dt.timedelta) -> str:
    """The same in working days of `working_day` each: "2 ngày 3 giờ làm việc"; nothing below a minute."""
    if spent.total_seconds() < MINUTE:
        return ""
    told = _told(spent.total_seconds(), working_day.total_seconds() or DAY)
    return f"{told} làm việc"


def _told(seconds: float, day: float) -> str:
    days, rest = divmod(int(seconds), int(day))
    hours, rest = divmod(rest, HOUR)
    parts = [(days, "ngày"), (hours, "giờ"), (0 if days else rest // MINUTE, "phút")]
    told = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(told[:2]) or "dưới 1 phút"
