#!/usr/bin/env python3
"""Runs Mộc on a machine that has Python and nothing else: `python3 run.py`.

Makes a venv in .venv, installs the hashed lock into it, then starts the product (supervisor.py). Standard library only.

    python3 run.py                  serve until Ctrl-C       options: --port N, --fresh [--yes], --until-ready
    python3 run.py stop             stop the product that runs on this data folder
    python3 run.py bench NAME       measure; --json for machines
    python3 run.py cli COMMAND      administration; --help lists the commands
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one learns it here
    sys.exit(
        "Mộc cần Python 3.11 trở lên; đây là Python {}.{}.\n"
        "Mộc needs Python 3.11 or newer; this is Python {}.{}.".format(*(sys.version_info[:2] * 2))
    )
if sys.platform == "win32":
    sys.exit("Trên Windows, hãy chạy Mộc trong WSL.\nOn Windows, run Mộc inside WSL.")

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLED = VENV / "installed"  #: marks of the locks that are completely installed, one a line
BEGUN = VENV / "begun"  #: there while the venv is made and filled; left behind by a start that was killed
RUN_LOCK = HERE / "requirements.txt"
UV_LOCK = HERE / "requirements-uv.txt"

NO_ENSUREPIP = """\
Python này không có ensurepip nên không tạo được môi trường ảo. Trên Debian, Ubuntu: apt install python3-venv
This Python has no ensurepip, so no virtual environment can be made. On Debian, Ubuntu: apt install python3-venv"""


def main(arguments: list[str]) -> None:
    install(RUN_LOCK)
    modules = {"bench": "bench", "cli": "webapp.cli"}
    if arguments and arguments[0] in modules:
        start("-m", modules[arguments[0]], *arguments[1:])
    start(str(HERE / "supervisor.py"), *arguments)


def start(*arguments: str) -> None:
    """Becomes the venv's Python. It keeps its bytecode, without which every start would take seconds longer."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.chdir(HERE)
    os.execv(PYTHON, [str(PYTHON), *arguments])


def install(*locks: Path) -> None:
    """Makes the venv if there is none and installs each lock that is not completely there. Killed midway: anew."""
    with _one_at_a_time():
        if BEGUN.exists() or not _works():
            _make_venv()
        missing = [lock for lock in locks if _mark(lock) not in _marks()]
        if not missing:
            return
        BEGUN.touch()
        for lock in missing:
            print(f"Cài thư viện ({lock.name})… (Installing libraries…)", flush=True)
            _install(lock)
        INSTALLED.write_text("\n".join({*_marks(), *map(_mark, missing)}), encoding="ascii")
        BEGUN.unlink()


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two starts in one checkout wait for one another here."""
    with Path(__file__).open(encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _works() -> bool:
    """Whether the venv's Python runs and is of our version: the system's may have been upgraded away."""
    if not PYTHON.exists():
        return False
    version = "import sys; print(*sys.version_info[:2])"
    done = subprocess.run([PYTHON, "-I", "-S", "-c", version], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.split() == [str(part) for part in sys.version_info[:2]]


def _make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(NO_ENSUREPIP)
    print("Tạo môi trường Python trong .venv… (Making a Python environment…)", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    BEGUN.touch()
    _must([sys.executable, "-m", "venv", VENV])


def _mark(lock: Path) -> str:
    return f"{lock.name}:{hashlib.sha256(lock.read_bytes()).hexdigest()}"


def _marks() -> set[str]:
    return set(INSTALLED.read_text(encoding="ascii").split()) if INSTALLED.exists() else set()


def _install(lock: Path) -> None:
    """With uv, ten times as fast as pip; with pip where uv has no wheel or cannot reach what pip can."""
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pip.append("--require-hashes")
    if subprocess.run([*pip, "--no-deps", "-r", UV_LOCK], check=False).returncode == 0:
        uv: list[str | Path] = [VENV / "bin" / "uv", "pip", "install", "--quiet", "--python", PYTHON]
        if subprocess.run([*uv, "--require-hashes", "-r", lock], check=False, env=_as_pip_is_told()).returncode == 0:
            return
        print("uv không cài được; thử bằng pip… (uv failed, trying pip…)", flush=True)
    _must([*pip, "-r", lock])


def _as_pip_is_told() -> dict[str, str]:
    """pip's own settings for uv, which does not read them: an office's package mirror is configured once."""
    environment = dict(os.environ)
    for option, name in (("global.index-url", "UV_DEFAULT_INDEX"), ("global.cert", "SSL_CERT_FILE")):
        told = subprocess.run(
            [PYTHON, "-m", "pip", "config", "get", option], capture_output=True, text=True, check=False
        )
        if told.returncode == 0 and told.stdout.strip():
            environment.setdefault(name, told.stdout.strip())
    return environment


def _must(command: list[str | Path]) -> None:
    code = subprocess.run(command, check=False).returncode
    if code:
        sys.exit(f"Không chạy được (failed): {' '.join(str(part) for part in command)}: {code}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
