"""Bytes by hash; Vietnamese text at the entrance; the clock."""

import datetime as dt
import io

import pytest

from kernel import clock, files, text


@pytest.fixture
def store(tmp_path):
    files.configure(tmp_path)
    return tmp_path


def test_bytes_come_back_under_their_hash(store):
    stored = files.put(io.BytesIO(b"abc"))

    assert stored.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (stored.size, files.read(stored.sha256)) == (3, b"abc")


def test_storing_twice_keeps_one_file(store):
    files.put(b"abc")
    files.put(b"abc")

    assert len([p for p in store.rglob("*") if p.is_file()]) == 1


def test_a_file_that_cannot_be_read_to_its_end_leaves_nothing(store):
    class Broken(io.BytesIO):
        def read(self, _size=-1):
            raise OSError("line cut")

    with pytest.raises(OSError, match="line cut"):
        files.put(Broken())

    assert not [p for p in store.rglob("*") if p.is_file()]


@pytest.mark.parametrize("name", ["../../etc/passwd", "0" * 64, "x"])
def test_only_a_stored_hash_opens_a_file(store, name):
    with pytest.raises(files.FileMissing):
        files.read(name)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Quyết định", "quyet dinh"),
        ("ĐƯỜNG  Đặng", "duong dang"),
        ("Quye\u0302\u0301t đi\u0323nh", "quyet dinh"),
        ("41/TTr-VP", "41/ttr-vp"),
    ],
)
def test_folding_drops_case_diacritics_and_the_bar_of_d(written, folded):
    assert text.fold(written) == folded


def test_text_is_composed_and_tidied_at_the_entrance():
    assert text.tidy(" Quye\u0302\u0301t\u00a0 định \r\n dòng hai ") == "Quyết định\ndòng hai"


def test_a_clock_file_sets_the_time_and_lets_it_run(tmp_path):
    told = tmp_path / "clock"
    told.write_text("2016-05-05T08:00:00+07:00")
    clock.follow_file(told)
    try:
        assert dt.timedelta() <= clock.now() - dt.datetime(2016, 5, 5, 1, tzinfo=dt.UTC) < dt.timedelta(minutes=1)
    finally:
        clock.follow_file(None)
