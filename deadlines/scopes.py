"""Whose work a person may watch: one rule for the board, its lists and the reminder."""

import dataclasses
import uuid

from deadlines.errors import NotWatching
from directory.actors import Actor

WHOLE = ("lanh-dao", "chanh-van-phong", "quan-tri")
OWN_UNIT = ("truong-don-vi",)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scope:
    """An organisation's work, or that of one unit."""

    organization_id: uuid.UUID
    unit_id: uuid.UUID | None

    def holds(self, organization_id: uuid.UUID, unit_id: uuid.UUID | None) -> bool:
        return self.organization_id == organization_id and self.unit_id in (None, unit_id)


def may_watch(actor: Actor) -> bool:
    return actor.has_role(*WHOLE, *OWN_UNIT)


def scope_of(actor: Actor) -> Scope:
    """The widest the actor may watch. Raises NotWatching."""
    if actor.has_role(*WHOLE):
        return Scope(organization_id=actor.organization_id, unit_id=None)
    if actor.has_role(*OWN_UNIT) and actor.unit_id is not None:
        return Scope(organization_id=actor.organization_id, unit_id=actor.unit_id)
    raise NotWatching
