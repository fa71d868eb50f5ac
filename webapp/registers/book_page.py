"""One register book on the screen and on paper: ten columns of the law, a month or the whole year, totals, gaps."""

import calendar
import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from flask import request, url_for

from directory import queries as directory
from directory.actors import Actor
from directory.models import Organization
from documents import queries
from documents.models import DocumentNumber, RegisterBook
from documents.queries import INCOMING_COLUMNS, OUTGOING_COLUMNS, BookRow
from kernel import clock

CLERK = "van-thu"
MAX_ROWS = 5_000  #: rows of one page or workbook; a busier book is read by month
VOIDABLE = 100  #: newest numbers offered for voiding


@dataclasses.dataclass(frozen=True, kw_only=True)
class Link:
    """A book, a year or a month to go to."""

    label: str
    url: str
    current: bool
    count: int | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Period:
    """The days shown."""

    month: int | None
    first: dt.date
    last: dt.date

    @property
    def words(self) -> str:
        return f"Từ ngày {self.first:%d/%m/%Y} đến ngày {self.last:%d/%m/%Y}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class BookPage:
    """What templates/registers/show.html asks for."""

    book: RegisterBook
    organization: Organization
    title: str
    columns: Sequence[str]
    rows: Sequence[BookRow]
    voided: int
    gaps: Sequence[int]
    period: Period
    books: Sequence[Link]
    years: Sequence[Link]
    months: Sequence[Link]
    may_keep: bool
    voidable: Sequence[DocumentNumber]
    unopened: Mapping[str, str]  #: sequence → what it counts, of the books that can still be opened this year
    export_url: str

    @property
    def used(self) -> int:
        return len(self.rows) - self.voided


def page_of(book_id: uuid.UUID, actor: Actor) -> BookPage:
    """NotFound when the book is another organisation's."""
    book = queries.get_book(book_id, actor)
    period = period_of(book)
    rows = queries.get_book_rows(book, date_from=period.first, date_to=period.last, limit=MAX_ROWS)
    may_keep = actor.has_role(CLERK)
    return BookPage(
        book=book,
        organization=directory.get_organization(book.organization_id),
        title=title_of(book),
        columns=columns_of(book),
        rows=rows,
        voided=sum(row.state == "void" for row in rows),
        gaps=queries.find_gaps(book),
        period=period,
        books=_books(book, actor),
        years=_years(book, actor),
        months=_months(book, period),
        may_keep=may_keep,
        voidable=queries.list_voidable(book, limit=VOIDABLE) if may_keep else [],
        unopened=unopened(actor),
        export_url=url_for("registers.export", book_id=book.id, thang=period.month),
    )


def title_of(book: RegisterBook) -> str:
    """ "Sổ đăng ký văn bản đến" without the year, which stands below it."""
    return book.name.removesuffix(f" năm {book.year}")


def columns_of(book: RegisterBook) -> Sequence[str]:
    return INCOMING_COLUMNS if book.direction == "incoming" else OUTGOING_COLUMNS


def period_of(book: RegisterBook) -> Period:
    """`thang` of the address, else the whole year."""
    month = request.args.get("thang", type=int)
    if month is None or not 1 <= month <= 12:
        return Period(month=None, first=dt.date(book.year, 1, 1), last=dt.date(book.year, 12, 31))
    last = calendar.monthrange(book.year, month)[1]
    return Period(month=month, first=dt.date(book.year, month, 1), last=dt.date(book.year, month, last))


def first_book(actor: Actor, year: int) -> RegisterBook | None:
    """The incoming book of the year, else any, else the newest of another year."""
    books = sorted(
        queries.list_books(actor),
        key=lambda book: (book.year != year, -book.year, book.direction != "incoming"),
    )
    return books[0] if books else None


def unopened(actor: Actor) -> dict[str, str]:
    """Sequence → what it counts, of the books the clerk can still open this year; nothing for anybody else."""
    if not actor.has_role(CLERK):
        return {}
    there = {book.kind_group for book in queries.list_books(actor, year=clock.today().year)}
    return {group: name for group, name in queries.list_sequences().items() if group not in there}


def _books(book: RegisterBook, actor: Actor) -> list[Link]:
    found = queries.list_books(actor, year=book.year)
    return [
        Link(
            label=title_of(other).removeprefix("Sổ đăng ký ").capitalize(),
            url=url_for("registers.show", book_id=other.id),
            current=other.id == book.id,
            count=other.current,
        )
        for other in sorted(found, key=lambda other: (other.direction != "incoming", other.name))
    ]


def _years(book: RegisterBook, actor: Actor) -> list[Link]:
    same = [other for other in queries.list_books(actor) if _same_sequence(other, book)]
    return [
        Link(label=str(other.year), url=url_for("registers.show", book_id=other.id), current=other.id == book.id)
        for other in sorted(same, key=lambda other: -other.year)
    ]


def _same_sequence(one: RegisterBook, other: RegisterBook) -> bool:
    return (one.direction, one.kind_group) == (other.direction, other.kind_group)


def _months(book: RegisterBook, period: Period) -> list[Link]:
    def link(month: int | None, label: str) -> Link:
        url = url_for("registers.show", book_id=book.id, thang=month)
        return Link(label=label, url=url, current=period.month == month)

    return [link(None, "Cả năm"), *(link(month, str(month)) for month in range(1, 13))]
