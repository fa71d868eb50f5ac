"""Keys of people and agencies: software keys in a folder, for the demo agency and for tests.

The folder is written by signing.authority. Its names come from usernames and codes of organisations and are checked
before they become paths.
"""

import dataclasses
import datetime as dt
import pathlib
import re
from typing import Any

from signing.errors import CertificateOutOfDate, NoKey, WrongPin
from signing.model import Trust

PEOPLE, SEALS = "people", "seals"
CERTIFICATE, KEY, IMAGE = "certificate.pem", "key.pem", "image.png"
ROOT, CRL = "root.pem", "revoked.crl"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclasses.dataclass(frozen=True, kw_only=True, repr=False)
class SoftKey:
    """An opened private key with its certificate and those above it (DER). Kept for one signing only, never logged."""

    owner: str
    certificate: bytes
    chain: tuple[bytes, ...]
    private_key: Any
    valid_from: dt.datetime
    valid_until: dt.datetime

    def check_valid(self, at: dt.datetime) -> None:
        """Raises CertificateOutOfDate."""
        if not self.valid_from <= at <= self.valid_until:
            raise CertificateOutOfDate(owner=self.owner)


@dataclasses.dataclass(frozen=True)
class KeyStore:
    """The keys of a folder, found by username or by the organisation's code."""

    folder: pathlib.Path

    def find_person_key(self, username: str, *, pin: str) -> SoftKey:
        """Raises NoKey, WrongPin."""
        return self._open(PEOPLE, username, pin)

    def find_seal_key(self, organization_code: str, *, pin: str) -> SoftKey:
        """Raises NoKey, WrongPin."""
        return self._open(SEALS, organization_code, pin)

    def has_person_key(self, username: str) -> bool:
        return _NAME.fullmatch(username) is not None and (self.folder / PEOPLE / username / KEY).is_file()

    def has_seal_key(self, organization_code: str) -> bool:
        return _NAME.fullmatch(organization_code) is not None and (self.folder / SEALS / organization_code).is_dir()

    def person_image(self, username: str) -> bytes:
        """The picture of the person's handwritten signature (PNG). Raises NoKey."""
        return self._read(PEOPLE, username, IMAGE)

    def seal_image(self, organization_code: str) -> bytes:
        """The picture of the agency's seal (PNG). Raises NoKey."""
        return self._read(SEALS, organization_code, IMAGE)

    def trust(self) -> Trust:
        """The root and the revocation list of this folder; trusts nothing when there is none."""
        root, crl = self.folder / ROOT, self.folder / CRL
        if not root.is_file():
            return Trust(roots=())
        return Trust(roots=(_der(root.read_bytes()),), crls=(crl.read_bytes(),) if crl.is_file() else ())

    def _read(self, group: str, name: str, file: str) -> bytes:
        path = self.folder / group / name / file
        if not _NAME.fullmatch(name) or not path.is_file():
            raise NoKey(owner=name)
        return path.read_bytes()

    def _open(self, group: str, name: str, pin: str) -> SoftKey:
        from cryptography import x509  # noqa: PLC0415 - 20 ms that only signing needs
        from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - the same

        certificate = x509.load_pem_x509_certificate(self._read(group, name, CERTIFICATE))
        try:
            # The key was checked when it was made; checking its primes again costs 50 ms a signing.
            private_key = load_pem_private_key(
                self._read(group, name, KEY), password=pin.encode(), unsafe_skip_rsa_key_validation=True
            )
        except (ValueError, TypeError):  # the library says TypeError when no PIN is given at all
            raise WrongPin from None
        return SoftKey(
            owner=_common_name(certificate),
            certificate=_der(self._read(group, name, CERTIFICATE)),
            chain=(_der((self.folder / ROOT).read_bytes()),),
            private_key=private_key,
            valid_from=certificate.not_valid_before_utc,
            valid_until=certificate.not_valid_after_utc,
        )


def _common_name(certificate: Any) -> str:
    from cryptography.x509.oid import NameOID  # noqa: PLC0415 - only after a key was opened

    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _der(pem: bytes) -> bytes:
    from cryptography import x509  # noqa: PLC0415 - only when certificates are read
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - the same

    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
