"""Files at the door: Điều 3."""

import io
import unicodedata
import zipfile

import pytest

from documents import intake
from documents.errors import IntakeRefused
from documents.intake import Upload
from tests.documents import factories

EXE = b"MZ\x90\x00" + b"\x00" * 60
OLE = intake.OLE + b"\x00" * 600


def accept(name, data):
    return intake.accept_one(Upload(name=name, data=data))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", factories.make_pdf()),
        ("a.DOCX", factories.make_docx()),
        ("a.odt", factories.make_odt()),
        ("a.rtf", b"{\\rtf1 xin ch\\'e0o}"),
        ("a.doc", OLE),
        ("a.xls", OLE),
        ("a.ppt", OLE),
        ("a.txt", "Tiếng Việt".encode()),
        ("a.txt", "Tiếng Việt".encode("utf-16")),
        ("a.txt", b"Ti\xd5ng Vi\xd6t"),  # TCVN3
        ("a.zip", factories.make_zip({"a.pdf": factories.make_pdf(), "b/c.txt": b"abc"})),
        ("a.zip", factories.make_zip({"b.zip": factories.make_zip({"c.txt": b"abc"})})),
        ("a.zip", factories.make_zip({"b.docx": factories.make_docx()})),
    ],
)
def test_the_formats_of_article_3_are_taken(name, data):
    assert accept(name, data).data == data


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("virus.exe", EXE, "định dạng"),
        ("virus.docx", EXE, "không phải tệp .docx"),
        ("virus.txt", EXE, "không phải tệp .txt"),
        ("a.pdf", b"\n%PDF-1.7", "không phải tệp .pdf"),
        ("a.pdf", b"%PDF-1.7 cut", "hỏng"),
        ("a.docx", factories.make_zip({"a.txt": b"abc"}), "không phải tệp .docx"),
        ("a.xlsx", factories.make_docx(), "không phải tệp .xlsx"),
        ("a.html", b"<html>", "định dạng"),
        ("a", b"abc", "định dạng"),
        ("a.txt", b"", "rỗng"),
        ("a.pdf", factories.make_pdf(javascript=True), "JavaScript"),
        ("a.pdf", factories.make_pdf(launch=True), "lệnh chạy chương trình"),
        ("a.zip", factories.make_zip({"b.exe": EXE}), "b.exe"),
        ("a.zip", factories.make_zip({"b.docx": EXE}), "b.docx"),
        ("a.zip", factories.make_zip({"b.pdf": factories.make_pdf(javascript=True)}), "JavaScript"),
        ("a.zip", b"PK\x03\x04rubbish", "hỏng"),
        ("bom.zip", factories.make_zip({"a.txt": b"0" * 30_000_000}), "quá lớn"),
        ("nhieu.zip", factories.make_zip({f"{n}.txt": b"a" for n in range(1_001)}), "quá lớn"),
        (
            "sau.zip",
            factories.make_zip({"b.zip": factories.make_zip({"c.zip": factories.make_zip({"d.txt": b"a"})})}),
            "lồng quá một lớp",
        ),
    ],
)
def test_anything_else_is_refused_naming_file_and_reason(name, data, said):
    with pytest.raises(IntakeRefused) as refusal:
        accept(name, data)

    assert said in refusal.value.sentence
    assert name in refusal.value.sentence


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_archive_that_was_damaged_inside_is_refused(method):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("a.txt", b"abc" * 1000)
    data = bytearray(buffer.getvalue())
    data[45:55] = b"\xff" * 10

    with pytest.raises(IntakeRefused, match="hỏng"):
        accept("a.zip", bytes(data))


@pytest.mark.parametrize("name", ["a.zip", "a.docx", "a.odt"])
def test_a_member_whose_name_is_no_text_is_refused(name):
    data = bytearray(factories.make_zip({"é.txt": b"a"}))
    data = data.replace("é".encode(), b"\xff\xfe")

    with pytest.raises(IntakeRefused):
        accept(name, bytes(data))


def test_an_archive_with_a_password_is_refused():
    data = bytearray(factories.make_zip({"a.txt": b"abc"}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        flags = data.index(mark) + (6 if mark == b"PK\x03\x04" else 8)
        data[flags] |= 1

    with pytest.raises(IntakeRefused, match="mật khẩu"):
        accept("a.zip", bytes(data))


def test_25_mb_are_taken_and_one_byte_more_is_not():
    text = b"a" * intake.LIMIT

    assert len(accept("a.txt", text).data) == 26_214_400
    with pytest.raises(IntakeRefused, match="25 MB"):
        accept("a.txt", text + b"a")


def test_the_files_of_one_document_are_25_mb_together():
    half = Upload(name="a.txt", data=b"a" * (intake.LIMIT // 2))

    assert len(intake.accept([half, half])) == 2
    with pytest.raises(IntakeRefused, match="cộng lại"):
        intake.accept([half, half], taken=1)


def test_a_name_is_kept_composed_and_is_never_a_path():
    name = unicodedata.normalize("NFD", "Quyết định.txt")

    assert accept(f"../../etc\\{name}", b"abc").name == "Quyết định.txt"


def test_pages_of_a_pdf_are_counted():
    assert accept("a.pdf", factories.make_pdf(pages=3)).pages == 3


def test_a_text_with_a_mark_of_secrecy_is_prohibited():
    assert intake.find_prohibited(accept("a.txt", "Số: 1/QĐ\nMẬT\n".encode()))
    assert intake.find_prohibited(accept("a.txt", "đổi mật khẩu".encode())) is None
