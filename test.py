#!/usr/bin/env python3
"""Tests Mộc on a machine that has Python and nothing else: `python3 test.py`. Standard library only.

Sets up as run.py does, with what the tests need on top, finds or fetches a Chromium, then runs ruff, mypy,
lint-imports and pytest. Arguments are pytest's and run pytest alone: `python3 test.py -k numbering`.
"""

import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

import run

DEV_LOCK = run.HERE / "requirements-dev.txt"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FETCHED = run.HERE / "build" / "chromium"
PACKAGE = "@sparticuz/chromium@153.0.0"  #: a Chromium for Linux on x86-64 that a package registry carries
UNPACK = """
import brotli, io, pathlib, sys, tarfile
place = pathlib.Path(sys.argv[1])
for packed in place.glob("package/bin/*.br"):
    content = brotli.decompress(packed.read_bytes())
    if packed.name == "chromium.br":
        (place / "chrome").write_bytes(content)
    elif packed.name == "al2023.tar.br":
        tarfile.open(fileobj=io.BytesIO(content)).extractall(place)
(place / "chrome").chmod(0o755)
"""
WRAPPER = """#!/bin/sh
# The package carries the libraries that a bare image lacks; they are used only when some are missing.
here=$(dirname "$0")
if ldd "$here/chrome" | grep -q 'not found'; then export LD_LIBRARY_PATH="$here/lib"; fi
exec "$here/chrome" "$@"
"""


def main(arguments: list[str]) -> int:
    run.install(run.RUN_LOCK, DEV_LOCK)
    environment = {**os.environ, "PYTHONPATH": str(run.HERE), "CI": os.environ.get("CI", "")}
    if browser := find_browser() or fetch_browser():
        environment["MOC_CHROMIUM"] = browser
    else:
        print("Không có Chromium: bỏ qua kiểm thử trình duyệt. (No Chromium: browser tests are skipped.)", flush=True)
    checks = [] if arguments else static_checks()
    failed = [name for name, command in checks if not _passes(name, command, environment)]
    if failed:
        print(f"\nKhông đạt (failed): {', '.join(failed)}\n", flush=True)
    tests: list[str | Path] = [run.PYTHON, "-m", "pytest", *(arguments or ["-n", "2", "--dist", "loadfile"])]
    code = subprocess.run(tests, check=False, cwd=run.HERE, env=environment).returncode
    return code or len(failed)


def static_checks() -> list[tuple[str, list[str | Path]]]:
    programs = run.VENV / "bin"
    packages = sorted(place.parent.name for place in run.HERE.glob("*/__init__.py") if place.parent.name != "tests")
    modules = sorted(place.name for place in run.HERE.glob("*.py"))
    return [
        ("ruff check", [programs / "ruff", "check", "--quiet", "."]),
        ("ruff format", [programs / "ruff", "format", "--check", "--quiet", "."]),
        ("mypy", [run.PYTHON, "-m", "mypy", *packages, *modules]),
        ("lint-imports", [programs / "lint-imports"]),
    ]


def _passes(name: str, command: list[str | Path], environment: dict[str, str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(command, check=False, cwd=run.HERE, env=environment, capture_output=True, text=True)
    passed = done.returncode == 0
    if not passed:
        print(done.stdout + done.stderr)
    print(f"{name}: {'ok' if passed else 'FAILED'} ({time.monotonic() - began:.1f} s)", flush=True)
    return passed


# ---------------------------------------------------------------------------------------------------------- the browser
def find_browser() -> str | None:
    """MOC_CHROMIUM, the system's, or the one fetched earlier."""
    fetched = FETCHED / "chromium"
    told = os.environ.get("MOC_CHROMIUM")
    return told or next(filter(None, map(shutil.which, BROWSERS)), None) or (str(fetched) if fetched.exists() else None)


def fetch_browser() -> str | None:
    """From the distribution when we may install there, else from the npm registry. None: browser tests are skipped."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Cài Chromium bằng apt… (Installing Chromium…)", flush=True)
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
        if found := find_browser():
            return found
    return _fetch_from_npm() if platform.machine() == "x86_64" and sys.platform == "linux" else None


def _fetch_from_npm() -> str | None:
    print("Tải Chromium từ npm… (Fetching Chromium…)", flush=True)
    shutil.rmtree(FETCHED, ignore_errors=True)
    FETCHED.mkdir(parents=True)
    path = f"{run.VENV / 'bin'}:{os.environ.get('PATH', '')}"
    npm: list[str | Path] = [run.VENV / "bin" / "npm", "pack", "--silent", PACKAGE]
    if subprocess.run(npm, check=False, cwd=FETCHED, env={**os.environ, "PATH": path}).returncode:
        return None
    subprocess.run(["tar", "-xzf", next(FETCHED.glob("*.tgz"))], check=True, cwd=FETCHED)
    subprocess.run([run.PYTHON, "-c", UNPACK, FETCHED], check=True)
    browser = FETCHED / "chromium"
    browser.write_text(WRAPPER, encoding="ascii")
    browser.chmod(0o755)
    works = subprocess.run([browser, "--version"], check=False, stdout=subprocess.DEVNULL).returncode == 0
    return str(browser) if works else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
