"""The web application over a test's own database, and browsers without a browser."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Settings
from demo.agency import PASSWORD
from directory import queries
from kernel import db
from webapp import create_app
from webapp.app import App

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def app(database: str, tmp_path: Path) -> App:
    secret = "for tests only"  # noqa: S105 - signs the forms of a test
    application = create_app(Settings(database_url=database, data_dir=tmp_path, secret_key=secret))
    application.testing = True
    return application


class Browser:
    """A client that takes the token of the last form it saw along, as a person's browser does."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, **options: object) -> TestResponse:
        return self._look(self.client.get(path, buffered=True, **options))  # type: ignore[arg-type]

    def post(self, path: str, values: dict[str, object] | None = None, **options: object) -> TestResponse:
        if not self.token:
            self.get("/sign-in")
        data = {"csrf_token": self.token, **(values or {})}
        return self._look(self.client.post(path, data=data, buffered=True, **options))  # type: ignore[arg-type]

    def sign_in(self, username: str, password: str = PASSWORD) -> TestResponse:
        self.get("/sign-in")
        answer = self.post("/sign-in", {"username": username, "password": password})
        self.get("/account")
        return answer

    def _look(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and (found := TOKEN.search(answer.text)):
            self.token = found[1]
        return answer


@pytest.fixture
def browser(app: App) -> Browser:
    """Nobody is signed in."""
    return Browser(app.test_client())


@pytest.fixture
def signed_in(app: App, agency: object) -> Callable[[str], Browser]:
    """`signed_in("van-thu")`: the browser of a demo person."""

    def opened(username: str) -> Browser:
        person = Browser(app.test_client())
        assert person.sign_in(username).status_code == 302
        return person

    return opened


@pytest.fixture
def must_change(agency: object) -> str:
    """The username of somebody whose password was just given out."""
    with db.unit_of_work():
        person = queries.find_person("cv-vp")
        assert person is not None
        person.must_change_password = True
    return "cv-vp"
