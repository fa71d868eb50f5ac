from pathlib import Path

import pytest

from documents.official_text import Block, BlockKind, check_order, parse_body
from tests.documents.official_regulation import REGULATION, read_decision

OWN_REGULATION = Path(__file__).parents[2] / "demo" / "texts" / "quy-che.txt"


@pytest.mark.parametrize(
    ("line", "kind", "label", "text"),
    [
        ("Phần thứ nhất", BlockKind.PART, "Phần thứ nhất", ""),
        ("Chương II", BlockKind.CHAPTER, "Chương II", ""),
        ("Mục 1. QUẢN LÝ VĂN BẢN ĐẾN", BlockKind.SECTION, "Mục 1", "QUẢN LÝ VĂN BẢN ĐẾN"),
        ("Điều 7. Lưu trữ", BlockKind.ARTICLE, "Điều 7.", "Lưu trữ"),
        ("Điều 7: Lưu trữ", BlockKind.ARTICLE, "Điều 7.", "Lưu trữ"),
        ("2. Văn bản đi", BlockKind.CLAUSE, "2.", "Văn bản đi"),
        ("2.1. Văn bản đi", BlockKind.CLAUSE, "2.1.", "Văn bản đi"),
        ("đ) Ký số", BlockKind.POINT, "đ)", "Ký số"),
        ("- Gửi bản giấy", BlockKind.DASH, "-", "Gửi bản giấy"),
        ("\u2013 Gửi bản giấy", BlockKind.DASH, "-", "Gửi bản giấy"),
        (
            "Điều 5 Nghị định này áp dụng từ hôm nay.",
            BlockKind.PARAGRAPH,
            "",
            "Điều 5 Nghị định này áp dụng từ hôm nay.",
        ),
        ("f) không phải điểm", BlockKind.PARAGRAPH, "", "f) không phải điểm"),
        ("05 ngày sau khi ký", BlockKind.PARAGRAPH, "", "05 ngày sau khi ký"),
    ],
)
def test_a_line_is_known_by_how_it_is_numbered(line: str, kind: BlockKind, label: str, text: str) -> None:
    assert parse_body(line) == [Block(kind=kind, label=label, text=text)]


def test_a_chapter_takes_its_title_from_the_lines_below() -> None:
    blocks = parse_body("Chương I\n\nQUY ĐỊNH\nCHUNG\nĐiều 1. Phạm vi\n1. Quy chế này áp dụng cho mọi người.")

    assert [(block.label, block.text) for block in blocks][:2] == [
        ("Chương I", "QUY ĐỊNH CHUNG"),
        ("Điều 1.", "Phạm vi"),
    ]


def test_an_articles_text_is_a_title_only_when_rules_follow() -> None:
    titled, _, rule, last = parse_body(
        "Điều 1. Phạm vi\n1. Mọi người.\nĐiều 2. Có hiệu lực từ ngày ký.\nĐiều 3. Thi hành"
    )

    assert (titled.is_title, rule.is_title, last.is_title) == (True, False, False)


def test_decomposed_letters_are_read_as_composed_ones() -> None:
    assert parse_body("Đie\u0302\u0300u 1. A")[0].kind is BlockKind.ARTICLE


def test_the_point_after_d_is_d_with_a_stroke() -> None:
    in_order = "Điều 1. A\n1. B\na) x\nb) x\nc) x\nd) x\nđ) x\ne) x\ng) x\n2. C\na) x"

    assert check_order(parse_body(in_order)) == []
    assert check_order(parse_body(in_order.replace("đ) x\n", ""))) == ["Điều 1: chờ “đ)” nhưng gặp “e)”."]


def test_articles_run_through_all_chapters() -> None:
    text = "Chương I\nA\nĐiều 1. B\n1. x\nChương II\nC\nĐiều 3. D\n1. x\n3. y"

    assert check_order(parse_body(text)) == [
        "chờ “Điều 2.” nhưng gặp “Điều 3.”.",
        "Điều 3: chờ “2.” nhưng gặp “3.”.",
    ]


def test_the_demo_regulation_has_three_chapters_and_fifteen_articles_in_order() -> None:
    blocks = parse_body(OWN_REGULATION.read_text(encoding="utf-8"))

    assert sum(block.kind is BlockKind.CHAPTER for block in blocks) == 3
    assert sum(block.kind is BlockKind.ARTICLE for block in blocks) == 15
    assert check_order(blocks) == []


@pytest.mark.skipif(not REGULATION.is_file(), reason="the regulation's text is not beside this checkout")
def test_the_regulation_itself_is_read_whole() -> None:
    content = read_decision(REGULATION.read_text(encoding="utf-8"))

    assert content.enclosed is not None
    blocks = parse_body(content.enclosed.body)
    assert [block.label for block in blocks if block.kind is BlockKind.CHAPTER] == [
        "Chương I",
        "Chương II",
        "Chương III",
    ]
    assert [block.label for block in blocks if block.is_title] == [f"Điều {place}." for place in range(1, 16)]
    assert check_order(blocks) == []
    assert (content.symbol, content.number_year, content.signer_title) == ("QĐ-UBND", 2016, "CHỦ TỊCH")
