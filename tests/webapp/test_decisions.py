"""Bảng quyết định without JavaScript: who sees them, what each page says, what was decided and why."""

import io
import re
import uuid
import zipfile
from collections.abc import Callable

import pytest

from directory.actors import Actor
from engine import operations, queries
from engine.models import ProcessInstance
from kernel import db
from tests.engine.diagrams import diagram, flows, user
from tests.engine.tables import decisions, literal, table
from tests.webapp.conftest import Browser
from webapp.app import App

People = Callable[[str], Actor]
SignedIn = Callable[[str], Browser]

BODY = (
    '<startEvent id="s"/>'
    + user("ask", 'camunda:candidateGroups="chuyen-vien"')
    + '<businessRuleTask id="decide" name="Chọn đơn vị" camunda:decisionRef="route" camunda:resultVariable="unit"'
    ' camunda:mapDecisionResult="singleEntry"/>'
    + user("then", 'camunda:candidateGroups="chuyen-vien"')
    + '<endEvent id="e"/>'
    + flows("s", "ask", "decide", "then", "e")
)
DIAGRAM = diagram(BODY, key="chia-viec", name="Chia việc")


def rules(*rows: tuple[str, ...]) -> bytes:
    return decisions(
        table(
            "route", ["urgency|string", "double|number"], ["unit|string"], *rows, policy="FIRST", requires=["double"]
        ),
        literal("double", "pages * 2", variable="double", kind="number"),
    )


FIRST = rules(('"hỏa tốc"', "-", '"VP"'), ("-", "> 100", '"P-TP"'), ("-", "-", '"P-VHTT"'))
PARTS = ("", "/try", "/evaluations", "/evaluations/export.xlsx")


@pytest.fixture
def deployed(app: App, actor: People) -> None:
    deploy(actor, FIRST)


@pytest.fixture
def decided(deployed: None, actor: People) -> ProcessInstance:
    return decide(actor, urgency="thường", pages=60)


def deploy(actor: People, tables: bytes) -> None:
    with db.unit_of_work():
        operations.deploy({"p.bpmn": DIAGRAM, "bang.dmn": tables}, actor=actor("phan-tich"))


def decide(actor: People, **values: object) -> ProcessInstance:
    with db.unit_of_work():
        run = operations.start_instance("chia-viec", {}, actor=actor("cv-vp"), business_key="CV-001")
        (task,) = [one for one in queries.list_instance_tasks(run.id) if one.element_id == "ask"]
        operations.complete_task(task.id, values, actor=actor("cv-vp"))
    return run


def evaluation_address(person: Browser) -> str:
    found = re.findall(
        r'href="(/decisions/route/evaluations/[0-9a-f-]{36})"', person.get("/decisions/route/evaluations").text
    )
    return found[0]


# --------------------------------------------------------------------------------------------------------- who sees it
@pytest.mark.parametrize("username", ["chu-tich", "chanh-van-phong", "quan-tri", "phan-tich"])
def test_those_who_lead_or_design_see_decisions(username: str, decided: ProcessInstance, signed_in: SignedIn) -> None:
    person = signed_in(username)

    assert 'href="/decisions"' in person.get("/tasks").text
    assert [person.get(f"/decisions/route{part}").status_code for part in PARTS] == [200] * len(PARTS)
    assert person.get("/decisions").status_code == 200
    assert person.get(evaluation_address(person)).status_code == 200


@pytest.mark.parametrize("username", ["van-thu", "cv-vhtt", "tp-vhtt"])
def test_others_do_not_and_see_no_link(username: str, decided: ProcessInstance, signed_in: SignedIn) -> None:
    address = evaluation_address(signed_in("chu-tich"))
    person = signed_in(username)

    assert 'href="/decisions"' not in person.get("/tasks").text
    for path in ("/decisions", *(f"/decisions/route{part}" for part in PARTS), address):
        assert person.get(path).status_code == 403, path


def test_what_was_decided_is_for_those_who_may_read_it(decided: ProcessInstance, signed_in: SignedIn) -> None:
    leader, designer = signed_in("chu-tich"), signed_in("phan-tich")
    address = evaluation_address(leader)

    assert "thường" in leader.get(address).text
    told = designer.get(address).text
    assert "thường" not in told
    assert "chỉ người được đọc văn bản" in told
    assert "thường" not in designer.get("/decisions/route/evaluations").text
    assert "thường" not in sheet(designer, "/decisions/route/evaluations/export.xlsx")


def test_what_is_not_there_is_not_found(decided: ProcessInstance, signed_in: SignedIn) -> None:
    person = signed_in("chu-tich")

    for path in ("/decisions/nothing", "/decisions/route?version=9", f"/decisions/route/evaluations/{uuid.uuid4()}"):
        assert person.get(path).status_code == 404, path


# ------------------------------------------------------------------------------------------------------------ the list
def test_without_a_table_the_list_says_what_to_do(app: App, signed_in: SignedIn) -> None:
    assert "Chưa có bảng quyết định nào" in signed_in("phan-tich").get("/decisions").text


def test_the_list_holds_the_newest_version_and_is_searched(deployed: None, actor: People, signed_in: SignedIn) -> None:
    deploy(actor, rules(("-", "-", '"VP"')))
    person = signed_in("phan-tich")

    page = person.get("/decisions").text
    assert "Bảng 1 dòng" in page
    assert "Biểu thức" in page
    assert "chưa lần nào" in page
    found = person.get("/decisions?q=ROUTE").text
    assert 'href="/decisions/route"' in found
    assert 'href="/decisions/double"' not in found
    assert "Không có bảng nào khớp" in person.get("/decisions?q=khac").text


# ------------------------------------------------------------------------------------------------------------ one table
def test_a_table_is_drawn_with_its_rules_and_what_asks_it(deployed: None, signed_in: SignedIn) -> None:
    page = signed_in("phan-tich").get("/decisions/route").text

    for told in ("&#34;hỏa tốc&#34;", "&gt; 100", "dòng khớp đầu tiên", "bất kỳ", "Chia việc", "Chọn đơn vị"):
        assert told in page, told
    assert 'href="/decisions/double"' in page
    assert 'href="/decisions/route"' in signed_in("phan-tich").get("/decisions/double").text


def test_an_older_version_is_still_shown(deployed: None, actor: People, signed_in: SignedIn) -> None:
    deploy(actor, rules(("-", "-", '"VP"')))
    person = signed_in("phan-tich")

    assert "hỏa tốc" not in person.get("/decisions/route").text
    page = person.get("/decisions/route?version=1").text
    assert "hỏa tốc" in page
    assert "Không phải bản mới nhất" in page


def test_rules_tell_how_often_they_matched(decided: ProcessInstance, signed_in: SignedIn) -> None:
    page = signed_in("phan-tich").get("/decisions/route").text

    counts = re.findall(r'<td class="r mo-num">([^<]*)</td></tr>', page)
    assert counts == ["—", "1", "1"]


def test_what_a_table_leaves_open_is_told_on_its_page(deployed: None, actor: People, signed_in: SignedIn) -> None:
    person = signed_in("phan-tich")
    assert "Mọi tổ hợp có dòng trả lời" in person.get("/decisions/route").text

    deploy(actor, rules(('"hỏa tốc"', "> 50", '"VP"'), ('"hỏa tốc"', "> 60", '"VP"')))

    page = person.get("/decisions/route").text
    assert "Không dòng nào trả lời khi “urgency” khác “hỏa tốc”." in page
    assert "Dòng 2 không bao giờ được dùng" in page


# -------------------------------------------------------------------------------------------------------------- trying
TRY = "/decisions/route/try"


def test_a_table_is_tried_with_what_it_and_all_that_it_requires_reads(deployed: None, signed_in: SignedIn) -> None:
    person = signed_in("phan-tich")

    form = person.get(TRY).text
    assert sorted(re.findall(r'name="v\.([^"]+)"', form)) == ["pages", "urgency"]
    assert "Câu trả lời" not in form
    page = person.get(f"{TRY}?run=1&v.urgency=thường&v.pages=60").text

    assert "P-TP" in page.partition("Câu trả lời")[2]
    assert "120" in page
    assert page.count('<tr class="is-hit') == 2
    cells = re.findall(r'<td class="is-(yes|no)">', page)
    assert cells == ["no", "yes", "yes", "yes", "yes", "yes"]


def test_what_cannot_be_read_is_said_beside_its_field(deployed: None, signed_in: SignedIn) -> None:
    page = signed_in("phan-tich").get(f"{TRY}?run=1&v.pages=1 %2B").text

    assert "Gõ như trong ô của bảng" in page
    assert "Câu trả lời" not in page


def test_a_cell_that_does_not_hold_tells_why_where_its_text_does_not(
    app: App, actor: People, signed_in: SignedIn
) -> None:
    deploy(actor, decisions(table("route", ["n"], ["a"], ["? > limit", "1"], ["> 2", "2"])))
    person = signed_in("phan-tich")

    assert "limit = 9" in person.get(f"{TRY}?run=1&v.n=5&v.limit=9").text
    assert "không so sánh được văn bản với số" in person.get(f'{TRY}?run=1&v.n="chữ"&v.limit=9').text


def test_a_table_that_breaks_its_own_policy_is_shown_with_the_reason(
    app: App, actor: People, signed_in: SignedIn
) -> None:
    deploy(actor, decisions(table("route", ["n|number"], ["a"], ["> 1", "1"], ["> 2", "2"])))

    page = signed_in("phan-tich").get(f"{TRY}?run=1&v.n=5").text

    assert "Quy trình sẽ dừng ở đây" in page
    assert page.count('<tr class="is-hit') == 2


# ---------------------------------------------------------------------------------------------------- what was decided
def test_answers_are_listed_and_narrowed(decided: ProcessInstance, actor: People, signed_in: SignedIn) -> None:
    decide(actor, urgency="hỏa tốc", pages=1)
    person = signed_in("chu-tich")
    address = "/decisions/route/evaluations"

    def number(query: str) -> int:
        return person.get(f"{address}{query}").text.count('<tr class="mo-tr-row">')

    assert number("") == 2
    assert (number("?rule=1"), number("?rule=2"), number("?rule=7")) == (1, 1, 0)
    assert number(f"?instance={decided.id}") == 1
    assert (number("?from=01/01/2000"), number("?to=01/01/2000")) == (2, 0)
    assert number(f"?person={actor('cv-vp').person_id}") == 2
    assert number("?rule=abc&person=x&from=hôm nay&page=0") == 2
    assert "Không có lần nào khớp" in person.get(f"{address}?rule=7").text


def test_a_table_that_was_never_asked_says_so(deployed: None, signed_in: SignedIn) -> None:
    assert "chưa được hỏi lần nào" in signed_in("phan-tich").get("/decisions/route/evaluations").text


def test_one_answer_shows_the_table_of_its_version_with_the_rules_that_matched(
    decided: ProcessInstance, actor: People, signed_in: SignedIn
) -> None:
    deploy(actor, rules(("-", "-", '"VP"')))
    person = signed_in("chu-tich")

    page = person.get(evaluation_address(person)).text

    assert page.count('<tr class="is-hit') == 2
    for told in ("P-TP", "120", "thường", "Cần trước: double", "nay đã có bản mới hơn", "Chọn đơn vị"):
        assert told in page, told


def test_history_leads_to_what_was_decided(decided: ProcessInstance, signed_in: SignedIn) -> None:
    person = signed_in("chu-tich")

    assert f'href="{evaluation_address(person)}"' in person.get(f"/instances/{decided.id}/history").text


def sheet(person: Browser, address: str) -> str:
    """The texts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(person.get(address).data)) as book:
        return book.read("xl/sharedStrings.xml").decode()


def test_answers_are_exported_under_the_same_filter(
    decided: ProcessInstance, actor: People, signed_in: SignedIn
) -> None:
    decide(actor, urgency="hỏa tốc", pages=1)
    person = signed_in("chu-tich")

    assert "hỏa tốc" in sheet(person, "/decisions/route/evaluations/export.xlsx")
    told = sheet(person, "/decisions/route/evaluations/export.xlsx?rule=2")
    assert "thường" in told
    assert "hỏa tốc" not in told
