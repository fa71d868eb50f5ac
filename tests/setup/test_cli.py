"""Administration from the command line, on the database that DATABASE_URL names."""

import datetime as dt
from pathlib import Path

import pytest

from directory import operations, queries, working_time
from directory.models import Organization
from engine import queries as engine
from kernel import db
from signing.keys import KeyStore
from webapp import cli

ROSTER = """
[agency]
code = "UBND-X"
name = "Ủy ban nhân dân xã X"
short_name = "UBND xã X"
header_name = "ỦY BAN NHÂN DÂN\\nXÃ X"
symbol = "UBND"
place_name = "X"

[[unit]]
code = "VP"
name = "Văn phòng"
symbol = "VP"

[[position]]
code = "van-thu"
name = "Văn thư"

[[person]]
username = "nguyen.a"
full_name = "Nguyễn A"
unit = "VP"
position = "van-thu"
roles = ["van-thu"]
"""


@pytest.fixture
def told(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("MOC_DATA", str(tmp_path))
    return database


def test_a_day_is_declared_for_every_agency(
    told: str, agency: Organization, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["set-day", "2026-03-03", "off", "Nghỉ phòng dịch", "--by", "Công điện 1"]) == 0

    with db.reading():
        assert not working_time.is_working_day(agency.id, dt.date(2026, 3, 3))
    assert "03/03/2026 Nghỉ phòng dịch" in capsys.readouterr().out


def test_an_agency_that_is_not_named_keeps_its_days(told: str, agency: Organization) -> None:
    assert cli.main(["set-day", "2026-03-03", "off", "Nghỉ", "--agency", "khac"]) == 0

    with db.reading():
        assert working_time.is_working_day(agency.id, dt.date(2026, 3, 3))


def test_an_agency_of_ones_own_is_loaded_and_its_people_sign_in(
    told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "agency.toml"
    place.write_text(ROSTER, encoding="utf-8")

    assert cli.main(["load-agency", str(place)]) == 0

    username, password = capsys.readouterr().out.splitlines()[1].split()
    with db.unit_of_work():
        person = operations.sign_in(username, password, address="").person
    with db.reading():
        actor = queries.get_actor(person.id)
        (summary, *_) = engine.list_processes(person.organization_id)
    assert person.must_change_password
    assert (actor.unit_code, actor.title, actor.roles) == ("VP", "Văn thư", {"van-thu"})
    assert summary.definition.version == 1


def test_a_roster_that_says_something_impossible_is_refused(
    told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "agency.toml"
    place.write_text(ROSTER.replace('unit = "VP"', 'unit = "P-X"'), encoding="utf-8")

    assert cli.main(["load-agency", str(place)]) == 1
    assert "không có đơn vị P-X" in capsys.readouterr().out


def test_test_keys_are_made_for_people_and_the_seal(
    told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "agency.toml"
    place.write_text(ROSTER, encoding="utf-8")
    assert cli.main(["load-agency", str(place)]) == 0
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "246810")

    assert cli.main(["issue-test-key", "nguyen.a"]) == 0
    assert cli.main(["issue-test-key", "--seal", "UBND-X"]) == 0
    assert [cli.main(["issue-test-key", "nguyen.a"]), cli.main(["issue-test-key", "nobody"])] == [1, 1]

    store = KeyStore(tmp_path / "ca")
    assert store.find_person_key("nguyen.a", pin="246810").owner
    assert store.find_seal_key("UBND-X", pin="246810").owner
    assert "không có giá trị pháp lý" in capsys.readouterr().out
