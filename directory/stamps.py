"""The stamp of the directory: what was read under the same stamp, on the same day, still holds."""

import uuid

from kernel import db
from kernel.statements import Statement

_READ = Statement("SELECT stamp FROM directory_stamp")


def current() -> uuid.UUID:
    """Renewed by a trigger whenever people, offices, units or roles change."""
    return db.remembered("directory.stamp", _read)


def note(stamp: uuid.UUID) -> None:
    """By whoever has read it along with something else."""
    db.remembered("directory.stamp", lambda: stamp)


def _read() -> uuid.UUID:
    ((stamp,),) = db.run(_READ, {})
    return uuid.UUID(str(stamp))
