"""Rules of a form on its page: what is computed, what may be chosen, what is refused; with nothing but the server."""

import html
import re
from collections.abc import Callable
from typing import Any

from engine import queries
from engine.models import Task
from kernel import db
from tests.webapp.conftest import Browser
from tests.webapp.trips import TRIP, Started, field, started

__all__ = ["started"]


def shown(page: str, key: str) -> str:
    found = re.search(rf'<output[^>]*id="o-{key}"[^>]*>([^<]*)</output>', page)
    assert found is not None
    return html.unescape(found[1])


def variables(task: Task) -> dict[str, Any]:
    with db.reading():
        return dict(queries.get_variables(task.instance_id))


def test_what_is_computed_is_shown_while_people_type_and_kept_when_they_send(
    started: Started, signed_in: Callable[[str], Browser]
) -> None:
    task = started(*TRIP, most=5, rate=200)
    person = signed_in("van-thu")
    before = person.get(f"/tasks/{task.id}").text

    drawn = person.post(f"/tasks/{task.id}/fields", {"days": "4", "who": "<b>An</b>"}).text
    answer = person.post(f"/tasks/{task.id}/complete", {"days": "4", "who": "An", "reason": "Họp", "total": "1"})

    assert (shown(before, "total"), 'name="reason"' in before) == ("", False)
    assert shown(drawn, "total") == "800"
    assert "Lý do của &lt;b&gt;An&lt;/b&gt;" in drawn
    assert answer.status_code == 302
    assert {key: str(variables(task)[key]) for key in ("days", "total", "reason")} == {
        "days": "4",
        "total": "800",
        "reason": "Họp",
    }


def test_a_bound_that_is_computed_is_told_at_the_field_and_nothing_typed_is_lost(
    started: Started, signed_in: Callable[[str], Browser]
) -> None:
    task = started(*TRIP, most=5, rate=200)

    answer = signed_in("van-thu").post(f"/tasks/{task.id}/complete", {"days": "9", "who": "An", "reason": "Họp ở tỉnh"})

    assert answer.status_code == 422
    assert 'id="o-days-loi"' in answer.text
    assert "Ghi số không quá 5." in answer.text
    assert "Họp ở tỉnh" in answer.text
    assert shown(answer.text, "total") == "1.800"


def test_the_summary_of_a_refused_form_names_fields_as_the_page_does(
    started: Started, signed_in: Callable[[str], Browser]
) -> None:
    rule = {"rule": "total < 100", "ruleMessage": "Quá mức chi."}
    cost = field("expression", "total", "Chi của {{who}}", expression="=days * 50", properties=rule)
    task = started(TRIP[2], field("number", "days", "Số ngày"), cost)

    answer = signed_in("van-thu").post(f"/tasks/{task.id}/complete", {"days": "2", "who": "An"})

    assert '<a href="#o-total">Chi của An: Quá mức chi.</a>' in answer.text
    assert 'id="o-total-loi"' in answer.text


def test_a_field_that_is_only_shown_keeps_its_variable_whatever_is_sent(
    started: Started, signed_in: Callable[[str], Browser]
) -> None:
    task = started(field("textfield", "code", "Mã", readonly=True), code="KH-1")
    person = signed_in("van-thu")

    page = person.get(f"/tasks/{task.id}").text
    person.post(f"/tasks/{task.id}/complete", {"code": "KH-2"})

    assert re.search(r'<input[^>]*name="code" value="KH-1"[^>]* readonly', page)
    assert variables(task)["code"] == "KH-1"


SLOW = "=count(for a in 1..100000, b in 1..100000 return a * b)"


def test_a_form_that_costs_too_much_is_refused_in_words_with_what_was_typed(
    started: Started, signed_in: Callable[[str], Browser]
) -> None:
    task = started(TRIP[2], field("expression", "x", "Đếm", expression=SLOW, computeOn="presubmit"))
    person = signed_in("van-thu")

    page, answer = person.get(f"/tasks/{task.id}"), person.post(f"/tasks/{task.id}/complete", {"who": "Lò Thị Hoa"})

    assert (page.status_code, answer.status_code) == (200, 422)
    assert "Biểu mẫu “cong-tac” chưa dùng được: Biểu thức t" in answer.text
    assert "Lò Thị Hoa" in answer.text


def test_a_form_whose_page_costs_too_much_is_refused_in_words(
    started: Started, signed_in: Callable[[str], Browser]
) -> None:
    task = started(TRIP[2], field("expression", "x", "Đếm", expression=SLOW))
    person = signed_in("van-thu")

    page, answer = person.get(f"/tasks/{task.id}"), person.post(f"/tasks/{task.id}/complete", {"who": "Lò Thị Hoa"})

    assert [one.status_code for one in (page, answer)] == [422, 422]
    assert "Biểu thức t" in page.text
    assert "Lò Thị Hoa" in answer.text
