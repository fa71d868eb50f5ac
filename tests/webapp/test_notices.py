"""Notices: the bell, reading, and nobody else's."""

from collections.abc import Callable

import pytest

from directory.actors import Actor
from kernel import db
from kernel.ids import new_id
from notices import operations, queries
from tests.webapp.conftest import Browser
from webapp import live


@pytest.fixture
def told(actor: Callable[[str], Actor]) -> str:
    """The id of one notice to Hoàng Thu Hà."""
    person = actor("cv-vhtt")
    with db.unit_of_work():
        operations.notify(
            [person.person_id or new_id()],
            "Bạn có việc mới.",
            kind="task",
            key="one",
            subject=("thing", new_id()),
            organization_id=person.organization_id,
        )
    with db.reading():
        return str(queries.list_notices(person)[0].id)


def test_the_bell_says_how_many_are_new(told: str, signed_in: Callable[[str], Browser]) -> None:
    assert "Thông báo, 1 mục mới" in signed_in("cv-vhtt").get("/tasks").text


def test_opening_a_notice_reads_it(told: str, signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("cv-vhtt")
    person.get("/notices")

    assert person.post(f"/notices/{told}/open").status_code == 302

    assert "Đã đọc hết" in person.get("/notices").text


def test_nobody_opens_the_notices_of_others(told: str, signed_in: Callable[[str], Browser]) -> None:
    other = signed_in("cv-vp")
    other.get("/notices")

    assert other.post(f"/notices/{told}/open").status_code == 404


def test_all_can_be_read_at_once(told: str, signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("cv-vhtt")
    person.get("/notices")

    person.post("/notices/read")

    assert "Đã đọc hết" in person.get("/notices").text


def test_a_page_hears_only_of_its_own_notices(told: str, actor: Callable[[str], Actor]) -> None:
    mine, other = actor("cv-vhtt"), actor("cv-vp")
    event = {"topic": "notices", "people": [str(mine.person_id)]}

    assert list(live._message(event, mine)) == ['event: notices\ndata: {"unread": 1}\n\n']
    assert list(live._message(event, other)) == []


def test_a_page_that_falls_behind_is_let_go() -> None:
    hub = live.Hub()
    hub._thread = live.threading.current_thread()  # nothing to listen to here
    slow = hub.join()

    for number in range(live.WAITING + 1):
        hub.tell({"topic": number})

    assert slow not in hub._queues
