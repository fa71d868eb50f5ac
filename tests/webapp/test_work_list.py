"""Việc của tôi: order, numbers, filters, export."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from directory.actors import Actor
from directory.working_time import calendar_of
from documents.models import Document, DocumentFile
from engine import inbox
from engine.models import Task
from kernel import clock, db
from tests.webapp.conftest import Browser
from tests.webapp.factories import Office
from webapp.tasks import numbers

FORM, NAME = "giai-quyet", "Giải quyết"

COPY = """
    INSERT INTO engine_tasks
    SELECT (jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid(), 'token', n))).*
    FROM engine_tasks o CROSS JOIN generate_series(1001, 1000 + :number) n WHERE o.id = :id
"""


@pytest.fixture
def tasks(actor: Callable[[str], Actor]) -> dict[str, Task]:
    """One task of each group for Hoàng Thu Hà, one that is offered to her unit, one of somebody else."""
    mine = actor("cv-vhtt")
    now = clock.now()
    with db.unit_of_work():
        office = Office(actor("van-thu"))
        calendar = calendar_of(mine.organization_id)
        tonight = dt.datetime.combine(clock.today(), dt.time(23, 59, 59), clock.VIETNAM)
        when = {
            "late": now - dt.timedelta(days=3),
            "today": tonight,
            "soon": calendar.add_working_days(now, 2),
            "later": calendar.add_working_days(now, 9),
            "none": None,
        }
        made = {
            key: office.make_task(
                FORM, NAME, assignee=mine, due_at=due, document=office.make_document(f"Văn bản {key}")
            )
            for key, due in when.items()
        }
        made["offered"] = office.make_task(
            "phoi-hop",
            "Phối hợp",
            element_id="Task_support",
            groups=("unit:P-VHTT",),
            due_at=when["later"],
            document=office.make_document("Góp ý dự thảo Quy chế", number_symbol="41/TTr-VP", urgency=2),
        )
        made["other"] = office.make_task(
            FORM, NAME, assignee=actor("cv-tp"), document=office.make_document("Việc người khác")
        )
    return made


def file_of(document: Document, name: str) -> DocumentFile:
    return DocumentFile(
        organization_id=document.organization_id,
        document_id=document.id,
        role="original",
        sha256="0" * 64,
        name=name,
        size=1,
        media_type="application/pdf",
        created_by_name="",
    )


def rows(page: str) -> list[str]:
    return re.findall(r'<li class="mo-row[^"]*"[^>]*>.*?</li>', page, flags=re.DOTALL)


def test_what_must_be_done_first_comes_first(tasks: dict[str, Task], signed_in: Callable[[str], Browser]) -> None:
    page = signed_in("cv-vhtt").get("/tasks").text

    places = [page.index(f">Văn bản {key}</a>") for key in ("late", "today", "soon", "later", "none")]
    assert places == sorted(places)
    headings = re.findall(r'<div class="mo-group[^"]*"><h2>([^<]+)</h2><span>(\d+)</span>', page)
    assert headings == [("Quá hạn", "1"), ("Hôm nay", "1"), ("Sắp đến hạn", "1"), ("Còn lại", "3")]


def test_every_number_counts_the_rows_behind_it(tasks: dict[str, Task], signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("cv-vhtt")

    page = person.get("/tasks").text

    tabs = re.findall(r'<li><a href="(/tasks[^"]*)"[^>]*>([^<]+)<span>(\d+)</span>', page)
    assert [name for _, name, _ in tabs] == ["Tất cả", "Tôi đang giữ", "Chờ nhận"]
    for address, name, number in tabs:
        assert len(rows(person.get(address.replace("&amp;", "&")).text)) == int(number), name
    assert re.search(r'Việc của tôi<span class="mo-count">6</span>', page)


def test_search_needs_no_diacritics(tasks: dict[str, Task], signed_in: Callable[[str], Browser]) -> None:
    found = rows(signed_in("cv-vhtt").get("/tasks?q=quy+che+gop").text)

    assert len(found) == 1
    assert "41/TTr-VP" in found[0]
    assert "Thượng khẩn" in found[0]


def test_a_filter_that_finds_nothing_says_how_many_there_are(
    tasks: dict[str, Task], signed_in: Callable[[str], Browser]
) -> None:
    page = signed_in("cv-vhtt").get("/tasks?q=khong-co").text

    assert "Không có việc nào khớp" in page
    assert "Bạn có 6 việc" in page


def test_nobody_sees_the_work_of_others(tasks: dict[str, Task], signed_in: Callable[[str], Browser]) -> None:
    assert "Việc người khác" not in signed_in("cv-vhtt").get("/tasks").text


def test_an_empty_list_says_why(signed_in: Callable[[str], Browser]) -> None:
    assert "Hết việc" in signed_in("cv-vp").get("/tasks").text


def test_the_workbook_holds_the_rows_of_the_list(tasks: dict[str, Task], signed_in: Callable[[str], Browser]) -> None:
    answer = signed_in("cv-vhtt").get("/tasks/export.xlsx?view=mine")

    book = zipfile.ZipFile(io.BytesIO(answer.data))
    sheet, texts = (book.read(f"xl/{name}").decode() for name in ("worksheets/sheet1.xml", "sharedStrings.xml"))
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert sheet.count("<row ") == 3 + 5  # title, when, heads
    assert "Văn bản late" in texts
    assert "Góp ý" not in texts


def test_long_lists_have_pages(
    tasks: dict[str, Task], signed_in: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.tasks.work_list.PAGE", 4)
    person = signed_in("cv-vhtt")

    first, second = person.get("/tasks").text, person.get("/tasks?page=2").text

    assert (len(rows(first)), len(rows(second))) == (4, 2)
    assert 'rel="next"' in first
    assert 'rel="prev"' in second


def test_the_quick_look_stands_beside_the_list(tasks: dict[str, Task], signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("cv-vhtt")

    page = person.get(f"/tasks?peek={tasks['soon'].id}").text
    alone = person.get(f"/tasks/{tasks['soon'].id}/peek").text

    assert "<h2>Văn bản soon</h2>" in page
    assert "<h2>Văn bản soon</h2>" in alone
    assert "<html" not in alone


@pytest.mark.parametrize("view", ["", "&view=mine"])
def test_whatever_a_line_says_finds_it(
    actor: Callable[[str], Actor], signed_in: Callable[[str], Browser], view: str
) -> None:
    mine = actor("cv-vhtt")
    with db.unit_of_work():
        office = Office(actor("van-thu"))
        arrived = office.make_document("")
        documents = [
            office.make_document("Về việc cấp Điện", number_symbol="12/UBND-VX", issuing_organ="Sở Giáo dục"),
            office.make_document("Góp ý", direction="outgoing", type_name="Tờ trình"),
            office.make_document("50%_giảm", issuing_organ="Sở Nội vụ"),
            arrived,
        ]
        db.session().add(file_of(arrived, "Quét-số-7.pdf"))
        for document in documents:
            office.make_task(FORM, NAME, assignee=mine, document=document)
        office.make_task(FORM, "Việc không văn bản", assignee=mine).business_key = "HD-01"
        received = f"{clock.local(arrived.received_at or clock.now()):%H:%M}"
    person = signed_in("cv-vhtt")

    def number(words: str) -> int:
        return len(rows(person.get(f"/tasks?q={quote(words)}{view}").text))

    assert number("") == 5
    told = ["cap dien", "12/ubnd", "GIAO DUC dien", "du thao to trinh", "50%_giam", "quét số", "khong van ban"]
    assert [number(words) for words in told] == [1] * len(told)
    assert number("giai quyet") == 4
    assert number(f"den luc {received}") == 2
    assert [number(words) for words in ("quet dien", "%", "_", "50x")] == [0, 1, 1, 0]


def test_numbers_end_where_nobody_counts_on(tasks: dict[str, Task], signed_in: Callable[[str], Browser]) -> None:
    with db.unit_of_work() as session:
        session.execute(sa.text(COPY), {"id": tasks["offered"].id, "number": 1200})
    person = signed_in("cv-vhtt")

    page = person.get("/tasks").text

    assert re.findall(r"<li><a href=\"/tasks[^>]*>([^<]+)<span>([^<]+)</span>", page) == [
        ("Tất cả", "999+"),
        ("Tôi đang giữ", "5"),
        ("Chờ nhận", "999+"),
    ]
    assert re.search(r'Việc của tôi<span class="mo-count">999\+</span>', page)
    assert re.search(r"<h2>Hôm nay</h2><span>1</span>", page)
    assert re.search(r"<h2>Còn lại</h2><span>999\+</span>", page)
    assert len(rows(person.get("/tasks?page=13").text)) == 1206 % 100


def test_a_task_stands_between_its_neighbours(tasks: dict[str, Task], signed_in: Callable[[str], Browser]) -> None:
    page = signed_in("cv-vhtt").get(f"/tasks/{tasks['today'].id}").text

    assert "Việc 2/6" in page
    assert re.search(rf'href="/tasks/{tasks["late"].id}" aria-label="Việc trước"', page)
    assert re.search(rf'href="/tasks/{tasks["soon"].id}" aria-label="Việc sau"', page)


def test_a_task_of_somebody_else_has_no_place(tasks: dict[str, Task], actor: Callable[[str], Actor]) -> None:
    with db.reading():
        assert inbox.find_place(tasks["other"], actor("cv-vhtt")) is None


def test_only_what_was_cut_off_has_more(tasks: dict[str, Task], actor: Callable[[str], Actor]) -> None:
    told = [inbox.Number(held=True, bucket=bucket, number=number) for bucket, number in ((0, 7), (1, 990), (None, 3))]

    full, short = numbers.half(told), numbers.half(told[:2])

    assert [str(amount) for amount in full] == ["7", "990+", "0+", "3+"]
    assert [str(amount) for amount in short] == ["7", "990", "0", "0"]
