"""Administration from the command line, on the database that DATABASE_URL names."""

import datetime as dt
from pathlib import Path

import pytest

from directory import working_time
from directory.models import Organization
from kernel import db
from webapp import cli


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
