"""Who holds a document now: the open tasks of its own process, and in words whose they are."""

import datetime as dt
import functools
import uuid
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from directory import queries as directory
from directory import stamps
from directory.models import Person
from documents.models import Document
from engine.models import READY, Task
from kernel import clock, db

GROUPS = {
    "van-thu": "Văn thư",
    "lanh-dao": "Lãnh đạo",
    "chanh-van-phong": "Chánh Văn phòng",
    "truong-don-vi": "Trưởng đơn vị",
    "chuyen-vien": "Chuyên viên",
    "quan-tri": "Quản trị",
}


def open_tasks_of(documents: Iterable[Document]) -> dict[uuid.UUID, list[Task]]:
    """Document id -> its open tasks; one query for a whole page."""
    ids = {str(document.id): document for document in documents}
    found: dict[uuid.UUID, list[Task]] = {document.id: [] for document in ids.values()}
    if not ids:
        return found
    organization_id = next(iter(ids.values())).organization_id
    query = sa.select(Task).where(
        Task.organization_id == organization_id, Task.business_key.in_(list(ids)), Task.state == READY
    )
    for task in db.session().scalars(query.order_by(Task.id)):
        found[ids[task.business_key].id].append(task)
    return found


@functools.lru_cache(maxsize=64)
def _unit_names(organization_id: uuid.UUID, stamp: uuid.UUID, day: dt.date) -> Mapping[str, str]:
    """Code → name. Asked again when the directory has changed since."""
    return {unit.code: unit.name for unit in directory.list_units(organization_id, on=day)}


class Names:
    """Names of people and units, read once for a page."""

    def __init__(self, organization_id: uuid.UUID, tasks: Iterable[Task]) -> None:
        wanted = {task.assignee_id for task in tasks if task.assignee_id}
        query = sa.select(Person.id, Person.full_name).where(Person.id.in_(wanted))
        self.people: Mapping[uuid.UUID, str] = (
            {row.id: row.full_name for row in db.session().execute(query)} if wanted else {}
        )
        self.units = _unit_names(organization_id, stamps.current(), clock.today())

    def holder(self, task: Task) -> str:
        """ "Hoàng Thu Hà", else the office it is offered to: "Văn thư", "Phòng Tư pháp"."""
        if task.assignee_id:
            return self.people.get(task.assignee_id, "")
        return ", ".join(dict.fromkeys(self._group(group) for group in task.candidate_groups))

    def holders(self, tasks: Sequence[Task]) -> str:
        return "; ".join(dict.fromkeys(name for name in map(self.holder, tasks) if name))

    def _group(self, group: str) -> str:
        role, _, unit = group.partition("@")
        if role.startswith("unit:"):
            return self.units.get(role.removeprefix("unit:"), role)
        if unit:
            return self.units.get(unit, unit)
        return GROUPS.get(role, role)
