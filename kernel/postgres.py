"""The embedded PostgreSQL server: found, prepared, started as our own child, started again when it dies.

For evaluation and a single small office; a DATABASE_URL takes its place. The server listens on a Unix socket only, in a
folder that nobody else may enter, and asks for a password (SCRAM) that lies beside the data. Started by root it runs as
an unprivileged user. A server that outlived its parent is adopted.
"""

import contextlib
import ctypes
import hashlib
import logging
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from kernel import postgres_binaries as binaries
from kernel.postgres_binaries import Binaries, PostgresUnavailable

__all__ = ["PostgresUnavailable", "Server"]

log = logging.getLogger(__name__)

ROLE = "moc"  #: the application's role and its database; never a superuser
EXTENSIONS = ("unaccent", "pg_trgm")
PATIENCE = 30.0  #: seconds to wait for a server that starts (it may have to recover) or stops
BEAT = 0.02  #: seconds between two looks
LOG_LIMIT = 10_000_000  #: bytes after which the server's log begins anew at the next start
#: For tests: quick, not durable, small.
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "128MB"}


class Server:
    """One cluster under `folder`: data/ (0700), passwords, log, and copied binaries where they are needed.

    `tied`: the server dies with the thread that called `start`, even by kill -9 (Linux); else it goes on and the next
    start adopts it.
    """

    def __init__(self, folder: Path, *, settings: Mapping[str, str] | None = None, tied: bool = False) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.settings = dict(settings or {})
        self.restarts = 0
        self._tied = tied
        self._owner = binaries.unprivileged_owner(self.data)
        self._socket = _socket_folder(self.folder, self._owner)
        self._binaries: Binaries | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._adopted: int | None = None
        self._stopping = threading.Event()
        self._watcher: threading.Thread | None = None

    # ------------------------------------------------------------------------------------------------------ addresses
    @property
    def url(self) -> str:
        """The application's own database, as its non-superuser role."""
        return self.url_of(ROLE)

    def url_of(self, database: str) -> str:
        return self._url(ROLE, database)

    def superuser_url(self, database: str = "postgres") -> str:
        return self._url("postgres", database)

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self._password(role)}@/{database}?host={self._socket}"

    @property
    def pid(self) -> int | None:
        """Of the running postmaster."""
        return self._child.pid if self._child is not None else self._adopted

    # ------------------------------------------------------------------------------------------------------- life
    def start(self) -> str:
        """Returns the URL once the server answers and database, role and extensions exist."""
        binaries.check_enterable(self.folder.parent, self._owner)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)  # the unprivileged user passes through, and sees nothing
        self._binaries = binaries.choose(self.data, self._owner, copies=self.folder / "bin")
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster()
        self._adopted = self._running_postmaster()
        if self._adopted is None:
            self._launch()
        self._wait_until_it_answers()
        self._prepare_database()
        self._watcher = threading.Thread(target=self._watch, name="postgres", daemon=True)
        self._watcher.start()
        return self.url

    def stop(self) -> None:
        """Ends sessions and stops; what was committed is on disk."""
        self._stopping.set()
        pid = self.pid
        if pid is None:
            return
        for how in (signal.SIGINT, signal.SIGQUIT):  # fast shutdown; immediate, recovered at the next start
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
            if _wait_for(lambda: not self._lives(), PATIENCE):
                break
        self._child = self._adopted = None
        shutil.rmtree(self._socket, ignore_errors=True)

    def stop_orphan(self) -> bool:
        """Stops a server that outlived its parent; whether there was one."""
        self._adopted = self._running_postmaster()
        found = self._adopted is not None
        self.stop()
        return found

    @contextlib.contextmanager
    def running(self) -> Iterator["Server"]:
        try:
            self.start()
            yield self
        finally:
            self.stop()

    def _lives(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None
        return self._adopted is not None and _is_postmaster(self._adopted, self.data)

    def _watch(self) -> None:
        while not self._stopping.is_set():
            if self._lives():
                self._pause()
                continue
            self._adopted = None
            self.restarts += 1
            log.warning("the database server died; starting it again")
            try:
                self._launch()
                self._wait_until_it_answers()
            except (OSError, PostgresUnavailable):
                log.exception("the database server cannot be started; next try in a second")
                self._stopping.wait(1)

    def _pause(self) -> None:
        """Returns at once when our child dies, within a beat when it is an adopted server."""
        if self._child is None:
            self._stopping.wait(BEAT * 5)
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(1)

    # ------------------------------------------------------------------------------------------------------- steps
    def _create_cluster(self) -> None:
        assert self._binaries is not None  # noqa: S101 - for the type checker: chosen in start
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)  # left by a start that was killed here
        fresh.mkdir(mode=0o700)
        handed = self.folder / "data.password"
        handed.write_text(self._password("postgres"), encoding="ascii")
        handed.chmod(0o600)
        if self._owner is not None:
            os.chown(fresh, *self._owner)
            os.chown(handed, *self._owner)
        encoding = ["--encoding=UTF8", "--locale=" + ("en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8")]
        access = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={handed}"]
        sync = ["--no-sync"] if self.settings.get("fsync") == "off" else []
        try:
            self._run("initdb", "--pgdata", str(fresh), *encoding, *access, *sync)
        finally:
            handed.unlink()
        fresh.rename(self.data)

    def _run(self, program: str, *arguments: str) -> None:
        assert self._binaries is not None  # noqa: S101 - for the type checker: chosen in start
        done = subprocess.run(  # noqa: S603 - our own binaries, no user's text
            [self._binaries.folder / program, *arguments],
            capture_output=True,
            check=False,
            cwd="/",
            **binaries.identity(self._owner),
        )
        if done.returncode:
            raise PostgresUnavailable(f"{program}: {done.stderr.decode(errors='replace').strip()[-800:]}")

    def _launch(self) -> None:
        assert self._binaries is not None  # noqa: S101 - for the type checker: chosen in start
        self._make_socket_folder()
        _forget_dead_postmaster(self.data, self._socket)
        place = self.folder / "postgres.log"
        fresh = place.exists() and place.stat().st_size > LOG_LIMIT
        options = {"listen_addresses": "", "unix_socket_directories": str(self._socket), **self.settings}
        with place.open("wb" if fresh else "ab") as output:
            self._child = subprocess.Popen(  # noqa: S603 - our own binaries, no user's text
                [
                    str(self._binaries.folder / "postgres"),
                    *("-D", str(self.data)),
                    *(f"--{name}={value}" for name, value in options.items()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for us; we stop the server last
                preexec_fn=_death_with_parent() if self._tied else None,  # noqa: PLW1509 - one C call, no Python lock
                **binaries.identity(self._owner),
            )

    def _make_socket_folder(self) -> None:
        with contextlib.suppress(FileExistsError):
            self._socket.mkdir(mode=0o700)
            if self._owner is not None:
                os.chown(self._socket, *self._owner)
        found = self._socket.lstat()
        expected = self._owner[0] if self._owner else os.getuid()
        if self._socket.is_symlink() or found.st_uid not in (expected, os.getuid()) or found.st_mode & 0o077:
            raise PostgresUnavailable(f"Thư mục {self._socket} không phải của Mộc; hãy xóa nó rồi chạy lại.")

    def _running_postmaster(self) -> int | None:
        pid = _told_pid(self.data / "postmaster.pid")
        return pid if pid is not None and _is_postmaster(pid, self.data) else None

    def _wait_until_it_answers(self) -> None:
        """A start that fails is repeated: after kill -9 orphaned backends hold the shared memory for a moment."""
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if time.monotonic() > deadline:
                raise PostgresUnavailable(f"PostgreSQL không trả lời; xem {self.folder / 'postgres.log'}.")
            time.sleep(BEAT)
            if not self._lives() and not self._stopping.is_set():
                self._adopted = None
                self._launch()

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.superuser_url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _prepare_database(self) -> None:
        with psycopg.connect(self.superuser_url(), autocommit=True) as connection:
            role, password = sql.Identifier(ROLE), sql.Literal(self._password(ROLE))
            if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s"):
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER PASSWORD {}").format(role, password))
            if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s"):
                connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(role))
        with psycopg.connect(self.superuser_url(ROLE), autocommit=True) as connection:
            for extension in EXTENSIONS:
                connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))

    def _password(self, role: str) -> str:
        place = self.folder / f"{role}.password"
        if not place.exists():
            fresh = place.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(24), encoding="ascii")
            fresh.rename(place)
        return place.read_text(encoding="ascii")


def _exists(connection: psycopg.Connection[Any], query: str) -> bool:
    return connection.execute(query.encode(), (ROLE,)).fetchone() is not None


def _socket_folder(folder: Path, owner: tuple[int, int] | None) -> Path:
    """Short, because a socket's path may have about 100 bytes; the same at each start, so that a server is found."""
    mark = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path(f"/tmp/moc-{owner[0] if owner else os.getuid()}-{mark}")  # noqa: S108 - 0700, its owner is checked


def _told_pid(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="ascii", errors="replace").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _is_postmaster(pid: int, data: Path) -> bool:
    """Whether this process lives, is no zombie, and serves our folder (process ids are used again)."""
    try:
        os.kill(pid, 0)
        command = Path(f"/proc/{pid}/cmdline").read_bytes()  # empty of a zombie
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self").exists()  # no /proc on this system: believe the process id
    return str(data).encode() in command.split(b"\0")


def _forget_dead_postmaster(data: Path, socket: Path) -> None:
    """A killed server that nobody waited for stays a zombie, and its lock files would block every start."""
    for lock in (data / "postmaster.pid", socket / ".s.PGSQL.5432.lock"):
        pid = _told_pid(lock)
        if pid is not None and not _is_postmaster(pid, data):
            lock.unlink(missing_ok=True)


def _wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(BEAT)
    return True


def _death_with_parent() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG
