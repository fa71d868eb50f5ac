"""Identifiers: UUID version 7 (RFC 9562), made by the application, growing with time so that indexes stay compact."""

import uuid

import uuid_utils


def new_id() -> uuid.UUID:
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)
