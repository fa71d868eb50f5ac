"""Administration from the command line: `python3 run.py cli COMMAND`."""

import argparse
import contextlib
import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import config
from directory import enrolling, operations, queries, roster
from directory.actors import machine
from kernel import audit, db
from kernel.errors import DomainError
from kernel.postgres import Server
from kernel.single import find_holder
from webapp import prepare, wiring


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="run.py cli", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for name, function in (("database-url", print_database_url), ("verify-audit", verify_audit)):
        commands.add_parser(name, help=function.__doc__).set_defaults(act=function)
    _add_set_day(commands)
    _add_load_agency(commands)
    told = parser.parse_args(arguments)
    with _database(config.load()) as url:
        return int(told.act(url, told))


def print_database_url(url: str, _told: argparse.Namespace) -> int:
    """Prints the address of the database, for psql and pg_dump."""
    _say(url)
    return 0


def verify_audit(url: str, _told: argparse.Namespace) -> int:
    """Recomputes the chain of the audit trail of every agency; exit code 1 when one is broken."""
    db.configure(url)
    intact = True
    with db.reading():
        for organization in queries.list_organizations():
            report = audit.verify_chain(organization.id)
            intact = intact and report.intact
            state = "nguyên vẹn" if report.intact else f"ĐỨT tại dòng {report.broken_at}"
            _say(f"{organization.code}: {state}; {report.sealed} dòng đã niêm, {report.pending} dòng chờ niêm")
    return 0 if intact else 1


def set_day(url: str, told: argparse.Namespace) -> int:
    """Declares one day of the working calendar: a holiday, a compensatory day, a Saturday that is worked."""
    db.configure(url)
    with db.unit_of_work():
        for organization in queries.list_organizations():
            if told.agency in ("", organization.code):
                operations.set_calendar_day(
                    organization.id,
                    told.day,
                    working=told.kind == "working",
                    name=told.name,
                    legal_ref=told.by,
                    actor=machine(organization.id),
                )
                _say(f"{organization.code}: {told.day:%d/%m/%Y} {told.name}")
    return 0


def _add_set_day(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("set-day", help=set_day.__doc__)
    command.add_argument("day", type=dt.date.fromisoformat, help="2026-02-16")
    command.add_argument("kind", choices=("off", "working"))
    command.add_argument("name", help="as people see it: Nghỉ bù Tết Nguyên đán")
    command.add_argument("--by", default="", help="the announcement that says so")
    command.add_argument("--agency", default="", help="code of one agency; without it all of this database")
    command.set_defaults(act=set_day)


def load_agency(url: str, told: argparse.Namespace) -> int:
    """Adds an agency, or brings it in line with its roster (TOML); prints the first passwords of new people."""
    db.configure(url)
    wiring.wire()  # processes are checked against what is registered
    try:
        with db.unit_of_work():
            found = roster.read(told.roster.read_text(encoding="utf-8"))
            fresh = enrolling.enroll(found)
    except DomainError as refusal:
        _say(refusal.sentence)
        return 1
    prepare.deploy_shipped()
    _say(f"{found.agency.code}: {len(found.offices)} chức vụ, {len(fresh)} người mới")
    for account in fresh:
        _say(f"  {account.username:<24} {account.password}")
    return 0


def _add_load_agency(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("load-agency", help=load_agency.__doc__)
    command.add_argument("roster", type=Path, help="agency.toml; the handbook says what stands in it")
    command.set_defaults(act=load_agency)


@contextlib.contextmanager
def _database(settings: config.Settings) -> Iterator[str]:
    """The database of the running product, or the embedded one started for this command alone."""
    server = Server(settings.data_dir / "pg")
    if settings.database_url:
        yield settings.database_url
    elif find_holder(settings.run_dir / "lock") is not None:
        yield server.url
    else:
        with server.running():
            yield server.url


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
