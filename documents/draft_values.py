"""What a drafter types, cleaned and checked (pure): the content of a version."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from documents import states
from kernel.text import tidy

TEXTS = (
    "kind",
    "subject",
    "legal_bases",
    "body",
    "enclosed_kind",
    "enclosed_title",
    "enclosed_body",
    "addressees",
    "recipients",
    "signer",
    "purpose",
    "archive_note",
)
NUMBERS = ("copies", "urgency")
REQUIRED = {
    "kind": "Chọn loại văn bản.",
    "subject": "Ghi trích yếu nội dung.",
    "body": "Nhập nội dung văn bản.",
    "signer": "Chọn người ký.",
    "recipients": "Ghi ít nhất một nơi nhận.",
}
MAX_SUBJECT = 500
MAX_COPIES = 999
MAX_TEXT = 500_000  #: characters of one field, a thousand pages; the form says the same


def clean(values: Mapping[str, Any], *, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Draft values as they are kept, over the earlier ones: tidy NFC text, whole numbers, ISO dates."""
    content = dict(before or _empty())
    content.update({name: tidy(str(values[name] or "")) for name in TEXTS if name in values})
    content.update({name: whole(values[name]) for name in NUMBERS if name in values})
    if "normative" in values:
        content["normative"] = bool(values["normative"])
    if "due_date" in values:
        content["due_date"] = iso(values["due_date"])
    return content


def problems(content: Mapping[str, Any]) -> dict[str, str]:
    """Field name -> what to do, for a draft that is to be submitted."""
    found = {name: sentence for name, sentence in REQUIRED.items() if not content.get(name)}
    if len(content.get("subject", "")) > MAX_SUBJECT:
        found["subject"] = f"Trích yếu dài quá {MAX_SUBJECT} ký tự. Viết gọn lại."
    if not 0 <= content.get("copies", 0) <= MAX_COPIES:
        found["copies"] = f"Số bản giấy từ 0 đến {MAX_COPIES}."
    if not 0 <= content.get("urgency", 0) < len(states.URGENCIES):
        found["urgency"] = "Chọn một mức độ khẩn."
    if content.get("purpose", "") not in states.PURPOSES:
        found["purpose"] = "Chọn một mục đích gửi."
    if bool(content.get("enclosed_title")) != bool(content.get("enclosed_body")):
        found["enclosed_body"] = "Văn bản kèm theo cần cả tên và nội dung."
    return found


def too_long(content: Mapping[str, Any]) -> dict[str, str]:
    """Field name -> what to do. A draft that is saved need not be right, but somebody must be able to read it."""
    long = [name for name in TEXTS if len(content[name]) > MAX_TEXT]
    return dict.fromkeys(long, f"Dài quá {MAX_TEXT:,} ký tự. Tách thành văn bản kèm theo hoặc tệp.".replace(",", "."))


def version_content(content: Mapping[str, Any], *, year: int, attachments: Sequence[str]) -> dict[str, Any]:
    """What a version's hash covers: the values, the year that is printed, the hashes of the attachments."""
    return {**content, "year": year, "attachments": sorted(attachments)}


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def whole(value: Any) -> int:
    """A whole number from a form's Decimal, a text or nothing (0)."""
    return int(Decimal(str(value))) if value not in (None, "") else 0


def iso(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value or "")


def lines(text: str) -> list[str]:
    """One a line, without dashes before and full stops or semicolons after."""
    bare = (line.strip().lstrip("-–+*").strip().rstrip(";.").strip() for line in text.split("\n"))
    return [line for line in bare if line]


def _empty() -> dict[str, Any]:
    return {**dict.fromkeys(TEXTS, ""), **dict.fromkeys(NUMBERS, 0), "normative": False, "due_date": ""}
