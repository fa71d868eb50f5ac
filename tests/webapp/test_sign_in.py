"""Signing in, its refusals, and what happens when a session ends while somebody types."""

import html
import re
from collections.abc import Callable

import pytest

from demo.agency import PASSWORD
from directory.operations import MAX_FAILURES
from tests.webapp.conftest import Browser


@pytest.mark.usefixtures("agency")
class TestSignIn:
    def test_the_first_screen_is_reached_with_the_right_password(self, browser: Browser) -> None:
        answer = browser.sign_in("van-thu")

        assert answer.status_code == 302
        assert answer.location == "/"

    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self, browser: Browser) -> None:
        answer = browser.sign_in("van-thu")

        cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("moc_session="))
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie

    def test_the_cookie_is_secure_over_https(self, browser: Browser) -> None:
        https = {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/sign-in"}}
        browser.get("/sign-in", **https)

        answer = browser.post("/sign-in", {"username": "van-thu", "password": PASSWORD}, **https)

        cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("moc_session="))
        assert "Secure" in cookie

    def test_a_wrong_password_keeps_the_name_and_says_what_to_do(self, browser: Browser) -> None:
        browser.get("/sign-in")

        answer = browser.post("/sign-in", {"username": "van-thu", "password": "sai"})

        assert answer.status_code == 401
        assert 'value="van-thu"' in answer.text
        assert "chưa đúng" in answer.text

    def test_too_many_wrong_passwords_lock_the_account_for_a_while(self, browser: Browser) -> None:
        for _ in range(MAX_FAILURES):
            browser.post("/sign-in", {"username": "van-thu", "password": "sai"})

        answer = browser.post("/sign-in", {"username": "van-thu", "password": PASSWORD})

        assert answer.status_code == 429
        assert "Thử lại sau" in answer.text

    @pytest.mark.parametrize(
        ("wanted", "goes_to"),
        [
            ("/account", "/account"),
            ("/tasks?q=a", "/tasks?q=a"),
            ("https://elsewhere.example/", "/"),
            ("//elsewhere.example/", "/"),
            ("/\\elsewhere.example", "/"),
            ("javascript:alert(1)", "/"),
        ],
    )
    def test_one_returns_only_to_a_place_of_this_site(self, browser: Browser, wanted: str, goes_to: str) -> None:
        browser.get("/sign-in")

        answer = browser.post("/sign-in", {"username": "van-thu", "password": PASSWORD, "next": wanted})

        assert answer.location == goes_to

    def test_signing_out_ends_the_session(self, browser: Browser) -> None:
        browser.sign_in("van-thu")
        cookie = browser.client.get_cookie("moc_session")
        assert cookie is not None

        browser.post("/sign-out")

        browser.client.set_cookie("moc_session", cookie.value)
        assert browser.get("/account").status_code == 302


def test_what_was_typed_survives_the_end_of_a_session(signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("van-thu")
    person.client.delete_cookie("moc_session")

    refused = person.post("/account/appearance", {"theme": "dark", "note": "chữ có dấu <b>"})
    kept = re.search(r'name="kept" value="([^"]*)"', refused.text)
    assert kept is not None
    told = {"username": "van-thu", "password": PASSWORD, "resume": "/account/appearance"}
    again = person.post("/sign-in", {**told, "kept": html.unescape(kept[1])})

    assert refused.status_code == 401
    assert 'name="theme" value="dark"' in again.text
    assert "chữ có dấu &lt;b&gt;" in again.text
    assert 'action="/account/appearance"' in again.text


def test_a_password_that_must_be_changed_is_changed_first(
    signed_in: Callable[[str], Browser], must_change: str
) -> None:
    person = signed_in(must_change)

    assert person.get("/tasks").location == "/account/password"
    person.get("/account/password")
    changed = person.post(
        "/account/password", {"old": PASSWORD, "new": "mot-mat-khau-moi", "repeated": "mot-mat-khau-moi"}
    )
    assert changed.status_code == 302
    assert person.get("/tasks").status_code == 200


def test_a_weak_password_is_refused_beside_its_field(signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("van-thu")

    answer = person.post("/account/password", {"old": PASSWORD, "new": "ngan", "repeated": "khac"})

    assert answer.status_code == 422
    assert 'id="o-new-loi"' in answer.text
    assert 'id="o-repeated-loi"' in answer.text
