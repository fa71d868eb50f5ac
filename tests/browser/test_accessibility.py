"""axe-core finds nothing against WCAG 2.2 A and AA on any main page, light or dark, on a desk and on a telephone."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.people import DESK, PHONE, Complaints, People, Person
from tests.journeys.story import ZONE

FOUNDED = dt.datetime(2026, 3, 4, 9, tzinfo=ZONE)
SETTINGS = {"MOC_SAMPLES": "1"}
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHECK = """async (rules) => {
    const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
    return found.violations.map((one) => ({
        id: one.id, help: one.help, nodes: one.nodes.map((node) => node.target.join(" ") + "  " + node.failureSummary),
    }));
}"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """A page: an address, and what to press there to reach a page whose address nobody knows before."""

    path: str
    press: str = ""  #: selector of a link
    then: str = ""  #: of another one, on the page reached so
    ready: str = "main"  #: what must be there before anybody looks


TASK = ".mo-row-title a"
DOCUMENT = "main table tbody a"
DRAWN = "[data-diagram-state=ready]"
RUN = "main table tbody a"
PLACES = {
    "van-thu": [
        Place(path="/tasks"),
        Place(path="/incoming/receive"),
        Place(path="/incoming/receive", press=".mo-queue a", ready="#xu-ly"),
        Place(path="/incoming?tab=tat-ca"),
        Place(path="/incoming?tab=tat-ca", press=DOCUMENT, ready=DRAWN),
        Place(path="/outgoing?tab=tat-ca"),
        Place(path="/outgoing?tab=da-phat-hanh", press=DOCUMENT, ready=DRAWN),
        Place(path="/registers"),
        Place(path="/registers", press=".mo-head [popovertarget=dat-so]", ready="#dat-so"),
        Place(path="/notices"),
    ],
    "chu-tich": [
        Place(path="/tasks", press=TASK, ready="#xu-ly"),
        Place(path="/tasks/to-sign"),
        Place(path="/tasks/to-sign", press=".mo-sign-cards a", ready="#xu-ly"),
        Place(path="/tasks/to-sign", press=".btn-primary[popovertarget=ky-so]", ready="#ky-so"),
        Place(path="/tasks#menu"),
        Place(path="/monitoring"),
        Place(path="/monitoring?by=person"),
        Place(path="/account"),
        Place(path="/instances?tab=all"),
        Place(
            path="/instances?process=van-ban-den", press=".mo-versions [popovertarget]", ready=".mo-dialog:popover-open"
        ),
        Place(path="/instances", press=RUN, ready=DRAWN),
        Place(path="/instances", press=RUN, then=".mo-views a[href$=variables]", ready="#pham-vi-1"),
        Place(path="/instances", press=RUN, then=".mo-views a[href$=history]", ready=".mo-table-past"),
        Place(path="/instances", press=RUN, then=".mo-views a[href$=actions]", ready=".mo-actions"),
        Place(path="/instances", press=RUN, then=".mo-head-act a[href$=move]", ready=DRAWN),
        Place(path="/incidents"),
    ],
    "cv-vhtt": [
        Place(path="/tasks"),
        Place(path="/tasks?q=du thao", press=TASK, ready="#xu-ly"),
        Place(path="/outgoing/new"),
        Place(path="/case-files"),
        Place(path="/case-files/new"),
        Place(path="/account/password"),
        Place(path="/nowhere"),
    ],
    "phan-tich": [
        Place(path="/processes"),
        Place(path="/processes/van-ban-di", ready=DRAWN),
        Place(path="/processes/van-ban-di/edit", ready="[data-studio-state=ready]"),
        Place(path="/processes/new", press="main [type=submit]", ready=".mo-summary"),
    ],
}


@pytest.mark.parametrize("username", PLACES)
def test_a_page_keeps_nobody_out(people: People, complaints: Complaints, username: str) -> None:
    person = people(username)

    with complaints.expecting("status of 404"), complaints.expecting("status of 422"):
        found = [wrong for place in PLACES[username] for wrong in look_around(person, place)]

    assert found == []


def test_the_door_keeps_nobody_out(people: People) -> None:
    stranger = people.stranger()

    assert look_around(stranger, Place(path="/sign-in")) == []


def test_the_checker_sees_what_is_wrong(people: People) -> None:
    stranger = people.stranger()
    visit(stranger, Place(path="/sign-in"))

    stranger.page.locator("label[for=o-username]").evaluate("label => label.remove()")

    assert ["label" in wrong for wrong in wrongs(stranger, Place(path="/sign-in"), "light")] == [True]


def look_around(person: Person, place: Place) -> list[str]:
    """What is wrong with the page: light and dark on a desk, light on a telephone."""
    visit(person, place)
    found = wrongs(person, place, "light")
    person.dress("dark")
    found += wrongs(person, place, "dark")
    person.dress("light")
    person.page.set_viewport_size(PHONE)
    found += wrongs(person, place, "phone")
    person.page.set_viewport_size(DESK)
    return found


def visit(person: Person, place: Place) -> None:
    person.open(place.path)
    if place.press:
        person.page.locator(place.press).first.click()
    if place.then:
        person.page.locator(place.then).first.click()
    expect(person.page.locator(place.ready).first).to_be_visible()
    person.page.evaluate(AXE)


def wrongs(person: Person, place: Place, look: str) -> list[str]:
    found = person.page.evaluate(CHECK, RULES)
    where = f"{look} {place.path} {place.press}".strip()
    return [f"{where}: {one['id']}, {one['help']}: {node}" for one in found for node in one["nodes"][:3]]
