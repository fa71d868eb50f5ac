"""Whoever is signed in acts with the office as it stands now."""

from collections.abc import Callable

import sqlalchemy as sa

from demo.accounts import PASSWORD
from directory import operations, presence
from directory.actors import Actor
from directory.models import Appointment, Person, RoleGrant, UserSession
from kernel import clock, db

ActorOf = Callable[[str], Actor]


def sign_in(username: str) -> str:
    with db.unit_of_work():
        return operations.sign_in(username, PASSWORD, address="127.0.0.1", agent="").token


def find(token: str) -> presence.Presence | None:
    with db.reading():
        return presence.find(token)


def test_a_signed_in_person_is_found_with_their_office(actor: ActorOf) -> None:
    found = find(sign_in("van-thu"))

    assert found is not None
    assert found.actor == actor("van-thu")


def test_nobody_is_found_for_a_token_of_nobody(actor: ActorOf) -> None:
    assert find("") is None
    assert find("x" * 43) is None


def test_a_role_taken_away_is_gone_with_the_next_request(actor: ActorOf) -> None:
    clerk = actor("van-thu")
    token = sign_in("van-thu")
    assert (found := find(token)) is not None
    assert found.actor.has_role("van-thu")

    with db.unit_of_work() as session:
        session.execute(sa.delete(RoleGrant).where(RoleGrant.appointment_id == clerk.appointment_id))

    assert (found := find(token)) is not None
    assert not found.actor.has_role("van-thu")


def test_an_office_that_has_ended_is_held_no_more(actor: ActorOf) -> None:
    clerk = actor("van-thu")
    token = sign_in("van-thu")

    with db.unit_of_work() as session:
        yesterday = clock.today().replace(day=1)
        session.execute(
            sa.update(Appointment)
            .where(Appointment.id == clerk.appointment_id)
            .values(valid_from=yesterday.replace(year=2000), valid_until=yesterday.replace(year=2001))
        )

    assert (found := find(token)) is not None
    assert found.actor.appointment_id is None


def test_who_works_here_no_more_is_signed_out(actor: ActorOf) -> None:
    token = sign_in("van-thu")
    with db.unit_of_work() as session:
        session.execute(sa.update(Person).where(Person.username == "van-thu").values(active=False))

    assert find(token) is None


def test_an_ended_session_finds_nobody(actor: ActorOf) -> None:
    token = sign_in("van-thu")
    with db.unit_of_work() as session:
        session.execute(sa.update(UserSession).values(ended_at=clock.now()))

    assert find(token) is None
