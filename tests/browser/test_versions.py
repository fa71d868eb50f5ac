"""Moving instances to a new version in a real Chromium: pair, look, move, take back; and axe-core finds nothing."""

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from directory.actors import Actor
from engine import operations, queries
from engine.models import ProcessInstance
from engine.operations import migrations
from kernel import db
from tests.browser.pages import Opened, address, opened
from tests.browser.people import DESK, PHONE
from tests.browser.test_accessibility import AXE, CHECK, RULES
from tests.studio.factories import make_diagram, publish
from tests.webapp.conftest import app

Actors = Callable[[str], Actor]
KEY = "lay-y-kien"
DRAWN = "[data-diagram-state=ready]"

__all__ = ["address", "app", "opened"]

# a page that is left breaks off its downloads; the test's server leaves their files to the collector
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <_io.FileIO:pytest.PytestUnraisableExceptionWarning"
)


def two_versions(actor: Actors) -> list[ProcessInstance]:
    """Three instances on the first; the second has the same step under another id."""
    publish(actor)
    with db.unit_of_work():
        started = [
            operations.start_instance(KEY, {}, actor=actor("van-thu"), business_key=f"VB-{number}")
            for number in range(3)
        ]
    publish(actor, make_diagram(task="Cho ý kiến").replace("Task_opinion", "Task_view"))
    return started


def version_of(instance: ProcessInstance) -> int:
    with db.reading():
        return queries.get_definition(queries.get_instance(instance.id).definition_id).version


def wrongs(page: Page) -> list[str]:
    """What axe-core finds, light and dark on a desk, light on a telephone."""
    found = []
    for theme, size in (("light", DESK), ("dark", DESK), ("light", PHONE)):
        page.context.add_cookies([{"name": "moc_theme", "value": theme, "url": page.url}])
        page.set_viewport_size(size)
        page.reload()
        page.evaluate(AXE)
        found += [f"{page.url} {theme}: {one['help']} {one['nodes']}" for one in page.evaluate(CHECK, RULES)]
    page.set_viewport_size(DESK)
    page.reload()
    return found


def test_a_leader_pairs_a_step_moves_all_and_takes_one_back(actor: Actors, opened: Opened, files: Path) -> None:
    instances = two_versions(actor)
    page = opened("chu-tich", "/versions")
    found = wrongs(page)

    page.get_by_role("link", name="Lấy ý kiến").click()
    found += wrongs(page)
    page.get_by_role("link", name="Chuyển sang bản 2").click()
    expect(page.locator(DRAWN)).to_have_count(2)
    found += wrongs(page)
    page.get_by_label("Góp ý", exact=True).select_option(label="Cho ý kiến")
    expect(page.get_by_text("Kế hoạch dùng được cho mọi hồ sơ.")).to_be_visible()
    page.get_by_role("button", name="Chọn hồ sơ").click()
    expect(page.get_by_text("3 trên 3 hồ sơ chuyển được")).to_be_visible()
    found += wrongs(page)
    page.get_by_role("button", name="Chuyển cả 3 hồ sơ").click()
    page.get_by_role("button", name="Chuyển tất cả").click()
    expect(page.get_by_text("Đã xử lý 0 trên 3 hồ sơ.")).to_be_visible()
    migrations.work_off(uuid.UUID(page.url.rpartition("/")[2]))
    page.reload()
    expect(page.get_by_text("Đã chuyển 3 trên 3 hồ sơ.")).to_be_visible()
    found += wrongs(page)
    page.get_by_role("button", name="Hoàn tác hồ sơ VB-1").click()
    expect(page.get_by_text("Đã hoàn tác. Hồ sơ trở lại bản cũ")).to_be_visible()

    assert [version_of(instance) for instance in instances] == [2, 1, 2]
    assert found == []
