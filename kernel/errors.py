"""Refusals. Each is an ordinary result with a sentence for the person who asked; raising one undoes the transaction.

A subclass's `status` is the HTTP status the web answers with; its docstring says when it is raised, its `sentence`
what the user may do now. Programming errors stay Python's own exceptions and become 500.
"""

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """The base of all refusals."""

    status = 409
    sentence = "Không làm được việc này lúc này."

    def __init__(self, sentence: str | None = None, **details: Any) -> None:
        self.sentence = sentence or type(self).sentence.format_map(details)
        self.details = details
        super().__init__(self.sentence)


class NotFound(DomainError):
    """What was asked for does not exist, or not for this person."""

    status = 404
    sentence = "Không tìm thấy. Có thể đường dẫn đã cũ hoặc mục này không thuộc quyền xem của bạn."


class Forbidden(DomainError):
    """The person may not do this."""

    status = 403
    sentence = "Việc này không thuộc quyền của bạn."


class Conflict(DomainError):
    """Somebody else was faster, or the thing has moved on."""

    status = 409
    sentence = "Mục này vừa thay đổi. Tải lại trang để xem tình trạng mới."


class Invalid(DomainError):
    """Values that cannot be taken; `fields` says which and what to do about each."""

    status = 422
    sentence = "Có ô chưa đúng. Sửa các ô được đánh dấu rồi gửi lại."

    def __init__(self, fields: Mapping[str, str] | None = None, sentence: str | None = None, **details: Any) -> None:
        self.fields = dict(fields or {})
        super().__init__(sentence, **details)
