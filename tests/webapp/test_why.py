"""Vì sao rẽ hướng này, Danh mục hàm: who sees them, and what stands there without any script."""

from collections.abc import Callable

import pytest

from directory.actors import Actor
from tests.webapp import forks
from tests.webapp.conftest import Browser

Actors = Callable[[str], Actor]
SignedIn = Callable[[str], Browser]


@pytest.mark.parametrize(
    ("urgent", "taken"), [(True, ["Đã đi", "Hồ sơ dày", "Không đi", "Hồ sơ mỏng"]), (False, ["Không đi", "Hồ sơ dày"])]
)
def test_every_way_out_is_told_with_what_its_condition_said(
    actor: Actors, signed_in: SignedIn, urgent: bool, taken: list[str]
) -> None:
    forks.publish(actor)
    run = forks.begin(actor, pages=40, urgent=urgent)

    page = signed_in("chanh-van-phong").get(f"/instances/{run.id}/why/Gateway_length").text

    part = page[page.index('class="mo-why"') :]
    assert [part.index(word) for word in taken] == sorted(part.index(word) for word in taken)
    assert f'<code class="mo-why-value">{str(urgent).lower()}</code>' in part
    assert "Luồng mặc định" in part


def test_a_gateway_that_was_not_passed_says_so(actor: Actors, signed_in: SignedIn) -> None:
    forks.publish(actor)
    run = forks.begin(actor, pages=1, urgent=False)

    page = signed_in("chanh-van-phong").get(f"/instances/{run.id}/why/Gateway_elsewhere").text

    assert "Chưa rẽ ở đây" in page


def test_the_page_of_an_instance_leads_to_the_reasons(actor: Actors, signed_in: SignedIn) -> None:
    forks.publish(actor)
    run = forks.begin(actor, pages=1, urgent=False)

    browser = signed_in("chanh-van-phong")

    assert 'data-why="Gateway_length"' in browser.get(f"/instances/{run.id}").text
    assert f"/instances/{run.id}/why/Gateway_length?token=" in browser.get(f"/instances/{run.id}/history").text


def test_who_may_not_read_an_instance_is_told_no_value(actor: Actors, signed_in: SignedIn) -> None:
    forks.publish(actor)
    run = forks.begin(actor, pages=40, urgent=False)

    page = signed_in("phan-tich").get(f"/instances/{run.id}/why/Gateway_length").text

    assert "Đã đi" in page
    assert "mo-why-value" not in page
    assert "chỉ người được đọc văn bản của hồ sơ mới thấy" in page


def test_who_watches_no_process_asks_in_vain(actor: Actors, signed_in: SignedIn) -> None:
    forks.publish(actor)
    run = forks.begin(actor, pages=40, urgent=False)

    assert signed_in("cv-vp").get(f"/instances/{run.id}/why/Gateway_length").status_code == 403


def test_functions_are_listed_by_group_with_examples(signed_in: SignedIn) -> None:
    page = signed_in("phan-tich").get("/processes/functions").text

    assert page.count("<h2 id=") > 5
    assert "working_days(number)" in page
    assert "count([1, 2, 3])" in page


def test_a_search_without_result_says_what_to_try(signed_in: SignedIn) -> None:
    page = signed_in("phan-tich").get("/processes/functions?q=khong-co-gi").text

    assert "Không hàm nào khớp" in page


def test_functions_are_for_those_who_study_processes(signed_in: SignedIn) -> None:
    assert signed_in("cv-vp").get("/processes/functions").status_code == 403
