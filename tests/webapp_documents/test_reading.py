"""What is read from the text of an arrived file."""

import datetime as dt

import pytest

from webapp.incoming import reading

KINDS = {"QĐ": "Quyết định", "CV": "Công văn", "TTr": "Tờ trình", "BC": "Báo cáo", "GM": "Giấy mời"}

DECISION = """ỦY BAN NHÂN DÂN
TỈNH SƠN LA
_______
Số: 05/2016/QĐ-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Sơn La, ngày 07 tháng 3 năm 2016
QUYẾT ĐỊNH
Ban hành Quy chế quản lý, vận hành
phần mềm quản lý văn bản
ỦY BAN NHÂN DÂN TỈNH SƠN LA
Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;
QUYẾT ĐỊNH:
Điều 1. Ban hành kèm theo Quyết định này Quy chế.
Nơi nhận:
- Như Điều 3;
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Cầm Ngọc Minh"""

LETTER = """UBND TỈNH SƠN LA
SỞ THÔNG TIN VÀ TRUYỀN THÔNG
CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập – Tự do – Hạnh phúc
Số: 238/STTTT-CNTT
V/v báo cáo tình hình gửi, nhận
văn bản điện tử
KHẨN
Sơn La, ngày 04 tháng 5 năm 2016
Kính gửi: Ủy ban nhân dân huyện Mộc Châu
Đề nghị báo cáo trước ngày 20/5/2016.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
(Đã ký)
Nguyễn Thị Hoa"""


def test_a_decision_is_read_where_the_decree_puts_its_parts() -> None:
    told = reading.read([DECISION], kinds=KINDS)

    assert (told.number, told.symbol, told.kind) == ("05/2016", "QĐ-UBND", "QĐ")
    assert told.issued_date == dt.date(2016, 3, 7)
    assert told.organ == "Ủy ban nhân dân tỉnh Sơn La"
    assert told.subject == "Ban hành Quy chế quản lý, vận hành phần mềm quản lý văn bản"
    assert (told.signer_position, told.signer_name) == ("Chủ tịch", "Cầm Ngọc Minh")


def test_a_letter_without_a_kind_line_is_read_from_its_v_v() -> None:
    told = reading.read([LETTER], kinds=KINDS)

    assert (told.number, told.symbol, told.kind) == ("238", "STTTT-CNTT", "CV")
    assert told.organ == "Sở Thông tin và Truyền thông"
    assert told.subject == "Về việc báo cáo tình hình gửi, nhận văn bản điện tử"
    assert (told.urgency, told.due_date) == (1, dt.date(2016, 5, 20))
    assert (told.signer_position, told.signer_name) == ("Phó giám đốc", "Nguyễn Thị Hoa")


@pytest.mark.parametrize("text", ["", " \n\f", "một tấm ảnh không có chữ của văn bản", "ngày 45 tháng 13 năm 2016"])
def test_a_text_that_is_no_document_gives_nothing(text: str) -> None:
    assert reading.read([text], kinds=KINDS).is_empty


def test_decomposed_letters_are_read_like_composed_ones() -> None:
    import unicodedata

    told = reading.read([unicodedata.normalize("NFD", DECISION)], kinds=KINDS)

    assert told == reading.read([DECISION], kinds=KINDS)


def test_the_number_may_be_missing_on_a_document_numbered_by_hand() -> None:
    told = reading.read([DECISION.replace("05/2016/QĐ-UBND", "      /QĐ-UBND")], kinds=KINDS)

    assert told.number is None
    assert told.kind == "QĐ"


@pytest.mark.parametrize(
    ("lines", "organ"),
    [
        (["ỦY BAN NHÂN DÂN", "HUYỆN MỘC CHÂU"], "Ủy ban nhân dân huyện Mộc Châu"),
        (["UBND HUYỆN MỘC CHÂU", "VĂN PHÒNG HĐND VÀ UBND"], "Văn phòng HĐND và UBND"),
        (["ỦY BAN NHÂN DÂN", "TỈNH SƠN LA", "SỞ KHOA HỌC VÀ CÔNG NGHỆ"], "Sở Khoa học và Công nghệ"),
        (["UBND TỈNH SƠN LA", "SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH"], "Sở Văn hóa, Thể thao và Du lịch"),
        (["UBND HUYỆN MỘC CHÂU", "PHÒNG VĂN HÓA - THÔNG TIN"], "Phòng Văn hóa - Thông tin"),
    ],
)
def test_the_organ_is_named_without_its_superior(lines: list[str], organ: str) -> None:
    told = reading.read(["\n".join([*lines, "Số: 12/BC-X"])], kinds=KINDS)

    assert told.organ == organ


def test_a_document_not_yet_numbered_still_tells_its_symbol_and_who_signs() -> None:
    text = "SỞ NỘI VỤ\nSố:      /SNV-VP\nV/v Về việc nâng lương\nKính gửi: Các sở\nGIÁM ĐỐC\nLò Thị Hương"

    told = reading.read([text], kinds=KINDS)

    assert (told.number, told.symbol, told.kind) == (None, "SNV-VP", "CV")
    assert told.subject == "Về việc nâng lương"
    assert (told.signer_position, told.signer_name) == ("Giám đốc", "Lò Thị Hương")
