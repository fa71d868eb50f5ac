"""Certificates of the demo agency, by an authority that says it is a test: for those who sign, and for the seal."""

import datetime as dt
from pathlib import Path

from demo.accounts import ACCOUNTS, PIN
from demo.agency import POSITIONS
from signing import authority
from signing.keys import KeyStore

# From before the story of May 2016, which tests tell, to well after today.
VALID_FROM = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)
VALID_UNTIL = dt.datetime(2040, 1, 1, tzinfo=dt.UTC)

SIGNERS = ("chu-tich", "pho-chu-tich", "chanh-van-phong")
ORGANIZATION_CODE = "UBND-MC"
ORGANIZATION = "Ủy ban nhân dân huyện Mộc Châu"
IDENTIFIER = "H52.18"
SEAL_TEXT = "U.B.N.D huyện Mộc Châu"


def make_demo_authority(folder: Path) -> KeyStore:
    """Makes what is not there yet in `folder` (a second or less) and returns its keys."""
    store = KeyStore(folder)
    if not store.trust().roots:
        authority.make_authority(folder, valid_from=VALID_FROM, valid_until=VALID_UNTIL)
    titles = {code: name for code, name, *_ in POSITIONS}
    for account in ACCOUNTS:
        if account.username in SIGNERS and not store.has_person_key(account.username):
            authority.issue_person(
                folder,
                username=account.username,
                full_name=account.full_name,
                title=titles[account.position],
                organization=ORGANIZATION,
                pin=PIN,
            )
    if not store.has_seal_key(ORGANIZATION_CODE):
        authority.issue_seal(
            folder,
            code=ORGANIZATION_CODE,
            organization=ORGANIZATION,
            seal_text=SEAL_TEXT,
            identifier=IDENTIFIER,
            pin=PIN,
        )
    return store
