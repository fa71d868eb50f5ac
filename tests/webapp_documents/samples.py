"""PDFs with the words of official documents, made for each test."""

import functools
import tempfile
from pathlib import Path

import typst

FONTS = Path(__file__).parents[2] / "documents" / "fonts"

DECISION = """ỦY BAN NHÂN DÂN
TỈNH SƠN LA
Số: 05/2016/QĐ-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Sơn La, ngày 07 tháng 3 năm 2016
QUYẾT ĐỊNH
Ban hành Quy chế quản lý, vận hành phần mềm quản lý văn bản
ỦY BAN NHÂN DÂN TỈNH SƠN LA
Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Cầm Ngọc Minh"""

LETTER = """SỞ THÔNG TIN VÀ TRUYỀN THÔNG
Số: 238/STTTT-CNTT
V/v báo cáo tình hình gửi, nhận văn bản điện tử
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Sơn La, ngày 04 tháng 5 năm 2016
Kính gửi: Ủy ban nhân dân huyện Mộc Châu
GIÁM ĐỐC
Nguyễn Thị Hoa"""


@functools.cache
def pdf_of(text: str, pages: int = 1) -> bytes:
    """Each line of the text is a line of the page."""
    escaped = "".join(f"\\u{{{ord(c):x}}}" if c in '\\"#[]' else c for c in text)
    body = "\n".join(f'#text("{line}") \\' for line in escaped.splitlines())
    more = "#pagebreak() trang sau\n" * (pages - 1)
    source = f'#set page(paper: "a4")\n#set text(font: "Tinos", size: 13pt)\n{body}\n{more}'
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "mau.typ")
        place.write_text(source, encoding="utf-8")
        compiled: bytes = typst.compile(place, font_paths=[FONTS])
    return compiled
