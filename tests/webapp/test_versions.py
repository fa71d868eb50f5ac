"""The pages of versions: who sees them, what they say, that their forms work without a script."""

import re
import uuid
from collections.abc import Callable, Iterator

import pytest

import engine.functions
import engine.jobs  # noqa: F401 - both register what diagrams use
from directory.actors import Actor
from engine import operations, queries
from engine.models import ProcessDefinition, ProcessInstance
from engine.operations import migrations
from kernel import db
from tests.engine.diagrams import linear
from tests.engine.test_migration import inside, process, user
from tests.webapp.conftest import Browser

SignedIn = Callable[[str], Browser]
ActorOf = Callable[[str], Actor]


class Scene:
    """Process `p` in two versions, with instances on the first."""

    def __init__(self, actor: ActorOf) -> None:
        self.actor = actor
        self.source = self.deploy(linear("Task_read", "Task_sign"))
        self.instances = [self.start(f"VB-{number}") for number in range(3)]
        self.target = self.deploy(linear("Task_read", "Task_check"))

    def deploy(self, data: bytes) -> ProcessDefinition:
        with db.unit_of_work():
            (definition,) = operations.deploy({"p.bpmn": data}, actor=self.actor("phan-tich"))
        return definition

    def start(self, business_key: str) -> ProcessInstance:
        with db.unit_of_work():
            return operations.start_instance("p", {}, actor=self.actor("van-thu"), business_key=business_key)

    def complete(self, instance: ProcessInstance, element: str) -> None:
        with db.unit_of_work():
            tasks = queries.list_instance_tasks(instance.id)
            task = next(one for one in tasks if (one.element_id, one.state) == (element, "ready"))
            operations.complete_task(task.id, {}, actor=self.actor("van-thu"))

    def version_of(self, instance: ProcessInstance) -> int:
        with db.reading():
            return queries.get_definition(queries.get_instance(instance.id).definition_id).version


@pytest.fixture
def scene(actor: ActorOf) -> Iterator[Scene]:
    return Scene(actor)


def migrate(browser: Browser, scene: Scene, *, address: str = "", **form: object) -> str:
    """Posts the choice and works the batch off; the address of the batch."""
    browser.get(f"/versions/p/instances?from=1&to=2{address}")
    answer = browser.post("/versions/p/start", {"from": "1", "to": "2", **form})
    assert answer.status_code == 302, answer.text
    migrations.work_off(uuid.UUID(answer.location.rpartition("/")[2]))
    return answer.location


# --------------------------------------------------------------------------------------------------------- who, where
@pytest.mark.parametrize(
    ("username", "status"), [("chu-tich", 200), ("phan-tich", 200), ("quan-tri", 200), ("van-thu", 403)]
)
@pytest.mark.parametrize(
    "path", ["/versions", "/versions/p", "/versions/p/plan?from=1&to=2", "/versions/p/instances?from=1&to=2"]
)
def test_those_who_lead_or_design_see_the_pages(
    scene: Scene, signed_in: SignedIn, path: str, username: str, status: int
) -> None:
    assert signed_in(username).get(path).status_code == status


@pytest.mark.parametrize(
    "path", ["/versions/nothing", "/versions/p/plan?from=1&to=1", "/versions/p/plan?from=1&to=9", "/versions/p/plan"]
)
def test_what_is_no_version_is_not_found(scene: Scene, signed_in: SignedIn, path: str) -> None:
    assert signed_in("phan-tich").get(path).status_code == 404


def test_the_overview_says_how_many_run_on_old_versions(scene: Scene, signed_in: SignedIn) -> None:
    page = signed_in("chu-tich").get("/versions").text
    own = signed_in("chu-tich").get("/versions/p").text

    assert "3 hồ sơ" in page
    assert "3 hồ sơ đang chạy ở bản cũ" in own
    assert "Chuyển sang bản 2" in own


def test_a_process_with_one_version_says_so(signed_in: SignedIn, actor: ActorOf) -> None:
    with db.unit_of_work():
        operations.deploy({"p.bpmn": linear("a")}, actor=actor("phan-tich"))

    assert "Quy trình mới có một bản" in signed_in("chu-tich").get("/versions/p").text


# ------------------------------------------------------------------------------------------------------------ the plan
def test_what_is_not_paired_comes_first_with_its_reason(scene: Scene, signed_in: SignedIn) -> None:
    page = signed_in("phan-tich").get("/versions/p/plan?from=1&to=2").text

    assert page.index("Task_sign") < page.index("Task_read")
    assert "“Task_sign” chưa ghép với bước nào" in page


def test_a_pair_that_was_chosen_is_kept_in_the_address(scene: Scene, signed_in: SignedIn) -> None:
    browser = signed_in("phan-tich")
    page = browser.get("/versions/p/plan?from=1&to=2").text
    sign = re.search(r'<label for="o-(e\d+)">Task_sign', page)
    check = re.search(r'<option value="(\d+)">Task_check', page)
    assert sign
    assert check

    answer = browser.post("/versions/p/plan", {"from": "1", "to": "2", sign[1]: check[1]})

    assert answer.status_code == 302
    assert "map=" in answer.location
    assert "Kế hoạch dùng được cho mọi hồ sơ." in browser.get(answer.location).text
    onwards = browser.post("/versions/p/plan", {"from": "1", "to": "2", sign[1]: check[1], "go_on": "1"})
    assert "/versions/p/instances" in onwards.location


def test_a_wrong_address_of_a_plan_is_as_none(scene: Scene, signed_in: SignedIn) -> None:
    page = signed_in("phan-tich").get("/versions/p/plan?from=1&to=2&map=99.1_x_1.99_.._&flows=7.7")

    assert page.status_code == 200


def test_a_plan_with_errors_leads_nowhere(signed_in: SignedIn, actor: ActorOf) -> None:
    scene = Scene(actor)
    scene.deploy(process(inside("Sub", user("Task_read"), "Sub.s Task_read Sub.e"), "s Sub e"))
    browser = signed_in("phan-tich")
    page = browser.get("/versions/p/plan?from=1&to=3").text
    read = re.search(r'<label for="o-(e\d+)">Task_read', page)
    inner = re.search(r'<option value="(\d+)">Task_read \(trong', page)
    assert read
    assert inner

    answer = browser.post("/versions/p/plan", {"from": "1", "to": "3", read[1]: inner[1], "go_on": "1"})

    assert "/plan" in answer.location
    assert "nằm trong quy trình con “Sub”" in browser.get(answer.location).text
    refused = browser.get(answer.location.replace("/plan", "/instances"))
    assert refused.status_code == 422


# --------------------------------------------------------------------------------------------------------- instances
def test_each_instance_shows_its_dry_run(scene: Scene, signed_in: SignedIn) -> None:
    scene.complete(scene.instances[0], "Task_read")

    page = signed_in("chu-tich").get("/versions/p/instances?from=1&to=2").text

    assert "2 trên 3 hồ sơ chuyển được" in page
    assert "Hồ sơ đang ở “Task_sign”, bước này chưa ghép với bước nào của bản mới." in page
    assert page.count("Ở lại “Task_read”") == 2


def test_instances_are_found_by_text_and_by_step(scene: Scene, signed_in: SignedIn) -> None:
    scene.complete(scene.instances[0], "Task_read")
    browser = signed_in("chu-tich")

    by_text = browser.get("/versions/p/instances?from=1&to=2&q=vb-2").text
    by_step = browser.get("/versions/p/instances?from=1&to=2&element=Task_sign").text
    none = browser.get("/versions/p/instances?from=1&to=2&q=khong-co").text

    assert "VB-2" in by_text
    assert "VB-1" not in by_text
    assert "VB-0" in by_step
    assert "VB-1" not in by_step
    assert "Không có hồ sơ nào khớp" in none


def test_nothing_runs_on_the_old_version(scene: Scene, signed_in: SignedIn) -> None:
    page = signed_in("chu-tich").get("/versions/p/instances?from=2&to=1").text

    assert "Không hồ sơ nào đang chạy ở bản 2" in page


def test_ticked_instances_go_and_the_others_stay(scene: Scene, signed_in: SignedIn) -> None:
    browser = signed_in("chu-tich")

    batch = migrate(browser, scene, instance=[str(scene.instances[1].id)])

    assert [scene.version_of(one) for one in scene.instances] == [1, 2, 1]
    page = browser.get(batch).text
    assert "Đã chuyển 1 trên 1 hồ sơ." in page
    assert "VB-1" in page


def test_all_that_the_filter_leaves_go(scene: Scene, signed_in: SignedIn) -> None:
    migrate(signed_in("chu-tich"), scene, all="1", q="VB-2")

    assert [scene.version_of(one) for one in scene.instances] == [1, 1, 2]


def test_nothing_ticked_is_told_in_the_page(scene: Scene, signed_in: SignedIn) -> None:
    browser = signed_in("chu-tich")
    browser.get("/versions/p/instances?from=1&to=2")

    answer = browser.post("/versions/p/start", {"from": "1", "to": "2"})

    assert answer.status_code == 422
    assert "Chọn ít nhất một hồ sơ để chuyển." in answer.text
    assert "VB-0" in answer.text


# -------------------------------------------------------------------------------------------------------------- batches
def test_a_batch_tells_reasons_and_takes_back(scene: Scene, signed_in: SignedIn) -> None:
    scene.complete(scene.instances[0], "Task_read")
    browser = signed_in("chu-tich")
    batch = migrate(browser, scene, all="1")
    page = browser.get(batch).text
    assert "chưa ghép với bước nào" in page
    assert page.count("Hoàn tác</button>") == 2
    scene.complete(scene.instances[1], "Task_read")

    gone = browser.post(f"{batch}/instances/{scene.instances[1].id}/undo")
    back = browser.post(f"{batch}/instances/{scene.instances[2].id}/undo")

    assert (gone.status_code, back.status_code) == (409, 302)
    assert "hồ sơ đã đi tiếp hoặc đã đổi sau khi chuyển" in gone.text
    assert [scene.version_of(one) for one in scene.instances] == [1, 2, 1]
    assert "Đã hoàn tác" in browser.get(f"{batch}?state=undone").text
    assert "Không có hồ sơ nào ở đây" in browser.get(f"{batch}?state=pending").text
    assert "Các đợt đã chuyển" in browser.get("/versions/p").text


def test_a_running_batch_shows_its_progress_without_a_script(scene: Scene, signed_in: SignedIn) -> None:
    browser = signed_in("chu-tich")
    browser.get("/versions/p/instances?from=1&to=2")
    batch = browser.post("/versions/p/start", {"from": "1", "to": "2", "all": "1"}).location

    page = browser.get(batch).text

    assert "Đã xử lý 0 trên 3 hồ sơ" in page
    assert '<meta http-equiv="refresh"' in page


def test_a_batch_of_others_is_not_found(signed_in: SignedIn) -> None:
    assert signed_in("chu-tich").get(f"/versions/batches/{uuid.uuid4()}").status_code == 404
