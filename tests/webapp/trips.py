"""A form of an analyst's own: a trip whose cost is computed, in a process of one step."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from directory.actors import Actor
from engine import operations as engine
from engine import queries
from engine.models import Task
from kernel import db
from tests.engine.diagrams import diagram, flows, user
from webapp.app import App

Started = Callable[..., Task]


def field(kind: str, key: str, label: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": f"Field_{key}", "key": key, "label": label} | more


TRIP = (
    field("number", "days", "Số ngày", validate={"required": True, "max": "=most"}),
    field("expression", "total", "Thành tiền", expression="=days * rate"),
    field("textfield", "who", "Người đi"),
    field("textarea", "reason", "Lý do của {{who}}", conditional={"hide": "=total = null or total <= 500"}),
)


@pytest.fixture
def started(app: App, actor: Callable[[str], Actor]) -> Started:
    """`started(*components, most=5)`: the clerk's task with this form, in an instance with these variables."""

    def start(*components: Mapping[str, Any], **variables: Any) -> Task:
        form = {"type": "default", "id": "cong-tac", "components": components}
        steps = user("a", 'camunda:candidateGroups="van-thu" camunda:formKey="cong-tac"')
        drawn = diagram(f'<startEvent id="s"/>{steps}<endEvent id="e"/>{flows("s", "a", "e")}')
        files = {"p.bpmn": drawn, "cong-tac.form": json.dumps(form).encode()}
        with db.unit_of_work():
            engine.deploy_files(files, actor=actor("phan-tich"))
            instance = engine.start_instance("p", variables, actor=actor("van-thu"))
            (task,) = queries.list_instance_tasks(instance.id)
            return task

    return start
