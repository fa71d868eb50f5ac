import dataclasses
import datetime as dt
import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from documents.official_pdf import ComposedPdf, Enclosed, OfficialContent, compose
from signing.model import DAY, LEADER, MONTH, NUMBER, SEAL
from tests.documents.official_regulation import REGULATION, read_decision

TEXTS = Path(__file__).parents[2] / "demo" / "texts"
AT = dt.datetime(2016, 5, 4, 1, tzinfo=dt.UTC)
MM = 72 / 25.4

DECISION = OfficialContent(
    header_name="ỦY BAN NHÂN DÂN\nHUYỆN MỘC CHÂU",
    place_name="Mộc Châu",
    symbol="QĐ-UBND",
    year=2016,
    number_year=2016,
    kind_name="Quyết định",
    subject="Ban hành Quy chế quản lý và sử dụng phần mềm văn bản, điều hành",
    authority_line="ỦY BAN NHÂN DÂN HUYỆN MỘC CHÂU",
    legal_bases=(TEXTS / "can-cu.txt").read_text(encoding="utf-8").format(proposal="41/TTr-VP").splitlines(),
    body=(TEXTS / "quyet-dinh.txt").read_text(encoding="utf-8"),
    signer_prefix="TM. ỦY BAN NHÂN DÂN",
    signer_title="CHỦ TỊCH",
    signer_name="Lò Văn Thắng",
    recipients=(TEXTS / "noi-nhan.txt").read_text(encoding="utf-8").splitlines(),
    archive_note="VT, Hùng, 80 bản",
    issuer_name="Ủy ban nhân dân huyện Mộc Châu",
    enclosed=Enclosed(
        kind_name="Quy chế",
        title="Quản lý và sử dụng phần mềm văn bản, điều hành",
        body=(TEXTS / "quy-che.txt").read_text(encoding="utf-8"),
    ),
)
LETTER = OfficialContent(
    header_parent="ỦY BAN NHÂN DÂN\nHUYỆN MỘC CHÂU",
    header_name="PHÒNG TƯ PHÁP",
    place_name="Mộc Châu",
    symbol="UBND-TP",
    year=2026,
    subject="góp ý dự thảo",
    addressees=["Phòng Nội vụ", "Phòng Văn hóa - Thông tin"],
    body="Phòng Tư pháp nhất trí với dự thảo.",
    signer_title="TRƯỞNG PHÒNG",
    signer_name="Lường Minh Tuấn",
    recipients=["Như trên"],
    archive_note="VT",
    urgency="KHẨN",
)


def texts(composed: ComposedPdf) -> list[str]:
    document = pypdfium2.PdfDocument(composed.pdf)
    try:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]
    finally:
        document.close()


@pytest.fixture(scope="module")
def decision() -> ComposedPdf:
    return compose(DECISION, at=AT)


def test_a_decision_is_pdf_a_with_its_fonts_inside(decision: ComposedPdf) -> None:
    with pikepdf.open(io.BytesIO(decision.pdf)) as document:
        with document.open_metadata() as metadata:
            assert metadata.pdfa_status == "2B"
        fonts = [
            font.DescendantFonts[0].FontDescriptor
            for page in document.pages
            for font in page.Resources.get("/Font", {}).values()
        ]

        assert fonts
        assert all("/FontFile2" in font and "Tinos" in str(font.FontName) for font in fonts)
        assert len(document.pages) == decision.page_count
        sizes = {tuple(round(float(edge) / MM) for edge in page.MediaBox) for page in document.pages}
        assert sizes == {(0, 0, 210, 297)}


def test_same_content_and_instant_give_the_same_bytes(decision: ComposedPdf) -> None:
    assert compose(DECISION, at=AT).pdf == decision.pdf


def test_the_first_page_has_every_part_of_the_head(decision: ComposedPdf) -> None:
    first = texts(decision)[0]

    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "HUYỆN MỘC CHÂU",
        "Số:",
        "/2016/QĐ-UBND",
        "năm 2016",
        "QUYẾT ĐỊNH:",
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
        "Điều 1. Ban hành kèm theo Quyết định này",
    ):
        assert part in first
    assert "Theo đề nghị" in first
    assert "Căn cứ Theo" not in first


def test_the_content_ends_with_its_mark_and_lists_end_with_a_full_stop(decision: ComposedPdf) -> None:
    whole = "\n".join(texts(decision))

    assert "thi hành Quyết định này./." in whole
    assert "./../." not in whole
    assert "- Như Điều 3;" in whole
    assert "- Lưu: VT, Hùng, 80 bản." in whole


def test_the_regulation_begins_on_its_own_page_with_an_unfilled_reference(decision: ComposedPdf) -> None:
    pages = texts(decision)
    start = next(number for number, text in enumerate(pages) if text.startswith("QUY CHẾ"))

    assert "(Ban hành kèm theo Quyết định số …/2016/QĐ-UBND" in pages[start]
    assert "ngày … tháng … năm … của Ủy ban nhân dân huyện Mộc Châu)" in pages[start]
    assert "Điều 15." in pages[-1]


def test_pages_are_numbered_but_not_the_first_of_document_and_enclosure(decision: ComposedPdf) -> None:
    pages = texts(decision)
    start = next(number for number, text in enumerate(pages) if text.startswith("QUY CHẾ"))

    heads = [text.split("\n")[0].strip() for text in pages]

    expected = [str(number + 1 if number < start else number + 1 - start) for number in range(len(pages))]
    for number, head in enumerate(heads):
        assert (head == expected[number]) is (number not in {0, start})


def test_prepared_places_lie_on_blank_ground_inside_the_margins(decision: ComposedPdf) -> None:
    places = {field.name: field for field in decision.fields}
    document = pypdfium2.PdfDocument(decision.pdf)

    assert set(places) == {NUMBER, DAY, MONTH, LEADER, SEAL}
    for field in places.values():
        page = document[field.page]
        left, bottom, right, top = field.rect
        image = page.render(scale=2, grayscale=True).to_pil()
        height = image.height / 2
        box = image.crop((round(left * 2), round((height - top) * 2), round(right * 2), round((height - bottom) * 2)))
        assert box.convert("L").getextrema() == (255, 255)
        assert 30 * MM - 0.1 <= left < right <= (210 - 20) * MM + 0.1
    document.close()


def test_the_seal_has_its_real_size_and_covers_a_third_of_the_signature(decision: ComposedPdf) -> None:
    places = {field.name: field for field in decision.fields}
    hand, seal = places[LEADER].rect, places[SEAL].rect

    assert places[LEADER].page == places[SEAL].page
    assert seal[2] - seal[0] == pytest.approx(35 * MM)
    assert seal[3] - seal[1] == pytest.approx(35 * MM)
    assert seal[2] == pytest.approx(hand[0] + (hand[2] - hand[0]) / 3)
    assert (seal[1] + seal[3]) / 2 == pytest.approx((hand[1] + hand[3]) / 2)


def test_the_signature_never_stands_alone_on_a_page() -> None:
    for lines in range(12, 30):
        body = "\n".join(f"{place}. Một dòng của nội dung." for place in range(1, lines))
        composed = compose(dataclasses.replace(LETTER, body=body), at=AT)

        page = next(field.page for field in composed.fields if field.name == LEADER)
        assert "Một dòng của nội dung." in texts(composed)[page]


def test_a_letter_has_its_subject_under_the_number_and_its_addressees() -> None:
    composed = compose(LETTER, at=AT)
    (page,) = texts(composed)

    for part in (
        "V/v góp ý dự thảo",
        "Kính gửi:",
        "- Phòng Nội vụ;",
        "- Phòng Văn hóa - Thông tin.",
        "KHẨN",
        "/UBND-TP",
    ):
        assert part in page
    assert "QUYẾT ĐỊNH" not in page


def test_text_is_never_read_as_markup() -> None:
    wild = '*đậm* _nghiêng_ #read("/etc/passwd") $x$ = @nhãn `mã` // hết \\ [ngoặc] <nhãn>'

    (page,) = texts(compose(dataclasses.replace(LETTER, subject=wild, body=wild), at=AT))

    flat = " ".join(page.split())
    assert flat.replace(" ", "").count('#read("/etc/passwd")') == 2
    assert "*đậm* _nghiêng_" in flat


@pytest.mark.skipif(not REGULATION.is_file(), reason="the regulation's text is not beside this checkout")
def test_the_regulations_own_decision_is_composed() -> None:
    composed = compose(read_decision(REGULATION.read_text(encoding="utf-8")), at=AT)

    whole = " ".join(" ".join(texts(composed)).split())
    assert composed.page_count == 9
    assert "Tờ trình số 41/TTr-VP ngày 27 tháng 4 năm 2016." in whole
    assert "- Lưu: VT, Hùng, 80 bản." in whole
    assert whole.endswith("xem xét, quyết định./.")
