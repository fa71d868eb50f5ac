"""Number, date and the agency's seal, in one revision (arrangement of docs/decisions/0020)."""

import datetime as dt

from signing.keys import SoftKey
from signing.model import Trust
from signing.timestamps import Timestamps


def number_and_seal(
    pdf: bytes,
    *,
    number: str,
    date: dt.date,
    key: SoftKey,
    at: dt.datetime,
    timestamps: Timestamps,
    image: bytes,
    trust: Trust,
) -> bytes:
    """The signed file with number ("09"), day and month filled and sealed in the place CoQuan at the instant `at`.

    Raises LeaderSignatureBroken (the leader's signature must be valid before and after), AlreadySigned, PlaceMissing,
    NumberUnfit, CertificateOutOfDate.
    """
    raise NotImplementedError
