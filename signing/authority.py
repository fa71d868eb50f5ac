"""A certificate authority for the demo agency and for tests. Its certificates say that they have no legal value."""

import datetime as dt
import pathlib


def make_authority(folder: pathlib.Path, *, valid_from: dt.datetime, valid_until: dt.datetime) -> None:
    """Root, time-stamp authority and an empty revocation list in `folder`."""
    raise NotImplementedError


def issue_person(
    folder: pathlib.Path, *, username: str, full_name: str, title: str, organization: str, pin: str
) -> None:
    """A person's certificate, key (encrypted with `pin`) and signature picture."""
    raise NotImplementedError


def issue_seal(
    folder: pathlib.Path, *, code: str, organization: str, seal_lines: tuple[str, ...], identifier: str, pin: str
) -> None:
    """An agency's seal certificate, key and seal picture."""
    raise NotImplementedError


def revoke(folder: pathlib.Path, *, username: str, at: dt.datetime) -> None:
    """Puts a person's certificate on the revocation list."""
    raise NotImplementedError
