"""One PAdES signature at a given instant, in a prepared place, with a picture: what leader and seal have in common."""

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from PIL import Image
from pyhanko.pdf_utils import images, layout
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing import filling
from signing.errors import AlreadySigned, PlaceMissing
from signing.keys import SoftKey
from signing.timestamps import Timestamps

BYTES_RESERVED = 16_384  # for signature, certificates and time-stamp token
RSA_SIGNATURE = 256  # bytes, of a 2048-bit key

_FILL_PLACE = layout.SimpleBoxLayoutRule(
    layout.AxisAlignment.ALIGN_MID, layout.AxisAlignment.ALIGN_MID, margins=layout.Margins(0, 0, 0, 0)
)


def sign_place(
    pdf: bytes,
    place: str,
    *,
    key: SoftKey,
    at: dt.datetime,
    timestamps: Timestamps,
    image: bytes,
    values: Mapping[str, str] | None = None,
) -> bytes:
    """The file with the empty signature field `place` signed; `values` (text place -> value) are filled in the same
    revision.

    Raises CertificateOutOfDate.
    """
    key.check_valid(at)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    filling.fill(writer, values or {})
    signer = _Signer(
        PdfSignatureMetadata(
            field_name=place,
            subfilter=SigSeedSubFilter.PADES,
            md_algorithm="sha256",
            docmdp_permissions=MDPPerm.NO_CHANGES,  # as the seal's lock says; the leader's has no such limit
        ),
        _OpenedKey(key),
        timestamper=timestamps.stamper(at),
        stamp_style=_picture(image),
    )
    signer.at = at
    signed = signer.sign_pdf(writer, existing_fields_only=True, bytes_reserved=BYTES_RESERVED)
    return bytes(signed.getvalue())


def check_empty(pdf: bytes, place: str, *, purpose: str) -> None:
    """Raises PlaceMissing, AlreadySigned."""
    for name, value, _reference in enumerate_sig_fields(PdfFileReader(io.BytesIO(pdf))):
        if name == place:
            if value is not None:
                raise AlreadySigned(purpose=purpose)
            return
    raise PlaceMissing(purpose=purpose)


class _Signer(PdfSigner):
    """The library takes the machine's time; the moment of signing is told to us."""

    at: dt.datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


class _OpenedKey(Signer):
    """Signs with the key as it was opened; the library's own signer would read and check it again (50 ms) each time."""

    def __init__(self, key: SoftKey) -> None:
        above = SimpleCertificateStore()
        above.register_multiple([x509.Certificate.load(certificate) for certificate in key.chain])
        super().__init__(signing_cert=x509.Certificate.load(key.certificate), cert_registry=above)
        self._key = key.private_key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(RSA_SIGNATURE)
        if digest_algorithm != "sha256":
            raise ValueError(digest_algorithm)
        return bytes(self._key.sign(data, PKCS1v15(), hashes.SHA256()))


def _picture(png: bytes) -> StaticStampStyle:
    """The picture alone, as large as its place, opaque, without border."""
    return StaticStampStyle(
        background=images.PdfImage(Image.open(io.BytesIO(png))),
        background_opacity=1,
        background_layout=_FILL_PLACE,
        border_width=0,
    )
