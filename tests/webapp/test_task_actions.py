"""Beside completing, on the pages: offered to whom the diagram and the rule allow, done by a form without scripts."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

import config
from directory.actors import Actor
from documents.models import Document
from documents.queries import may_view
from engine import operations as engine
from engine import queries, registry
from engine.models import ProcessInstance, Task
from kernel import db
from tests.engine.diagrams import diagram, flows, user
from tests.webapp.conftest import Browser
from tests.webapp.factories import Office
from webapp.app import App

ActorOf = Callable[[str], Actor]
SignedIn = Callable[[str], Browser]
PRESENT = {"proposed_lead_unit": "P-VHTT", "proposal": "Giao Phòng Văn hóa - Thông tin."}
DIRECT = {
    "lead_unit": "P-VHTT",
    "support_units": ["P-TP"],
    "inform_units": [],
    "opinion": "Tham mưu trả lời.",
    "due_date": None,
}


def latest(instance: ProcessInstance, element: str) -> Task:
    with db.reading():
        return [task for task in queries.list_instance_tasks(instance.id) if task.element_id == element][-1]


def open_steps(instance: ProcessInstance) -> list[str]:
    with db.reading():
        return sorted(t.element_id for t in queries.list_instance_tasks(instance.id) if t.state == "ready")


def document_of(instance: ProcessInstance) -> Document:
    with db.reading() as session:
        return session.scalars(sa.select(Document).where(Document.instance_id == instance.id)).one()


@pytest.fixture
def arrival(app: App, actor: ActorOf) -> ProcessInstance:
    """A registered document that waits to be presented, in the shipped process."""
    clerk = actor("van-thu")
    resources = {file.name: file.read_bytes() for file in config.shipped_files()}
    with db.unit_of_work():
        engine.deploy_shipped(clerk.organization_id, resources)
        document = Office(clerk).make_document(
            "Báo cáo sử dụng phần mềm", number_symbol="214/STTTT", state="REGISTERED"
        )
        instance = engine.start_instance("van-ban-den", {}, actor=clerk, business_key=str(document.id))
        document.instance_id = instance.id
        kept = registry.get_service("documents.register_incoming")
        registry.service("documents.register_incoming")(lambda call: {})
        first = queries.list_instance_tasks(instance.id)[0]
        engine.complete_task(first.id, {"outcome": "register", "registration": {"urgency": 0}}, actor=clerk)
        registry.service("documents.register_incoming")(kept)
    return instance


@pytest.fixture
def presented(arrival: ProcessInstance, actor: ActorOf) -> ProcessInstance:
    with db.unit_of_work():
        task = queries.list_instance_tasks(arrival.id)[-1]
        engine.complete_task(task.id, PRESENT, actor=actor("chanh-van-phong"))
    return arrival


@pytest.fixture
def directed(presented: ProcessInstance, actor: ActorOf) -> ProcessInstance:
    with db.unit_of_work():
        task = queries.list_instance_tasks(presented.id)[-1]
        engine.complete_task(task.id, DIRECT, actor=actor("chu-tich"))
    return presented


# -------------------------------------------------------------------------------------------------- the shipped process
def test_who_presented_takes_it_back_from_the_list_while_no_leader_has_seen_it(
    presented: ProcessInstance, signed_in: SignedIn
) -> None:
    person, task = signed_in("chanh-van-phong"), latest(presented, "Task_present")

    page = person.get("/tasks").text
    assert "Vừa gửi, còn thu hồi được" in page
    assert f"/tasks/{task.id}#xu-ly" in page
    assert f'action="/tasks/{task.id}/withdraw"' in person.get(f"/tasks/{task.id}").text
    answer = person.post(f"/tasks/{task.id}/withdraw", {"reason": "Nhầm đơn vị."})

    assert answer.status_code == 302
    assert open_steps(presented) == ["Task_present"]
    assert document_of(presented).state == "REGISTERED"
    page = person.get(f"/tasks/{task.id}").text
    assert 'name="proposed_lead_unit"' in page
    assert "Nhầm đơn vị." in page


def test_what_a_leader_has_seen_is_not_taken_back(presented: ProcessInstance, signed_in: SignedIn) -> None:
    task = latest(presented, "Task_present")
    signed_in("chu-tich").get(f"/tasks/{latest(presented, 'Task_direct').id}")
    person = signed_in("chanh-van-phong")

    assert "Vừa gửi, còn thu hồi được" not in person.get("/tasks").text
    assert f'action="/tasks/{task.id}/withdraw"' not in person.get(f"/tasks/{task.id}").text
    answer = person.post(f"/tasks/{task.id}/withdraw", {})

    assert answer.status_code == 409
    assert "đã có người mở xem" in answer.text


def test_whoever_only_looks_has_not_opened_the_task(presented: ProcessInstance, signed_in: SignedIn) -> None:
    signed_in("van-thu").get(f"/tasks/{latest(presented, 'Task_direct').id}")

    assert latest(presented, "Task_direct").opened_at is None


def test_a_leader_returns_a_proposal_with_a_reason(presented: ProcessInstance, signed_in: SignedIn) -> None:
    leader, task = signed_in("chu-tich"), latest(presented, "Task_direct")
    page = leader.get(f"/tasks/{task.id}").text
    assert "Trả lại bước trước" in page
    assert "Việc quay lại bước “Trình, đề xuất phân phối”" in page

    refused = leader.post(f"/tasks/{task.id}/return", {"to": "Task_present", "reason": ""})
    assert refused.status_code == 422
    assert re.search(r'<details class="mo-more" id="tt-return" open>', refused.text)
    assert 'id="tt-return-reason-loi"' in refused.text
    answer = leader.post(f"/tasks/{task.id}/return", {"to": "Task_present", "reason": "Nêu rõ đơn vị phối hợp."})

    assert answer.status_code == 302
    assert document_of(presented).state == "REGISTERED"
    person = signed_in("chanh-van-phong")
    assert "Bị trả lại" in person.get("/tasks").text
    page = person.get(f"/tasks/{latest(presented, 'Task_present').id}").text
    assert "trả lại từ bước “Cho ý kiến chỉ đạo giải quyết”" in page
    assert "Nêu rõ đơn vị phối hợp." in page
    person.post(f"/tasks/{latest(presented, 'Task_present').id}/complete", PRESENT)
    assert document_of(presented).state == "PRESENTED"


def test_a_direction_is_taken_back_and_nobody_sees_by_it_any_more(
    directed: ProcessInstance, signed_in: SignedIn, actor: ActorOf
) -> None:
    with db.reading():
        assert may_view(document_of_in_session(directed), actor("tp-vhtt"))
    leader, task = signed_in("chu-tich"), latest(directed, "Task_direct")

    answer = leader.post(f"/tasks/{task.id}/withdraw", {})

    assert answer.status_code == 302
    assert open_steps(directed) == ["Task_direct"]
    assert document_of(directed).state == "PRESENTED"
    with db.unit_of_work():
        engine.complete_task(task.id, DIRECT | {"lead_unit": "P-TP", "support_units": []}, actor=actor("chu-tich"))
    assert document_of(directed).state == "DIRECTED"


def document_of_in_session(instance: ProcessInstance) -> Document:
    return db.session().scalars(sa.select(Document).where(Document.instance_id == instance.id)).one()


def test_a_unit_returns_what_is_not_its_work_and_the_supporting_units_are_asked_again(
    directed: ProcessInstance, signed_in: SignedIn, actor: ActorOf
) -> None:
    assert open_steps(directed) == ["Task_assign", "Task_support"]
    head, task = signed_in("tp-vhtt"), latest(directed, "Task_assign")

    answer = head.post(f"/tasks/{task.id}/return", {"to": "Task_direct", "reason": "Không thuộc phòng tôi."})

    assert answer.status_code == 302
    assert open_steps(directed) == ["Task_direct"]
    assert document_of(directed).state == "PRESENTED"
    assert latest(directed, "Task_direct").assignee_id == actor("chu-tich").person_id
    with db.unit_of_work():
        engine.complete_task(latest_in_session(directed, "Task_direct").id, DIRECT, actor=actor("chu-tich"))
    assert open_steps(directed) == ["Task_assign", "Task_support"]


def latest_in_session(instance: ProcessInstance, element: str) -> Task:
    return [task for task in queries.list_instance_tasks(instance.id) if task.element_id == element][-1]


def test_a_colleague_is_asked_reads_the_document_and_answers(
    presented: ProcessInstance, signed_in: SignedIn, actor: ActorOf
) -> None:
    leader, task = signed_in("chu-tich"), latest(presented, "Task_direct")
    colleague = signed_in("cv-tp")
    assert colleague.get(f"/tasks/{task.id}").status_code == 404
    assert str(actor("cv-tp").person_id) in leader.get(f"/tasks/{task.id}").text

    asked = {"person": [str(actor("cv-tp").person_id)], "question": "Việc này thuộc phòng nào?"}
    assert leader.post(f"/tasks/{task.id}/consult", asked).status_code == 302
    assert "Đang chờ ý kiến của" in leader.get(f"/tasks/{task.id}").text
    assert "Việc này thuộc phòng nào?" in colleague.get("/tasks").text
    page = colleague.get(f"/tasks/{task.id}").text
    assert "Báo cáo sử dụng phần mềm" in page
    assert "xin ý kiến bạn" in page
    assert 'name="lead_unit"' not in page
    (address,) = re.findall(r'action="(/consultations/[^"]+/answer)"', page)
    assert colleague.post(address, {"answer": " "}).status_code == 422
    assert colleague.post(address, {"answer": "Thuộc Phòng Tư pháp."}).status_code == 302

    page = leader.get(f"/tasks/{task.id}").text
    assert "Thuộc Phòng Tư pháp." in page
    assert "Đang chờ ý kiến của" not in page
    assert "Xin ý kiến bạn" not in colleague.get("/tasks").text


def test_a_question_that_is_taken_back_shuts_the_document_again(
    presented: ProcessInstance, signed_in: SignedIn, actor: ActorOf
) -> None:
    leader, task = signed_in("chu-tich"), latest(presented, "Task_direct")
    asked = {"person": [str(actor("cv-tp").person_id)], "question": "Thuộc phòng nào?"}
    leader.get(f"/tasks/{task.id}")
    leader.post(f"/tasks/{task.id}/consult", asked)

    (address,) = re.findall(r'action="(/consultations/[^"]+/withdraw)"', leader.get(f"/tasks/{task.id}").text)
    assert leader.post(address).status_code == 302

    with db.reading():
        assert not may_view(document_of_in_session(presented), actor("cv-tp"))
    assert "Thuộc phòng nào?" not in signed_in("cv-tp").get("/tasks").text


def test_nobody_is_asked_by_nobody(presented: ProcessInstance, signed_in: SignedIn) -> None:
    leader, task = signed_in("chu-tich"), latest(presented, "Task_direct")
    leader.get(f"/tasks/{task.id}")

    answer = leader.post(f"/tasks/{task.id}/consult", {"question": "Ai biết?"})

    assert answer.status_code == 422
    assert 'id="tt-consult-person-loi"' in answer.text
    assert "Ai biết?" in answer.text


def test_those_who_may_not_act_see_no_action_and_do_none(presented: ProcessInstance, signed_in: SignedIn) -> None:
    task = latest(presented, "Task_direct")
    looker = signed_in("van-thu")

    page = looker.get(f"/tasks/{task.id}").text

    assert "Trả lại bước trước" not in page
    assert looker.post(f"/tasks/{task.id}/return", {"reason": "Thử."}).status_code == 403
    assert signed_in("cv-tp").post(f"/tasks/{task.id}/return", {"reason": "Thử."}).status_code == 404


# ------------------------------------------------------------------------------------------------------- other diagrams
def may(*told: str) -> str:
    lines = "".join(f'<moc:action name="{name}"/>' for name in told)
    return f"<extensionElements><moc:actions>{lines}</moc:actions></extensionElements>"


def begin(actor: ActorOf, *tasks: str, **variables: object) -> ProcessInstance:
    ids = [text.split('id="')[1].split('"')[0] for text in tasks]
    body = f'<startEvent id="s"/>{"".join(tasks)}<endEvent id="e"/>{flows("s", *ids, "e")}'
    with db.unit_of_work():
        engine.deploy({"p.bpmn": diagram(body)}, actor=actor("phan-tich"))
        return engine.start_instance("p", variables, actor=actor("van-thu"))


def test_a_delegate_works_and_the_owner_sends(app: App, actor: ActorOf, signed_in: SignedIn) -> None:
    instance = begin(actor, user("a", inner=may("delegate")))
    task = latest(instance, "a")
    owner, delegate = signed_in("van-thu"), signed_in("cv-tp")
    owner.get(f"/tasks/{task.id}")

    assert owner.post(f"/tasks/{task.id}/delegate", {"person": ""}).status_code == 422
    told = {"person": str(actor("cv-tp").person_id), "note": "Soạn giúp tôi."}
    assert owner.post(f"/tasks/{task.id}/delegate", told).status_code == 302
    assert "Đang uỷ thác cho người khác" in owner.get("/tasks").text
    assert "Lấy việc về" in owner.get(f"/tasks/{task.id}").text
    assert "Được uỷ thác" in delegate.get("/tasks").text
    page = delegate.get(f"/tasks/{task.id}").text
    assert "Trần Thị Lan uỷ thác cho bạn việc này." in page
    assert "Soạn giúp tôi." in page
    assert f"/tasks/{task.id}/complete" not in page
    assert delegate.post(f"/tasks/{task.id}/resolve", {"note": "Đã soạn."}).status_code == 302

    page = owner.get(f"/tasks/{task.id}").text
    assert "Đã soạn." in page
    assert f'action="/tasks/{task.id}/complete"' in page
    assert owner.post(f"/tasks/{task.id}/complete").status_code == 302
    assert latest(instance, "a").state == "completed"


def test_signers_are_added_and_taken_out(app: App, actor: ActorOf, signed_in: SignedIn) -> None:
    loop = (
        '<multiInstanceLoopCharacteristics isSequential="true" camunda:collection="signers" '
        'camunda:elementVariable="signer"/>'
    )
    told = user("a", 'camunda:assignee="=signer"', may("addSigner", "removeSigner") + loop)
    instance = begin(actor, told, signers=["van-thu", "cv-tp"])
    task, person = latest(instance, "a"), signed_in("van-thu")

    page = person.get(f"/tasks/{task.id}").text
    assert "Còn trong lượt này" in page
    assert "Sau " in page
    added = {"person": str(actor("cv-vhtt").person_id), "place": "2"}
    assert person.post(f"/tasks/{task.id}/add-signer", added).status_code == 302
    again = person.post(f"/tasks/{task.id}/add-signer", added)
    assert again.status_code == 409
    assert "đã có trong lượt này" in again.text
    assert person.post(f"/tasks/{task.id}/remove-signer", {"person": str(actor("cv-tp").person_id)}).status_code == 302
    person.post(f"/tasks/{task.id}/complete")

    assert latest(instance, "a").assignee_id == actor("cv-vhtt").person_id


def test_a_rejected_task_ends_where_the_diagram_says(app: App, actor: ActorOf, signed_in: SignedIn) -> None:
    told = may("reject").replace('name="reject"', 'name="reject" to="e"')
    instance = begin(actor, user("a", inner=told), user("b"))
    task, person = latest(instance, "a"), signed_in("van-thu")
    person.get(f"/tasks/{task.id}")

    assert person.post(f"/tasks/{task.id}/reject", {"reason": ""}).status_code == 422
    assert person.post(f"/tasks/{task.id}/reject", {"reason": "Không đúng thẩm quyền."}).status_code == 302

    with db.reading():
        assert queries.get_instance(instance.id).state == "completed"


@pytest.mark.parametrize("verb", ["return", "reject", "withdraw", "consult", "delegate", "resolve", "add-signer"])
def test_the_address_of_a_refused_form_leads_back_to_the_task(
    app: App, actor: ActorOf, signed_in: SignedIn, verb: str
) -> None:
    task = latest(begin(actor, user("a")), "a")

    answer = signed_in("van-thu").get(f"/tasks/{task.id}/{verb}")

    assert (answer.status_code, answer.location) == (302, f"/tasks/{task.id}")
