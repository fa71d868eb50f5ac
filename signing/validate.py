"""Judging signed files, stricter than the library does (docs/decisions/0021)."""

import datetime as dt
import logging

from signing import structure, wording
from signing.model import Report, Trust

log = logging.getLogger(__name__)


def validate(pdf: bytes, *, trust: Trust, at: dt.datetime) -> Report:
    """The judgement of every signature of `pdf` at the instant `at`. Never raises: a signed file that cannot be read
    is INDETERMINATE, a file without any signature has an empty list and the verdict None."""
    if not structure.may_be_signed(pdf):
        return wording.conclude([])
    from signing import judging  # noqa: PLC0415 - loads pyHanko, a second that starting need not wait for

    try:
        signatures = judging.judge_all(pdf, trust, at)
    except Exception as error:  # Strangers' files raise KeyError, ValueError, RecursionError and more in any parser.
        log.warning("signed file not readable: %s", type(error).__name__)
        return wording.unreadable()
    return wording.conclude(signatures) if signatures else wording.unreadable()
