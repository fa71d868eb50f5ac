"""Nobody gets in without signing in, nothing is changed without the token of a form."""

import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.routing import Rule

from demo.agency import PASSWORD
from tests.webapp.conftest import TOKEN, Browser
from webapp.app import App
from webapp.auth import PUBLIC

TEMPLATES = Path(__file__).parents[2] / "webapp" / "templates"
SAMPLES: dict[str, Any] = {"uuid": str(uuid.UUID(int=1)), "int": 1, "default": "x", "path": "x", "string": "x"}


def addresses(app: App, method: str) -> Iterator[tuple[Rule, str]]:
    """Every address of the product that answers to this method, with made-up arguments."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or set()) and rule.endpoint not in PUBLIC:
            values = {name: SAMPLES[_kind(rule, name)] for name in rule.arguments}
            yield rule, adapter.build(rule.endpoint, values, method=method)


def _kind(rule: Rule, name: str) -> str:
    converter = type(rule._converters[name]).__name__
    return {"UUIDConverter": "uuid", "IntegerConverter": "int"}.get(converter, "default")


def test_every_page_asks_a_stranger_to_sign_in(app: App, browser: Browser) -> None:
    pages = list(addresses(app, "GET"))

    answers = {address: browser.get(address) for _, address in pages}

    assert len(pages) > 15
    for address, answer in answers.items():
        assert answer.status_code in {302, 401}, address
        if answer.status_code == 302:
            assert answer.location.startswith("/sign-in"), address


def test_every_change_asks_a_stranger_to_sign_in(app: App, browser: Browser) -> None:
    browser.get("/sign-in")

    for _, address in addresses(app, "POST"):
        assert browser.post(address).status_code == 401, address


def test_every_change_wants_the_token_of_a_form(app: App, signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("quan-tri")

    for _, address in addresses(app, "POST"):
        assert person.client.post(address).status_code == 400, address


def test_a_token_of_another_browser_is_not_taken(signed_in: Callable[[str], Browser]) -> None:
    person, other = signed_in("van-thu"), signed_in("cv-vp")

    answer = person.client.post("/account/appearance", data={"csrf_token": other.token, "theme": "dark"})

    assert answer.status_code == 400
    assert "Quay lại" in answer.text


def test_the_page_one_wanted_opens_after_signing_in(browser: Browser) -> None:
    assert browser.get("/tasks?view=mine").location == "/sign-in?next=/tasks?view%3Dmine"


@pytest.mark.parametrize(("scheme", "secure"), [("https", True), ("http", False)])
def test_cookies_go_over_tls_alone_when_the_page_came_so(app: App, agency: object, scheme: str, secure: bool) -> None:
    client = app.test_client()
    told = {"base_url": f"{scheme}://localhost"}
    token = TOKEN.search(client.get("/sign-in", **told).text)
    assert token is not None
    form = {"csrf_token": token[1], "username": "van-thu", "password": PASSWORD}

    answer = client.post("/sign-in", data=form, headers={"Referer": f"{scheme}://localhost/sign-in"}, **told)

    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all(("Secure" in cookie) is secure and "HttpOnly" in cookie for cookie in cookies)


@pytest.mark.parametrize("address", ["/sign-in", "/nowhere", "/static/css/base.css", "/health/live"])
def test_every_answer_carries_the_policy(browser: Browser, address: str) -> None:
    answer = browser.get(address)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_templates_hold_no_style_and_no_script(template: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert not re.search(r"<[^>]+\sstyle=", source)
    assert not re.search(r"<[^>]+\son[a-z]+=", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>", source)
    assert "<style" not in source


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_every_form_that_changes_something_carries_its_token(template: Path) -> None:
    source = template.read_text(encoding="utf-8")

    forms = re.findall(r"<form[^>]*method=\"post\"[^>]*>(.*?)</form>", source, flags=re.DOTALL)

    assert all("token()" in form or "csrf_token" in form or "fields(" in form for form in forms)
