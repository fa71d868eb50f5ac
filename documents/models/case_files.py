"""Hồ sơ công việc: NĐ 30/2020 Điều 28-31, fields of PL VI phần II mục III."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy import orm

from kernel import clock, db

Instant = sa.DateTime(timezone=True)


class CaseFile(db.IdMixin, db.Base):
    """One file of work. Its totals of documents and pages are counted, not kept."""

    __tablename__ = "case_files"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "file_catalog", "file_notation"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="state"),
        sa.CheckConstraint("(state = 'closed') = (end_date IS NOT NULL)", name="closed_has_end"),
    )

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    organ_id: orm.Mapped[str] = orm.mapped_column(sa.String(35))  #: OrganId
    file_catalog: orm.Mapped[int]  #: FileCatalog: the year
    file_notation: orm.Mapped[str] = orm.mapped_column(sa.String(20))  #: FileNotation: "01.VHTT"
    title: orm.Mapped[str] = orm.mapped_column(sa.String(500))
    title_folded: orm.Mapped[str] = orm.mapped_column(sa.Text)
    maintenance: orm.Mapped[str] = orm.mapped_column(sa.String(30))  #: thời hạn bảo quản: "10 năm"
    rights: orm.Mapped[str] = orm.mapped_column(sa.String(30))  #: chế độ sử dụng
    creator: orm.Mapped[str] = orm.mapped_column(sa.String(30))
    creator_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    unit_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("org_units.id"))
    language: orm.Mapped[str] = orm.mapped_column(sa.String(50), default="Tiếng Việt")
    start_date: orm.Mapped[dt.date]
    end_date: orm.Mapped[dt.date | None]
    description: orm.Mapped[str] = orm.mapped_column(sa.String(500), default="")
    state: orm.Mapped[str] = orm.mapped_column(sa.Text, default="open")
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant, default=clock.now)

    @property
    def file_code(self) -> str:
        return f"{self.organ_id}.{self.file_catalog}.{self.file_notation}"


class CaseFileDocument(db.Base):
    """A document in a case file; one document may lie in several."""

    __tablename__ = "case_file_documents"
    __table_args__ = (
        sa.UniqueConstraint("case_file_id", "ordinal"),
        sa.Index("ix_case_file_documents_document", "document_id"),
    )

    case_file_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("case_files.id"), primary_key=True)
    document_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("documents.id"), primary_key=True)
    ordinal: orm.Mapped[int]
    added_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant, default=clock.now)
    added_by_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
