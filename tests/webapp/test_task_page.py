"""One task: who sees and does what, and that nothing typed is lost. Runs the shipped process of incoming documents."""

import html
import re
from collections.abc import Callable

import pytest

import config
from demo.agency import PASSWORD
from directory.actors import Actor
from documents.models import DocumentVersion
from engine import operations as engine
from engine import queries
from engine.models import Task
from kernel import db
from tests.webapp.conftest import Browser
from tests.webapp.factories import Office
from webapp.app import App

PRESENT = {"proposed_lead_unit": "P-VHTT", "proposal": "Giao Phòng Văn hóa - Thông tin."}


@pytest.fixture
def present(app: App, actor: Callable[[str], Actor]) -> Task:
    """A registered document that waits to be presented, in a real instance of the shipped process."""
    clerk = actor("van-thu")
    resources = {file.name: file.read_bytes() for file in config.shipped_files()}
    with db.unit_of_work():
        engine.deploy_shipped(clerk.organization_id, resources)
        document = Office(clerk).make_document(
            "Báo cáo sử dụng phần mềm", number_symbol="214/STTTT-CNTT", state="REGISTERED"
        )
        instance = engine.start_instance("van-ban-den", {}, actor=clerk, business_key=str(document.id))
        document.instance_id = instance.id
        first = queries.list_instance_tasks(instance.id)[0]
        _skip_registering(first, clerk)
        return next(task for task in queries.list_instance_tasks(instance.id) if task.form_key == "trinh")


def _skip_registering(task: Task, clerk: Actor) -> None:
    """The register itself is documents' concern: this instance starts after it."""
    from engine import registry

    kept = registry.get_service("documents.register_incoming")
    registry.service("documents.register_incoming")(lambda call: {})
    try:
        engine.complete_task(task.id, {"outcome": "register", "registration": {"urgency": 0}}, actor=clerk)
    finally:
        registry.service("documents.register_incoming")(kept)


def test_the_page_shows_document_form_rule_and_way(present: Task, signed_in: Callable[[str], Browser]) -> None:
    page = signed_in("chanh-van-phong").get(f"/tasks/{present.id}").text

    assert "Báo cáo sử dụng phần mềm" in page
    assert 'name="proposed_lead_unit"' in page
    assert "Điều 23 khoản 1 Nghị định 30/2020/NĐ-CP" in page
    steps = re.findall(r'<li class="is-(\w+)"', page)
    assert steps[:3] == ["done", "now", "next"]


def test_a_task_of_others_is_not_there(present: Task, signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("cv-tp")

    assert person.get(f"/tasks/{present.id}").status_code == 404
    assert person.post(f"/tasks/{present.id}/complete", PRESENT).status_code == 404


def test_those_who_may_only_look_see_no_form(present: Task, signed_in: Callable[[str], Browser]) -> None:
    page = signed_in("van-thu").get(f"/tasks/{present.id}").text

    assert 'name="proposed_lead_unit"' not in page
    assert "không gửi thay được" in page


def test_a_task_of_a_suspended_process_is_shown_without_its_form(
    present: Task, signed_in: Callable[[str], Browser], actor: Callable[[str], Actor]
) -> None:
    with db.unit_of_work():
        engine.suspend_instance(present.instance_id, reason="chờ sửa", actor=actor("quan-tri"))
    person = signed_in("chanh-van-phong")

    page = person.get(f"/tasks/{present.id}").text

    assert "đang tạm dừng" in page
    assert 'name="proposed_lead_unit"' not in page
    assert "tạm dừng" in person.get("/tasks").text
    assert person.post(f"/tasks/{present.id}/complete", PRESENT).status_code == 409


def test_who_only_hands_work_out_reads_nothing_of_its_document(
    present: Task, signed_in: Callable[[str], Browser]
) -> None:
    person = signed_in("quan-tri")

    for address in (f"/tasks/{present.id}", f"/tasks/{present.id}/peek"):
        page = person.get(address).text
        assert present.name in page
        assert "Báo cáo sử dụng phần mềm" not in page
        assert 'name="proposed_lead_unit"' not in page
    assert person.post(f"/tasks/{present.id}/fields", {}).status_code == 403


def test_the_draft_of_others_is_not_read_by_way_of_its_form(
    app: App, actor: Callable[[str], Actor], signed_in: Callable[[str], Browser]
) -> None:
    with db.unit_of_work():
        drafter = actor("cv-vhtt")
        office = Office(drafter)
        document = office.make_document("Quy chế", direction="outgoing", state="DRAFT", current_version=1)
        content = {"subject": "Quy chế", "body": "Điều 1. Chưa ai được đọc"}
        db.session().add(
            DocumentVersion(
                organization_id=document.organization_id,
                document_id=document.id,
                number=1,
                content=content,
                hash="0" * 64,
                created_by_name="",
            )
        )
        task = office.make_task("du-thao", "Soạn", assignee=drafter, document=document, process="van-ban-di")
    person = signed_in("quan-tri")

    page = person.get(f"/tasks/{task.id}")
    fields = person.post(f"/tasks/{task.id}/fields", {})

    assert (page.status_code, fields.status_code) == (200, 403)
    assert "Chưa ai được đọc" not in page.text + fields.text


def test_completing_says_whose_turn_it_is(present: Task, signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("chanh-van-phong")
    person.get(f"/tasks/{present.id}")

    answer = person.post(f"/tasks/{present.id}/complete", PRESENT)

    assert answer.status_code == 302
    assert "Bây giờ do Lãnh đạo giữ" in person.get(answer.location).text
    assert queries_of(present).state == "completed"


def test_a_missing_value_is_said_beside_its_field_and_nothing_is_lost(
    present: Task, signed_in: Callable[[str], Browser]
) -> None:
    person = signed_in("chanh-van-phong")
    person.get(f"/tasks/{present.id}")

    answer = person.post(f"/tasks/{present.id}/complete", {"proposal": "Chữ <đã> gõ"})

    assert answer.status_code == 422
    assert 'id="o-proposed_lead_unit-loi"' in answer.text
    assert "Chữ &lt;đã&gt; gõ" in answer.text
    assert queries_of(present).state == "ready"


def test_who_is_too_late_learns_who_was_faster_and_keeps_the_text(
    present: Task, signed_in: Callable[[str], Browser], actor: Callable[[str], Actor]
) -> None:
    person = signed_in("chanh-van-phong")
    person.get(f"/tasks/{present.id}")
    with db.unit_of_work():
        engine.complete_task(present.id, PRESENT, actor=actor("chanh-van-phong"))

    answer = person.post(f"/tasks/{present.id}/complete", {**PRESENT, "proposal": "Ý của tôi"})

    assert answer.status_code == 409
    assert "Nguyễn Đức Hùng đã hoàn thành lúc" in answer.text
    assert "Ý của tôi" in answer.text
    sent = person.post(f"/tasks/{present.id}/comment", {"comment": "Ý của tôi"})
    assert "Ý của tôi" in person.get(sent.location).text


def test_a_session_that_ended_loses_nothing(present: Task, signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("chanh-van-phong")
    person.get(f"/tasks/{present.id}")
    person.client.delete_cookie("moc_session")

    refused = person.post(f"/tasks/{present.id}/complete", PRESENT)
    kept = re.search(r'name="kept" value="([^"]*)"', refused.text)
    assert kept is not None
    told = {"username": "chanh-van-phong", "password": PASSWORD, "kept": html.unescape(kept[1])}
    again = person.post("/sign-in", {**told, "resume": f"/tasks/{present.id}/complete"})
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', again.text))
    sent = person.post(f"/tasks/{present.id}/complete", {key: hidden[key] for key in PRESENT})

    assert refused.status_code == 401
    assert sent.status_code == 302
    assert queries_of(present).state == "completed"


def test_a_task_is_claimed_and_given_back(present: Task, signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("chanh-van-phong")
    assert "Nhận việc" in person.get(f"/tasks/{present.id}").text

    person.post(f"/tasks/{present.id}/claim")
    held = person.get(f"/tasks/{present.id}").text
    person.post(f"/tasks/{present.id}/release")

    assert "Bạn đang giữ" in held
    assert "Trả lại hàng chờ" in held
    assert "Nhận việc" in person.get(f"/tasks/{present.id}").text


def test_a_manager_hands_a_task_to_a_person(
    present: Task, signed_in: Callable[[str], Browser], actor: Callable[[str], Actor]
) -> None:
    person = signed_in("chu-tich")
    person.get(f"/tasks/{present.id}")

    person.post(f"/tasks/{present.id}/assign", {"person": str(actor("cv-vp").person_id), "back": "/tasks"})

    assert "Báo cáo sử dụng phần mềm" in signed_in("cv-vp").get("/tasks").text


def test_others_hand_nothing_over(
    present: Task, signed_in: Callable[[str], Browser], actor: Callable[[str], Actor]
) -> None:
    person = signed_in("van-thu")
    person.get("/tasks")

    answer = person.post(f"/tasks/{present.id}/assign", {"person": str(actor("cv-vp").person_id)})

    assert answer.status_code == 403


def test_an_empty_opinion_is_asked_for(present: Task, signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("chanh-van-phong")
    person.get(f"/tasks/{present.id}")

    answer = person.post(f"/tasks/{present.id}/comment", {"comment": "  "})

    assert answer.status_code == 422
    assert 'id="o-comment-loi"' in answer.text


def test_the_address_of_a_refused_form_leads_back_to_the_task(
    present: Task, signed_in: Callable[[str], Browser]
) -> None:
    answer = signed_in("chanh-van-phong").get(f"/tasks/{present.id}/complete?tep=1")

    assert answer.location == f"/tasks/{present.id}?tep=1"


def test_fields_are_drawn_again_with_what_was_typed(present: Task, signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("chanh-van-phong")
    person.get(f"/tasks/{present.id}")

    answer = person.post(f"/tasks/{present.id}/fields", PRESENT)

    assert "Giao Phòng Văn hóa - Thông tin." in answer.text
    assert "<html" not in answer.text
    assert queries_of(present).state == "ready"


def queries_of(task: Task) -> Task:
    with db.reading():
        return queries.get_task(task.id)
