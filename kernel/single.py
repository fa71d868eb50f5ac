"""One product on one data folder: the running supervisor holds a lock and says where it answers."""

import contextlib
import dataclasses
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO


class Occupied(RuntimeError):
    """Somebody else holds the folder. `told` is what they wrote about themselves."""

    def __init__(self, told: str) -> None:
        self.told = told
        super().__init__(told)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Holding:
    """The lock, held. `left` is what a predecessor that did not end cleanly had told; empty after a clean end."""

    file: TextIO
    left: str

    def tell(self, told: str) -> None:
        """Replaces what the holder says about itself."""
        self.file.seek(0)
        self.file.truncate(0)
        self.file.write(told)
        self.file.flush()


@contextlib.contextmanager
def alone(place: Path) -> Iterator[Holding]:
    """Holds the lock until the block ends or the process dies, whatever kills it. Raises Occupied."""
    with place.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Occupied(place.read_text(encoding="utf-8").strip()) from None
        file.seek(0)
        holding = Holding(file=file, left=file.read().strip())
        yield holding
        holding.tell("")


def find_holder(place: Path) -> str | None:
    """What the holder told, or None when nobody holds the lock."""
    if not place.exists():
        return None
    with place.open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read().strip()
    return None
