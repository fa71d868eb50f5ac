"""Theo dõi: who may watch, and numbers that open exactly what they count."""

import datetime as dt
import re
from collections.abc import Callable

import pytest

from directory.actors import Actor
from engine.models import Task
from kernel import clock, db
from tests.webapp.conftest import Browser
from tests.webapp.factories import Office


@pytest.fixture
def late(actor: Callable[[str], Actor]) -> list[Task]:
    """Three overdue tasks: two of one person, one offered to another unit."""
    with db.unit_of_work():
        office = Office(actor("van-thu"))
        due = clock.now() - dt.timedelta(days=2)
        mine = [office.make_task("giai-quyet", "Giải quyết", assignee=actor("cv-vhtt"), due_at=due) for _ in range(2)]
        other = office.make_task(
            "phan-cong", "Phân công", element_id="Task_assign", groups=("truong-don-vi@P-TP",), due_at=due
        )
    return [*mine, other]


@pytest.mark.parametrize("username", ["chu-tich", "chanh-van-phong", "tp-vhtt", "quan-tri"])
def test_those_who_lead_may_watch(username: str, signed_in: Callable[[str], Browser]) -> None:
    person = signed_in(username)

    assert person.get("/monitoring").status_code == 200
    assert "Theo dõi" in person.get("/tasks").text


@pytest.mark.parametrize("username", ["van-thu", "cv-vhtt", "phan-tich"])
def test_others_may_not_and_see_no_link(username: str, signed_in: Callable[[str], Browser]) -> None:
    person = signed_in(username)

    assert person.get("/monitoring").status_code == 403
    assert "/monitoring" not in person.get("/tasks").text


def test_every_number_of_the_board_opens_exactly_its_tasks(
    late: list[Task], signed_in: Callable[[str], Browser]
) -> None:
    person = signed_in("chu-tich")
    page = person.get("/monitoring?unit=P-VHTT").text

    tiles = re.findall(r'class="mo-tile[^"]*" href="([^"#]+)[^"]*">.*?mo-tile-v">(\d+)<', page, flags=re.DOTALL)
    bars = re.findall(r'class="mo-h-\w+ mo-v\d+" href="([^"#]+)[^"]*"[^>]*>(\d+)</a>', page)
    steps = re.findall(r'<span class="mo-line"><a href="([^"#]+)[^"]*">.*?mo-strong">(\d+)<', page, flags=re.DOTALL)

    assert (len(tiles), len(bars), len(steps)) == (5, 3, 2)
    for address, number in [*tiles, *bars, *steps]:
        listed = person.get(address.replace("&amp;", "&")).text
        assert listed.count('name="task" value=') == int(number), address


def test_a_head_of_unit_watches_the_own_unit(late: list[Task], signed_in: Callable[[str], Browser]) -> None:
    page = signed_in("tp-vhtt").get("/monitoring").text

    assert page.count('name="task" value=') == 2
    assert "Phân công" not in page


def test_an_administrator_sees_where_work_stands_and_not_what_it_is_about(
    late: list[Task], signed_in: Callable[[str], Browser]
) -> None:
    leader, administrator = (signed_in(name).get("/monitoring").text for name in ("chu-tich", "quan-tri"))

    assert administrator.count('name="task" value=') == leader.count('name="task" value=') == 3
    assert "Báo cáo tình hình sử dụng phần mềm" in leader
    assert "Báo cáo tình hình sử dụng phần mềm" not in administrator


def test_reminding_tells_those_who_hold_the_work(late: list[Task], signed_in: Callable[[str], Browser]) -> None:
    leader = signed_in("chu-tich")
    leader.get("/monitoring")

    leader.post("/monitoring/remind", {"task": [str(task.id) for task in late[:2]], "back": "/monitoring"})

    assert "Đã nhắc 2 việc" in leader.get("/monitoring").text
    assert signed_in("cv-vhtt").get("/notices").text.count("mo-row-notice") == 2


def test_a_second_reminder_within_the_hour_is_left_out(late: list[Task], signed_in: Callable[[str], Browser]) -> None:
    leader = signed_in("chu-tich")
    leader.get("/monitoring")
    leader.post("/monitoring/remind", {"task": str(late[0].id), "back": "/monitoring"})
    leader.get("/monitoring")

    leader.post("/monitoring/remind", {"task": [str(task.id) for task in late[:2]], "back": "/monitoring"})

    page = leader.get("/monitoring").text
    assert "Đã nhắc 1 việc" in page
    assert "đã nhắc việc này lúc" in page


def test_nothing_ticked_is_said(late: list[Task], signed_in: Callable[[str], Browser]) -> None:
    leader = signed_in("chu-tich")
    leader.get("/monitoring")

    answer = leader.post("/monitoring/remind", {"back": "/monitoring"})

    assert answer.status_code == 422
    assert "Đánh dấu ít nhất một việc" in answer.text


def test_the_watched_list_can_be_taken_along(late: list[Task], signed_in: Callable[[str], Browser]) -> None:
    answer = signed_in("chu-tich").get("/monitoring/export.xlsx?bucket=overdue")

    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
