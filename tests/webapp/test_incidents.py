"""Sự cố without JavaScript: what stopped, grouped by process and cause; trying again one, some, all."""

import re
from collections.abc import Callable

from directory.actors import Actor
from engine import usage
from kernel import db
from tests.webapp import runs
from tests.webapp.conftest import Browser

People = Callable[[str], Actor]
SignedIn = Callable[[str], Browser]
DOWN, UNKNOWN = "Trục không trả lời sau {} giây.", "Mã định danh chưa có trong danh bạ."


def open_incidents(actor: People) -> int:
    with db.reading():
        return usage.count_open_incidents(actor("chu-tich").organization_id)


def three(actor: People) -> None:
    """Two that differ by a number, and one of another cause."""
    runs.publish(actor)
    for number, cause in enumerate([DOWN.format(30), DOWN.format(31), UNKNOWN], start=1):
        runs.stuck(actor, number, cause)


def test_causes_that_differ_by_a_number_are_one_group(actor: People, signed_in: SignedIn) -> None:
    three(actor)

    page = signed_in("chanh-van-phong").get("/incidents").text

    groups = [set(re.findall(r"GY-\d{3}", part)) for part in page.split('<section class="mo-panel"')[1:]]
    assert groups == [{"GY-001", "GY-002"}, {"GY-003"}]
    assert "Trục không trả lời sau 30 giây." in page


def test_the_navigation_counts_what_waits(actor: People, signed_in: SignedIn) -> None:
    three(actor)

    page = signed_in("chanh-van-phong").get("/tasks").text

    assert re.search(r'href="/incidents".*?mo-count">3<', page)


def test_a_whole_group_is_tried_again(actor: People, signed_in: SignedIn) -> None:
    three(actor)
    leader = signed_in("chanh-van-phong")
    page = leader.get("/incidents").text
    whole = re.search(r'<form class="mo-push".*?</form>', page, re.DOTALL)
    assert whole is not None

    ids = re.findall(r'name="incident" value="([^"]+)"', whole[0])
    leader.post("/incidents/retry", {"incident": ids, "back": "/incidents"})

    assert len(ids) == 2
    assert open_incidents(actor) == 1
    assert "Đang thử lại 2 chỗ." in leader.get("/incidents").text


def test_an_incident_is_tried_again_from_its_instance(actor: People, signed_in: SignedIn) -> None:
    runs.publish(actor)
    run = runs.stuck(actor)
    leader = signed_in("chanh-van-phong")
    page = leader.get(f"/instances/{run.id}/incidents").text
    (incident,) = re.findall(r'name="incident" value="([^"]+)"', page)

    answer = leader.post("/incidents/retry", {"incident": incident, "back": f"/instances/{run.id}/incidents"})

    assert answer.location == f"/instances/{run.id}/incidents"
    assert open_incidents(actor) == 0
    assert "Đã xử lý lúc" in leader.get(answer.location).text


def test_of_two_who_try_it_again_the_second_is_told(actor: People, signed_in: SignedIn) -> None:
    runs.publish(actor)
    runs.stuck(actor)
    first, second = signed_in("chanh-van-phong"), signed_in("chu-tich")
    (incident,) = set(re.findall(r'name="incident" value="([^"]+)"', first.get("/incidents").text))
    second.get("/incidents")

    first.post("/incidents/retry", {"incident": incident})
    second.post("/incidents/retry", {"incident": incident})

    assert "đã có người xử lý trước" in second.get("/incidents").text


def test_a_message_that_cannot_be_delivered_is_given_up(actor: People, signed_in: SignedIn) -> None:
    leader = signed_in("chanh-van-phong")
    job = runs.undelivered(actor)
    assert "Bỏ “tra-loi”, không gửi nữa?" in leader.get("/incidents").text

    refused = leader.post("/incidents/discard", {"job": str(job), "reason": ""})
    leader.post("/incidents/discard", {"job": str(job), "reason": "Nơi nhận đã giải thể.", "back": "/incidents"})

    assert refused.status_code == 422
    assert open_incidents(actor) == 0
    assert "Đã bỏ, không gửi nữa." in leader.get("/incidents").text


def test_nothing_ticked_is_said(actor: People, signed_in: SignedIn) -> None:
    three(actor)
    leader = signed_in("chu-tich")
    leader.get("/incidents")

    answer = leader.post("/incidents/retry", {"back": "/incidents"})

    assert answer.status_code == 422
    assert "Đánh dấu ít nhất một sự cố" in answer.text


def test_who_designs_sees_causes_and_tries_nothing_again(actor: People, signed_in: SignedIn) -> None:
    three(actor)
    designer = signed_in("phan-tich")

    page = designer.get("/incidents").text

    assert UNKNOWN in page
    assert "Thử lại" not in page
    assert signed_in("van-thu").get("/incidents").status_code == 403


def test_no_incident_is_good_news(agency: object, signed_in: SignedIn) -> None:
    assert "Không có sự cố nào" in signed_in("chu-tich").get("/incidents").text
