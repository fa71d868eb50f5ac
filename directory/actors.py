"""Who acts: a person in one office, with everything a permission asks about."""

import dataclasses
import uuid

MACHINE = "Hệ thống"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Actor:
    """Passed to every operation. `groups`: the candidate groups that the office belongs to (groups_of)."""

    organization_id: uuid.UUID
    person_id: uuid.UUID | None
    appointment_id: uuid.UUID | None = None
    username: str = ""
    name: str = MACHINE
    title: str = ""
    unit_id: uuid.UUID | None = None
    unit_code: str = ""
    unit_name: str = ""
    roles: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    def has_role(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


def machine(organization_id: uuid.UUID) -> Actor:
    """Jobs and timers act as the system, never as a person."""
    return Actor(organization_id=organization_id, person_id=None)


def groups_of(roles: frozenset[str], unit: str, position: str) -> frozenset[str]:
    """`van-thu`, `unit:VP`, `position:VP/chanh-van-phong`, `van-thu@VP`."""
    return roles | {f"unit:{unit}", f"position:{unit}/{position}"} | {f"{role}@{unit}" for role in roles}
