"""Signing in: Argon2, lock-out, sessions, offices."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from demo.accounts import PASSWORD
from directory import operations, queries
from directory.errors import AppointmentNotHeld, LockedOut, SignInRefused, TooManyAtOnce, WeakPassword
from directory.models import Person, SignInAttempt, UserSession
from kernel import clock, db
from kernel.audit import AuditEntry

WRONG = "sai"


def sign_in(username="van-thu", password=PASSWORD):
    with db.unit_of_work():
        return operations.sign_in(username, password, address="127.0.0.1")


def test_the_password_is_kept_as_an_argon2_hash(demo):
    with db.reading() as session:
        stored = session.scalars(sa.select(Person.password_hash)).all()

    assert all(text.startswith("$argon2id$") for text in stored)


def test_the_cookie_token_opens_the_session_and_only_its_hash_is_kept(demo):
    signed = sign_in()

    with db.reading() as session:
        assert queries.find_session(signed.token).person_id == signed.person.id
        assert signed.token not in session.scalars(sa.select(UserSession.token_hash)).all()


def test_signing_out_ends_the_session(demo):
    signed = sign_in()

    with db.unit_of_work():
        operations.sign_out(signed.token)

    with db.reading():
        assert queries.find_session(signed.token) is None


@pytest.mark.parametrize(("username", "password"), [("van-thu", "sai"), ("khong-co", PASSWORD)])
def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(demo, username, password):
    with pytest.raises(SignInRefused) as refusal:
        sign_in(username, password)

    assert refusal.value.sentence == SignInRefused.sentence


def test_an_unknown_name_costs_as_much_time_as_a_known_one():
    assert not operations._hasher.check_needs_rehash(operations._NOBODY)


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(demo):
    for _ in range(5):
        with pytest.raises(SignInRefused):
            sign_in(password=WRONG)

    with pytest.raises(LockedOut):
        sign_in()
    with clock.set_to(clock.now() + dt.timedelta(minutes=16)):
        assert sign_in().token


@pytest.mark.parametrize("spelled", ["VAN-THU", " van-thu ", "Van-Thu\u00a0"])
def test_another_spelling_of_the_name_is_the_same_account(demo, spelled):
    for _ in range(5):
        with pytest.raises(SignInRefused):
            sign_in(spelled, WRONG)

    with pytest.raises(LockedOut):
        sign_in()


def test_guesses_at_the_same_time_are_counted_one_by_one(demo):
    def guess(_):
        try:
            sign_in(password=WRONG)
        except LockedOut:
            return "locked"
        except SignInRefused:
            return "checked"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(8)))

    assert answers.count("checked") == operations.MAX_FAILURES


def test_more_at_once_than_the_machine_should_check_are_asked_to_wait(demo, monkeypatch):
    monkeypatch.setattr(operations, "PATIENCE", 0)
    monkeypatch.setattr(operations, "_turns", threading.BoundedSemaphore(1))

    with operations._turn(), pytest.raises(TooManyAtOnce):
        sign_in()
    assert sign_in().token


def test_a_name_of_any_length_is_refused_and_not_kept(demo):
    with pytest.raises(SignInRefused):
        sign_in("a" * 1_000_000)

    with db.reading() as session:
        assert len(session.scalars(sa.select(SignInAttempt.username)).one()) == operations.MAX_USERNAME


def test_a_new_password_ends_the_sessions_of_other_browsers(demo):
    here, elsewhere = sign_in(), sign_in()
    stranger = sign_in("cv-tp")
    actor, new = demo.actor("van-thu"), "mot-mat-khau-dai"

    with db.unit_of_work():
        operations.change_password(actor.person_id, old=PASSWORD, new=new, repeated=new, actor=actor, token=here.token)

    with db.reading():
        assert queries.find_session(here.token)
        assert queries.find_session(elsewhere.token) is None
        assert queries.find_session(stranger.token)


def test_a_refused_sign_in_leaves_its_trace(demo):
    with pytest.raises(SignInRefused):
        sign_in(password=WRONG)

    with db.reading() as session:
        assert session.scalars(sa.select(SignInAttempt.succeeded)).all() == [False]
        assert session.scalars(sa.select(AuditEntry.kind).where(AuditEntry.tag == "session:start")).all() == ["refused"]


def test_an_inactive_person_cannot_sign_in(demo):
    with db.unit_of_work():
        queries.find_person("van-thu").active = False

    with pytest.raises(SignInRefused):
        sign_in()


@pytest.mark.parametrize(
    ("old", "new", "repeated", "field"),
    [
        ("sai", "mot-mat-khau-dai", "mot-mat-khau-dai", "old"),
        (PASSWORD, "ngan", "ngan", "new"),
        (PASSWORD, "xin-chao-van-thu", "xin-chao-van-thu", "new"),
        (PASSWORD, PASSWORD, PASSWORD, "new"),
        (PASSWORD, "mot-mat-khau-dai", "khac", "repeated"),
    ],
)
def test_a_password_that_cannot_be_taken_is_refused_by_field(demo, old, new, repeated, field):
    actor = demo.actor("van-thu")

    with pytest.raises(WeakPassword) as refusal, db.unit_of_work():
        operations.change_password(actor.person_id, old=old, new=new, repeated=repeated, actor=actor)

    assert list(refusal.value.fields) == [field]


def test_a_browser_acts_only_in_an_office_the_person_holds(demo):
    signed, other = sign_in("van-thu"), demo.actor("chu-tich")

    with pytest.raises(AppointmentNotHeld), db.unit_of_work():
        operations.choose_appointment(signed.token, other.appointment_id)
