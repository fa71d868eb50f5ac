"""The board: scope, buckets, and numbers that equal the lists behind them."""

import dataclasses
import datetime as dt

import pytest

from deadlines import listeners, queries, scopes  # noqa: F401 - listeners register themselves
from deadlines.errors import NotWatching
from deadlines.operations import remind_task
from deadlines.queries import Watched
from engine.events import TasksMoved
from kernel import clock, db, events
from tests.deadlines.factories import at, end_task, make_task

NOW = at("2016-05-04T09:45")
WORK = [  # due, held by
    ("2016-04-28T17:00", {"assignee": "cv-tp"}),
    ("2016-05-04T09:00", {"assignee": "cv-vhtt"}),
    ("2016-05-04T17:00", {"assignee": "cv-tp"}),
    ("2016-05-06T17:00", {"groups": ["truong-don-vi@P-TP"]}),
    ("2016-05-09T17:00", {"groups": ["van-thu"]}),
    ("2016-05-20T17:00", {"assignee": "cv-tp"}),
]


@pytest.fixture
def work(agency):
    with clock.set_to(NOW), db.unit_of_work():
        tasks = [make_task(agency, due=due, name=f"Việc {n}", **more) for n, (due, more) in enumerate(WORK)]
        for task in tasks:
            events.emit(TasksMoved(ended=[], ready=[task]))
        over = make_task(agency, due="2016-04-01T17:00", assignee="cv-tp")
        events.emit(TasksMoved(ended=[], ready=[over]))
        end_task(over)
    with clock.set_to(NOW), db.unit_of_work():
        yield tasks


def test_a_leader_sees_all_open_work_the_earliest_due_first(work, actor):
    found = queries.list_deadlines(actor("chu-tich"))

    assert [one.task.id for one in found] == [task.id for task in work]
    assert [one.words.kind for one in found] == ["late", "late", "today", "soon", "soon", "later"]
    assert [one.unit_code for one in found] == ["P-TP", "P-VHTT", "P-TP", "P-TP", "VP", "P-TP"]
    assert [bool(one.person_name) for one in found] == [True, True, True, False, False, True]


def test_the_head_of_a_unit_sees_the_work_of_the_unit(work, actor):
    found = queries.list_deadlines(actor("tp-tp"))

    assert [one.task.name for one in found] == ["Việc 0", "Việc 2", "Việc 3", "Việc 5"]
    assert queries.list_deadlines(actor("tp-tp"), Watched(unit="P-VHTT")) == []


@pytest.mark.parametrize("username", ["cv-tp", "van-thu", "phan-tich"])
def test_others_watch_nothing(work, actor, username):
    assert not scopes.may_watch(actor(username))
    for ask in (queries.list_deadlines, queries.count_deadlines, queries.list_unit_loads, queries.list_person_loads):
        with pytest.raises(NotWatching):
            ask(actor(username))


@pytest.mark.parametrize("username", ["chu-tich", "chanh-van-phong", "tp-tp"])
def test_every_number_equals_the_list_behind_it(work, actor, username):
    who = actor(username)
    all_of_it = queries.count_deadlines(who)
    chosen = [(Watched(), all_of_it)]
    chosen += [(Watched(unit=one.code), one.load) for one in queries.list_unit_loads(who)]
    chosen += [
        (Watched(person=one.person_id, unclaimed=one.person_id is None), one.load)
        for one in queries.list_person_loads(who)
    ]
    chosen += [(Watched(step=one.name), one.load) for one in queries.list_step_loads(who)]

    for which, load in chosen:
        assert load.total == len(queries.list_deadlines(who, which))
        for bucket in ("overdue", "today", "soon", "later"):
            narrower = dataclasses.replace(which, bucket=bucket)
            assert getattr(load, bucket) == len(queries.list_deadlines(who, narrower))


def test_the_board_of_the_whole_office(work, actor):
    load = queries.count_deadlines(actor("chu-tich"))
    units = {one.code: one.load.total for one in queries.list_unit_loads(actor("chu-tich"))}

    assert (load.overdue, load.today, load.soon, load.later) == (2, 1, 2, 1)
    assert units == {"P-TP": 4, "P-VHTT": 1, "VP": 1}


def test_the_days_to_come_count_what_falls_due_on_them(work, actor):
    days = [dt.date(2016, 5, day) for day in (4, 5, 6, 9)]

    counted = queries.count_due_days(actor("chu-tich"), days)

    assert list(counted.values()) == [2, 0, 1, 1]
    for day in days:
        assert len(queries.list_deadlines(actor("chu-tich"), Watched(day=day))) == counted[day]
    assert queries.count_due_days(actor("chu-tich"), []) == {}


def test_a_list_comes_in_pages_and_tells_of_the_last_reminder(work, actor):
    remind_task(work[1].id, actor=actor("chu-tich"))

    page = queries.list_deadlines(actor("chu-tich"), limit=2, offset=1)

    assert [one.task.name for one in page] == ["Việc 1", "Việc 2"]
    assert [one.reminded_at for one in page] == [NOW, None]


def test_deadlines_of_tasks_are_said_in_words(work):
    said = queries.deadline_words(work)

    assert said[work[0].id].text == "Quá hạn 2 ngày"
    assert said[work[2].id].text == "Hôm nay, 17:00"
