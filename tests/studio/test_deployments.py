"""Sets of files in the browser: checked file by file, deployed wholly or not at all, found again."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from html import unescape

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from directory.actors import Actor
from engine import deployments, queries
from engine.models import ProcessDeployment
from kernel import db
from tests.engine.tables import decisions, table
from tests.studio.factories import make_diagram
from tests.webapp.conftest import Browser

People = Callable[[str], Actor]
Browsers = Callable[[str], Browser]
KEY = "lay-y-kien"
RULES = (['"QĐ"', "> 1", '"chu-tich"'], ['"QĐ"', "<= 1", '"van-thu"'], ['not("QĐ")', "-", '"van-thu"'])
DECISION = decisions(table("ai-duyet", ["loai", "muc|number"], ["nguoi"], *RULES))
FORM = b'{"id": "y-kien", "type": "default", "components": []}'
FILES = {"lay-y-kien.bpmn": make_diagram(form="y-kien").encode(), "ai-duyet.dmn": DECISION, "y-kien.form": FORM}
PAGES = "/processes/deployments"


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def send(browser: Browser, files: Mapping[str, bytes], path: str = f"{PAGES}/check") -> TestResponse:
    uploads = [(io.BytesIO(data), name) for name, data in files.items()]
    return browser.post(path, {"files": uploads}, content_type="multipart/form-data")


def packed_in(page: str) -> str:
    return unescape(page.partition('name="packed" value="')[2].partition('"')[0])


def count(actor: Actor) -> int:
    with db.reading():
        return deployments.count_deployments(actor.organization_id)


@pytest.mark.parametrize(
    ("username", "list_page", "upload"), [("phan-tich", 200, 200), ("quan-tri", 200, 200), ("van-thu", 403, 403)]
)
def test_who_may_deploy_may_upload(
    agency: object, signed_in: Browsers, username: str, list_page: int, upload: int
) -> None:
    person = signed_in(username)

    assert person.get(PAGES).status_code == list_page
    assert person.get(f"{PAGES}/new").status_code == upload
    assert send(person, FILES).status_code == upload
    assert (f"{PAGES}/new" in person.get(PAGES).text) is (upload == 200)


def test_a_set_is_checked_before_anything_happens(actor: People, signed_in: Browsers) -> None:
    page = send(signed_in("phan-tich"), FILES).text

    for told in ("lay-y-kien.bpmn", "ai-duyet.dmn", "y-kien.form", "Có 3 bản mới", "Triển khai 3 tệp"):
        assert told in page
    assert page.count("Dùng được") == 3
    assert count(actor("phan-tich")) == 0


def test_what_a_table_leaves_open_is_told_and_refuses_nothing(actor: People, signed_in: Browsers) -> None:
    designer = signed_in("phan-tich")
    files = {"ai-duyet.dmn": decisions(table("ai-duyet", ["muc|number"], ["nguoi"], ["> 1", '"chu-tich"']))}

    page = send(designer, files).text

    assert "Bảng “ai-duyet”: Không dòng nào trả lời khi “muc” ≤ 1." in page
    assert "Nên xem" in page
    assert designer.post(PAGES, {"packed": packed_in(page), "name": ""}).status_code == 302
    assert count(actor("phan-tich")) == 1


def test_what_was_checked_is_deployed_without_being_chosen_again(actor: People, signed_in: Browsers) -> None:
    designer = signed_in("phan-tich")
    packed = packed_in(send(designer, FILES).text)

    answer = designer.post(PAGES, {"packed": packed, "name": "Quý III"})

    page = designer.get(answer.location).text
    for told in ("Quý III", "Đã triển khai 3 bản mới", "Bảng quyết định", "chu-tich", "ai-duyet.dmn"):
        assert told in page
    with db.reading():
        newest = queries.find_latest_definition(actor("phan-tich").organization_id, KEY)
        assert newest is not None
        assert queries.get_resources(newest.id) == FILES
    assert "Quý III" in designer.get(PAGES).text


def test_a_zip_is_a_set(actor: People, signed_in: Browsers) -> None:
    designer = signed_in("phan-tich")
    inside = {f"bo/{name}": data for name, data in FILES.items()} | {"__MACOSX/x": b"", "bo/.DS_Store": b""}

    page = send(designer, {"bo.zip": zipped(inside)}).text
    designer.post(PAGES, {"packed": packed_in(page)})

    assert "Triển khai 3 tệp" in page
    assert count(actor("phan-tich")) == 1


def test_the_same_set_again_is_told_to_be_nothing_new(actor: People, signed_in: Browsers) -> None:
    designer = signed_in("phan-tich")
    packed = packed_in(send(designer, FILES).text)
    designer.post(PAGES, {"packed": packed})

    again = send(designer, FILES).text
    answer = designer.post(PAGES, {"packed": packed})

    assert "sẽ không có gì mới" in again
    assert again.count("giữ nguyên") == 3
    assert answer.location == PAGES
    assert "không có gì mới" in designer.get(PAGES).text
    assert count(actor("phan-tich")) == 1


def test_problems_are_told_file_by_file_and_nothing_can_be_deployed(actor: People, signed_in: Browsers) -> None:
    broken = FILES | {
        "lay-y-kien.bpmn": make_diagram(service="documents.no_such_service").encode(),
        "ai-duyet.dmn": DECISION.replace(b"&gt; 1", b"&gt; &gt;"),
        "y-kien.form": b'{"components": [{"type": "html", "key": "x"}]}',
    }
    designer = signed_in("phan-tich")

    page = send(designer, broken).text
    direct = send(designer, broken, PAGES)

    for told in ("documents.no_such_service", "Ô “&gt; &gt;”", "Biểu mẫu “"):
        assert told in page
        assert told in direct.text
    assert page.count("Phải sửa</span>") == 3
    assert "Triển khai 3 tệp" not in page
    assert direct.status_code == 422
    assert count(actor("phan-tich")) == 0


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "Chọn ít nhất một tệp"),
        ({"x.zip": b"PK\x03\x04 no zip"}, "Tệp zip hỏng"),
        ({"x.zip": zipped({"big.bpmn": b" " * (11 * 1024 * 1024)})}, "tối đa 10 MB"),
        ({"x.zip": zipped({f"{n}.dmn": b"" for n in range(201)})}, "tối đa 200"),
        ({"x.zip": zipped({"a.dmn": b""}), "a.dmn": b""}, "hai tệp cùng tên a.dmn"),
    ],
)
def test_what_is_no_set_is_refused_in_words(
    agency: object, signed_in: Browsers, files: dict[str, bytes], told: str
) -> None:
    answer = send(signed_in("phan-tich"), files)

    assert answer.status_code == 422
    assert told in answer.text
    assert 'id="o-files-loi"' in answer.text


@pytest.mark.parametrize("packed", ["", "%%%", "aGVsbG8="])
def test_a_page_that_carries_no_set_is_refused(agency: object, signed_in: Browsers, packed: str) -> None:
    assert signed_in("phan-tich").post(PAGES, {"packed": packed}).status_code == 422


def test_a_file_comes_back_byte_for_byte_and_only_as_a_download(actor: People, signed_in: Browsers) -> None:
    designer = signed_in("phan-tich")
    designer.post(PAGES, {"packed": packed_in(send(designer, FILES).text)})
    with db.reading():
        deployment_id = db.session().scalar(sa.select(ProcessDeployment.id))

    answer = designer.get(f"{PAGES}/{deployment_id}/files/ai-duyet.dmn")

    assert answer.data == DECISION
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert designer.get(f"{PAGES}/{deployment_id}/files/khong.dmn").status_code == 404
    assert signed_in("van-thu").get(f"{PAGES}/{deployment_id}/files/ai-duyet.dmn").status_code == 403


def test_a_version_shows_the_tables_it_was_deployed_with(actor: People, signed_in: Browsers) -> None:
    designer = signed_in("phan-tich")
    designer.post(PAGES, {"packed": packed_in(send(designer, FILES).text)})

    page = designer.get(f"/processes/{KEY}").text

    for told in ("Bảng quyết định của bản 1", "Chọn dòng: chỉ một dòng được khớp", "&gt; 1", "chu-tich"):
        assert told in page


def test_decisions_go_along_with_a_diagram_that_is_published(actor: People, signed_in: Browsers) -> None:
    designer = signed_in("phan-tich")
    designer.post(PAGES, {"packed": packed_in(send(designer, {"d.dmn": DECISION}).text)})
    task = '<bpmn:businessRuleTask id="B" camunda:decisionRef="ai-duyet" camunda:decisionRefBinding="deployment"'
    xml = make_diagram().replace('<bpmn:userTask id="Task_opinion"', f'{task}/><bpmn:userTask id="Task_opinion"')
    xml = xml.replace('targetRef="Task_opinion"/>', 'targetRef="B"/>', 1)
    flow = '<bpmn:sequenceFlow id="Flow_b" sourceRef="B" targetRef="Task_opinion"/>'
    xml = xml.replace("<bpmn:endEvent", f"{flow}<bpmn:endEvent")

    answer = designer.post(f"/processes/{KEY}/publish", {"xml": xml})

    assert answer.status_code == 302
    assert "Bảng quyết định của bản 1" in designer.get(f"/processes/{KEY}").text
    with db.reading():
        (decision,) = deployments.list_decisions(actor("phan-tich").organization_id)
    assert decision.version == 1


def torn() -> bytes:
    """A zip whose packed bytes are not what its directory says."""
    data = bytearray(zipped({"a.form": b'{"components": []}' * 50}))
    data[40:60] = bytes(20)
    return bytes(data)


@pytest.mark.parametrize(
    "files",
    [
        {"bo.zip": torn()},
        {"bo.zip": zipped({"a\nb.form": FORM})},
        {"bo.zip": zipped({"a" * 300 + ".form": FORM})},
        {"sau.form": b"[" * 100_000},
    ],
)
def test_a_hostile_set_is_refused_in_words(agency: object, signed_in: Browsers, files: Mapping[str, bytes]) -> None:
    analyst = signed_in("phan-tich")

    assert send(analyst, files).status_code in (200, 422)
    assert send(analyst, files, PAGES).status_code == 422


def test_a_carried_set_that_was_meddled_with_is_refused(agency: object, signed_in: Browsers) -> None:
    analyst = signed_in("phan-tich")

    for packed in ("ấ", "AAAA", "A"):
        assert analyst.post(PAGES, {"packed": packed}).status_code == 422


@pytest.mark.parametrize(
    ("expression", "told", "deployed"),
    [
        ("=conut([days])", "Ô “Cộng”, dòng 1, cột 1 của biểu thức: không có hàm “conut”; có phải “count”?", 0),
        ("=dais * 2", "Ô “Cộng”, dòng 1, cột 1 của biểu thức: biểu mẫu không có ô “dais”; có phải “days”?", 1),
        ("=total + 1", "các ô tính vòng quanh nhau: “total” → “total”.", 0),
        ("=days +\n* 2", "(dòng 2, cột 1)", 0),
    ],
)
def test_a_slip_in_a_form_is_told_when_it_is_checked(
    actor: People, signed_in: Browsers, expression: str, told: str, deployed: int
) -> None:
    computed = {"type": "expression", "key": "total", "label": "Cộng", "expression": expression}
    days = {"type": "number", "key": "days", "label": "Số ngày"}
    form = {"id": "y-kien", "type": "default", "components": [days, computed]}
    person = signed_in("phan-tich")

    page = unescape(send(person, {**FILES, "y-kien.form": json.dumps(form).encode()}).text)
    person.post(PAGES, {"packed": packed_in(page)})

    assert told in page
    assert count(actor("phan-tich")) == deployed
