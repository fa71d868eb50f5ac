"""Who is told what, and that nobody is told twice."""

import uuid

import pytest
import sqlalchemy as sa

import deadlines.listeners  # noqa: F401 - listeners register themselves
import notices.listeners  # noqa: F401 - listeners register themselves
from deadlines import operations as deadlines_operations
from directory.models import Person
from documents.events import DocumentInformed
from documents.models import Document
from engine.events import TaskClaimed, TasksMoved
from kernel import clock, db, events
from kernel.errors import NotFound
from kernel.ids import new_id
from notices import operations, people, queries
from notices.models import Notice
from tests.deadlines.factories import at, end_task, make_instance, make_task

NOW = at("2016-05-04T09:45")


@pytest.fixture(autouse=True)
def _today():
    with clock.set_to(NOW):
        yield


def ready(organization, **more):
    task = make_task(organization, **more)
    events.emit(TasksMoved(ended=[], ready=[task]))
    return task


def told():
    """(user name, kind, sentence) of every notice, in order."""
    query = sa.select(Person.username, Notice.kind, Notice.sentence).join(Person, Person.id == Notice.person_id)
    return sorted((row.username, row.kind, row.sentence) for row in db.session().execute(query))


def unread():
    query = sa.select(Person.username).join(Notice, Notice.person_id == Person.id).where(Notice.read_at.is_(None))
    return sorted(db.session().scalars(query))


@pytest.mark.parametrize(
    ("more", "people_told"),
    [
        ({"assignee": "cv-tp", "groups": ["van-thu"]}, ["cv-tp"]),
        ({"groups": ["van-thu"]}, ["van-thu"]),
        ({"groups": ["truong-don-vi@P-TP"]}, ["tp-tp"]),
        ({"groups": ["unit:P-TP"]}, ["cv-tp", "tp-tp"]),
        ({"groups": ["position:P-VHTT/truong-phong"]}, ["tp-vhtt"]),
        ({"groups": ["lanh-dao", "unit:LD"]}, ["chu-tich", "pho-chu-tich"]),
        ({"users": ["cv-vp"], "groups": ["van-thu"]}, ["cv-vp", "van-thu"]),
        ({"groups": ["nobody"]}, []),
    ],
)
def test_a_new_task_is_told_to_those_who_hold_it(agency, more, people_told):
    with db.unit_of_work():
        ready(agency, **more)

        assert [who for who, _, _ in told()] == people_told


def test_members_of_groups_are_those_whose_office_belongs_to_them(agency, actor):
    names = ["chu-tich", "chanh-van-phong", "van-thu", "cv-vp", "tp-vhtt", "tp-tp", "cv-tp", "quan-tri", "phan-tich"]
    with db.reading():
        for who in map(actor, names):
            for group in who.groups:
                assert who.person_id in people.members_of(agency.id, [group]), group


def test_the_sentence_says_what_about_what_and_by_when(agency):
    with db.unit_of_work() as session:
        document = Document(
            organization_id=agency.id,
            direction="incoming",
            state="REGISTERED",
            number_symbol="41/TTr-VP",
            subject="Về việc ban hành Quy chế " + "quản lý văn bản " * 20,
            created_by_name="Trần Thị Lan",
        )
        session.add(document)
        session.flush()
        instance = make_instance(agency, business_key=str(document.id))
        ready(agency, assignee="cv-tp", due="2016-05-06T17:00", instance=instance)

        ((_, kind, sentence),) = told()
        assert kind == "task"
        assert sentence.startswith("Việc mới: Giải quyết, 41/TTr-VP “Về việc ban hành Quy chế quản lý")
        assert sentence.endswith("…”. Hạn 17:00 ngày 06/05/2016.")


def test_whoever_starts_a_process_is_not_told_of_the_first_task(agency, actor):
    clerk = actor("van-thu")
    with db.unit_of_work():
        instance = make_instance(agency, started_by=clerk)
        first = ready(agency, groups=["van-thu"], instance=instance)
        assert told() == []

        end_task(first)
        ready(agency, groups=["van-thu"], instance=instance, name="Phát hành")
        assert told() == [("van-thu", "task", "Việc mới: Phát hành.")]


def test_whom_four_eyes_keep_from_a_task_is_not_told(agency, actor):
    drafter = actor("tp-tp")
    with db.unit_of_work() as session:
        instance = make_instance(agency)
        draft = make_task(agency, assignee="tp-tp", instance=instance)
        end_task(draft)
        draft.ended_by_id = drafter.person_id
        review = make_task(agency, groups=["unit:P-TP"], instance=instance)
        review.extensions = {"differentFrom": [draft.element_id]}
        session.flush()
        events.emit(TasksMoved(ended=[], ready=[review]))

        assert [who for who, _, _ in told()] == ["cv-tp"]


def test_nobody_is_told_the_same_thing_twice(agency):
    with db.unit_of_work():
        task = ready(agency, groups=["van-thu"])
        events.emit(TasksMoved(ended=[], ready=[task]))

        assert len(told()) == 1


def test_who_is_given_a_task_hears_of_it_and_for_the_others_it_is_settled(agency, actor):
    head, member = actor("tp-tp"), actor("cv-tp")
    with db.unit_of_work():
        task = ready(agency, groups=["unit:P-TP"])
        task.assignee_id, task.claimed_at = member.person_id, clock.now()
        db.session().flush()
        events.emit(TaskClaimed(task=task, actor=head))

        assert ("cv-tp", "task", "Lường Minh Tuấn giao cho bạn: Giải quyết.") in told()
        assert set(unread()) == {"cv-tp"}


def test_who_takes_a_task_is_not_told_of_it(agency, actor):
    member = actor("cv-tp")
    with db.unit_of_work():
        task = ready(agency, groups=["unit:P-TP"])
        task.assignee_id, task.claimed_at = member.person_id, clock.now()
        db.session().flush()
        events.emit(TaskClaimed(task=task, actor=member))

        assert len(told()) == 2
        assert unread() == ["cv-tp"]


@pytest.mark.parametrize("how", ["completed", "cancelled"])
def test_what_is_over_needs_no_reading(agency, actor, how):
    who = actor("van-thu")
    with db.unit_of_work():
        task = ready(agency, groups=["van-thu"])
        end_task(task, state=how)
        events.emit(TasksMoved(ended=[task], ready=[]))

        assert queries.count_unread(who) == 0
        assert len(told()) == 1


def test_reminders_and_escalations_are_told_once(agency):
    with db.unit_of_work():
        ready(
            agency,
            assignee="cv-tp",
            due="2016-05-05T17:00",
            deadline={"remind": "PT4H", "escalateTo": "chanh-van-phong", "escalateAfter": "PT4H"},
        )
    for moment in ("2016-05-05T11:00", "2016-05-05T11:01", "2016-05-06T11:30", "2016-05-06T11:31"):
        with clock.set_to(at(moment)):
            deadlines_operations.fire_due_alerts()

    with db.reading():
        assert [row for row in told() if row[1] != "task"] == [
            ("chanh-van-phong", "escalate", "Quá hạn 1 ngày: Giải quyết. Quàng Thị Ngọc đang giữ."),
            ("cv-tp", "escalate", "Quá hạn 1 ngày: Giải quyết. Quàng Thị Ngọc đang giữ."),
            ("cv-tp", "remind", "Sắp đến hạn: Giải quyết. Hôm nay, 17:00."),
        ]


def test_a_managers_reminder_reaches_those_who_hold_the_task(agency, actor):
    leader = actor("chu-tich")
    with db.unit_of_work():
        task = ready(agency, groups=["unit:P-TP"], due="2016-04-28T17:00")
    with db.unit_of_work():
        deadlines_operations.remind_task(task.id, actor=leader)

    with db.reading():
        sentence = "Lò Văn Thắng nhắc việc: Giải quyết. Quá hạn 2 ngày."
        assert [row for row in told() if row[1] == "remind"] == [
            ("cv-tp", "remind", sentence),
            ("tp-tp", "remind", sentence),
        ]


def test_units_that_are_informed_hear_of_the_document_by_their_heads(agency, actor):
    leader = actor("chu-tich")
    with db.unit_of_work() as session:
        document = Document(
            organization_id=agency.id,
            direction="incoming",
            state="DIRECTED",
            number_symbol="41/TTr-VP",
            subject="Ban hành Quy chế",
            created_by_name="Trần Thị Lan",
        )
        session.add(document)
        session.flush()
        informed = DocumentInformed(
            document_id=document.id, directive_id=new_id(), unit_codes=["P-TP", "LD"], actor=leader
        )
        events.emit(informed)
        events.emit(informed)

        sentence = "Gửi để biết: 41/TTr-VP “Ban hành Quy chế”."
        assert told() == [(who, "inform", sentence) for who in ("pho-chu-tich", "tp-tp")]


def test_a_notice_belongs_to_one_person(agency, actor):
    clerk, other = actor("van-thu"), actor("cv-tp")
    with db.unit_of_work():
        task = ready(agency, groups=["van-thu"])
    with db.unit_of_work():
        (notice,) = queries.list_notices(clerk)
        operations.read_notice(notice.id, actor=other)
        assert queries.count_unread(clerk) == 1
        with pytest.raises(NotFound):
            queries.get_notice(notice.id, other)

        operations.read_notices_about(task.id, actor=clerk)
        assert queries.count_unread(clerk) == 0


def test_many_people_are_told_in_messages_that_fit(agency):
    with db.unit_of_work() as session:
        strangers = [new_id() for _ in range(250)]
        session.add_all(
            Person(
                id=one,
                organization_id=agency.id,
                username=f"nguoi-{n}",
                full_name=f"Người {n}",
                password_hash="-",  # noqa: S106
            )
            for n, one in enumerate(strangers)
        )
        session.flush()
        subject = ("document", uuid.uuid4())
        operations.notify(strangers, "Để biết.", kind="inform", key="x", subject=subject, organization_id=agency.id)
        operations.settle_notices_about(subject[1])

        assert unread() == []
