"""People who do more with a task than complete it, and short ways to draw what lets them."""

import dataclasses
import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from directory.actors import Actor
from directory.models import Person
from engine import actions, operations
from engine.models import HistoryEntry, Task
from kernel import db
from tests.engine.diagrams import diagram, flows, user

SIGNERS = 'camunda:collection="signers" camunda:elementVariable="signer"'


def may(*told: str) -> str:
    """moc:actions: `may('return to="a"', "consult")`."""
    lines = "".join(f"<moc:action name={_named(text)}/>" for text in told)
    return f"<extensionElements><moc:actions>{lines}</moc:actions></extensionElements>"


def _named(text: str) -> str:
    name, _, rest = text.partition(" ")
    return f'"{name}" {rest}'


def line(*tasks: str) -> bytes:
    """start → user tasks, as XML → end."""
    ids = [text.split('id="')[1].split('"')[0] for text in tasks]
    return diagram(f'<startEvent id="s"/>{"".join(tasks)}<endEvent id="e"/>{flows("s", *ids, "e")}')


@dataclasses.dataclass
class Acting:
    """A desk whose people do more than complete."""

    desk: Any
    actor: Callable[[str], Actor]

    def do(self, verb: Callable[..., Any], element: str, *given: Any, who: str = "van-thu", **told: Any) -> Any:
        """With the oldest open task of this element."""
        task = next(task for task in self.desk.open() if task.element_id == element)
        with db.unit_of_work():
            return verb(task.id, *given, actor=self.actor(who), **told)

    def on(self, task: Task, verb: Callable[..., Any], *given: Any, who: str = "van-thu", **told: Any) -> Any:
        with db.unit_of_work():
            return verb(task.id, *given, actor=self.actor(who), **told)

    def person(self, who: str) -> uuid.UUID:
        found = self.actor(who).person_id
        assert found is not None
        return found

    def allowed(self, element: str, who: str = "van-thu") -> list[str]:
        with db.reading():
            return [action.name for action in actions.allowed(self.task(element), self.actor(who))]

    def task(self, element: str) -> Task:
        """The newest of this element, open or ended."""
        with db.apart(), db.reading() as session:
            newest = sa.select(Task).where(Task.element_id == element).order_by(Task.token.desc())
            return session.scalars(newest.limit(1)).one()

    def holders(self) -> dict[str, str]:
        """Element of each open task -> who has it, or nobody."""
        with db.reading() as session:
            rows = session.execute(
                sa.select(Task.element_id, Person.username)
                .outerjoin(Person, Person.id == Task.assignee_id)
                .where(Task.state == "ready")
                .order_by(Task.token)
            )
            return {row[0]: row[1] or "" for row in rows}

    def acts(self) -> list[dict[str, Any]]:
        """What history says of verbs."""
        with db.reading() as session:
            rows = session.scalars(
                sa.select(HistoryEntry).where(HistoryEntry.kind == "action").order_by(HistoryEntry.id)
            )
            return [{"element": row.element_id, "person": row.person_name, **row.data} for row in rows]

    def tags(self) -> list[str]:
        """The audit trail since the instance began."""
        with db.reading() as session:
            found = session.scalars(sa.text("SELECT tag FROM audit_entries ORDER BY id")).all()
        return list(found[2:])


def complete_own(acting: Acting, who: str, **values: Any) -> None:
    """The open task that this person has."""
    person = acting.person(who)
    task = next(task for task in acting.desk.open() if task.assignee_id == person)
    acting.on(task, operations.complete_task, values, who=who)


def people_of(acting: Acting) -> list[str]:
    """Who has an open task, in the order of tokens."""
    with db.reading() as session:
        rows = session.execute(
            sa.select(Person.username)
            .join(Task, Task.assignee_id == Person.id)
            .where(Task.state == "ready")
            .order_by(Task.token)
        )
        return [row[0] for row in rows]


FORK = f'<startEvent id="s"/><parallelGateway id="f"/><parallelGateway id="j"/><endEvent id="e"/>{user("first")}'


def forked(a: str, b: str, rest: str) -> bytes:
    """first → (a1 → a2 ‖ b) → rest."""
    body = (
        f"{FORK}{user('a1')}{user('a2', inner=a)}{user('b', inner=b)}{user('rest', inner=rest)}"
        f"{flows('s', 'first', 'f', 'a1', 'a2', 'j', 'rest', 'e')}{flows('f', 'b', 'j')}"
    )
    return diagram(body)


SUB = (
    '<startEvent id="s"/>{before}<subProcess id="sub">{loop}<startEvent id="is"/>{inside}<endEvent id="ie"/>'
    "{inner}</subProcess>{after}<endEvent id='e'/>"
)
