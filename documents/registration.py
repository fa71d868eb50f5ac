"""What the records clerk writes about an incoming document (pure): NĐ 30/2020 Điều 22, PL VI phần II mục II."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from directory.calendar import Calendar
from documents import article7, numbering, states
from documents.draft_values import whole
from kernel.text import fold, tidy

LENGTHS = {
    "number": 11,
    "symbol": 30,
    "organ_name": 200,
    "subject": 500,
    "signer_position": 100,
    "signer_name": 50,
    "to_places": 1000,
    "description": 500,
    "language": 30,
}
NO_ANSWER = ("GM", "GGT", "PG")  #: settled by their own date, or by being read
ASKS_OPINION = ("xin y kien", "gop y", "lay y kien", "tham gia y kien", "de nghi tham gia")
DAYS_FOR_OPINION, DAYS = 7, 10  #: working days; an agency's regulation may say otherwise


@dataclasses.dataclass(frozen=True, kw_only=True)
class Registration:
    """The fields of the register, clean."""

    kind: str
    number: str
    symbol: str
    issued_date: dt.date | None
    organ_name: str
    organ_id: str
    subject: str
    signer_position: str
    signer_name: str
    urgency: int
    channel: str
    page_amount: int | None
    due_date: dt.date | None
    to_places: str
    description: str
    language: str
    article7_declared: bool
    article7_field: str
    article7_reference: str
    duplicate_reason: str
    signature_reason: str

    @property
    def number_symbol(self) -> str:
        return numbering.join(self.number, self.symbol)


def read(values: Mapping[str, Any]) -> Registration:
    """Cleans what the form gives; `number_symbol` in one box is as good as two boxes."""
    text = {name: tidy(str(values.get(name) or "")) for name in _TEXTS}
    number, symbol = numbering.normalize(text.pop("number")), numbering.normalize(text.pop("symbol"))
    if values.get("number_symbol") and not number and not symbol:
        number, symbol = numbering.split(str(values["number_symbol"]))
    return Registration(
        **{**text, "language": text["language"] or "Tiếng Việt"},
        number=number,
        symbol=symbol,
        issued_date=values.get("issued_date") or None,
        due_date=values.get("due_date") or None,
        urgency=whole(values.get("urgency")),
        page_amount=whole(values.get("page_amount")) or None,
        article7_declared=bool(values.get("article7_declared", values.get("article7"))),
    )


def problems(registration: Registration, *, today: dt.date) -> dict[str, str]:
    """Field name -> what to do."""
    found = _missing(registration)
    for name, limit in LENGTHS.items():
        if len(getattr(registration, name)) > limit:
            found[name] = f"Dài quá {limit} ký tự. Viết gọn lại."
    if registration.issued_date and registration.issued_date > today:
        found["issued_date"] = "Ngày văn bản không thể sau hôm nay."
    if not 0 <= registration.urgency <= 3:
        found["urgency"] = "Chọn một mức độ khẩn."
    if registration.channel and registration.channel not in states.CHANNELS:
        found["channel"] = "Chọn hình thức nhận."
    return found | _article7_problems(registration)


def default_due_date(registration: Registration, *, today: dt.date, calendar: Calendar) -> dt.date | None:
    """When it should be settled, if its text does not say: urgent today, opinions in 7 working days, else 10."""
    if registration.urgency:
        return today if calendar.is_working_day(today) else calendar.next_working_day(today)
    if registration.kind in NO_ANSWER:
        return None
    asks = any(words in fold(registration.subject) for words in ASKS_OPINION)
    return calendar.nth_working_day(today, DAYS_FOR_OPINION if asks else DAYS)


def _missing(registration: Registration) -> dict[str, str]:
    found = {}
    if not registration.kind:
        found["kind"] = "Chọn tên loại văn bản."
    if not registration.number and not registration.symbol:
        found["number"] = "Ghi số, ký hiệu của văn bản."
    if not registration.issued_date:
        found["issued_date"] = "Ghi ngày của văn bản."
    if not registration.organ_name:
        found["organ_name"] = "Ghi cơ quan ban hành."
    if not registration.subject:
        found["subject"] = "Ghi trích yếu nội dung."
    return found


def _article7_problems(registration: Registration) -> dict[str, str]:
    if not registration.article7_declared:
        return {
            "article7_declared": "Xác nhận văn bản không thuộc Điều 7 khoản 1 Quy chế; "
            "nếu thuộc thì không đưa lên hệ thống."
        }
    if registration.article7_field and registration.article7_field not in article7.SENSITIVE_FIELDS:
        return {"article7_field": "Chọn một lĩnh vực."}
    if registration.article7_field and not registration.article7_reference:
        name = article7.SENSITIVE_FIELDS[registration.article7_field].lower()
        return {
            "article7_reference": f"Thông tin về {name} chỉ được đưa lên khi đã có kết luận của cơ quan có thẩm quyền; "
            "ghi số văn bản kết luận (Điều 7 khoản 1 Quy chế)."
        }
    return {}


_TEXTS = (
    "kind",
    "number",
    "symbol",
    "organ_name",
    "organ_id",
    "subject",
    "signer_position",
    "signer_name",
    "to_places",
    "description",
    "language",
    "channel",
    "article7_field",
    "article7_reference",
    "duplicate_reason",
    "signature_reason",
)
