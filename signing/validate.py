"""Judging signed files, stricter than the library does."""

import datetime as dt

from signing.model import Report, Trust


def validate(pdf: bytes, *, trust: Trust, at: dt.datetime) -> Report:
    """The judgement of every signature of `pdf` at the instant `at`. Never raises: what cannot be read is
    INDETERMINATE."""
    raise NotImplementedError
