"""Bytes by their SHA-256. A file is written once and never changed; its name is its hash, never a user's text."""

import dataclasses
import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from kernel.errors import NotFound

BLOCK = 1 << 20
_root: Path | None = None


class FileMissing(NotFound):
    """The store has no file of this hash."""

    sentence = "Không tìm thấy tệp trong kho. Báo quản trị để khôi phục từ bản sao lưu."


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stored:
    """A file in the store."""

    sha256: str
    size: int  #: bytes


def configure(root: Path) -> None:
    global _root  # noqa: PLW0603 - one store a process
    root.mkdir(parents=True, exist_ok=True)
    _root = root


def put(data: bytes | BinaryIO) -> Stored:
    """Stores the bytes and returns their hash; storing them twice is harmless. On disk before this returns."""
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=_folder(), prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as target:
            for block in _blocks(data):
                digest.update(block)
                size += len(block)
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        place = path(digest.hexdigest())
        place.parent.mkdir(exist_ok=True)
        os.replace(name, place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Stored(sha256=digest.hexdigest(), size=size)


def path(sha256: str) -> Path:
    """Where the bytes of this hash lie, or would."""
    if len(sha256) != 64 or not sha256.isalnum():
        raise FileMissing
    return _folder() / sha256[:2] / sha256


def open_file(sha256: str) -> BinaryIO:
    try:
        return path(sha256).open("rb")
    except FileNotFoundError:
        raise FileMissing from None


def read(sha256: str) -> bytes:
    with open_file(sha256) as source:
        return source.read()


def _folder() -> Path:
    if _root is None:
        raise RuntimeError("kernel.files.configure has not been called")
    return _root


def _blocks(data: bytes | BinaryIO) -> "list[bytes] | _Reader":
    return [data] if isinstance(data, bytes) else _Reader(data)


class _Reader:
    def __init__(self, source: BinaryIO) -> None:
        self.source = source

    def __iter__(self) -> "_Reader":
        return self

    def __next__(self) -> bytes:
        block = self.source.read(BLOCK)
        if not block:
            raise StopIteration
        return block
