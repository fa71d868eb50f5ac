"""What must not enter this system (Quy chế, Điều 7 khoản 1), as far as words can tell (pure).

Only marks near the head count: a box `MẬT` beside the number, the title of a letter. The same words in running text
("mật khẩu", "bảo vệ bí mật nhà nước") are no reason to refuse.
"""

import re

from kernel.text import nfc

HEAD_LINES = 40  #: lines from the top in which a mark or title stands
SENSITIVE_FIELDS = {"DAN_TOC": "Dân tộc", "TON_GIAO": "Tôn giáo", "DOI_NGOAI": "Đối ngoại"}

MARKED = "tài liệu mang dấu “{mark}”"
LETTER = "đơn thư khiếu nại, tố cáo"

_SECRET_LINE = re.compile(r"[\[(|]?\s*(?P<mark>TUYỆT\s+MẬT|TỐI\s+MẬT|MẬT)\s*[\])|.]?")
_SECRET_LABEL = re.compile(r"(?:độ|mức độ)\s+mật\s*:\s*(?P<mark>tuyệt\s+mật|tối\s+mật|mật)\b", re.IGNORECASE)
_LETTER = re.compile(
    r"ĐƠN\s+(?:KHIẾU\s+NẠI|TỐ\s+CÁO|KHIẾU\s+TỐ|THƯ\s+KHIẾU\s+NẠI|THƯ\s+TỐ\s+CÁO)\b.*"
    r"|Đơn\s+(?:khiếu\s+nại|tố\s+cáo)\s+(?:của|đối\s+với)\b.*"
)
_CITIZEN = re.compile(r"(?:v/v\s+)?đơn\s+(?:thư\s+)?(?:khiếu\s+nại|tố\s+cáo)\b.*", re.IGNORECASE)


def find_in_text(text: str) -> str | None:
    """The reason to refuse a text (its first lines), as the end of a sentence, or None."""
    lines = [_blanks(line) for line in nfc(text).splitlines() if line.strip()][:HEAD_LINES]
    for line in lines:
        mark = _SECRET_LINE.fullmatch(line) or _SECRET_LABEL.search(line)
        if mark:
            return MARKED.format(mark=_blanks(mark["mark"]).upper())
        if _LETTER.fullmatch(line):
            return LETTER
    return None


def find_in_subject(subject: str) -> str | None:
    """The reason to refuse a trích yếu: it is the title of a citizen's letter. Documents about such letters pass."""
    line = _blanks(nfc(subject)).strip(" .")
    return LETTER if _CITIZEN.fullmatch(line) else None


def _blanks(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
