"""The pages of the studio: who may, what they show, that nothing sent is lost."""

import io
from collections.abc import Callable

import pytest

from directory.actors import Actor
from engine import drafts, operations, queries
from kernel import db
from kernel.ids import new_id
from tests.studio.factories import make_diagram, publish
from tests.webapp.conftest import Browser

People = Callable[[str], Actor]
Browsers = Callable[[str], Browser]
KEY = "lay-y-kien"
BROKEN = make_diagram(service="documents.no_such_service")


def send(browser: Browser, path: str, **values: object) -> tuple[int, dict[str, object]]:
    """As the editor's script does."""
    answer = browser.post(path, values, headers={"Accept": "application/json"})
    return answer.status_code, answer.get_json()


# ------------------------------------------------------------------------------------------------------------- who may
@pytest.mark.parametrize(
    ("username", "library", "editor"), [("phan-tich", 200, 200), ("quan-tri", 200, 403), ("van-thu", 403, 403)]
)
def test_designers_edit_administrators_look_others_do_neither(
    actor: People, signed_in: Browsers, username: str, library: int, editor: int
) -> None:
    publish(actor)

    person = signed_in(username)

    assert person.get("/processes").status_code == library
    assert person.get(f"/processes/{KEY}").status_code == library
    assert person.get("/processes/catalogue").status_code == library
    assert person.get(f"/processes/{KEY}/edit").status_code == editor
    assert person.get("/processes/new").status_code == editor


@pytest.mark.parametrize("path", ["draft", "publish", "draft/discard"])
def test_an_administrator_changes_nothing(actor: People, signed_in: Browsers, path: str) -> None:
    publish(actor)

    answer = signed_in("quan-tri").post(f"/processes/{KEY}/{path}", {"xml": make_diagram(task="Khác"), "version": 0})

    assert answer.status_code == 403
    with db.reading():
        assert len(queries.list_versions(actor("quan-tri").organization_id, KEY)) == 1


def test_what_only_designers_may_is_not_offered_to_others(actor: People, signed_in: Browsers) -> None:
    publish(actor)

    page = signed_in("quan-tri").get(f"/processes/{KEY}").text

    assert "Lấy ý kiến" in page
    assert f"/processes/{KEY}/edit" not in page


def test_nobody_looks_without_signing_in(actor: People, browser: Browser) -> None:
    definition = publish(actor)

    assert browser.get("/processes").status_code == 302
    assert browser.get(f"/processes/definitions/{definition.id}/xml").status_code == 302


# --------------------------------------------------------------------------------------------------------- the library
def test_the_library_tells_version_publisher_and_draft(actor: People, signed_in: Browsers) -> None:
    publish(actor)
    publish(actor, make_diagram(task="Góp ý bằng văn bản"))
    designer = signed_in("phan-tich")
    send(designer, f"/processes/{KEY}/draft", xml=make_diagram(task="Nháp"), version=0)

    page = designer.get("/processes").text

    assert "Có bản nháp" in page
    assert "Phạm Khánh Linh" in page
    assert '<td class="mo-num">2</td>' in page


def test_an_older_version_stays_to_be_looked_at(actor: People, signed_in: Browsers) -> None:
    first = publish(actor)
    publish(actor, make_diagram(task="Góp ý bằng văn bản"))
    designer = signed_in("phan-tich")

    page = designer.get(f"/processes/{KEY}?version=1").text

    assert f"/processes/definitions/{first.id}/load" in page
    assert "Không phải bản mới nhất" in page
    assert designer.get(f"/processes/{KEY}?version=9").status_code == 404
    assert designer.get("/processes/khong-co").status_code == 404


def test_a_version_is_downloaded_byte_for_byte(actor: People, signed_in: Browsers) -> None:
    definition = publish(actor)

    answer = signed_in("cv-tp").get(f"/processes/definitions/{definition.id}/xml?download=1")

    assert answer.data.decode() == make_diagram()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{KEY}-v1.bpmn"'


def test_open_work_is_counted_on_its_step(actor: People, signed_in: Browsers) -> None:
    definition = publish(actor)
    with db.unit_of_work():
        for _ in range(3):
            operations.start_instance(KEY, {}, actor=actor("cv-vp"))

    told = signed_in("phan-tich").get(f"/processes/definitions/{definition.id}/load").get_json()

    assert told["diagrams"][0]["active"] == {"Task_opinion": 3}


def test_what_belongs_to_nobody_here_is_not_found(agency: object, signed_in: Browsers) -> None:
    assert signed_in("phan-tich").get(f"/processes/definitions/{new_id()}/xml").status_code == 404


# ------------------------------------------------------------------------------------------------------- a new process
def test_a_new_process_opens_on_a_blank_sheet(actor: People, signed_in: Browsers) -> None:
    designer = signed_in("phan-tich")

    answer = designer.post("/processes/new", {"name": "Nộp lưu & chỉnh lý <hồ sơ>", "key": "nop-luu"})

    assert answer.location == "/processes/nop-luu/edit"
    sheet = designer.get("/processes/nop-luu/draft")
    assert sheet.mimetype == "application/xml"
    assert 'name="Nộp lưu &amp; chỉnh lý &lt;hồ sơ&gt;"' in sheet.text
    assert "Chưa công bố" in designer.get("/processes/nop-luu").text


@pytest.mark.parametrize("key", ["", "Nộp lưu", "../etc", "new", "a" * 65, "-x"])
def test_a_key_that_cannot_be_used_is_refused_beside_its_field(agency: object, signed_in: Browsers, key: str) -> None:
    answer = signed_in("phan-tich").post("/processes/new", {"name": "Nộp lưu hồ sơ", "key": key})

    assert answer.status_code == 422
    assert 'id="o-key-loi"' in answer.text
    assert 'value="Nộp lưu hồ sơ"' in answer.text


def test_a_diagram_drawn_elsewhere_is_taken_in(actor: People, signed_in: Browsers) -> None:
    foreign = make_diagram(key="Process_1x").replace("<bpmn:endEvent", '<x:note xmlns:x="urn:x" a="1"/><bpmn:endEvent')
    file = (io.BytesIO(foreign.encode()), "khac.bpmn")

    answer = signed_in("phan-tich").post("/processes/new", {"file": file}, content_type="multipart/form-data")

    assert answer.location == "/processes/Process_1x/edit"
    with db.reading():
        assert "urn:x" in drafts.get_draft(actor("phan-tich").organization_id, "Process_1x").xml


def test_a_file_that_is_no_diagram_is_refused_in_words(agency: object, signed_in: Browsers) -> None:
    file = (io.BytesIO(b"%PDF-1.7"), "x.bpmn")

    answer = signed_in("phan-tich").post("/processes/new", {"file": file}, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "Tệp không phải XML đúng" in answer.text


# ---------------------------------------------------------------------------------------------------------- the editor
def test_only_the_editor_allows_style_attributes(actor: People, signed_in: Browsers) -> None:
    publish(actor)
    designer = signed_in("phan-tich")

    assert "style-src-attr 'unsafe-inline'" in designer.get(f"/processes/{KEY}/edit").headers["Content-Security-Policy"]
    assert "unsafe" not in designer.get(f"/processes/{KEY}").headers["Content-Security-Policy"]


def test_the_editor_opens_the_draft_before_the_newest_version(actor: People, signed_in: Browsers) -> None:
    publish(actor)
    designer = signed_in("phan-tich")
    assert "Góp ý" in designer.get(f"/processes/{KEY}/draft").text

    status, told = send(designer, f"/processes/{KEY}/draft", xml=make_diagram(task="Đang vẽ"), version=0)

    assert (status, told["version"]) == (200, 1)
    assert "Đang vẽ" in designer.get(f"/processes/{KEY}/draft").text


def test_two_designers_do_not_overwrite_one_another(actor: People, signed_in: Browsers) -> None:
    one, other = signed_in("phan-tich"), signed_in("phan-tich")
    send(one, f"/processes/{KEY}/draft", xml=make_diagram(task="Của một"), version=0)

    status, told = send(other, f"/processes/{KEY}/draft", xml=make_diagram(task="Của hai"), version=0)

    assert status == 409
    assert "Phạm Khánh Linh đã lưu bản nháp lúc" in str(told["error"])


def test_the_catalogue_speaks_the_words_of_the_agency(actor: People, signed_in: Browsers) -> None:
    publish(actor)

    told = signed_in("phan-tich").get("/processes/catalogue").get_json()

    assert {"value": "van-thu", "label": "Văn thư", "group": "Vai trò"} in told["groups"]
    assert "unit:P-TP" in {option["value"] for option in told["groups"]}
    assert "documents.register_incoming" in {option["value"] for option in told["services"]}
    assert "dang-ky-den" in {option["value"] for option in told["forms"]}
    assert {"value": KEY, "label": "Lấy ý kiến"} in told["processes"]
    assert "working_days" in told["functions"]


def test_a_check_names_element_and_reason(actor: People, signed_in: Browsers) -> None:
    status, told = send(signed_in("phan-tich"), "/processes/check", xml=BROKEN)

    assert status == 200
    (problem,) = [one for one in told["problems"] if one["level"] == "error"]  # type: ignore[index, attr-defined]
    assert problem["element_id"] == "Service_work"
    assert "documents.no_such_service" in problem["sentence"]


# ---------------------------------------------------------------------------------------------------------- publishing
def test_publishing_makes_version_two(actor: People, signed_in: Browsers) -> None:
    publish(actor)
    designer = signed_in("phan-tich")

    answer = designer.post(f"/processes/{KEY}/publish", {"xml": make_diagram(task="Góp ý bằng văn bản")})

    assert answer.location == f"/processes/{KEY}"
    page = designer.get(f"/processes/{KEY}").text
    assert "Đã công bố bản 2. Văn bản mới đi theo bản này; việc đang chạy ở lại bản cũ." in page
    assert "Sơ đồ bản 2" in page


def test_forms_go_along_with_the_diagram_that_names_them(actor: People, signed_in: Browsers) -> None:
    signed_in("phan-tich").post(f"/processes/{KEY}/publish", {"xml": make_diagram(form="trinh")})

    with db.reading():
        newest = queries.find_latest_definition(actor("phan-tich").organization_id, KEY)
        assert newest is not None
        assert queries.get_form_source(newest.id, "trinh") is not None
        assert queries.get_form_source(newest.id, "ky-so") is None


def test_a_refusal_names_the_element_and_loses_nothing(actor: People, signed_in: Browsers) -> None:
    publish(actor)
    designer = signed_in("phan-tich")

    answer = designer.post(f"/processes/{KEY}/publish", {"xml": BROKEN})

    assert answer.status_code == 422
    assert 'data-element="Service_work"' in answer.text
    assert "documents.no_such_service" in answer.text
    assert "&lt;bpmn:serviceTask id=&#34;Service_work&#34;" in answer.text
    assert "style-src-attr" in answer.headers["Content-Security-Policy"]
    with db.reading():
        assert len(queries.list_versions(actor("phan-tich").organization_id, KEY)) == 1


@pytest.mark.parametrize(
    ("xml", "told"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]>' + make_diagram().split("?>\n", 1)[1], "DOCTYPE"),
        ("<nothing/>", "BPMN 2.0"),
        (make_diagram(key="khac"), "Mã quy trình giữ nguyên"),
    ],
)
def test_xml_that_is_not_this_process_is_refused_in_words(
    actor: People, signed_in: Browsers, xml: str, told: str
) -> None:
    publish(actor)

    answer = signed_in("phan-tich").post(f"/processes/{KEY}/publish", {"xml": xml})

    assert answer.status_code == 422
    assert told in answer.text


def test_a_discarded_draft_gives_way_to_the_version_in_use(actor: People, signed_in: Browsers) -> None:
    publish(actor)
    designer = signed_in("phan-tich")
    send(designer, f"/processes/{KEY}/draft", xml=make_diagram(task="Đang vẽ"), version=0)

    answer = designer.post(f"/processes/{KEY}/draft/discard")

    assert answer.location == f"/processes/{KEY}"
    assert "Đang vẽ" not in designer.get(f"/processes/{KEY}/draft").text


# --------------------------------------------------------------------------------------------------------- one instance
def test_the_diagram_of_an_instance_is_for_those_who_lead(actor: People, signed_in: Browsers) -> None:
    publish(actor)
    with db.unit_of_work():
        instance = operations.start_instance(KEY, {}, actor=actor("cv-vp"))

    seen = signed_in("chanh-van-phong").get(f"/instances/{instance.id}/diagram")

    (diagram,) = seen.get_json()["diagrams"]
    assert diagram["active"] == {"Task_opinion": 1}
    assert "Start_begin" in diagram["passed"]
    assert "Flow_begin" in diagram["passed"]
    assert signed_in("cv-tp").get(f"/instances/{instance.id}/diagram").status_code == 404
