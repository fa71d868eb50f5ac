"""Tasks with their documents, made as rows: what the pages read, without running a process."""

import dataclasses
import datetime as dt
import uuid
from pathlib import Path
from typing import Any

from deadlines import following
from directory.actors import Actor
from documents.models import Document
from documents.search import search_text
from engine import snapshots
from engine.models import ACTIVE, ProcessDefinition, ProcessDeployment, ProcessInstance, ProcessResource, Task
from kernel import clock, db, text
from kernel.ids import new_id

ROOT = Path(__file__).parents[2]
STEPS = {"dang-ky-den": "Task_register", "trinh": "Task_present", "chi-dao": "Task_direct", "giai-quyet": "Task_solve"}


@dataclasses.dataclass
class Office:
    """Makes rows of one organisation; `actor` is who starts everything."""

    actor: Actor
    definitions: dict[str, ProcessDefinition] = dataclasses.field(default_factory=dict)

    def definition(self, key: str) -> ProcessDefinition:
        """The shipped diagram with all shipped forms."""
        if key not in self.definitions:
            self.definitions[key] = self._deploy(key)
        return self.definitions[key]

    def make_task(
        self,
        form_key: str,
        name: str,
        *,
        element_id: str = "",
        assignee: Actor | None = None,
        groups: tuple[str, ...] = (),
        due_at: dt.datetime | None = None,
        document: Document | None = None,
        process: str = "van-ban-den",
        variables: dict[str, Any] | None = None,
    ) -> Task:
        """A ready task with a document, open in an instance of its own. Flushed in the current unit of work."""
        known = document or self.make_document()
        instance = self._start(process, known, variables or {})
        known.instance_id = instance.id
        task = Task(
            organization_id=self.actor.organization_id,
            instance_id=instance.id,
            definition_id=instance.definition_id,
            token=7,
            element_id=element_id or STEPS.get(form_key, "Task_register"),
            name=name,
            state="ready",
            business_key=str(known.id),
            assignee_id=assignee.person_id if assignee else None,
            candidate_users=[],
            candidate_groups=list(groups),
            form_key=form_key,
            priority=50,
            due_at=due_at,
            created_at=clock.now(),
            claimed_at=clock.now() if assignee else None,
            ended_by_name="",
            extensions={},
        )
        db.session().add(task)
        db.session().flush()
        following.follow_tasks(ended=[], ready=[task])
        return task

    def make_document(self, subject: str = "Báo cáo tình hình sử dụng phần mềm", **told: Any) -> Document:
        document = Document(
            id=new_id(),
            organization_id=self.actor.organization_id,
            direction=told.pop("direction", "incoming"),
            state=told.pop("state", "REGISTERED"),
            subject=subject,
            subject_folded=text.fold(subject),
            created_by_name=self.actor.name,
            received_at=clock.now(),
            channel=told.pop("channel", "PAPER"),
            **told,
        )
        document.search = search_text(document)
        db.session().add(document)
        db.session().flush()
        return document

    def _start(self, process: str, document: Document, variables: dict[str, Any]) -> ProcessInstance:
        definition = self.definition(process)
        scope = snapshots.ScopeRow(1, None, process, str(definition.id), str(document.id), [], variables, [], 0)
        instance = ProcessInstance(
            organization_id=self.actor.organization_id,
            definition_id=definition.id,
            business_key=str(document.id),
            state=ACTIVE,
            version=1,
            snapshot=snapshots.write(snapshots.Snapshot(snapshots.FORMAT, 7, 0, [scope])),
            started_at=clock.now(),
            started_by_id=self.actor.person_id,
            started_by_name=self.actor.name,
        )
        db.session().add(instance)
        db.session().flush()
        return instance

    def _deploy(self, key: str) -> ProcessDefinition:
        deployment = ProcessDeployment(
            organization_id=self.actor.organization_id, name=key, created_at=clock.now(), created_by_name=""
        )
        db.session().add(deployment)
        db.session().flush()
        diagram = ROOT / "processes" / f"{key}.bpmn"
        for path in [diagram, *(ROOT / "forms" / "definitions").glob("*.form")]:
            db.session().add(
                ProcessResource(deployment_id=deployment.id, name=path.name, content=path.read_bytes(), sha256="")
            )
        definition = ProcessDefinition(
            organization_id=self.actor.organization_id,
            deployment_id=deployment.id,
            resource_name=diagram.name,
            key=key,
            name="Xử lý văn bản đến" if key == "van-ban-den" else "Soạn thảo, ban hành văn bản đi",
            version=1,
            hash=uuid.uuid4().hex,
            created_at=clock.now(),
            created_by_name="",
        )
        db.session().add(definition)
        db.session().flush()
        return definition
