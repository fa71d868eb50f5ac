"""What changes the directory: signing in and out, passwords, accounts, the working calendar."""

import contextlib
import dataclasses
import datetime as dt
import hashlib
import secrets
import threading
import uuid
from collections.abc import Iterator

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from directory import queries, working_time
from directory.actors import Actor
from directory.errors import AppointmentNotHeld, LockedOut, SignInRefused, TooManyAtOnce, WeakPassword
from directory.models import CalendarDay, Person, SignInAttempt, UserSession
from kernel import audit, clock, db
from kernel.errors import Forbidden

ADMINISTRATOR = "quan-tri"
MAX_FAILURES = 5  #: wrong passwords in a row, then the account rests
LOCKED_FOR = dt.timedelta(minutes=15)
MIN_PASSWORD = 10  #: characters
MAX_USERNAME = 100  #: characters; what is longer is nobody's name and is not kept
AT_ONCE, PATIENCE = (
    8,
    5.0,
)  #: passwords checked at the same time (Argon2 takes 64 MB for each); seconds to wait for a turn
DEFAULT_SESSION = dt.timedelta(hours=12)

_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(AT_ONCE)
# Verified for unknown names, so that they take as long as known ones. Written out: hashing at import slows each start.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$Q+btWjxJ7/fpfb8yCh8PUA$JJb2tkwcSHEgXtFgbhGcH7Mm09v6c1nknvnDTjIIc3M"


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignedIn:
    """`token` goes into the cookie; it is not kept anywhere else."""

    person: Person
    token: str


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def sign_in(
    username: str, password: str, *, address: str, agent: str = "", lasts: dt.timedelta = DEFAULT_SESSION
) -> SignedIn:
    """Checks the password (Argon2id) and opens a session.

    Raises LockedOut after MAX_FAILURES wrong ones in a row, TooManyAtOnce, SignInRefused otherwise. A wrong password
    leaves its trace.
    """
    with _turn():
        return _sign_in(username.strip().lower()[:MAX_USERNAME], password, address=address, agent=agent, lasts=lasts)


@contextlib.contextmanager
def _turn() -> Iterator[None]:
    """Before the database is asked: who waits here holds no connection."""
    if not _turns.acquire(timeout=PATIENCE):
        raise TooManyAtOnce
    try:
        yield
    finally:
        _turns.release()


def _sign_in(name: str, password: str, *, address: str, agent: str, lasts: dt.timedelta) -> SignedIn:
    db.lock_name(f"moc.sign_in.{name}")  # guesses of one name come one after the other: none slips past the count
    _refuse_when_locked(name)
    person = queries.find_person(name)
    if not _matches(person, password):
        _record_failure(name, person, address)
        raise SignInRefused
    assert person is not None  # noqa: S101 - _matches saw to it
    session = db.session()
    session.add(SignInAttempt(username=name, address=address, succeeded=True))
    token = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            person_id=person.id, token_hash=_digest(token), expires_at=clock.now() + lasts, address=address, agent=agent
        )
    )
    session.flush()
    audit.record(queries.get_actor(person.id), "session:start", "person", person.id, address=address)
    return SignedIn(person=person, token=token)


def sign_out(token: str) -> None:
    """Ends the session; an unknown token is no matter."""
    session = queries.find_session(token)
    if session is not None:
        session.ended_at = clock.now()
        audit.record(queries.get_actor(session.person_id), "session:end", "person", session.person_id)


def choose_appointment(token: str, appointment_id: uuid.UUID) -> None:
    """From now on this browser acts in another office of the same person."""
    session = queries.find_session(token)
    if session is None:
        raise SignInRefused
    if appointment_id not in {a.id for a in queries.list_appointments(session.person_id)}:
        raise AppointmentNotHeld
    session.appointment_id = appointment_id
    actor = queries.get_actor(session.person_id, appointment_id)
    audit.record(actor, "session:choose_appointment", "appointment", appointment_id)


def change_password(person_id: uuid.UUID, *, old: str, new: str, repeated: str, actor: Actor, token: str = "") -> None:
    """Ends every session of the person but that of `token`, the browser it is changed in: whoever knew the old password
    is out. Raises WeakPassword naming the field."""
    person = queries.get_person(person_id)
    problems = _password_problems(person, old, new, repeated)
    if problems:
        raise WeakPassword(problems)
    person.password_hash = hash_password(new)
    person.must_change_password = False
    db.session().execute(
        sa.update(UserSession)
        .where(
            UserSession.person_id == person.id,
            UserSession.ended_at.is_(None),
            UserSession.token_hash != _digest(token),
        )
        .values(ended_at=clock.now())
    )
    audit.record(actor, "person:change_password", "person", person.id)


def set_calendar_day(
    organization_id: uuid.UUID, day: dt.date, *, working: bool, name: str, legal_ref: str, actor: Actor
) -> CalendarDay:
    """Declares a holiday, a compensatory day or a swapped working Saturday; the administrator, or the command line."""
    if organization_id != actor.organization_id or not (actor.person_id is None or actor.has_role(ADMINISTRATOR)):
        raise Forbidden
    row = db.session().merge(
        CalendarDay(organization_id=organization_id, day=day, working=working, name=name, legal_ref=legal_ref)
    )
    db.session().flush()
    working_time.forget(organization_id)
    audit.record(actor, "calendar:set_day", "calendar_day", day, working=working, name=name, legal_ref=legal_ref)
    return row


def _refuse_when_locked(username: str) -> None:
    since = clock.now() - LOCKED_FOR
    recent = (
        db.session()
        .scalars(
            sa.select(SignInAttempt)
            .where(SignInAttempt.username == username, SignInAttempt.at > since)
            .order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc())
            .limit(MAX_FAILURES)
        )
        .all()
    )
    if len(recent) == MAX_FAILURES and not any(attempt.succeeded for attempt in recent):
        until = clock.local(recent[0].at + LOCKED_FOR)
        raise LockedOut(until=f"{until:%H:%M}")


def _matches(person: Person | None, password: str) -> bool:
    try:
        _hasher.verify(person.password_hash if person else _NOBODY, password)
    except VerificationError:
        return False
    return person is not None and person.active


def _record_failure(username: str, person: Person | None, address: str) -> None:
    """In a unit of work of its own: the refusal undoes everything else."""
    actor = queries.get_actor(person.id) if person else None
    with db.apart(), db.unit_of_work() as session:
        session.add(SignInAttempt(username=username, address=address, succeeded=False))
    if actor is not None:
        audit.record_refusal(actor, "session:start", "person", actor.person_id, address=address)


def _password_problems(person: Person, old: str, new: str, repeated: str) -> dict[str, str]:
    problems = {}
    if not _matches(person, old):
        problems["old"] = "Mật khẩu đang dùng chưa đúng."
    if len(new) < MIN_PASSWORD:
        problems["new"] = f"Mật khẩu mới cần ít nhất {MIN_PASSWORD} ký tự."
    elif person.username in new.lower():
        problems["new"] = "Mật khẩu mới không được chứa tên đăng nhập."
    elif new == old:
        problems["new"] = "Mật khẩu mới phải khác mật khẩu đang dùng."
    if new != repeated:
        problems["repeated"] = "Hai lần gõ mật khẩu mới chưa giống nhau."
    return problems


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
