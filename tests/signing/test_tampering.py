from collections.abc import Callable

import pytest

from signing.model import LEADER, SEAL, LegalValue, Verdict
from signing.validate import validate
from tests.signing import attacks
from tests.signing.conftest import JUDGED_AT, Office

ATTACKS = [
    attacks.white_box_over_the_body,
    attacks.stamp_in_page_content,
    attacks.number_filled_again,
    attacks.value_unlike_its_drawing,
    attacks.place_moved_over_the_body,
    attacks.new_text_field,
    attacks.new_unsigned_signature_field,
    attacks.archive_stamp_that_is_none,
    attacks.second_look_of_the_number,
    attacks.note_on_the_page,
    attacks.display_rules_of_the_form,
    attacks.bytes_after_the_end,
    attacks.one_byte_flipped,
    attacks.rewritten,
]
BETWEEN = [
    attacks.white_box_over_the_body,
    attacks.stamp_in_page_content,
    attacks.value_unlike_its_drawing,
    attacks.drawing_without_value,
    attacks.place_moved_over_the_body,
    attacks.new_text_field,
    attacks.new_unsigned_signature_field,
    attacks.archive_stamp_that_is_none,
    attacks.second_look_of_the_number,
    attacks.note_on_the_page,
    attacks.display_rules_of_the_form,
    attacks.bytes_after_the_end,
    attacks.one_byte_flipped,
    attacks.rewritten,
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_sealed_file_that_was_touched_has_never_full_value(
    office: Office, sealed: bytes, attack: Callable[[bytes], bytes]
) -> None:
    report = office.judge(attack(sealed))

    assert report.verdict in {Verdict.INVALID, Verdict.INDETERMINATE}
    assert report.legal_value is not LegalValue.FULL
    assert all(signature.verdict is not Verdict.VALID for signature in report.signatures if signature.field == SEAL)


@pytest.mark.parametrize("attack", BETWEEN)
def test_the_leaders_signature_does_not_survive_what_its_lock_forbids(
    office: Office, signed: bytes, attack: Callable[[bytes], bytes]
) -> None:
    report = office.judge(attack(signed))

    assert report.verdict in {Verdict.INVALID, Verdict.INDETERMINATE}
    assert all(signature.verdict is not Verdict.VALID for signature in report.signatures)


def test_a_white_box_over_the_body_breaks_both(office: Office, sealed: bytes) -> None:
    report = office.judge(attacks.white_box_over_the_body(sealed))

    assert {signature.field: signature.verdict for signature in report.signatures} == {
        LEADER: Verdict.INVALID,
        SEAL: Verdict.INVALID,
    }
    assert report.legal_value is LegalValue.INVALID


def test_the_seal_protects_the_number(office: Office, sealed: bytes) -> None:
    report = office.judge(attacks.number_filled_again(sealed))

    seal = next(signature for signature in report.signatures if signature.field == SEAL)
    assert seal.verdict is Verdict.INVALID
    assert seal.sentence.startswith("Không hợp lệ")


def test_a_value_is_believed_only_if_the_page_shows_it(office: Office, signed: bytes) -> None:
    report = office.judge(attacks.value_unlike_its_drawing(signed))

    assert report.signatures[0].verdict is Verdict.INDETERMINATE
    assert "trang 1 không còn giống lúc ký" in report.signatures[0].reasons


def test_number_and_date_filled_but_not_sealed_leave_the_leader_valid(office: Office, signed: bytes) -> None:
    report = office.judge(attacks.number_filled_again(signed))

    assert report.signatures[0].verdict is Verdict.VALID
    assert report.legal_value is LegalValue.INFO_ONLY


def test_a_file_that_no_parser_reads_is_undecided_and_never_unsigned(office: Office, sealed: bytes) -> None:
    report = office.judge(sealed[: len(sealed) // 2])

    assert report.verdict is Verdict.INDETERMINATE
    assert report.signatures == ()
    assert "không đọc được" in report.sentence


def test_signatures_whose_fields_were_removed_are_noticed(office: Office, sealed: bytes) -> None:
    def remove_form(writer: object) -> None:
        del writer.root["/AcroForm"]  # type: ignore[attr-defined]
        writer.update_root()  # type: ignore[attr-defined]

    report = office.judge(attacks.append(sealed, remove_form))

    assert report.verdict is Verdict.INDETERMINATE


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7", b"/ByteRange [0 1 2 3]", b"\x00" * 2000, b"/ByteRange [" * 1000])
def test_nothing_makes_the_validator_raise(office: Office, junk: bytes) -> None:
    assert validate(junk, trust=office.trust, at=JUDGED_AT).legal_value is LegalValue.INFO_ONLY
