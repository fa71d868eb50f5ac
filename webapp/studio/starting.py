"""A new process: from an empty sheet, or from a diagram drawn elsewhere."""

import dataclasses
import re

from flask import render_template, request

from engine import outlines
from kernel.errors import Invalid
from kernel.text import nfc

KEY = re.compile(r"[a-z][a-z0-9]*([._-][a-z0-9]+)*")
MAX_KEY = 64  #: characters
RESERVED = frozenset(
    {"new", "check", "catalogue", "definitions", "deployments", "expressions"}
)  #: words of our own addresses


@dataclasses.dataclass(frozen=True, kw_only=True)
class NewProcess:
    """What the designer asked for."""

    key: str
    xml: str


def read_request() -> NewProcess:
    """Raises Invalid, UnreadableDiagram."""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        return _from_file(upload.read(outlines.MAX_SIZE + 1))
    name, key = nfc(request.form.get("name", "")).strip(), request.form.get("key", "").strip()
    problems = {**_name_problem(name), **_key_problem(key)}
    if problems:
        raise Invalid(problems)
    return NewProcess(key=key, xml=render_template("studio/blank.xml", key=key, name=name))


def _from_file(data: bytes) -> NewProcess:
    """The key is the id of the first process in the file; it stays, other diagrams may call it."""
    key = next(iter(outlines.read(data).processes))
    if not outlines.KEY.fullmatch(key) or key in RESERVED:
        raise Invalid({"file": f"Mã quy trình trong tệp là {key}: mã này không dùng được, đặt mã khác rồi gửi lại."})
    return NewProcess(key=key, xml=outlines.to_text(data))


def _name_problem(name: str) -> dict[str, str]:
    return {} if name else {"name": "Ghi tên quy trình, ví dụ Lấy ý kiến góp ý dự thảo."}


def _key_problem(key: str) -> dict[str, str]:
    if KEY.fullmatch(key) and len(key) <= MAX_KEY and key not in RESERVED:
        return {}
    return {"key": "Mã viết thường, không dấu, nối bằng gạch ngang, ví dụ lay-y-kien; không quá 64 ký tự."}
