"""Hồ sơ quy trình without JavaScript: who may watch, who may operate, what every page says and does."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest

from directory.actors import Actor
from engine import operations, queries
from engine.models import ProcessInstance
from kernel import db
from tests.webapp import runs
from tests.webapp.conftest import Browser
from tests.webapp.factories import Office
from webapp.app import App
from webapp.instances import typed

People = Callable[[str], Actor]
SignedIn = Callable[[str], Browser]
PARTS = ["", "/incidents", "/variables", "/history", "/tasks"]


@pytest.fixture
def run(app: App, actor: People) -> ProcessInstance:
    """Stands at its first task."""
    runs.publish(actor)
    return runs.begin(actor)


def listed(page: str) -> set[str]:
    return set(re.findall(r"GY-\d{3}", page))


# --------------------------------------------------------------------------------------------------------- who sees it
@pytest.mark.parametrize("username", ["chu-tich", "chanh-van-phong", "quan-tri", "phan-tich"])
def test_those_who_lead_or_design_watch_every_part(username: str, run: ProcessInstance, signed_in: SignedIn) -> None:
    person = signed_in(username)

    assert "Hồ sơ quy trình" in person.get("/tasks").text
    assert [person.get(f"/instances/{run.id}{part}").status_code for part in PARTS] == [200] * len(PARTS)
    assert person.get("/instances").status_code == 200


@pytest.mark.parametrize("username", ["van-thu", "cv-vhtt", "tp-vhtt"])
def test_others_do_not_and_see_no_link(username: str, run: ProcessInstance, signed_in: SignedIn) -> None:
    person = signed_in(username)

    assert "/instances" not in person.get("/tasks").text
    for address in ("/instances", f"/instances/{run.id}", f"/instances/{run.id}/variables", "/instances/export.xlsx"):
        assert person.get(address).status_code == 403, address


def test_who_designs_processes_operates_none(run: ProcessInstance, signed_in: SignedIn) -> None:
    designer = signed_in("phan-tich")

    page = designer.get(f"/instances/{run.id}").text
    assert "Chuyển bước" not in page
    assert "Tạm dừng" not in page
    assert designer.get(f"/instances/{run.id}/move").status_code == 403
    assert designer.get(f"/instances/{run.id}/actions").status_code == 403
    assert designer.post(f"/instances/{run.id}/suspend", {"reason": "thử"}).status_code == 403
    assert runs.state_of(run.id) == "active"


def test_an_instance_that_is_not_there_is_not_found(run: ProcessInstance, signed_in: SignedIn) -> None:
    assert signed_in("chu-tich").get(f"/instances/{uuid.uuid4()}").status_code == 404


def test_what_is_in_a_document_is_not_for_the_administrator(actor: People, signed_in: SignedIn) -> None:
    with db.unit_of_work():
        office = Office(actor("van-thu"))
        task = office.make_task("trinh", "Trình, đề xuất", variables={"opinion": "ý kiến kín"})
        instance_id = task.instance_id
    leader, administrator = signed_in("chu-tich"), signed_in("quan-tri")

    assert "Báo cáo tình hình sử dụng phần mềm" in leader.get("/instances").text
    assert "ý kiến kín" in leader.get(f"/instances/{instance_id}/variables").text
    assert "Báo cáo tình hình sử dụng phần mềm" not in administrator.get("/instances").text
    page = administrator.get(f"/instances/{instance_id}/variables").text
    assert "opinion" in page
    assert "ý kiến kín" not in page


# ------------------------------------------------------------------------------------------------------------ the list
def test_every_tab_shows_what_it_counts(actor: People, signed_in: SignedIn) -> None:
    runs.publish(actor)
    begun = [runs.begin(actor, number) for number in range(1, 5)]
    runs.stuck(actor, 5)
    with db.unit_of_work():
        operations.suspend_instance(begun[0].id, reason="chờ", actor=actor("chu-tich"))
        operations.cancel_instance(begun[1].id, "nhầm", actor=actor("chu-tich"))
    leader = signed_in("chu-tich")

    page = leader.get("/instances").text
    tabs = re.findall(r'<li><a href="(/instances[^"]*)"[^>]*>([^<]+)<span[^>]*>(\d+)</span>', page)
    found = {label: listed(leader.get(url.replace("&amp;", "&")).text) for url, label, _ in tabs}
    told = {label: (len(found[label]), int(number)) for _, label, number in tabs}

    assert told == {
        "Đang chạy": (3, 3),
        "Có sự cố": (1, 1),
        "Tạm dừng": (1, 1),
        "Đã xong": (0, 0),
        "Đã hủy": (1, 1),
        "Tất cả": (5, 5),
    }


def test_a_filter_is_an_address(actor: People, signed_in: SignedIn) -> None:
    runs.publish(actor)
    runs.begin(actor, 1)
    runs.plan(actor, runs.begin(actor, 2).id)
    leader = signed_in("chu-tich")
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2)

    assert listed(leader.get("/instances?q=gy-002").text) == {"GY-002"}
    assert listed(leader.get("/instances?process=gop-y&element=Service_send").text) == {"GY-002"}
    assert listed(leader.get("/instances?process=gop-y&version=1").text) == {"GY-001", "GY-002"}
    assert listed(leader.get("/instances?process=gop-y&version=2").text) == set()
    assert listed(leader.get(f"/instances?from={tomorrow:%d/%m/%Y}").text) == set()
    assert "Không có hồ sơ nào khớp" in leader.get("/instances?q=khong-co").text


def test_a_document_is_found_by_its_words(actor: People, signed_in: SignedIn) -> None:
    with db.unit_of_work():
        Office(actor("van-thu")).make_task("trinh", "Trình, đề xuất")
    leader = signed_in("chu-tich")

    assert "Báo cáo tình hình" in leader.get("/instances?q=tinh hinh su dung").text
    assert "Báo cáo tình hình" not in signed_in("phan-tich").get("/instances?q=tinh hinh su dung").text


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_list_can_be_taken_along(kind: str, run: ProcessInstance, signed_in: SignedIn) -> None:
    answer = signed_in("chu-tich").get(f"/instances/export.{kind}")

    assert answer.status_code == 200
    assert answer.data.startswith(b"PK" if kind == "xlsx" else "\ufeff".encode())


def test_an_empty_list_says_what_to_do(agency: object, signed_in: SignedIn) -> None:
    page = signed_in("chu-tich").get("/instances").text

    assert "Không có hồ sơ nào ở đây" in page
    assert "Xem tất cả" in page


# ------------------------------------------------------------------------------------------------------------ the page
def test_the_page_says_where_it_stands_and_who_has_it(actor: People, signed_in: SignedIn) -> None:
    runs.publish(actor)
    run = runs.begin(actor)

    page = signed_in("chanh-van-phong").get(f"/instances/{run.id}").text

    assert "GY-001" in page
    assert "Task_plan" in page
    assert "Chuyên viên" in page
    assert "Đang chạy" in page


def test_the_diagram_tells_tokens_way_and_incidents(actor: People, signed_in: SignedIn) -> None:
    runs.publish(actor)
    run = runs.stuck(actor)

    (told,) = signed_in("chu-tich").get(f"/instances/{run.id}/diagram").json["diagrams"]

    assert told["active"] == {"Service_send": 1}
    assert {"Start_begin", "Task_plan"} <= set(told["passed"])
    assert told["incidents"] == ["Service_send"]


def test_history_tells_before_and_after(actor: People, run: ProcessInstance, signed_in: SignedIn) -> None:
    runs.plan(actor, run.id)
    leader = signed_in("chu-tich")

    page = leader.get(f"/instances/{run.id}/history").text
    narrowed = leader.get(f"/instances/{run.id}/history?element=Service_send").text

    assert re.search(r"copies</dt><dd><del>20</del>.*?<ins>25</ins>", page)
    assert "bắt đầu hồ sơ" in page
    assert "Task_plan<" not in narrowed.partition("<tbody>")[2]
    assert leader.get(f"/instances/{run.id}/history/export.csv").data.startswith("\ufeff".encode())
    assert leader.get(f"/instances/{run.id}/history/export.xlsx").data.startswith(b"PK")


# ------------------------------------------------------------------------------------------------------------ the verbs
def test_a_suspended_instance_goes_on_again(run: ProcessInstance, signed_in: SignedIn) -> None:
    leader = signed_in("chanh-van-phong")
    leader.get(f"/instances/{run.id}")

    leader.post(f"/instances/{run.id}/suspend", {"reason": "Chờ Sở cho ý kiến."})
    assert runs.state_of(run.id) == "suspended"
    assert "Chạy tiếp" in leader.get(f"/instances/{run.id}").text
    leader.post(f"/instances/{run.id}/resume", {"reason": "Sở đã trả lời."})

    assert runs.state_of(run.id) == "active"
    assert "Chờ Sở cho ý kiến." in leader.get(f"/instances/{run.id}/history").text


def test_a_verb_without_a_reason_is_refused_beside_the_field(run: ProcessInstance, signed_in: SignedIn) -> None:
    leader = signed_in("chanh-van-phong")
    leader.get(f"/instances/{run.id}")

    answer = leader.post(f"/instances/{run.id}/cancel", {"reason": "  "})

    assert answer.status_code == 422
    assert 'id="o-cancel-loi"' in answer.text
    assert runs.state_of(run.id) == "active"


def test_what_was_over_begins_anew(run: ProcessInstance, signed_in: SignedIn) -> None:
    leader = signed_in("chanh-van-phong")
    leader.get(f"/instances/{run.id}")

    leader.post(f"/instances/{run.id}/cancel", {"reason": "Nhầm đơn vị."})
    assert runs.state_of(run.id) == "cancelled"
    assert "Nhầm đơn vị." in leader.get(f"/instances/{run.id}").text
    answer = leader.post(f"/instances/{run.id}/restart", {"variables": "initial", "reason": "Làm lại."})

    begun = answer.location.rpartition("/")[2]
    assert begun != str(run.id)
    assert runs.places_of(uuid.UUID(begun)) == ["Task_plan"]


def test_several_are_cancelled_at_once(actor: People, signed_in: SignedIn) -> None:
    runs.publish(actor)
    begun = [runs.begin(actor, number) for number in (1, 2, 3)]
    leader = signed_in("chanh-van-phong")
    leader.get("/instances")

    refused = leader.post("/instances/cancel", {"instance": [str(begun[0].id)], "reason": ""})
    sent = {"instance": [str(run.id) for run in begun[:2]], "reason": "Nhập nhầm.", "back": "/instances"}
    leader.post("/instances/cancel", sent)

    assert refused.status_code == 422
    assert [runs.state_of(run.id) for run in begun] == ["cancelled", "cancelled", "active"]
    assert "Đã hủy 2 hồ sơ." in leader.get("/instances").text


def test_a_variable_is_changed_with_its_kind(run: ProcessInstance, signed_in: SignedIn) -> None:
    leader = signed_in("chu-tich")
    form = leader.get(f"/instances/{run.id}/variables?change=copies&scope=").text
    assert re.search(r"Đang là.*?<pre class=\"mo-cause\">20</pre>", form, re.DOTALL)

    sent = {"change": "copies", "scope": "", "name": "copies", "kind": "number", "value": "1,5", "reason": "Đếm lại."}
    answer = leader.post(f"/instances/{run.id}/variables", sent)

    assert answer.status_code == 302
    with db.reading():
        assert queries.get_variables(run.id)["copies"] == Decimal("1.5")
    page = leader.get(f"/instances/{run.id}/history").text
    assert re.search(r"Đếm lại\..*?<del>20</del>.*?<ins>1,5</ins>", page, re.DOTALL)


def test_a_value_of_the_wrong_kind_comes_back_as_it_was_typed(run: ProcessInstance, signed_in: SignedIn) -> None:
    leader = signed_in("chu-tich")
    leader.get(f"/instances/{run.id}/variables")

    sent = {"change": "copies", "scope": "", "name": "copies", "kind": "number", "value": "hai mươi", "reason": "Sửa."}
    answer = leader.post(f"/instances/{run.id}/variables", sent)

    assert answer.status_code == 422
    assert ">hai mươi</textarea>" in answer.text
    assert ">Sửa.</textarea>" in answer.text
    assert "Gõ một số" in answer.text


def test_a_variable_is_added_and_removed(run: ProcessInstance, signed_in: SignedIn) -> None:
    leader = signed_in("chu-tich")
    leader.get(f"/instances/{run.id}/variables")
    address = f"/instances/{run.id}/variables"

    leader.post(
        address, {"add": "", "scope": "", "name": "han", "kind": "date", "value": "05/05/2016", "reason": "Bổ sung."}
    )
    with db.reading():
        assert queries.get_variables(run.id)["han"] == dt.date(2016, 5, 5)
    assert "Gỡ biến han?" in leader.get(f"{address}?remove=han&scope=").text
    leader.post(address, {"remove": "han", "scope": "", "name": "han", "reason": "Thừa."})

    with db.reading():
        assert "han" not in queries.get_variables(run.id)


def test_moving_a_token_is_told_before_it_is_done(run: ProcessInstance, signed_in: SignedIn) -> None:
    leader = signed_in("chanh-van-phong")
    page = leader.get(f"/instances/{run.id}/move").text
    (token,) = re.findall(r'name="cancel" value="(\d+)"', page)

    chosen = leader.get(f"/instances/{run.id}/move?cancel={token}&start=Task_collect").text
    assert "Thu lại việc “Task_plan” của Chuyên viên." in chosen
    assert "Mở việc “Task_collect”" in chosen
    assert runs.places_of(run.id) == ["Task_plan"]
    sent = {"cancel": token, "start": "Task_collect", "reason": "Đã có kế hoạch."}
    answer = leader.post(f"/instances/{run.id}/move", sent)

    assert answer.status_code == 302
    assert runs.places_of(run.id) == ["Task_collect", "Task_collect"]
    page = leader.get(f"/instances/{run.id}/history").text
    assert "chuyển bước: bỏ ở “Task_plan”, đứng vào “Task_collect”" in page
    assert "Đã có kế hoạch." in page


def test_a_move_without_a_reason_keeps_what_was_chosen(run: ProcessInstance, signed_in: SignedIn) -> None:
    leader = signed_in("chanh-van-phong")
    (token,) = re.findall(r'name="cancel" value="(\d+)"', leader.get(f"/instances/{run.id}/move").text)

    answer = leader.post(f"/instances/{run.id}/move", {"cancel": token, "start": "Task_collect", "reason": ""})

    assert answer.status_code == 422
    assert 'id="o-reason-loi"' in answer.text
    assert 'name="start" value="Task_collect"' in answer.text
    assert runs.places_of(run.id) == ["Task_plan"]


def test_a_token_that_has_gone_on_is_said(run: ProcessInstance, signed_in: SignedIn) -> None:
    leader = signed_in("chanh-van-phong")

    page = leader.get(f"/instances/{run.id}/move?cancel=9999&start=Task_collect").text

    assert "Hồ sơ vừa đi tiếp" in page


def test_a_version_takes_no_new_instances_until_it_is_opened(actor: People, signed_in: SignedIn) -> None:
    definition = runs.publish(actor)
    runs.begin(actor)
    leader = signed_in("chanh-van-phong")
    back = "/instances?process=gop-y"
    assert "Ngừng nhận" in leader.get(back).text

    leader.post(f"/processes/definitions/{definition.id}/suspend", {"back": back, "instances": "1", "reason": "Sửa."})
    page = leader.get(back).text
    assert "Ngừng nhận hồ sơ mới" in page
    assert "Đã tạm dừng 1 hồ sơ" in page
    leader.post(f"/processes/definitions/{definition.id}/resume", {"back": back, "instances": "1"})

    assert "Đang nhận hồ sơ mới" in leader.get(back).text
    assert runs.begin(actor, 2).state == "active"


# -------------------------------------------------------------------------------------------------------------- values
@pytest.mark.parametrize(
    "value",
    [
        Decimal("1.50"),
        Decimal("12345678901234567890.123456789"),
        "một\nhai",
        True,
        None,
        dt.date(2016, 5, 5),
        dt.datetime(2016, 5, 5, 8, 42, 7, tzinfo=dt.UTC),
        dt.time(7, 30),
        [Decimal("0.1"), Decimal(3), {"ngày": dt.date(2016, 5, 5), "hạn": dt.timedelta(hours=2)}],
        {"$n": "khóa của người dùng"},
    ],
)
def test_a_value_shown_and_read_is_the_same(value: object) -> None:
    shown = typed.show(value)

    assert typed.read(shown.kind, shown.typed) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", "1.000,5"),
        ("date", "31/02/2016"),
        ("boolean", "có lẽ"),
        ("json", "{a: 1}"),
        ("json", "NaN"),
        ("", "x"),
    ],
)
def test_what_is_no_value_is_told(kind: str, text: str) -> None:
    with pytest.raises(typed.Unreadable):
        typed.read(kind, text)
