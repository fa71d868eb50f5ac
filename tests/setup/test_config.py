"""The settings: from the environment, typed, listed in the handbook."""

import dataclasses
from pathlib import Path

import pytest

import config

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_has_a_default(tmp_path):
    settings = config.load({"MOC_DATA": str(tmp_path)})

    assert (settings.port, settings.demo, settings.database_url) == (8016, True, "")


def test_settings_are_typed(tmp_path):
    told = {"MOC_DATA": str(tmp_path), "MOC_PORT": "8123", "MOC_DEMO": "0", "MOC_TEST_CLOCK": "/x/clock"}

    settings = config.load(told)

    assert (settings.port, settings.demo, settings.test_clock) == (8123, False, Path("/x/clock"))


def test_a_value_that_cannot_be_used_is_named(tmp_path):
    with pytest.raises(config.SettingInvalid, match="MOC_PORT=http"):
        config.load({"MOC_DATA": str(tmp_path), "MOC_PORT": "http"})


@pytest.mark.parametrize("url", ["postgres://a/b", "postgresql+psycopg://a/b", "postgresql://a/b"])
def test_every_spelling_of_a_database_address_is_understood(tmp_path, url):
    assert config.load({"MOC_DATA": str(tmp_path), "DATABASE_URL": url}).database_url == "postgresql://a/b"


def test_the_secret_key_is_made_once_and_for_us_alone(tmp_path):
    first, second = (config.load({"MOC_DATA": str(tmp_path)}) for _ in range(2))

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 40
    assert (first.run_dir / "secret_key").stat().st_mode & 0o777 == 0o600


def test_keys_and_files_are_for_us_alone(tmp_path):
    settings = config.load({"MOC_DATA": str(tmp_path)})

    assert {place.stat().st_mode & 0o777 for place in (settings.ca_dir, settings.files_dir, settings.run_dir)} == {
        0o700
    }


def test_every_setting_is_in_the_handbook():
    handbook = (ROOT / "docs" / "handbook.md").read_text(encoding="utf-8")
    names = [field.metadata["env"] for field in dataclasses.fields(config.Settings)]

    assert [name for name in names if f"`{name}`" not in handbook] == []
