"""The leader signs: a personal signature (PAdES baseline B-T) with the picture of the hand between post and name."""

import datetime as dt

from signing.keys import SoftKey
from signing.model import LEADER
from signing.timestamps import Timestamps

PURPOSE = "lãnh đạo ký"


def sign(pdf: bytes, *, key: SoftKey, at: dt.datetime, timestamps: Timestamps, image: bytes) -> bytes:
    """The prepared file signed in the place LanhDao at the instant `at`; `image` is the PNG of the signature.

    Raises PlaceMissing, AlreadySigned, CertificateOutOfDate.
    """
    from signing import pades  # noqa: PLC0415 - loads pyHanko, a second that starting need not wait for

    pades.check_empty(pdf, LEADER, purpose=PURPOSE)
    return pades.sign_place(pdf, LEADER, key=key, at=at, timestamps=timestamps, image=image)
