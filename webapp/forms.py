"""Forms of tasks on our pages: what may be chosen, what rules may see, what was sent."""

import functools
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import request

from directory import queries as directory
from directory.actors import Actor
from directory.models import Appointment
from documents import queries as documents
from engine import deployments
from engine import queries as engine
from engine.models import Task
from engine.registry import BoundFunctions, FunctionContext
from forms import schema
from forms.components import Choice, Form
from kernel import clock
from kernel.errors import NotFound
from webapp.errors import SECRET_FIELDS

MANY = 500  #: things to choose from in one list

GIVEN = frozenset({"today", "me"})  #: names that rules may use beside variables

ChoiceSource = Callable[[Actor], Iterable[Choice]]


class FormMissing(NotFound):
    """The diagram names a form that was not deployed beside it."""

    sentence = "Bước này chưa có biểu mẫu “{key}”. Báo người thiết kế quy trình."


def form_of(task: Task) -> Form:
    """The form that the diagram binds the task to. A task without a form key asks nothing."""
    if not task.form_key:
        return Form(id="", items=())
    if "form" in task.extensions:  # bound to the newest, or to a version: that may be another tomorrow
        return _loaded(deployments.get_task_form(task), task.form_key)
    return _beside(task.definition_id, task.form_key) or _loaded(deployments.get_task_form(task), task.form_key)


@functools.lru_cache(maxsize=512)
def _beside(definition_id: uuid.UUID, form_key: str) -> Form | None:
    """Deployed with its diagram it never changes, so it is read once a process."""
    source = engine.get_form_source(definition_id, form_key)
    return None if source is None else schema.load(source)


def _loaded(source: bytes | None, form_key: str) -> Form:
    if source is None:
        raise FormMissing(key=form_key)
    return schema.load(source)


def choices_for(form: Form, actor: Actor) -> dict[str, list[Choice]]:
    """The lists that the form names, as this person may choose from them today."""
    return {key: list(SOURCES[key](actor)) for key in form.choices_keys if key in SOURCES}


class TaskContext(Mapping[str, Any]):
    """What rules and initial values may use: the task's variables, `today`, `me`, and the functions of diagrams. Read
    when the first rule asks: most forms have none."""

    def __init__(self, task: Task, actor: Actor) -> None:
        self._task, self._actor = task, actor

    @functools.cached_property
    def _names(self) -> dict[str, Any]:
        functions = BoundFunctions(FunctionContext(organization_id=self._actor.organization_id, now=clock.now()))
        variables = engine.get_task_variables(self._task)
        return {**functions, **variables, "today": clock.today(), "me": self._actor.username}

    def __getitem__(self, name: str) -> Any:
        return self._names[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def submitted() -> dict[str, list[str]]:
    """The fields of this request, each with all its values, without what is nobody's to keep."""
    return {key: request.form.getlist(key) for key in request.form if key not in SECRET_FIELDS}


def labels_of(form: Form) -> dict[str, str]:
    """Field key → label, for the summary above a refused form."""
    return {field.key: field.label for field in form.answers}


# ----------------------------------------------------------------------------------------------------- what is offered
def _units(actor: Actor) -> Iterable[Choice]:
    """Units that somebody heads today: their head gets the task."""
    heads = {a.unit.code for a in directory.list_holders(actor.organization_id, role="truong-don-vi")}
    for unit in directory.list_units(actor.organization_id):
        if unit.code in heads:
            yield Choice(unit.code, unit.name)


def _unit_people(actor: Actor) -> Iterable[Choice]:
    return _people(directory.list_holders(actor.organization_id, unit_code=actor.unit_code))


def _leaders(actor: Actor) -> Iterable[Choice]:
    return _people(directory.list_holders(actor.organization_id, role="lanh-dao"))


def _people(offices: Sequence[Appointment]) -> Iterable[Choice]:
    """Each person once, in the highest of their offices here."""
    seen = {office.person.username: office for office in reversed(offices)}
    for office in sorted(seen.values(), key=lambda office: (office.position.rank, office.person.full_name)):
        yield Choice(office.person.username, office.person.full_name, office.position.name)


def _kinds(_actor: Actor) -> Iterable[Choice]:
    return (Choice(kind.code, kind.name) for kind in documents.list_kinds())


def _case_files(actor: Actor) -> Iterable[Choice]:
    opened = documents.list_case_files(actor, state="open", limit=MANY).rows
    return (Choice(str(file.id), f"{file.file_notation}, {file.title}") for file in opened)


def _books(actor: Actor) -> Iterable[Choice]:
    return (Choice(str(book.id), book.name) for book in documents.list_books(actor))


#: The name of a list in a form (`valuesKey`) → who fills it.
SOURCES: Mapping[str, ChoiceSource] = {
    "units": _units,
    "unit_people": _unit_people,
    "leaders": _leaders,
    "kinds": _kinds,
    "case_files": _case_files,
    "books": _books,
}
