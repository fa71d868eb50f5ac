"""Documents, their versions, files, stored verdicts on signatures, and relations."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg

import engine.models  # noqa: F401 - documents point at instances of processes and at tasks
from documents import states
from documents.models.books import DocumentKind
from kernel import clock, db

Instant = sa.DateTime(timezone=True)
STATES = ", ".join(f"'{state}'" for state in states.ALL)
ROLES = "'original', 'attachment', 'draft_pdf', 'signing_pdf', 'signed_pdf', 'issued_pdf'"


class Document(db.IdMixin, db.Base):
    """An incoming or outgoing document: the fields of NĐ 30/2020 PL VI and what its life needs.

    Lengths are the decree's. `number_key` and the folded columns are what comparison and search read.
    """

    __tablename__ = "documents"
    __table_args__ = (
        sa.CheckConstraint("direction IN ('incoming', 'outgoing')", name="direction"),
        sa.CheckConstraint(f"state IN ({STATES})", name="state"),
        sa.CheckConstraint("urgency BETWEEN 0 AND 3", name="urgency"),
        sa.CheckConstraint("exchange_mode IN ('ELECTRONIC_ONLY', 'HYBRID')", name="exchange_mode"),
        sa.CheckConstraint("direction = 'outgoing' OR drafter_id IS NULL", name="only_outgoing_drafted"),
        sa.CheckConstraint("direction = 'incoming' OR arrival_number IS NULL", name="only_incoming_arrives"),
        sa.CheckConstraint("arrival_number IS NULL OR arrival_date IS NOT NULL", name="arrival_dated"),
        sa.CheckConstraint("issued_amount >= 0", name="issued_amount"),
        sa.Index("ix_documents_list", "organization_id", "direction", "created_at"),
        sa.Index("ix_documents_state", "organization_id", "direction", "state"),
        sa.Index("ix_documents_key", "organization_id", "direction", "number_key"),
        sa.Index("ix_documents_book", "book_id"),
        sa.Index("ix_documents_instance", "instance_id"),
        sa.Index("ix_documents_unsealed", "seal_tried_at", postgresql_where=sa.text("state = 'NUMBERED'")),
        sa.Index("ix_documents_search", "search", postgresql_using="gin", postgresql_ops={"search": "gin_trgm_ops"}),
    )

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    direction: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: 'incoming' or 'outgoing'
    state: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: documents.states
    #: a reply drafted inside the process of the document it answers shares its instance
    instance_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("engine_instances.id"))

    kind_code: orm.Mapped[str | None] = orm.mapped_column(sa.ForeignKey("document_kinds.code"))
    type_name: orm.Mapped[str] = orm.mapped_column(sa.String(100), default="")
    normative: orm.Mapped[bool] = orm.mapped_column(default=False)  #: văn bản quy phạm pháp luật
    number: orm.Mapped[str] = orm.mapped_column(sa.String(11), default="")
    symbol: orm.Mapped[str] = orm.mapped_column(sa.String(30), default="")
    number_symbol: orm.Mapped[str] = orm.mapped_column(sa.String(60), default="")
    number_key: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")
    issued_date: orm.Mapped[dt.date | None]
    issuing_organ_id: orm.Mapped[str] = orm.mapped_column(sa.String(35), default="")
    issuing_organ: orm.Mapped[str] = orm.mapped_column(sa.String(200), default="")
    issuing_organ_folded: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")
    subject: orm.Mapped[str] = orm.mapped_column(sa.String(500), default="")
    subject_folded: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")
    search: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")  #: folded: number, kind, subject, issuer
    language: orm.Mapped[str] = orm.mapped_column(sa.String(30), default="Tiếng Việt")
    page_amount: orm.Mapped[int | None]
    description: orm.Mapped[str] = orm.mapped_column(sa.String(500), default="")
    signer_position: orm.Mapped[str] = orm.mapped_column(sa.String(100), default="")
    signer_name: orm.Mapped[str] = orm.mapped_column(sa.String(50), default="")
    urgency: orm.Mapped[int] = orm.mapped_column(sa.SmallInteger, default=0)  #: 0 thường … 3 hỏa tốc
    to_places: orm.Mapped[str] = orm.mapped_column(sa.String(1000), default="")
    due_date: orm.Mapped[dt.date | None]

    book_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("register_books.id"))
    channel: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")  #: how it came: states.CHANNELS
    received_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
    arrival_date: orm.Mapped[dt.date | None]
    arrival_number: orm.Mapped[int | None]
    returned_reason: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")
    duplicate_reason: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")
    article7_declared: orm.Mapped[bool] = orm.mapped_column(default=False)  #: the clerk said: not of Điều 7
    article7_field: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")  #: DAN_TOC, TON_GIAO, DOI_NGOAI
    article7_reference: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")  #: the competent conclusion
    result: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")  #: how an incoming document was settled

    purpose: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")  #: states.PURPOSES
    exchange_mode: orm.Mapped[str] = orm.mapped_column(sa.Text, default="ELECTRONIC_ONLY")
    issued_amount: orm.Mapped[int] = orm.mapped_column(default=0)  #: copies on paper
    archive_note: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")  #: "VT, Hùng"
    drafter_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    drafting_unit_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("org_units.id"))
    signer_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    current_version: orm.Mapped[int] = orm.mapped_column(default=0)
    signed_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
    sealed_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
    seal_tried_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
    seal_error: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")  #: why the last try to seal failed
    issued_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
    completed_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)

    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant, default=clock.now)
    created_by_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    created_by_name: orm.Mapped[str] = orm.mapped_column(sa.Text)

    kind: orm.Mapped[DocumentKind | None] = orm.relationship()

    @property
    def state_name(self) -> str:
        return states.name(self.state)

    @property
    def urgency_name(self) -> str:
        return states.URGENCIES[self.urgency]


class DocumentVersion(db.IdMixin, db.Base):
    """What a draft said at one time; never changed. Approvals name the hash of the version they were given to."""

    __tablename__ = "document_versions"
    __table_args__ = (sa.UniqueConstraint("document_id", "number"),)

    organization_id: orm.Mapped[uuid.UUID]
    document_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("documents.id"))
    number: orm.Mapped[int]
    content: orm.Mapped[dict[str, Any]] = orm.mapped_column(pg.JSONB)  #: draft values, hashes of the attachments
    hash: orm.Mapped[str] = orm.mapped_column(sa.String(64))  #: SHA-256 of the canonical content
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant, default=clock.now)
    created_by_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    created_by_name: orm.Mapped[str] = orm.mapped_column(sa.Text)


class DocumentFile(db.IdMixin, db.Base):
    """A file of a document; its bytes lie in kernel.files under their hash."""

    __tablename__ = "document_files"
    __table_args__ = (
        sa.CheckConstraint(f"role IN ({ROLES})", name="role"),
        sa.CheckConstraint("size >= 0", name="size"),
        sa.Index("ix_document_files_document", "document_id", "role"),
        sa.Index("ix_document_files_sha256", "organization_id", "sha256"),
        # one PDF of each kind a version, however often a job is killed and run again
        sa.Index(
            "uq_document_files_version",
            "document_id",
            "version",
            "role",
            unique=True,
            postgresql_where=sa.text("role IN ('draft_pdf', 'signing_pdf', 'signed_pdf', 'issued_pdf')"),
        ),
    )

    organization_id: orm.Mapped[uuid.UUID]
    document_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("documents.id"))
    role: orm.Mapped[str] = orm.mapped_column(sa.Text)
    version: orm.Mapped[int | None]
    sha256: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: as the sender called it, NFC; never a path
    size: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)  #: bytes
    media_type: orm.Mapped[str] = orm.mapped_column(sa.Text)
    pages: orm.Mapped[int | None]
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant, default=clock.now)
    created_by_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    created_by_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    removed_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)  #: taken out of a draft again

    signatures: orm.Mapped[list["DocumentSignature"]] = orm.relationship(order_by="DocumentSignature.ordinal")


class DocumentSignature(db.IdMixin, db.Base):
    """The verdict on one signature of a file when it was judged; never changed, a later judgement is a new row."""

    __tablename__ = "document_signatures"
    __table_args__ = (
        sa.UniqueConstraint("file_id", "field", "checked_at"),
        sa.CheckConstraint("verdict IN ('VALID', 'INVALID', 'INDETERMINATE')", name="verdict"),
    )

    organization_id: orm.Mapped[uuid.UUID]
    file_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("document_files.id"))
    ordinal: orm.Mapped[int]
    field: orm.Mapped[str] = orm.mapped_column(sa.Text)
    role: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: 'leader' or 'organisation'
    signer: orm.Mapped[str] = orm.mapped_column(sa.Text)
    organisation: orm.Mapped[str] = orm.mapped_column(sa.Text)
    signed_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
    timestamped: orm.Mapped[bool]  #: the time is proven by a timestamp authority
    verdict: orm.Mapped[str] = orm.mapped_column(sa.Text)
    sentence: orm.Mapped[str] = orm.mapped_column(sa.Text)
    changed: orm.Mapped[list[str]] = orm.mapped_column(pg.JSONB)  #: fields changed after it, allowed by it
    is_test: orm.Mapped[bool]  #: by a certificate of the demo authority
    checked_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant, default=clock.now)


class DocumentRelation(db.IdMixin, db.Base):
    """One document to another: `from_id` replies to, encloses, replaces … `to_id`."""

    __tablename__ = "document_relations"
    __table_args__ = (
        sa.UniqueConstraint("from_id", "to_id", "kind"),
        sa.CheckConstraint("from_id <> to_id", name="not_itself"),
        sa.CheckConstraint("kind IN ('REPLIES_TO', 'ENCLOSES', 'REPLACES', 'CORRECTS', 'RELATES_TO')", name="kind"),
        sa.Index("ix_document_relations_to", "to_id"),
    )

    organization_id: orm.Mapped[uuid.UUID]
    from_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("documents.id"))
    to_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("documents.id"))
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant, default=clock.now)
    created_by_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
