import datetime as dt
import io

import pikepdf
import pytest

from documents.official_pdf import compose
from signing.errors import (
    AlreadySigned,
    CertificateOutOfDate,
    LeaderSignatureBroken,
    NumberUnfit,
    PlaceMissing,
)
from signing.model import ARCHIVE_STAMPS, DAY, LEADER, MONTH, NUMBER, SEAL, LegalValue, Role, Verdict
from signing.prepare import prepare
from signing.seal import month_in_words_of_law
from tests.signing import attacks
from tests.signing.conftest import COMPOSED_AT, DECISION, JUDGED_AT, SEALED_AT, SIGNED_AT, Office


def test_a_prepared_document_has_blank_places_with_locks(prepared: bytes) -> None:
    with pikepdf.open(io.BytesIO(prepared)) as document:
        fields = {str(field.T): field for field in document.Root.AcroForm.Fields}

        assert set(fields) == {NUMBER, DAY, MONTH, LEADER, SEAL}
        for name in (NUMBER, DAY, MONTH):
            assert "/V" not in fields[name]
            assert "/Ff" not in fields[name]
            assert int(fields[name].F) == 4
            assert fields[name].AP.N.read_bytes() == b""
        lock = fields[LEADER].Lock
        assert (str(lock.Action), [str(name) for name in lock.Fields]) == (
            "/Exclude",
            [NUMBER, DAY, MONTH, SEAL, *ARCHIVE_STAMPS],
        )
        assert "/P" not in lock
        assert (str(fields[SEAL].Lock.Action), int(fields[SEAL].Lock.P)) == ("/All", 1)


def test_both_signatures_are_valid_after_number_and_seal(office: Office, sealed: bytes) -> None:
    report = office.judge(sealed)

    leader, seal = report.signatures
    assert (leader.field, leader.role, leader.verdict) == (LEADER, Role.LEADER, Verdict.VALID)
    assert (seal.field, seal.role, seal.verdict) == (SEAL, Role.SEAL, Verdict.VALID)
    assert set(leader.changed_fields) == {NUMBER, DAY, MONTH, SEAL}
    assert leader.changes == "Sau khi ký có thay đổi: số, ngày và dấu cơ quan — được phép."
    assert seal.changed_fields == ()
    assert report.legal_value is LegalValue.FULL


def test_signatures_prove_the_moment_they_were_told(office: Office, sealed: bytes) -> None:
    leader, seal = office.judge(sealed).signatures

    assert (leader.signed_at, seal.signed_at) == (SIGNED_AT, SEALED_AT)
    assert (leader.claimed_at, seal.claimed_at) == (SIGNED_AT, SEALED_AT)
    assert "ký lúc 04/05/2016 15:30:00 theo dấu thời gian" in leader.sentence


def test_test_certificates_say_that_they_are_tests(office: Office, sealed: bytes) -> None:
    report = office.judge(sealed)

    assert report.is_test
    assert all(signature.is_test for signature in report.signatures)
    assert "Chứng thư thử nghiệm, không có giá trị pháp lý." in report.sentence


def test_both_signatures_satisfy_the_policy_strangers_use(office: Office, sealed: bytes) -> None:
    from asn1crypto import x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    root = x509.Certificate.load(office.trust.roots[0])
    for signature in PdfFileReader(io.BytesIO(sealed)).embedded_regular_signatures:
        context = ValidationContext(trust_roots=[root], moment=JUDGED_AT)
        assert validate_pdf_signature(signature, context).bottom_line


def test_pdf_a_is_kept_to_the_end(sealed: bytes) -> None:
    with pikepdf.open(io.BytesIO(sealed)) as document:
        with document.open_metadata() as metadata:
            assert metadata.pdfa_status == "2B"
        for field in document.Root.AcroForm.Fields:
            assert "/N" in field.AP  # ISO 19005-2, 6.3.3
            assert int(field.F) & 4


def test_every_revision_begins_on_a_line_of_its_own(sealed: bytes) -> None:
    ends = [part[:1] for part in sealed.split(b"%%EOF")[1:]]

    assert ends == [b"\n"] * 4  # composed, prepared, signed, sealed (ISO 19005-2, 6.1.9)


def test_the_number_is_what_the_page_shows(sealed: bytes) -> None:
    with pikepdf.open(io.BytesIO(sealed)) as document:
        fields = {str(field.T): field for field in document.Root.AcroForm.Fields}

        assert [str(fields[name].V) for name in (NUMBER, DAY, MONTH)] == ["09", "05", "5"]
        font = fields[NUMBER].AP.N.Resources.Font.F0.DescendantFonts[0]
        assert "/FontFile2" in font.FontDescriptor
        assert list(fields[NUMBER].AP.N.BBox) == [0, 0, 32, 16]


@pytest.mark.parametrize(("month", "printed"), [(1, "01"), (2, "02"), (3, "3"), (5, "5"), (12, "12")])
def test_only_the_first_two_months_have_a_leading_zero(month: int, printed: str) -> None:
    assert month_in_words_of_law(month) == printed


def test_nothing_is_signed_twice(office: Office, signed: bytes, sealed: bytes) -> None:
    with pytest.raises(AlreadySigned):
        office.sign(signed)
    with pytest.raises(AlreadySigned):
        office.seal(sealed)


def test_a_file_without_places_is_not_signed(office: Office) -> None:
    composed = compose(DECISION, at=COMPOSED_AT)

    with pytest.raises(PlaceMissing):
        office.sign(composed.pdf)


def test_no_seal_before_the_leader_signed(office: Office, prepared: bytes) -> None:
    with pytest.raises(LeaderSignatureBroken):
        office.seal(prepared)


def test_no_seal_over_a_broken_signature(office: Office, signed: bytes) -> None:
    with pytest.raises(LeaderSignatureBroken):
        office.seal(attacks.stamp_in_page_content(signed))


@pytest.mark.parametrize("number", ["", "123456789", "1/2", "１２"])
def test_a_number_that_does_not_fit_its_place_is_refused(office: Office, signed: bytes, number: str) -> None:
    with pytest.raises(NumberUnfit):
        office.seal(signed, number=number)


def test_a_certificate_signs_only_in_its_time(office: Office, prepared: bytes) -> None:
    with pytest.raises(CertificateOutOfDate):
        office.sign(prepared, at=dt.datetime(2014, 12, 31, tzinfo=dt.UTC))


def test_places_have_known_names_only() -> None:
    composed = compose(DECISION, at=COMPOSED_AT)
    stranger = [type(box)(name="Khac", page=box.page, rect=box.rect) for box in composed.fields[:1]]

    with pytest.raises(ValueError, match="Khac"):
        prepare(composed.pdf, stranger)
