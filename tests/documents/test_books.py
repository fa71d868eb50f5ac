"""Books and numbers: one after the other, used for good."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from documents import numbering, operations, queries
from documents.errors import BookLocked, NotRecordsClerk, ReasonMissing
from documents.models import DocumentKind, DocumentNumber
from documents.operations import books
from kernel import clock, db
from kernel.errors import Conflict, Invalid
from tests.documents import factories

MAY_5 = dt.date(2016, 5, 5)


def give(actor, *, group="CV", year=2016, date=MAY_5, symbol="UBND-VHTT", number_year=None):
    with db.unit_of_work():
        document = factories.make_outgoing(actor)
        book = books.open_book("outgoing", group, year, actor=actor)
        return books.give_number(
            book, date, document=document, actor=actor, symbol=symbol, number_year=number_year
        ).number_symbol


def open_book(actor, group="CV", year=2016):
    with db.unit_of_work():
        return operations.open_book("outgoing", group, year, actor=actor)


def test_a_book_begins_with_01(actor):
    clerk = actor("van-thu")

    assert [give(clerk), give(clerk)] == ["01/UBND-VHTT", "02/UBND-VHTT"]


def test_each_year_and_each_sequence_begins_anew(actor):
    clerk = actor("van-thu")
    give(clerk)

    assert give(clerk, year=2017, date=dt.date(2017, 1, 2)) == "01/UBND-VHTT"
    assert give(clerk, group="QĐ", symbol="QĐ-UBND") == "01/QĐ-UBND"
    assert give(clerk, group="QĐ-QPPL", symbol="QĐ-UBND", number_year=2016) == "01/2016/QĐ-UBND"


def test_fifty_at_the_same_time_get_fifty_consecutive_numbers(actor):
    clerk = actor("van-thu")

    with ThreadPoolExecutor(10) as pool:
        given = list(pool.map(lambda _: give(clerk), range(50)))

    assert sorted(given) == sorted(f"{n:02d}/UBND-VHTT" for n in range(1, 51))


def test_a_number_of_a_transaction_that_failed_is_given_to_the_next(actor):
    clerk = actor("van-thu")

    def give_and_fail():
        with db.unit_of_work():
            document = factories.make_outgoing(clerk)
            book = books.open_book("outgoing", "CV", 2016, actor=clerk)
            books.give_number(book, MAY_5, document=document, actor=clerk, symbol="UBND")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give_and_fail()

    assert give(clerk) == "01/UBND-VHTT"


def test_a_book_goes_on_after_the_number_given_elsewhere(actor):
    clerk = actor("van-thu")
    book = open_book(clerk, group="QĐ-QPPL")

    with db.unit_of_work():
        operations.set_book_start(book.id, 8, "Chuyển từ sổ giấy", actor=clerk)

    assert give(clerk, group="QĐ-QPPL", symbol="QĐ-UBND", number_year=2016) == "09/2016/QĐ-UBND"
    with db.reading():
        assert queries.find_gaps(queries.get_book(book.id, clerk)) == []


def test_a_book_is_never_set_below_a_number_it_gave(actor):
    clerk = actor("van-thu")
    give(clerk)
    give(clerk)
    book = open_book(clerk)

    with pytest.raises(Invalid), db.unit_of_work():
        operations.set_book_start(book.id, 1, "Nhầm", actor=clerk)


@pytest.mark.parametrize(
    ("who", "reason", "refusal"), [("cv-vhtt", "x", NotRecordsClerk), ("van-thu", " ", ReasonMissing)]
)
def test_only_the_clerk_sets_a_book_and_with_a_reason(actor, who, reason, refusal):
    book = open_book(actor("van-thu"))

    with pytest.raises(refusal), db.unit_of_work():
        operations.set_book_start(book.id, 8, reason, actor=actor(who))


def test_a_locked_book_gives_no_number(actor):
    clerk = actor("van-thu")
    book = open_book(clerk)
    with db.unit_of_work():
        operations.lock_book(book.id, "Hết năm", actor=clerk)

    with pytest.raises(BookLocked):
        give(clerk)


@pytest.mark.parametrize(
    ("today", "date", "said"),
    [
        ("2016-05-05", "2016-05-06", "sau hôm nay"),
        ("2016-05-06", "2016-05-04", "sớm hơn"),
        ("2016-05-06", "2016-05-05", None),
    ],
)
def test_a_date_of_issue_stands_between_the_last_one_and_today(actor, today, date, said):
    clerk = actor("van-thu")
    give(clerk)

    with clock.set_to(dt.datetime.fromisoformat(f"{today}T10:00+07:00")), db.unit_of_work():
        book = books.open_book("outgoing", "CV", 2016, actor=clerk)
        problem = books.problem_of_date(book, dt.date.fromisoformat(date))

    assert problem is None if said is None else said in problem


def test_a_void_number_stays_in_the_book_and_is_not_given_again(actor):
    clerk = actor("van-thu")
    with db.unit_of_work():
        document = factories.make_outgoing(clerk, state="NUMBERED")
        book = books.open_book("outgoing", "CV", 2016, actor=clerk)
        number = books.give_number(book, MAY_5, document=document, actor=clerk, symbol="UBND-VHTT")

    with db.reading():
        assert [found.id for found in queries.list_voidable(book, limit=10)] == [number.id]
    with db.unit_of_work():
        operations.void_number(number.id, "Ghi nhầm", actor=clerk)

    assert give(clerk) == "02/UBND-VHTT"
    with db.reading():
        first, _ = queries.get_book_rows(queries.get_book(book.id, clerk))
        assert (first.state, first.columns[0], first.columns[9]) == ("void", "01/UBND-VHTT", "Hủy số: Ghi nhầm")
    with pytest.raises(Conflict), db.unit_of_work():
        operations.void_number(number.id, "Lần nữa", actor=clerk)


def test_the_number_of_an_issued_document_is_not_void_any_more(actor):
    clerk = actor("van-thu")
    with db.unit_of_work():
        document = factories.make_outgoing(clerk, state="ISSUED")
        book = books.open_book("outgoing", "CV", 2016, actor=clerk)
        number = books.give_number(book, MAY_5, document=document, actor=clerk, symbol="UBND-VHTT")

    with db.reading():
        assert queries.list_voidable(book, limit=10) == []
    with pytest.raises(Conflict), db.unit_of_work():
        operations.void_number(number.id, "Nhầm", actor=clerk)


@pytest.mark.parametrize("statement", ["DELETE FROM document_numbers", "UPDATE document_numbers SET number = 7"])
def test_the_database_keeps_numbers(actor, statement):
    give(actor("van-thu"))

    with pytest.raises(sa.exc.IntegrityError, match="used for good"), db.unit_of_work() as session:
        session.execute(sa.text(statement))


def test_the_same_number_and_symbol_cannot_be_written_twice_in_a_year(actor):
    clerk = actor("van-thu")
    give(clerk)

    other = open_book(clerk, group="QĐ")

    twice = DocumentNumber(
        organization_id=clerk.organization_id,
        book_id=other.id,
        year=2016,
        number=1,
        number_symbol="01/UBND-VHTT",
        date=MAY_5,
        by_name="x",
    )

    with pytest.raises(sa.exc.IntegrityError), db.unit_of_work() as session:
        session.add(twice)


def test_the_29_kinds_of_the_decree_are_there_and_the_old_ones_only_before_it(database):
    with db.reading():
        now = [kind.name for kind in queries.list_kinds()]
        before = [kind.name for kind in queries.list_kinds(on=dt.date(2016, 5, 5))]

    assert len(now) == 29
    assert "Giấy đi đường" in before
    assert "Phiếu báo" not in before


def test_a_book_is_begun_before_its_first_number_and_goes_on_after_paper(actor):
    clerk = actor("van-thu")
    with clock.set_to(dt.datetime(2016, 4, 26, 1, tzinfo=dt.UTC)), db.unit_of_work():
        book = operations.begin_book("QĐ-QPPL", actor=clerk)
        operations.set_book_start(book.id, 8, "Số đã cấp trên sổ giấy", actor=clerk)

    assert give(clerk, group="QĐ-QPPL", symbol="QĐ-UBND", number_year=2016) == "09/2016/QĐ-UBND"


@pytest.mark.parametrize("group", ["", "CT-QPPL", "nothing"])
def test_only_sequences_that_exist_have_books(actor, group):
    with pytest.raises(Invalid), db.unit_of_work():
        operations.begin_book(group, actor=actor("van-thu"))


def test_only_the_clerk_begins_a_book(actor):
    with pytest.raises(NotRecordsClerk), db.unit_of_work():
        operations.begin_book("QĐ", actor=actor("chu-tich"))


def test_kinds_whose_symbols_are_alike_share_a_sequence(actor):
    """Number and symbol are unique in the year, or the second of two would never get one."""
    with db.reading() as session:
        kinds = session.scalars(sa.select(DocumentKind)).all()
    groups = {}
    for kind in kinds:
        groups.setdefault(numbering.symbol_of(kind.abbreviation, "UBND", "VHTT"), set()).add(kind.book_group)

    assert [symbol for symbol, found in groups.items() if len(found) > 1] == []
