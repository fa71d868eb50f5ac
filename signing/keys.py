"""Keys of people and agencies. Today: software keys in a folder, for the demo agency and for tests."""

import dataclasses
import pathlib

from signing.model import Trust


@dataclasses.dataclass(frozen=True, kw_only=True, repr=False)
class SoftKey:
    """An opened private key with its certificate. Lives only as long as one signing; never logged."""

    owner: str


@dataclasses.dataclass(frozen=True)
class KeyStore:
    """A folder written by signing.authority."""

    folder: pathlib.Path

    def find_person_key(self, username: str, *, pin: str) -> SoftKey:
        """Raises NoKey, WrongPin."""
        raise NotImplementedError

    def find_seal_key(self, organization_code: str, *, pin: str) -> SoftKey:
        """Raises NoKey, WrongPin."""
        raise NotImplementedError

    def has_person_key(self, username: str) -> bool:
        raise NotImplementedError

    def trust(self) -> Trust:
        """The roots and revocation lists of this folder."""
        raise NotImplementedError

    def person_image(self, username: str) -> bytes:
        """The picture of the person's handwritten signature (PNG)."""
        raise NotImplementedError

    def seal_image(self, organization_code: str) -> bytes:
        """The picture of the agency's seal (PNG)."""
        raise NotImplementedError
