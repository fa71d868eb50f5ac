"""Administration from the command line: `python3 run.py cli COMMAND`."""

import argparse
import contextlib
import datetime as dt
import functools
import getpass
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import config
from directory import enrolling, operations, queries, roster
from directory.actors import machine
from engine import consistency
from engine import operations as engine
from kernel import audit, clock, db
from kernel.errors import DomainError
from kernel.postgres import Server
from kernel.single import find_holder
from signing import authority
from signing.keys import KeyStore
from webapp import prepare, wiring

TEST_KEYS_LAST = dt.timedelta(days=10 * 365)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="run.py cli", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for name, function in (
        ("database-url", print_database_url),
        ("verify-audit", verify_audit),
        ("verify-instances", verify_instances),
    ):
        commands.add_parser(name, help=function.__doc__).set_defaults(act=function)
    _add_clean_history(commands)
    _add_set_day(commands)
    _add_load_agency(commands)
    _add_issue_test_key(commands)
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


def verify_instances(url: str, _told: argparse.Namespace) -> int:
    """Compares the open rows of every process instance with its state; exit code 1 when one differs."""
    db.configure(url)
    wiring.wire()
    faults = 0
    with db.reading():
        for organization in queries.list_organizations():
            found = consistency.find_faults(organization.id)
            faults += len(found)
            for fault in found:
                _say(f"{organization.code}: {fault}")
            _say(f"{organization.code}: {len(found)} hồ sơ quy trình không khớp")
    return 1 if faults else 0


def clean_history(url: str, told: argparse.Namespace) -> int:
    """Removes ended process instances that are past their time to live; with --preview only says which would go."""
    db.configure(url)
    wiring.wire()
    with db.reading():
        organizations = queries.list_organizations()
    for organization in organizations:
        with db.reading():
            for found in engine.count_cleanable(organization.id):
                name = f"{found.definition.name} (bản {found.definition.version})"
                _say(f"{organization.code}: {name}: {found.going} hồ sơ quá hạn lưu, {found.kept} còn văn bản nên giữ")
        while not told.preview:
            with db.unit_of_work():
                cleaned = engine.clean_history(actor=machine(organization.id))
            if cleaned.instances == 0:
                break
            _say(f"{organization.code}: đã dọn {cleaned.instances} hồ sơ, {cleaned.lines} dòng lịch sử")
    return 0


def _add_clean_history(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("clean-history", help=clean_history.__doc__)
    command.add_argument("--preview", action="store_true", help="count, remove nothing")
    command.set_defaults(act=clean_history)


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


def issue_test_key(url: str, told: argparse.Namespace) -> int:
    """Makes the test key of a person, or with --seal of an agency's seal; asks for its PIN. Without legal value."""
    db.configure(url)
    folder = config.load().ca_dir
    store = KeyStore(folder)
    if not store.trust().roots:
        authority.make_authority(folder, valid_from=clock.now(), valid_until=clock.now() + TEST_KEYS_LAST)
    if store.has_seal_key(told.owner) if told.seal else store.has_person_key(told.owner):
        _say(f"{told.owner} đã có khóa.")
        return 1
    with db.unit_of_work():
        issue = _seal_issuer(told.owner) if told.seal else _person_issuer(told.owner)
        if issue is None:
            _say(f"Không có {told.owner}.")
            return 1
        issue(folder, pin=getpass.getpass("PIN: "))
    _say(f"{told.owner}: khóa thử nghiệm, không có giá trị pháp lý")
    return 0


def _person_issuer(username: str) -> Callable[..., None] | None:
    person = queries.find_person(username)
    if person is None:
        return None
    organization = queries.get_organization(person.organization_id)
    title = queries.get_actor(person.id).title
    audit.record(machine(organization.id), "key:issue", "person", person.id, test=True)
    return functools.partial(
        authority.issue_person,
        username=username,
        full_name=person.full_name,
        title=title,
        organization=organization.name,
    )


def _seal_issuer(code: str) -> Callable[..., None] | None:
    organization = next((found for found in queries.list_organizations() if found.code == code), None)
    if organization is None:
        return None
    audit.record(machine(organization.id), "key:issue", "organization", organization.id, test=True)
    return functools.partial(
        authority.issue_seal,
        code=code,
        organization=organization.name,
        seal_text=organization.short_name,
        identifier=organization.identifier or code,
    )


def _add_issue_test_key(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("issue-test-key", help=issue_test_key.__doc__)
    command.add_argument("owner", help="user name; with --seal the code of the agency")
    command.add_argument("--seal", action="store_true", help="the agency's seal; MOC_SEAL_PIN must say its PIN")
    command.set_defaults(act=issue_test_key)


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
