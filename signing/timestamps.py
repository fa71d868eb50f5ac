"""Time-stamp authorities: who proves when a signature existed.

Today: the in-house authority of a demo folder. It proves nothing to strangers and is marked as a test, as every
certificate of signing.authority.
"""

import dataclasses
import datetime as dt
import pathlib
from typing import TYPE_CHECKING

from signing.errors import NoKey
from signing.keys import ROOT

if TYPE_CHECKING:
    from pyhanko.sign.timestamps.api import TimeStamper

CERTIFICATE, KEY = "tsa.pem", "tsa.key.pem"


@dataclasses.dataclass(frozen=True, kw_only=True, repr=False)
class Timestamps:
    """The authority of a demo folder; the time it proves is the one the signing was told."""

    certificate: bytes
    key: bytes
    root: bytes

    @classmethod
    def of_folder(cls, folder: pathlib.Path) -> "Timestamps":
        """Raises NoKey when the folder holds no authority."""
        if not (folder / CERTIFICATE).is_file():
            raise NoKey(owner="máy chủ dấu thời gian")
        return cls(
            certificate=(folder / CERTIFICATE).read_bytes(),
            key=(folder / KEY).read_bytes(),
            root=(folder / ROOT).read_bytes(),
        )

    def stamper(self, at: dt.datetime) -> "TimeStamper":
        from asn1crypto import keys, pem, x509  # noqa: PLC0415 - loads with pyHanko only
        from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper  # noqa: PLC0415 - the same
        from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415 - the same

        above = SimpleCertificateStore()
        above.register(x509.Certificate.load(pem.unarmor(self.root)[2]))
        return DummyTimeStamper(
            tsa_cert=x509.Certificate.load(pem.unarmor(self.certificate)[2]),
            tsa_key=keys.PrivateKeyInfo.load(pem.unarmor(self.key)[2]),
            certs_to_embed=above,
            fixed_dt=at.replace(microsecond=0),
        )
