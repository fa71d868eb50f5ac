"""Keys, timestamps and trust of this installation; what signing asks for, told once at the start of a process."""

import dataclasses
from pathlib import Path

from kernel import clock
from signing.keys import KeyStore
from signing.model import Report
from signing.timestamps import Timestamps
from signing.validate import validate


@dataclasses.dataclass(frozen=True, kw_only=True, repr=False)
class Authority:
    """The folder of keys and certificates, who stamps the time, and the PIN of the agency's seal."""

    keys: KeyStore
    timestamps: Timestamps
    seal_pin: str


_authority: Authority | None = None


def configure(key_folder: Path, *, seal_pin: str) -> None:
    global _authority  # noqa: PLW0603 - one set of keys a process
    _authority = Authority(keys=KeyStore(key_folder), timestamps=Timestamps.of_folder(key_folder), seal_pin=seal_pin)


def authority() -> Authority:
    if _authority is None:
        raise RuntimeError("documents.issuing.configure has not been called")
    return _authority


def judge(pdf: bytes) -> Report | None:
    """The verdicts on a file's signatures now; None when this installation trusts nobody."""
    if _authority is None:
        return None
    return validate(pdf, trust=_authority.keys.trust(), at=clock.now())
