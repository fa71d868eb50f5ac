"""The settings. All come from the environment, all have a default; the handbook lists each of them.

Only the processes at the top (supervisor, web, worker, command line) read them; packages below are given values.
"""

import dataclasses
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from demo.accounts import PIN

CHECKOUT = Path(__file__).resolve().parent
SYSTEM_DATA = Path("/var/lib/moc")
SHIPPED = ("processes/*.bpmn", "processes/*.dmn", "forms/definitions/*.form")  #: deployed at start, in the checkout
NO = {"0", "no", "off", "false", ""}


class SettingInvalid(ValueError):
    """A setting has a value that cannot be used; the message names both."""


def _setting(name: str, default: Any, says: str) -> Any:
    return dataclasses.field(default=default, metadata={"env": name, "says": says})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """What a process of the product was told."""

    database_url: str = _setting(
        "DATABASE_URL", "", "The PostgreSQL database (15 or newer). Not set: an embedded server under the data folder."
    )
    pg_bin: str = _setting(
        "MOC_PG_BIN", "", "The bin folder of the PostgreSQL to embed. Not set: the wheel's, else the system's."
    )
    data_dir: Path = _setting(
        "MOC_DATA", None, "Where data lies: pg/, files/, ca/, run/. Not set: .data in the checkout, or /var/lib/moc."
    )
    host: str = _setting("MOC_HOST", "127.0.0.1", "The address to listen on; 0.0.0.0 for every network of the machine.")
    port: int = _setting("MOC_PORT", 8016, "The port to listen on; the next free one when it is taken. 0: any.")
    web_processes: int = _setting("MOC_WEB_PROCESSES", 1, "Web processes on this machine; one for each core or two.")
    threads: int = _setting("MOC_THREADS", 120, "Threads of a web process; an open page holds one for live updates.")
    worker_jobs: int = _setting("MOC_WORKER_JOBS", 4, "Jobs that the worker runs at the same time.")
    retry: str = _setting(
        "MOC_RETRY", "", "When a failed step is tried again if its diagram does not say. Not set: PT10S,PT1M."
    )
    secret_key: str = _setting(
        "MOC_SECRET_KEY", "", "Signs forms and messages between pages. Not set: made once and kept in the data folder."
    )
    seal_pin: str = _setting(
        "MOC_SEAL_PIN", PIN, "Opens the key of the agency's seal, for the job that seals. Not set: the demo seal's."
    )
    demo: bool = _setting("MOC_DEMO", True, "Whether an empty database gets the demo agency; 0: it stays empty.")
    samples: bool = _setting("MOC_SAMPLES", True, "Whether the demo agency gets sample documents; 0: people alone.")
    log_level: str = _setting("MOC_LOG_LEVEL", "WARNING", "DEBUG, INFO, WARNING or ERROR; logs go to standard error.")
    test_clock: Path | None = _setting(
        "MOC_TEST_CLOCK", None, "For tests only: a file with an ISO instant at which the product's clock starts."
    )

    @property
    def run_dir(self) -> Path:
        """Locks, stamps and secrets of the running product (0700)."""
        return self.data_dir / "run"

    @property
    def ca_dir(self) -> Path:
        """Keys and certificates of those who sign and of the seal, and whom we trust (0700)."""
        return self.data_dir / "ca"

    @property
    def files_dir(self) -> Path:
        """The store of kernel.files (0700)."""
        return self.data_dir / "files"


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process. Makes the data folder and the secret key when there are none yet."""
    told = {field.name: _read(field, environ) for field in dataclasses.fields(Settings)}
    told["database_url"] = _plain_url(told["database_url"])
    told["data_dir"] = (told["data_dir"] or default_data_dir(CHECKOUT)).absolute()
    _make_folders(told["data_dir"])
    told["secret_key"] = told["secret_key"] or _kept_secret(told["data_dir"] / "run" / "secret_key")
    return Settings(**told)


def shipped_files() -> list[Path]:
    """The diagrams, decisions and forms that every agency gets."""
    return sorted(file for pattern in SHIPPED for file in CHECKOUT.glob(pattern))


def default_data_dir(checkout: Path) -> Path:
    """`.data` in the checkout; as root under a folder that others cannot enter (a 0700 home), /var/lib/moc.

    The database server must not run as root, and a user that is turned away on the path cannot open its data.
    """
    closed = any(not place.stat().st_mode & 0o001 for place in (checkout, *checkout.parents))
    return SYSTEM_DATA if os.geteuid() == 0 and closed else checkout / ".data"


def _read(field: "dataclasses.Field[Any]", environ: Mapping[str, str]) -> Any:
    name = field.metadata["env"]
    text = environ.get(name, "").strip()
    if not text:
        return field.default
    try:
        return _convert(text, field.type)
    except ValueError:
        raise SettingInvalid(f"{name}={text}: giá trị không dùng được (not a usable value)") from None


def _convert(text: str, kind: Any) -> Any:
    if kind is int:
        return int(text)
    if kind is bool:
        return text.lower() not in NO
    return text if kind is str else Path(text)


def _plain_url(url: str) -> str:
    """As PostgreSQL itself writes it; hosting services and other tools have spellings of their own."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql{separator}{rest}" if scheme.split("+")[0] in ("postgres", "postgresql") else url


def _make_folders(data: Path) -> None:
    """As root the way to pg/ stays passable for the database's user; everything else is for us alone."""
    data.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == data.stat().st_uid:
        data.chmod(0o711 if os.geteuid() == 0 else 0o700)
    for name in ("run", "ca", "files"):
        (data / name).mkdir(mode=0o700, exist_ok=True)


def _kept_secret(place: Path) -> str:
    """Two processes that start at the same time agree: the first to link its file wins."""
    if not place.exists():
        fresh = place.with_name(f"{place.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(fresh, place)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return place.read_text(encoding="ascii")
