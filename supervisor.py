"""Starts the product and keeps it running: database, web process, worker; stops all of it together.

Runs inside the venv that run.py makes. It loads neither Flask nor SQLAlchemy, so that it is quick and small.
"""

import argparse
import contextlib
import errno
import hashlib
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence

import psycopg

import config
from demo.accounts import ACCOUNTS, PASSWORD, PIN
from kernel.postgres import PostgresUnavailable, Server
from kernel.single import Occupied, alone, find_holder
from migrations import schema

PATIENCE = 180.0  #: seconds until the start page has to answer
STOP_WITHIN = 8.0  #: seconds a child gets to end before it is killed
PORTS = 100  #: how many ports are tried, from the wanted one upwards
BEAT = 0.05  #: seconds between two looks at the children

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # our own address, never through a proxy


class NotStarted(RuntimeError):
    """The product cannot start; the message says why and what to do."""


class Child:
    """A process that is started again when it ends: at first at once, then less and less often."""

    def __init__(self, name: str, *arguments: str, url: str, listener: socket.socket | None = None) -> None:
        self.name = name
        self._command = [sys.executable, "-m", *arguments]
        self._environment = {**os.environ, "DATABASE_URL": url}
        self._handed = [listener.fileno()] if listener else []
        self._pause = 0.0
        self._started = time.monotonic()
        self._process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        self._started = time.monotonic()
        return subprocess.Popen(  # noqa: S603 - our own interpreter and modules
            self._command,
            stdin=subprocess.PIPE,  # the lifeline: it ends when we do
            env=self._environment,
            cwd=config.CHECKOUT,
            pass_fds=self._handed,
            start_new_session=True,  # Ctrl-C is for the supervisor, which stops the children in order
        )

    def find_exit(self) -> int | None:
        """The exit code, or None while it runs."""
        return self._process.poll()

    def keep_alive(self) -> None:
        code = self.find_exit()
        if code is None or time.monotonic() < self._started + self._pause:
            return
        lived = time.monotonic() - self._started
        self._pause = 0.0 if lived > 30 else min(self._pause * 2 or 0.5, 8.0)
        logging.warning("%s ended with %s after %.0f s; starting it again", self.name, code, lived)
        self._process = self._start()

    def stop(self) -> None:
        """Asks first; kills it, and what it has started, after STOP_WITHIN seconds."""
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_WITHIN)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()


class Product:
    """What is being started: the steps in their order."""

    def __init__(self, settings: config.Settings) -> None:
        self.settings = settings
        self.stopping = threading.Event()
        self.restarted_after_kill = False

    def serve(self, *, until_ready: bool) -> int:
        """Runs until told to stop (Ctrl-C, SIGTERM, SIGHUP), or until the start page has answered. The exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        with alone(self.settings.run_dir / "lock") as holding:
            self.restarted_after_kill = bool(holding.left)
            holding.tell(str(os.getpid()))
            with self._database() as url, self._listener() as listener:
                address = _address(listener)
                holding.tell(f"{os.getpid()} {address}")
                self._prepare(url)
                with self._children(url, listener) as children:
                    return self._watch(children, address, url, until_ready=until_ready)

    @contextlib.contextmanager
    def _database(self) -> Iterator[str]:
        if self.settings.database_url:
            yield self.settings.database_url
            return
        with Server(self.settings.data_dir / "pg").running() as server:
            yield server.url

    @contextlib.contextmanager
    def _listener(self) -> Iterator[socket.socket]:
        """The wanted port or the next free one. A killed predecessor's web process gets time to let go of it."""
        wanted = self.settings.port
        patience = STOP_WITHIN if self.restarted_after_kill else 0.0
        with _bind(self.settings.host, wanted, patience) as listener:
            if wanted not in (0, listener.getsockname()[1]):
                say(f"Cổng {wanted} đang bận, dùng cổng {listener.getsockname()[1]}. (Port taken, using the next one.)")
            yield listener

    def _prepare(self, url: str) -> None:
        """Skipped when schema and shipped files are those of the last time: then the start is quick."""
        stamp = self.settings.run_dir / "prepared"
        mark = _mark(url)
        if schema.find_current(url) == schema.newest() and stamp.exists() and stamp.read_text() == mark:
            return
        say("Chuẩn bị cơ sở dữ liệu… (Preparing the database…)")
        child = Child("prepare", "webapp.prepare", url=url)
        while child.find_exit() is None and not self.stopping.wait(BEAT):
            continue
        code = child.find_exit()
        child.stop()
        if code:
            raise NotStarted("Không chuẩn bị được cơ sở dữ liệu; lỗi ghi ở trên. (See the error above.)")
        if code == 0:
            stamp.write_text(mark)

    @contextlib.contextmanager
    def _children(self, url: str, listener: socket.socket) -> Iterator[list[Child]]:
        children: list[Child] = []
        try:
            if not self.stopping.is_set():
                number = str(listener.fileno())
                children.append(Child("web", "webapp.server", number, url=url, listener=listener))
                children.append(Child("worker", "webapp.worker", url=url))
            yield children
        finally:
            stops = [threading.Thread(target=child.stop) for child in children]
            for thread in stops:
                thread.start()
            for thread in stops:
                thread.join()

    def _watch(self, children: list[Child], address: str, url: str, *, until_ready: bool) -> int:
        began, ready = time.monotonic(), False
        while not self.stopping.wait(BEAT):
            if not ready and _answers(address):
                ready = True
                if until_ready:
                    return 0
                _welcome(address, url)
            if not ready and (until_ready and any(child.find_exit() is not None for child in children)):
                raise NotStarted("Một tiến trình dừng khi đang khởi động; lỗi ghi ở trên. (See the error above.)")
            if not ready and time.monotonic() - began > PATIENCE:
                raise NotStarted(f"Trang đầu không trả lời sau {PATIENCE:.0f} giây. (The start page does not answer.)")
            for child in children:
                child.keep_alive()
        return 0 if ready or not until_ready else 1


# ---------------------------------------------------------------------------------------------------------- small parts
def say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def _bind(host: str, wanted: int, patience: float) -> socket.socket:
    deadline = time.monotonic() + patience
    while True:
        try:
            return _listen(host, wanted)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                break
        time.sleep(BEAT)
    for port in range(wanted + 1, wanted + PORTS):
        with contextlib.suppress(OSError):
            return _listen(host, port)
    raise NotStarted(f"Không mở được cổng nào từ {wanted} trên {host}. (No port can be opened.)")


def _listen(host: str, port: int) -> socket.socket:
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def _answers(address: str) -> bool:
    """Whether the start page (or the sign-in page it leads to) answers 200."""
    try:
        with _direct.open(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _mark(url: str) -> str:
    digest = hashlib.sha256(f"{schema.newest()} {url}".encode())
    for file in config.shipped_files():
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _welcome(address: str, url: str) -> None:
    demo = _has_demo(url)
    say(f"\nMộc chạy tại (is running at)  {address}     Ctrl-C: dừng (stop)\n")
    if not demo:
        return
    say(f"Cơ quan mẫu (demo agency). Mật khẩu (password of all): {PASSWORD}   PIN ký số (to sign): {PIN}\n")
    for account in ACCOUNTS:
        say(f"  {account.username:<16} {account.full_name:<18} {account.unit:<8} {', '.join(account.roles)}")
    say("")


def _has_demo(url: str) -> bool:
    usernames = [account.username for account in ACCOUNTS]
    try:
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT count(*) FROM people WHERE username = ANY(%s)", (usernames,)).fetchone()
    except psycopg.OperationalError:  # died this moment; its watcher brings it back
        return False
    return bool(row and row[0] == len(usernames))


# --------------------------------------------------------------------------------------------------------- the commands
def stop(settings: config.Settings) -> int:
    """Stops the product on this data folder, or a database server that outlived it."""
    lock = settings.run_dir / "lock"
    told = find_holder(lock)
    if told is None:
        stopped = not settings.database_url and Server(settings.data_dir / "pg").stop_orphan()
        say("Đã dừng máy chủ cơ sở dữ liệu còn sót lại." if stopped else "Mộc không chạy. (It is not running.)")
        return 0
    os.kill(int(told.split()[0]), signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while find_holder(lock) is not None:
        if time.monotonic() > deadline:
            raise NotStarted(f"Tiến trình {told.split()[0]} chưa dừng sau {PATIENCE:.0f} giây.")
        time.sleep(BEAT)
    say("Đã dừng. (Stopped.)")
    return 0


def wipe(settings: config.Settings, *, confirmed: bool) -> None:
    """Deletes what the product itself made in the data folder: database, files, keys. Never a DATABASE_URL."""
    if settings.database_url:
        raise NotStarted("--fresh chỉ xóa dữ liệu trong thư mục của Mộc, không xóa cơ sở dữ liệu ở DATABASE_URL.")
    say(f"--fresh xóa mọi dữ liệu trong {settings.data_dir}: cơ sở dữ liệu, tệp, khóa. (Deletes all data there.)")
    if not confirmed and input("Gõ 'xoa' để xóa (type 'xoa' to delete): ").strip() != "xoa":
        raise NotStarted("Không xóa gì. (Nothing was deleted.)")
    with alone(settings.run_dir / "lock"):
        Server(settings.data_dir / "pg").stop_orphan()
        for name in ("pg", "files", "ca"):
            shutil.rmtree(settings.data_dir / name, ignore_errors=True)
        (settings.run_dir / "prepared").unlink(missing_ok=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="run.py")
    parser.add_argument("command", nargs="?", choices=("serve", "stop"), default="serve")
    parser.add_argument("--port", help="cổng (the port to listen on)")
    parser.add_argument("--fresh", action="store_true", help="xóa dữ liệu mẫu trước khi chạy (delete the data first)")
    parser.add_argument("--yes", action="store_true", help="không hỏi lại (do not ask)")
    parser.add_argument("--until-ready", action="store_true", help="chạy thử rồi dừng (start, check, stop)")
    told = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        return _act(told)
    except Occupied as occupied:
        say(f"Mộc đang chạy trên thư mục dữ liệu này rồi (already running on this data folder): {occupied.told}")
        return 1
    except (NotStarted, PostgresUnavailable, config.SettingInvalid) as refusal:
        say(str(refusal))
        return 1
    except psycopg.OperationalError as error:
        say(f"Không nối được cơ sở dữ liệu (cannot reach the database): {error}")
        return 1


def _act(told: argparse.Namespace) -> int:
    if told.port or told.until_ready:
        os.environ["MOC_PORT"] = told.port or "0"
    settings = config.load()
    if told.command == "stop":
        return stop(settings)
    if told.fresh:
        wipe(settings, confirmed=told.yes)
        settings = config.load()  # its folders again
    return Product(settings).serve(until_ready=told.until_ready)


if __name__ == "__main__":
    sys.exit(main())
