"""Keys, timestamps and trust of this installation; what signing asks for, told once at the start of a process."""

import dataclasses
from pathlib import Path

from kernel import clock
from signing.keys import KeyStore
from signing.model import Report
from signing.timestamps import Timestamps
from signing.validate import validate

SEAL = "documents.seal"  #: the topic of the diagram's external task and the name of the job that serves it


@dataclasses.dataclass(frozen=True, kw_only=True, repr=False)
class Authority:
    """The folder of keys and certificates, who stamps the time, and the PIN of the agency's seal."""

    keys: KeyStore
    timestamps: Timestamps
    seal_pin: str


_folder: Path | None = None
_seal_pin = ""


def configure(key_folder: Path, *, seal_pin: str) -> None:
    """`key_folder` may still be empty: what is not there is missed when it is asked for (NoKey)."""
    global _folder, _seal_pin
    _folder, _seal_pin = key_folder, seal_pin


def authority() -> Authority:
    """Raises NoKey when the folder holds no time-stamp authority."""
    if _folder is None:
        raise RuntimeError("documents.issuing.configure has not been called")
    return Authority(keys=KeyStore(_folder), timestamps=Timestamps.of_folder(_folder), seal_pin=_seal_pin)


def has_key(username: str) -> bool:
    """Can this person sign here?"""
    return _folder is not None and KeyStore(_folder).has_person_key(username)


def judge(pdf: bytes) -> Report | None:
    """The verdicts on a file's signatures now; None when this installation trusts nobody."""
    if _folder is None:
        return None
    return validate(pdf, trust=KeyStore(_folder).trust(), at=clock.now())
