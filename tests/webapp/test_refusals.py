"""What people see when something cannot be done."""

import uuid
from collections.abc import Callable

import psycopg
import pytest
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from directory.models import SignInAttempt
from kernel import db
from kernel.errors import Conflict
from tests.webapp.conftest import Browser
from webapp import security
from webapp.app import App

ONE = uuid.UUID(int=1)


@pytest.fixture
def broken(app: App) -> App:
    """The product with pages that fail."""

    def fail() -> ResponseReturnValue:
        raise ZeroDivisionError("nothing of this is shown")

    def refuse() -> ResponseReturnValue:
        raise Conflict("Trần Thị Lan đã gửi lúc 09:44.")

    def write_twice() -> ResponseReturnValue:
        for _ in range(2):
            db.session().execute(sa.insert(SignInAttempt).values(id=ONE, username="x", address="", succeeded=False))
        raise AssertionError

    def cross() -> ResponseReturnValue:
        raise sa.exc.OperationalError("UPDATE", {}, psycopg.errors.DeadlockDetected())

    for name, view in [("fail", fail), ("refuse", refuse), ("write_twice", write_twice), ("cross", cross)]:
        app.add_url_rule(f"/{name}", f"sign_in.{name}", view, methods=["GET", "POST"])
    return app


def test_an_unknown_address_keeps_the_way_back(signed_in: Callable[[str], Browser]) -> None:
    answer = signed_in("van-thu").get("/nowhere")

    assert answer.status_code == 404
    assert "Không thấy trang này" in answer.text
    assert "Việc của tôi" in answer.text


@pytest.mark.parametrize("address", ["/tasks", "/monitoring", "/notices", "/incoming", "/outgoing", "/case-files"])
def test_arguments_that_nobody_asked_for_break_nothing(address: str, signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("chu-tich")

    for query in (
        "endpoint=x",
        "_external=1&_scheme=javascript",
        "page=-1",
        "page=x",
        f"page={10**30}",
        f"trang={10**30}",
        "q=%FF",
        "day=x",
    ):
        assert person.get(f"{address}?{query}").status_code == 200, query


def test_a_nul_is_refused_wherever_it_stands(signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("chu-tich")

    assert person.get("/monitoring?unit=%00").status_code == 400
    assert person.post("/account/appearance", {"note": "a\0b"}).status_code == 400


def test_an_address_that_only_takes_forms_says_so(signed_in: Callable[[str], Browser]) -> None:
    assert signed_in("van-thu").get("/sign-out").status_code == 405


def test_a_failure_has_a_reference_and_tells_nothing_else(broken: App, signed_in: Callable[[str], Browser]) -> None:
    answer = signed_in("van-thu").get("/fail")

    assert answer.status_code == 500
    assert "mã tra cứu" in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "nothing of this is shown" not in answer.text


def test_a_refusal_says_who_and_when(broken: App, signed_in: Callable[[str], Browser]) -> None:
    answer = signed_in("van-thu").get("/refuse")

    assert answer.status_code == 409
    assert "Trần Thị Lan đã gửi lúc 09:44." in answer.text


@pytest.mark.parametrize("address", ["/write_twice", "/cross"])
def test_who_was_a_moment_too_late_is_told_so(broken: App, signed_in: Callable[[str], Browser], address: str) -> None:
    answer = signed_in("van-thu").post(address, {"opinion": "Nội dung đã gõ"})

    assert answer.status_code == 409
    assert Conflict.sentence in answer.text
    assert "Nội dung đã gõ" in answer.text


def test_what_was_typed_is_shown_beside_a_refusal(broken: App, signed_in: Callable[[str], Browser]) -> None:
    answer = signed_in("van-thu").post("/refuse", {"opinion": "Đồng ý <nhưng> sửa Điều 2", "password": "bí mật"})

    assert "Đồng ý &lt;nhưng&gt; sửa Điều 2" in answer.text
    assert "bí mật" not in answer.text


def test_programs_get_refusals_as_json(broken: App, signed_in: Callable[[str], Browser]) -> None:
    answer = signed_in("van-thu").get("/refuse", headers={"Accept": "application/json"})

    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["error"] == "Trần Thị Lan đã gửi lúc 09:44."


def test_a_program_without_session_gets_401(browser: Browser) -> None:
    assert browser.get("/tasks", headers={"Accept": "application/json"}).status_code == 401


def test_too_large_a_request_is_refused_before_it_is_read(app: App, signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("van-thu")
    app.config["MAX_CONTENT_LENGTH"] = 1000

    answer = person.post("/account/appearance", {"note": "x" * 2000})

    assert answer.status_code == 413
    assert "25 MB" in answer.text


def test_the_limit_of_a_request_holds_many_files_of_the_largest_size() -> None:
    assert security.REQUEST_LIMIT > security.FILES_AT_ONCE * 25 * 1024 * 1024


def test_a_lost_database_is_waited_for_and_found_again(database: str, signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("van-thu")
    db.configure("postgresql://nobody@127.0.0.1:1/nowhere")

    during = person.get("/tasks")
    ready = person.get("/health/ready")
    live = person.get("/health/live")
    db.configure(database)
    after = person.get("/tasks")

    assert during.status_code == 503
    assert "Hệ thống đang nối lại" in during.text
    assert 'http-equiv="refresh"' in during.text
    assert during.headers["Retry-After"]
    assert (ready.status_code, live.status_code) == (503, 200)
    assert after.status_code == 200


def test_what_was_typed_survives_a_lost_database(database: str, signed_in: Callable[[str], Browser]) -> None:
    person = signed_in("van-thu")
    db.configure("postgresql://nobody@127.0.0.1:1/nowhere")

    answer = person.post("/account/appearance", {"note": "nội dung gõ dở"})

    db.configure(database)
    assert answer.status_code == 503
    assert "nội dung gõ dở" in answer.text
    assert 'http-equiv="refresh"' not in answer.text


def test_whatever_comes_of_a_lost_connection_says_to_wait(app: App, signed_in: Callable[[str], Browser]) -> None:
    def lose() -> str:
        try:
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        except psycopg.Error as lost:
            raise RuntimeError("cannot tidy up") from lost

    app.add_url_rule("/lost", view_func=lose)

    assert signed_in("van-thu").get("/lost").status_code == 503
