import datetime as dt
import stat
from pathlib import Path

import pytest

from signing import authority
from signing.errors import NoKey, WrongPin
from signing.keys import KeyStore
from signing.model import LegalValue, Trust, Verdict
from signing.timestamps import Timestamps
from signing.validate import validate
from tests.signing.conftest import JUDGED_AT, PIN, SIGNED_AT, Office, make_office


def test_a_wrong_pin_opens_nothing(office: Office) -> None:
    with pytest.raises(WrongPin):
        office.keys.find_person_key("chu-tich", pin="000000")
    with pytest.raises(WrongPin):
        office.keys.find_seal_key("UBND-MC", pin="")


@pytest.mark.parametrize("username", ["van-thu", "", "..", "../seals/UBND-MC", "chu-tich/../chu-tich", "/etc"])
def test_a_person_without_certificate_cannot_sign(office: Office, username: str) -> None:
    assert not office.keys.has_person_key(username)
    with pytest.raises(NoKey):
        office.keys.find_person_key(username, pin=PIN)


def test_an_opened_key_does_not_show_itself(office: Office) -> None:
    key = office.keys.find_person_key("chu-tich", pin=PIN)

    assert "private" not in repr(key).lower()
    assert "PRIVATE" not in f"{key}{key!r}"


def test_private_keys_are_for_the_owner_only(office: Office) -> None:
    for path in office.folder.rglob("*key.pem"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_empty_folder_trusts_nobody_and_stamps_nothing(tmp_path: Path) -> None:
    assert KeyStore(tmp_path).trust() == Trust(roots=())
    with pytest.raises(NoKey):
        Timestamps.of_folder(tmp_path)


def test_a_file_without_signature_is_for_information_only(office: Office, prepared: bytes) -> None:
    report = office.judge(prepared)

    assert (report.signatures, report.verdict, report.legal_value) == ((), None, LegalValue.INFO_ONLY)


def test_the_leaders_signature_alone_is_for_information_only(office: Office, signed: bytes) -> None:
    report = office.judge(signed)

    assert (report.verdict, report.legal_value) == (Verdict.VALID, LegalValue.INFO_ONLY)


def test_a_stranger_authority_leaves_a_signature_undecided(sealed: bytes, tmp_path: Path) -> None:
    stranger = make_office(tmp_path)

    report = stranger.judge(sealed)

    assert {signature.verdict for signature in report.signatures} == {Verdict.INDETERMINATE}
    assert "chưa xác định được nơi cấp chứng thư" in report.signatures[0].reasons


def test_no_trust_at_all_leaves_a_signature_undecided(sealed: bytes) -> None:
    report = validate(sealed, trust=Trust(roots=()), at=JUDGED_AT)

    assert report.verdict is Verdict.INDETERMINATE


def test_a_certificate_revoked_before_signing_makes_the_signature_invalid(prepared: bytes, tmp_path: Path) -> None:
    office = make_office(tmp_path)
    signed = office.sign(prepared)
    authority.revoke(office.folder, username="chu-tich", at=SIGNED_AT - dt.timedelta(days=1))

    report = office.judge(signed)

    assert report.verdict is Verdict.INVALID
    assert "chứng thư đã bị thu hồi trước khi ký" in report.signatures[0].reasons


def test_a_certificate_revoked_after_signing_leaves_the_signature_valid(prepared: bytes, tmp_path: Path) -> None:
    office = make_office(tmp_path)
    signed = office.sign(prepared)
    authority.revoke(office.folder, username="chu-tich", at=SIGNED_AT + dt.timedelta(days=1))

    assert office.judge(signed, at=JUDGED_AT).verdict is Verdict.VALID


def test_when_the_time_stamp_authority_has_ended_nothing_proves_the_time(office: Office, sealed: bytes) -> None:
    report = office.judge(sealed, at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

    assert report.verdict is Verdict.INDETERMINATE
    assert "dấu thời gian không kiểm tra được" in report.signatures[0].reasons


def test_a_time_stamp_from_the_future_is_not_believed(office: Office, sealed: bytes) -> None:
    report = office.judge(sealed, at=SIGNED_AT - dt.timedelta(days=30))

    assert report.verdict is Verdict.INDETERMINATE
