"""Who sees which document: the same rule in lists and on pages."""

import datetime as dt

import pytest

from documents import operations, queries
from documents.errors import DocumentNotFound
from kernel import clock, db
from tests.documents.factories import make_incoming, make_outgoing, make_task

NOW = dt.datetime.fromisoformat("2016-04-28T09:00+07:00")
EVERYBODY = (
    "chu-tich",
    "pho-chu-tich",
    "chanh-van-phong",
    "van-thu",
    "cv-vp",
    "tp-vhtt",
    "cv-vhtt",
    "tp-tp",
    "cv-tp",
    "quan-tri",
    "phan-tich",
)
OFFICE = {"chu-tich", "pho-chu-tich", "chanh-van-phong", "van-thu"}


@pytest.fixture(autouse=True)
def _in_2016():
    with clock.set_to(NOW):
        yield


def seen_by(document, actor):
    """Page and list agree for everybody."""
    with db.reading():
        pages = {name for name in EVERYBODY if queries.may_view(document, actor(name))}
        lists = {
            name for name in EVERYBODY if queries.list_documents(actor(name), document.direction, filters=FILTERS).total
        }
    assert pages == lists
    return pages


FILTERS = queries.Filters()


def test_an_arrived_document_is_the_offices(actor):
    with db.unit_of_work():
        document = make_incoming(actor("van-thu"))

    assert seen_by(document, actor) == OFFICE


def test_a_directed_document_is_seen_by_the_heads_and_by_whom_it_was_given_to(actor):
    with db.unit_of_work():
        document = make_incoming(actor("van-thu"), state="PRESENTED")
    with db.unit_of_work():
        operations.direct(
            document.id,
            lead_unit="P-VHTT",
            support_units=["P-TP"],
            due_date=dt.date(2016, 5, 6),
            actor=actor("chu-tich"),
        )

    assert seen_by(document, actor) == OFFICE | {"tp-vhtt", "tp-tp"}

    with db.unit_of_work():
        operations.assign_person(document.id, lead_person="cv-vhtt", actor=actor("tp-vhtt"))

    assert seen_by(document, actor) == OFFICE | {"tp-vhtt", "tp-tp", "cv-vhtt"}


def test_what_a_unit_is_to_know_is_seen_by_all_of_the_unit(actor):
    with db.unit_of_work():
        document = make_incoming(actor("van-thu"), state="PRESENTED")
    with db.unit_of_work():
        operations.direct(document.id, lead_unit="P-VHTT", inform_units=["P-TP"], actor=actor("chu-tich"))

    assert seen_by(document, actor) == OFFICE | {"tp-vhtt", "tp-tp", "cv-tp"}


def test_a_superseded_direction_gives_no_sight(actor):
    with db.unit_of_work():
        document = make_incoming(actor("van-thu"), state="PRESENTED")
    for lead in ("P-TP", "P-VHTT"):
        with db.unit_of_work():
            operations.direct(document.id, lead_unit=lead, actor=actor("chu-tich"))

    assert seen_by(document, actor) == OFFICE | {"tp-vhtt"}


def test_a_draft_is_seen_by_its_drafter_and_the_head_of_the_unit(actor):
    drafter = actor("cv-vhtt")
    with db.unit_of_work():
        document = make_outgoing(drafter, drafter_id=drafter.person_id, drafting_unit_id=drafter.unit_id)

    assert seen_by(document, actor) == OFFICE | {"tp-vhtt", "cv-vhtt"}


@pytest.mark.parametrize(
    ("task", "seen"),
    [
        ({"candidate_groups": ["unit:P-TP"]}, {"tp-tp", "cv-tp"}),
        ({"candidate_groups": ["truong-don-vi@P-TP"]}, {"tp-tp"}),
        ({"candidate_users": ["cv-tp"]}, {"cv-tp"}),
    ],
)
def test_a_task_about_it_gives_sight(actor, task, seen):
    with db.unit_of_work():
        document = make_incoming(actor("van-thu"))
        make_task(document, **task)

    assert seen_by(document, actor) == OFFICE | seen


def test_who_had_a_task_still_sees_it(actor):
    with db.unit_of_work():
        document = make_incoming(actor("van-thu"))
        make_task(
            document,
            assignee_id=actor("cv-tp").person_id,
            state="completed",
            ended_at=clock.now(),
            ended_by_id=actor("cv-tp").person_id,
        )

    assert seen_by(document, actor) == OFFICE | {"cv-tp"}


def test_a_document_that_is_not_yours_is_not_found(actor):
    with db.unit_of_work():
        document = make_incoming(actor("van-thu"))

    with db.reading(), pytest.raises(DocumentNotFound):
        queries.get_document(document.id, actor("quan-tri"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("quyet dinh", True),
        ("QUY CHẾ moc chau", True),
        ("12/qd", True),
        ("12", True),
        ("UBND-VX", False),
        ("100%", False),
        ("", True),
    ],
)
def test_a_search_needs_no_diacritics(actor, text, found):
    clerk = actor("van-thu")
    with db.unit_of_work():
        make_incoming(
            clerk,
            number_symbol="12/QĐ-UBND",
            number_key="12/qd-ubnd",
            subject="Quyết định ban hành Quy chế huyện Mộc Châu",
        )

    with db.reading():
        page = queries.list_documents(clerk, "incoming", filters=queries.Filters(text=text))

    assert page.total == len(page.rows) == int(found)


def test_lists_are_filtered_paged_and_counted(actor):
    clerk = actor("van-thu")
    with db.unit_of_work():
        for day in range(1, 6):
            make_incoming(
                clerk, state="REGISTERED", arrival_date=dt.date(2016, 4, day), arrival_number=day, urgency=day % 2
            )
        make_incoming(clerk)

    with db.reading():
        page = queries.list_documents(
            clerk,
            "incoming",
            filters=queries.Filters(state="REGISTERED", date_from=dt.date(2016, 4, 2), order="number"),
            limit=2,
            offset=1,
        )
        assert queries.count_by_state(clerk, "incoming") == {"ARRIVED": 1, "REGISTERED": 5}

    assert page.total == 4
    assert [document.arrival_number for document in page.rows] == [4, 3]
