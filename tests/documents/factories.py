"""Things of documents for tests: uploads in every format, and documents in a given state."""

import datetime as dt
import io
import zipfile

from directory.actors import Actor
from documents.intake import Upload
from documents.models import Document
from engine.models import ProcessDefinition, ProcessDeployment, ProcessInstance, Task
from kernel import clock, db
from kernel.ids import new_id
from kernel.text import fold

CONTENT_TYPES = "[Content_Types].xml"
REGISTRATION = {
    "kind": "TTr",
    "number": "41",
    "symbol": "TTr-VP",
    "issued_date": dt.date(2016, 4, 27),
    "organ_name": "Văn phòng HĐND và UBND huyện Mộc Châu",
    "subject": "Đề nghị ban hành Quy chế quản lý phần mềm",
    "signer_position": "Chánh Văn phòng",
    "signer_name": "Nguyễn Đức Hùng",
    "urgency": 0,
    "article7_declared": True,
}


def make_pdf(*, pages: int = 1, javascript: bool = False, launch: bool = False) -> bytes:
    import pikepdf

    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
    if javascript:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    if launch:
        pdf.Root.AA = pikepdf.Dictionary(WC=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="x.exe"))
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def make_zip(members: dict[str, bytes], *, packed: bool = True) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def make_docx() -> bytes:
    return make_zip({CONTENT_TYPES: b"<Types/>", "word/document.xml": b"<document/>"})


def make_odt() -> bytes:
    members = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office/>"}
    return make_zip(members, packed=False)


def upload(name: str = "to-trinh.pdf", data: bytes | None = None) -> Upload:
    return Upload(name=name, data=make_pdf() if data is None else data)


def make_incoming(actor: Actor, *, state: str = "ARRIVED", **fields: object) -> Document:
    """A row without a process; needs an open unit of work."""
    return _make("incoming", actor, state, {"channel": "postal", "received_at": clock.now(), **fields})


def make_outgoing(actor: Actor, *, state: str = "DRAFT", **fields: object) -> Document:
    return _make("outgoing", actor, state, {"kind_code": "CV", "type_name": "Công văn", **fields})


def _make(direction: str, actor: Actor, state: str, fields: dict[str, object]) -> Document:
    document = Document(
        organization_id=actor.organization_id,
        direction=direction,
        state=state,
        created_by_id=actor.person_id,
        created_by_name=actor.name,
        **fields,
    )
    document.search = document.search or fold(f"{document.number_symbol or ''} {document.subject or ''}")
    db.session().add(document)
    db.session().flush()
    return document


def make_task(document: Document, **fields: object) -> Task:
    """A task about the document, beside any process that could run; needs an open unit of work."""
    session = db.session()
    owner = {"organization_id": document.organization_id}
    deployment = ProcessDeployment(**owner, name="x", created_at=clock.now(), created_by_name="x")
    session.add(deployment)
    session.flush()
    definition = ProcessDefinition(
        **owner,
        deployment_id=deployment.id,
        resource_name="x.bpmn",
        key=new_id().hex,
        name="x",
        version=1,
        hash="x",
        created_at=clock.now(),
        created_by_name="x",
    )
    session.add(definition)
    session.flush()
    instance = ProcessInstance(
        **owner,
        definition_id=definition.id,
        business_key=str(document.id),
        state="active",
        version=1,
        snapshot=b"",
        started_at=clock.now(),
        started_by_name="x",
    )
    session.add(instance)
    session.flush()
    values = {
        "token": 1,
        "element_id": "Task_x",
        "name": "x",
        "state": "ready",
        "candidate_users": [],
        "candidate_groups": [],
        "form_key": "",
        "priority": 50,
        "created_at": clock.now(),
        "ended_by_name": "",
        "extensions": {},
        **fields,
    }
    task = Task(**owner, instance_id=instance.id, definition_id=definition.id, business_key=str(document.id), **values)
    session.add(task)
    session.flush()
    return task
