"""Number, date and the agency's seal, in one revision (docs/decisions/0020).

The number is allocated and committed before; this may be retried with the same number until it succeeds.
"""

import datetime as dt
import re

from signing.errors import LeaderSignatureBroken, NumberUnfit
from signing.keys import SoftKey
from signing.model import DAY, LEADER, MONTH, NUMBER, SEAL, Report, Trust, Verdict
from signing.timestamps import Timestamps
from signing.validate import validate

PURPOSE = "đóng dấu cơ quan"
_NUMBER = re.compile("[0-9]{1,6}[a-zđ]?")  # a letter after the number is the old way to insert one: 15a
NUMBER_WIDTH = 32.0  # points, the place's width in the page template


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
    from signing import filling, pades  # noqa: PLC0415 - loads pyHanko, a second that starting need not wait for

    pades.check_empty(pdf, SEAL, purpose=PURPOSE)
    if not _NUMBER.fullmatch(number) or filling.width(number, NUMBER) > NUMBER_WIDTH:
        raise NumberUnfit(number=number)
    _check_leader(validate(pdf, trust=trust, at=at))
    values = {NUMBER: number, DAY: f"{date.day:02d}", MONTH: month_in_words_of_law(date.month)}
    sealed = pades.sign_place(pdf, SEAL, key=key, at=at, timestamps=timestamps, image=image, values=values)
    _check_leader(validate(sealed, trust=trust, at=at))
    return sealed


def month_in_words_of_law(month: int) -> str:
    """Months 1 and 2 have a leading zero, the others none (NĐ 30/2020/NĐ-CP, Phụ lục I, II.4)."""
    return f"{month:02d}" if month < 3 else str(month)


def _check_leader(report: Report) -> None:
    for signature in report.signatures:
        if signature.field == LEADER:
            if signature.verdict is not Verdict.VALID:
                raise LeaderSignatureBroken(reason=signature.sentence)
            return
    raise LeaderSignatureBroken(reason="không tìm thấy chữ ký trong tệp")
