"""The one clock. Instants are aware and in UTC; dates of law are dates in the office's zone.

Tests that tell a story of another year set it: in process with `set_to`, for a served product with the setting
MOC_TEST_CLOCK, a file that holds an ISO instant (time goes on from the moment the file was written).
"""

import contextlib
import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_fixed: dt.datetime | None = None
_file: Path | None = None


def now() -> dt.datetime:
    if _fixed is not None:
        return _fixed
    if _file is not None:
        return _from_file(_file)
    return dt.datetime.now(dt.UTC)


def today(zone: dt.tzinfo = VIETNAM) -> dt.date:
    return now().astimezone(zone).date()


def local(instant: dt.datetime, zone: dt.tzinfo = VIETNAM) -> dt.datetime:
    return instant.astimezone(zone)


def follow_file(path: Path | None) -> None:
    """Test-only: take the time from `path` from now on."""
    global _file  # noqa: PLW0603 - one clock a process
    _file = path


@contextlib.contextmanager
def set_to(instant: dt.datetime) -> Iterator[None]:
    """Stops the clock at `instant` (aware) inside the block."""
    global _fixed  # noqa: PLW0603 - one clock a process
    before, _fixed = _fixed, instant.astimezone(dt.UTC)
    try:
        yield
    finally:
        _fixed = before


def _from_file(path: Path) -> dt.datetime:
    told = dt.datetime.fromisoformat(path.read_text(encoding="ascii").strip())
    since = max(0.0, time.time() - path.stat().st_mtime)
    return told.astimezone(dt.UTC) + dt.timedelta(seconds=since)
