"""Number and symbol: read, written, compared."""

import pytest

from documents import numbering


@pytest.mark.parametrize(
    ("text", "number", "suffix", "year", "symbol"),
    [
        ("12/QĐ-UBND", 12, "", None, "QĐ-UBND"),
        ("15/UBND-VHTT", 15, "", None, "UBND-VHTT"),
        ("41/TTr-VP", 41, "", None, "TTr-VP"),
        ("09/2016/QĐ-UBND", 9, "", 2016, "QĐ-UBND"),
        ("7816/VPCP-TTĐT", 7816, "", None, "VPCP-TTĐT"),
        ("01/QyĐ-UBND", 1, "", None, "QyĐ-UBND"),
        ("15a/QĐ-UBND", 15, "a", None, "QĐ-UBND"),
        (" 12 / QĐ - UBND ", 12, "", None, "QĐ-UBND"),
        ("12/Q\u00d0-UBND", 12, "", None, "QĐ-UBND"),
        ("12/QĐ-UBND".replace("Đ", "\u0110"), 12, "", None, "QĐ-UBND"),
    ],
)
def test_a_number_and_symbol_is_read(text, number, suffix, year, symbol):
    read = numbering.parse(text)

    assert (read.number, read.suffix, read.year, read.symbol) == (number, suffix, year, symbol)


@pytest.mark.parametrize("text", ["", "12", "QĐ-UBND", "12-QĐ/HU", "0/QĐ-UBND", "12/qđ-ubnd", "1234567/QĐ-UBND", "12/"])
def test_another_form_is_no_number_and_symbol(text):
    assert numbering.parse(text) is None


@pytest.mark.parametrize(
    ("number", "symbol", "year", "written"),
    [
        (5, "BNV-VP", None, "05/BNV-VP"),
        (15, "QĐ-BNV", None, "15/QĐ-BNV"),
        (9, "QĐ-UBND", 2016, "09/2016/QĐ-UBND"),
        (123, "UBND-VX", None, "123/UBND-VX"),
    ],
)
def test_numbers_below_ten_have_a_leading_zero(number, symbol, year, written):
    assert numbering.format_number_symbol(number, symbol, year=year) == written
    assert str(numbering.parse(written)) == written


@pytest.mark.parametrize(
    ("abbreviation", "unit", "symbol"),
    [("QĐ", "VHTT", "QĐ-UBND"), ("", "VHTT", "UBND-VHTT"), ("", "", "UBND")],
)
def test_a_named_kind_names_the_kind_and_a_letter_the_unit(abbreviation, unit, symbol):
    assert numbering.symbol_of(abbreviation, "UBND", unit) == symbol


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("05/UBND-VHTT", "5 / ubnd-vhtt"),
        ("41/TTr-VP", "41/TTR-VP"),
        ("09/2016/QĐ-UBND", "9/2016/QD-UBND"),
        ("12-QĐ/HU", " 12-qđ/hu"),
    ],
)
def test_two_spellings_of_one_number_have_one_key(one, other):
    assert numbering.comparison_key(one) == numbering.comparison_key(other)


@pytest.mark.parametrize(("one", "other"), [("5/UBND-VHTT", "15/UBND-VHTT"), ("15a/QĐ-UBND", "15/QĐ-UBND")])
def test_different_numbers_have_different_keys(one, other):
    assert numbering.comparison_key(one) != numbering.comparison_key(other)


@pytest.mark.parametrize(
    ("text", "boxes"),
    [("41/TTr-VP", ("41", "TTr-VP")), ("12-QĐ/HU", ("12-QĐ", "HU")), ("41", ("41", "")), ("", ("", ""))],
)
def test_one_box_is_split_into_two(text, boxes):
    assert numbering.split(text) == boxes
