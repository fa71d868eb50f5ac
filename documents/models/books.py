"""Kinds of documents, register books, numbers."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy import orm

from kernel import clock, db

Instant = sa.DateTime(timezone=True)


class DocumentKind(db.Base):
    """Tên loại văn bản: the 29 of NĐ 30/2020 Điều 7 and older ones, the same for every organisation."""

    __tablename__ = "document_kinds"

    code: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)  #: "QĐ", "CV"
    name: orm.Mapped[str] = orm.mapped_column(sa.String(100))
    abbreviation: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: in the symbol; empty for công văn and thư công
    book_group: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: kinds of one group share a sequence of numbers
    may_be_normative: orm.Mapped[bool] = orm.mapped_column(default=False)
    ordinal: orm.Mapped[int]  #: its place in the decree
    valid_from: orm.Mapped[dt.date]
    valid_until: orm.Mapped[dt.date | None]  #: afterwards only for documents from outside or of older date
    legal_ref: orm.Mapped[str] = orm.mapped_column(sa.Text)


class RegisterBook(db.IdMixin, db.Base):
    """Sổ đăng ký: one sequence of numbers of one organisation in one year."""

    __tablename__ = "register_books"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "direction", "kind_group", "year"),
        sa.CheckConstraint("direction IN ('incoming', 'outgoing')", name="direction"),
        sa.CheckConstraint("start >= 0 AND current >= start", name="current_from_start"),
    )

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    direction: orm.Mapped[str] = orm.mapped_column(sa.Text)
    kind_group: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: "den", "CV", "QĐ", "QĐ-QPPL"
    year: orm.Mapped[int]
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    current: orm.Mapped[int] = orm.mapped_column(default=0)  #: the last number given
    start: orm.Mapped[int] = orm.mapped_column(default=0)  #: the number before the first of this system
    last_date: orm.Mapped[dt.date | None]  #: the date that came with it
    locked: orm.Mapped[bool] = orm.mapped_column(default=False)


class DocumentNumber(db.IdMixin, db.Base):
    """One number of a book, used for good; a void one stays and is never given again."""

    __tablename__ = "document_numbers"
    __table_args__ = (
        sa.UniqueConstraint("book_id", "year", "number", "suffix"),
        sa.Index(
            "uq_document_numbers_number_symbol",
            "organization_id",
            "year",
            "number_symbol",
            unique=True,
            postgresql_where=sa.text("number_symbol IS NOT NULL"),
        ),
        sa.Index("ix_document_numbers_document", "document_id"),
        sa.CheckConstraint("state IN ('used', 'void', 'reserved')", name="state"),
        sa.CheckConstraint("number > 0", name="number_positive"),
        sa.CheckConstraint("state = 'used' OR reason <> ''", name="reason_given"),
    )

    organization_id: orm.Mapped[uuid.UUID]
    book_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("register_books.id"))
    year: orm.Mapped[int]
    number: orm.Mapped[int]
    suffix: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")
    state: orm.Mapped[str] = orm.mapped_column(sa.Text, default="used")
    number_symbol: orm.Mapped[str | None] = orm.mapped_column(sa.Text)  #: outgoing: "09/2016/QĐ-UBND"
    date: orm.Mapped[dt.date]  #: arrival date, or date of issue
    document_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("documents.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant, default=clock.now)
    by_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    by_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    reason: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")
