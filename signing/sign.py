"""The leader signs (PAdES baseline B-T)."""

import datetime as dt

from signing.keys import SoftKey
from signing.timestamps import Timestamps


def sign(pdf: bytes, *, key: SoftKey, at: dt.datetime, timestamps: Timestamps, image: bytes) -> bytes:
    """The prepared file signed in the place LanhDao at the instant `at`; `image` is the PNG of the signature.

    Raises PlaceMissing, AlreadySigned, CertificateOutOfDate.
    """
    raise NotImplementedError
