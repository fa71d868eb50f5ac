"""What tests stand on: an own throw-away PostgreSQL, a fresh database each, the demo agency, no network.

Each pytest process (each xdist worker) starts a cluster of its own; nothing is shared, so nothing has to be agreed.
Two templates are made once a run from the current migrations, `bare` and `peopled` (the demo agency is in it); a test
that asks for `database` gets a clone of the right one, dropped afterwards. MOC_TEST_DATABASE_URL (a superuser's URL)
takes the place of the cluster.
"""

import contextlib
import dataclasses
import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import conninfo, sql

from demo.agency import load_agency
from directory import queries, working_time
from directory.actors import Actor
from directory.models import Organization
from kernel import clock, db
from kernel import files as file_store
from kernel.ids import new_id
from kernel.postgres import EXTENSIONS, ROLE, THROW_AWAY, Server
from migrations import schema

STORY_YEARS = range(2015, 2018)  #: working calendars of the sample documents, besides today's
ROOM = 2 << 30  #: bytes free in memory, else the cluster lies on the disk
PEOPLED = {"agency", "actor", "demo"}  #: fixtures that want the demo agency in their database


# --------------------------------------------------------------------------------------------------------- the network
@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Anything but this machine fails the test."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _only_here(getattr(socket.socket, name)))
        yield


def _only_here(connect: Callable[..., object]) -> Callable[..., object]:
    def guarded(self: socket.socket, address: object) -> object:
        if self.family != socket.AF_UNIX and not _is_here(str(address[0])):  # type: ignore[index]
            pytest.fail(f"a test wants to reach {address}")
        return connect(self, address)

    return guarded


def _is_here(host: str) -> bool:
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


# ------------------------------------------------------------------------------------------------------- the databases
class Cluster:
    """A server, the application's role on it, and the two templates."""

    def __init__(self, superuser_url: str) -> None:
        self._superuser_url = superuser_url
        self._password = new_id().hex
        self._role = sql.Identifier(ROLE)
        self._mark = new_id().hex[-8:]
        self._count = 0
        self._templates: dict[str, str] = {}
        self._prepare_role()

    def url_of(self, database: str) -> str:
        return self._url(database, ROLE, self._password)

    def superuser_url_of(self, database: str) -> str:
        told = conninfo.conninfo_to_dict(self._superuser_url)
        return self._url(database, str(told["user"]), str(told.get("password", "")))

    def _url(self, database: str, user: str, password: str) -> str:
        told = conninfo.conninfo_to_dict(self._superuser_url)
        query: dict[str, str | list[str]] = {key: str(told[key]) for key in ("host", "port") if key in told}
        return sa.URL.create("postgresql", user, password, database=database, query=query).render_as_string(
            hide_password=False
        )

    def create(self, template: str | None = None) -> str:
        """A new database; returns its name."""
        self._count += 1
        name = f"moc_test_{self._mark}_{self._count}"
        with self._connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    sql.Identifier(name), self._role, sql.Identifier(template or "template1")
                )
            )
        if template is None:
            with psycopg.connect(self.superuser_url_of(name), autocommit=True) as connection:
                for extension in EXTENSIONS:
                    connection.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(extension)))
        return name

    def drop(self, name: str) -> None:
        with self._connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def template(self, kind: str) -> str:
        """`bare`: migrated and empty. `peopled`: with the demo agency."""
        if kind not in self._templates:
            self._templates[kind] = self._make_bare() if kind == "bare" else self._make_peopled()
        return self._templates[kind]

    def _make_bare(self) -> str:
        name = self.create()
        schema.upgrade(self.url_of(name))
        return name

    def _make_peopled(self) -> str:
        name = self.create(self.template("bare"))
        with configured(self.url_of(name)), db.unit_of_work():
            this_year = clock.today().year
            load_agency(years=sorted({*STORY_YEARS, *range(this_year - 1, this_year + 2)}))
        return name

    def _prepare_role(self) -> None:
        with self._connect() as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (ROLE,)).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN NOSUPERUSER PASSWORD {}").format(
                    verb, self._role, sql.Literal(self._password)
                )
            )

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(self._superuser_url, autocommit=True)


@contextlib.contextmanager
def configured(url: str) -> Iterator[None]:
    """kernel.db points at this database; its connections are closed afterwards."""
    db.configure(url)
    try:
        yield
    finally:
        db.let_go()


@contextlib.contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder that an unprivileged database server may enter, in memory where there is room; then deleted.

    A busy disk makes a clone of a database thirty times as slow.
    """
    memory = Path("/dev/shm")  # noqa: S108 - a folder with a random name is made in it
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
    folder = Path(tempfile.mkdtemp(prefix="moc-test-", dir=memory if roomy else None))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    if given := os.environ.get("MOC_TEST_DATABASE_URL"):
        yield Cluster(given)
        return
    with quick_folder() as folder, Server(folder / "pg", settings=THROW_AWAY, tied=True).running() as server:
        yield Cluster(server.superuser_url())


@pytest.fixture
def database(cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh migrated database with kernel.db pointed at it; its URL. With `agency` or `actor` it is peopled."""
    peopled = not PEOPLED.isdisjoint(request.fixturenames)
    name = cluster.create(cluster.template("peopled" if peopled else "bare"))
    with configured(cluster.url_of(name)):
        yield cluster.url_of(name)
    cluster.drop(name)


@pytest.fixture
def superuser(cluster: Cluster, database: str) -> Callable[[str], None]:
    """Executes a statement behind the back of triggers, in the test's database."""

    def execute(statement: str) -> None:
        name = str(conninfo.conninfo_to_dict(database)["dbname"])
        with psycopg.connect(cluster.superuser_url_of(name), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(statement.encode())

    return execute


# ----------------------------------------------------------------------------------------------------------- the agency
@dataclasses.dataclass(frozen=True, kw_only=True)
class Demo:
    """The demo agency in the test's database."""

    organization: Organization
    actor: Callable[[str], Actor]


@pytest.fixture
def agency(database: str) -> Organization:
    """The demo agency, loaded and committed."""
    with db.reading():
        (organization,) = queries.list_organizations()
    working_time.forget(organization.id)  # the agency has the same id in every clone
    return organization


@pytest.fixture
def actor(agency: Organization) -> Callable[[str], Actor]:
    """`actor("van-thu")`: who acts, by demo username, in the first office held."""

    def named(username: str) -> Actor:
        with db.apart(), db.reading():  # also inside a test's unit of work
            person = queries.find_person(username)
            assert person is not None, username
            return queries.get_actor(person.id)

    return named


@pytest.fixture
def demo(agency: Organization, request: pytest.FixtureRequest) -> Demo:
    """Organisation and actors in one hand."""
    return Demo(organization=agency, actor=request.getfixturevalue("actor"))


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """An empty file store; its folder."""
    file_store.configure(tmp_path / "files")
    return tmp_path / "files"
