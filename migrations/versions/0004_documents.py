"""Documents, books and numbers, files, signatures, routing, case files; the kinds of NĐ 30/2020 as data."""

import csv
import datetime as dt
import uuid
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_documents"
down_revision = "0003_engine"
branch_labels = None
depends_on = None

DATA = Path(__file__).parents[2] / "documents" / "data"
STATES = (
    "'ARRIVED', 'REGISTERED', 'PRESENTED', 'DIRECTED', 'ASSIGNED', 'IN_PROGRESS', 'COMPLETED', 'RETURNED', 'FILED', "
    "'DRAFT', 'SUBMITTED', 'RETURNED_TO_DRAFTER', 'UNIT_APPROVED', 'LAYOUT_CHECKED', 'TO_SIGN', 'SIGNED', "
    "'NUMBERED', 'SEALED', 'ISSUED', 'VOIDED'"
)
OPINIONS = (
    "'proposal', 'direction', 'assignment', 'support', 'approval', 'layout', 'signature', 'return', 'result', 'comment'"
)
APPEND_ONLY = ("document_versions", "document_signatures", "opinions")
KEEP_NUMBER = """
CREATE FUNCTION keep_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.book_id, OLD.year, OLD.number, OLD.suffix)
        IS DISTINCT FROM (NEW.book_id, NEW.year, NEW.number, NEW.suffix) THEN
        RAISE EXCEPTION 'a number is used for good' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    _create_document_kinds()
    _create_exchange_rules()
    _create_register_books()
    _create_case_files()
    _create_documents()
    _create_case_file_documents()
    _create_directives()
    _create_document_files()
    _create_document_numbers()
    _create_document_relations()
    _create_document_versions()
    _create_opinions()
    _create_recipients()
    _create_document_signatures()
    _create_receipts()
    _guard_rows()
    _load_catalogues()


def _guard_rows() -> None:
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(KEEP_NUMBER)
    op.execute(
        "CREATE TRIGGER keep_number BEFORE UPDATE OR DELETE ON document_numbers "
        "FOR EACH ROW EXECUTE FUNCTION keep_number()"
    )


def _load_catalogues() -> None:
    kinds = sa.table("document_kinds", *(sa.column(name) for name in _header("kinds.csv")))
    op.bulk_insert(kinds, [_typed(row) for row in _rows("kinds.csv")])
    rules = sa.table("exchange_rules", sa.column("id"), *(sa.column(name) for name in _header("exchange_rules.csv")))
    op.bulk_insert(rules, [{"id": uuid.uuid4(), **_typed(row)} for row in _rows("exchange_rules.csv")])


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _header(name: str) -> list[str]:
    return list(_rows(name)[0])


def _typed(row: dict[str, str]) -> dict[str, object]:
    typed: dict[str, object] = dict(row)
    for name in ("valid_from", "valid_until"):
        typed[name] = dt.date.fromisoformat(row[name]) if row[name] else None
    if "ordinal" in row:
        typed["ordinal"] = int(row["ordinal"])
        typed["may_be_normative"] = row["may_be_normative"] == "1"
    else:
        typed["kind_code"] = row["kind_code"] or None
    return typed


def _create_document_kinds() -> None:
    op.create_table(
        "document_kinds",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("abbreviation", sa.Text(), nullable=False),
        sa.Column("book_group", sa.Text(), nullable=False),
        sa.Column("may_be_normative", sa.Boolean(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("legal_ref", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_document_kinds"),
    )


def _create_exchange_rules() -> None:
    op.create_table(
        "exchange_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind_code", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("legal_ref", sa.Text(), nullable=False),
        sa.CheckConstraint("(kind_code IS NULL) <> (purpose = '')", name="ck_exchange_rules_kind_or_purpose"),
        sa.CheckConstraint("scope IN ('INTERNAL', 'BETWEEN')", name="ck_exchange_rules_scope"),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="ck_exchange_rules_valid"),
        sa.ForeignKeyConstraint(["kind_code"], ["document_kinds.code"], name="fk_exchange_rules_kind_code"),
        sa.PrimaryKeyConstraint("id", name="pk_exchange_rules"),
        sa.UniqueConstraint(
            "kind_code", "purpose", "scope", "valid_from", name="uq_exchange_rules_kind_code_purpose_scope_valid_from"
        ),
    )


def _create_register_books() -> None:
    op.create_table(
        "register_books",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("kind_group", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("current", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("last_date", sa.Date(), nullable=True),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.CheckConstraint("direction IN ('incoming', 'outgoing')", name="ck_register_books_direction"),
        sa.CheckConstraint("start >= 0 AND current >= start", name="ck_register_books_current_from_start"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_register_books_organization_id"),
        sa.PrimaryKeyConstraint("id", name="pk_register_books"),
        sa.UniqueConstraint(
            "organization_id",
            "direction",
            "kind_group",
            "year",
            name="uq_register_books_organization_id_direction_kind_group_year",
        ),
    )


def _create_case_files() -> None:
    op.create_table(
        "case_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("organ_id", sa.String(length=35), nullable=False),
        sa.Column("file_catalog", sa.Integer(), nullable=False),
        sa.Column("file_notation", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("title_folded", sa.Text(), nullable=False),
        sa.Column("maintenance", sa.String(length=30), nullable=False),
        sa.Column("rights", sa.String(length=30), nullable=False),
        sa.Column("creator", sa.String(length=30), nullable=False),
        sa.Column("creator_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=50), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (end_date IS NOT NULL)", name="ck_case_files_closed_has_end"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="ck_case_files_state"),
        sa.ForeignKeyConstraint(["creator_id"], ["people.id"], name="fk_case_files_creator_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_case_files_organization_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["org_units.id"], name="fk_case_files_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_files"),
        sa.UniqueConstraint(
            "organization_id",
            "file_catalog",
            "file_notation",
            name="uq_case_files_organization_id_file_catalog_file_notation",
        ),
    )


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=True),
        sa.Column("kind_code", sa.Text(), nullable=True),
        sa.Column("type_name", sa.String(length=100), nullable=False),
        sa.Column("normative", sa.Boolean(), nullable=False),
        sa.Column("number", sa.String(length=11), nullable=False),
        sa.Column("symbol", sa.String(length=30), nullable=False),
        sa.Column("number_symbol", sa.String(length=60), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("issued_date", sa.Date(), nullable=True),
        sa.Column("issuing_organ_id", sa.String(length=35), nullable=False),
        sa.Column("issuing_organ", sa.String(length=200), nullable=False),
        sa.Column("issuing_organ_folded", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("subject_folded", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=30), nullable=False),
        sa.Column("page_amount", sa.Integer(), nullable=True),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("signer_position", sa.String(length=100), nullable=False),
        sa.Column("signer_name", sa.String(length=50), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("to_places", sa.String(length=1000), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("book_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrival_date", sa.Date(), nullable=True),
        sa.Column("arrival_number", sa.Integer(), nullable=True),
        sa.Column("returned_reason", sa.Text(), nullable=False),
        sa.Column("duplicate_reason", sa.Text(), nullable=False),
        sa.Column("article7_declared", sa.Boolean(), nullable=False),
        sa.Column("article7_field", sa.Text(), nullable=False),
        sa.Column("article7_reference", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("exchange_mode", sa.Text(), nullable=False),
        sa.Column("issued_amount", sa.Integer(), nullable=False),
        sa.Column("archive_note", sa.Text(), nullable=False),
        sa.Column("drafter_id", sa.Uuid(), nullable=True),
        sa.Column("drafting_unit_id", sa.Uuid(), nullable=True),
        sa.Column("signer_id", sa.Uuid(), nullable=True),
        sa.Column("current_version", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seal_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seal_error", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "direction = 'incoming' OR arrival_number IS NULL", name="ck_documents_only_incoming_arrives"
        ),
        sa.CheckConstraint("direction = 'outgoing' OR drafter_id IS NULL", name="ck_documents_only_outgoing_drafted"),
        sa.CheckConstraint("direction IN ('incoming', 'outgoing')", name="ck_documents_direction"),
        sa.CheckConstraint("exchange_mode IN ('ELECTRONIC_ONLY', 'HYBRID')", name="ck_documents_exchange_mode"),
        sa.CheckConstraint(f"state IN ({STATES})", name="ck_documents_state"),
        sa.CheckConstraint("arrival_number IS NULL OR arrival_date IS NOT NULL", name="ck_documents_arrival_dated"),
        sa.CheckConstraint("issued_amount >= 0", name="ck_documents_issued_amount"),
        sa.CheckConstraint("urgency BETWEEN 0 AND 3", name="ck_documents_urgency"),
        sa.ForeignKeyConstraint(["book_id"], ["register_books.id"], name="fk_documents_book_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name="fk_documents_created_by_id"),
        sa.ForeignKeyConstraint(["drafter_id"], ["people.id"], name="fk_documents_drafter_id"),
        sa.ForeignKeyConstraint(["drafting_unit_id"], ["org_units.id"], name="fk_documents_drafting_unit_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["engine_instances.id"], name="fk_documents_instance_id"),
        sa.ForeignKeyConstraint(["kind_code"], ["document_kinds.code"], name="fk_documents_kind_code"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_documents_organization_id"),
        sa.ForeignKeyConstraint(["signer_id"], ["people.id"], name="fk_documents_signer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
    )
    op.create_index("ix_documents_book", "documents", ["book_id"], unique=False)
    op.create_index("ix_documents_instance", "documents", ["instance_id"], unique=False)
    op.create_index("ix_documents_key", "documents", ["organization_id", "direction", "number_key"], unique=False)
    op.create_index("ix_documents_list", "documents", ["organization_id", "direction", "created_at"], unique=False)
    op.create_index(
        "ix_documents_search",
        "documents",
        ["search"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
    )
    op.create_index("ix_documents_state", "documents", ["organization_id", "direction", "state"], unique=False)
    op.create_index(
        "ix_documents_unsealed",
        "documents",
        ["seal_tried_at"],
        unique=False,
        postgresql_where=sa.text("state = 'NUMBERED'"),
    )


def _create_case_file_documents() -> None:
    op.create_table(
        "case_file_documents",
        sa.Column("case_file_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_file_id"], ["case_files.id"], name="fk_case_file_documents_case_file_id"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_case_file_documents_document_id"),
        sa.PrimaryKeyConstraint("case_file_id", "document_id", name="pk_case_file_documents"),
        sa.UniqueConstraint("case_file_id", "ordinal", name="uq_case_file_documents_case_file_id_ordinal"),
    )
    op.create_index("ix_case_file_documents_document", "case_file_documents", ["document_id"], unique=False)


def _create_directives() -> None:
    op.create_table(
        "directives",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("author_title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name="fk_directives_author_id"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_directives_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_directives"),
    )
    op.create_index("ix_directives_document", "directives", ["document_id"], unique=False)
    op.create_index(
        "uq_directives_current",
        "directives",
        ["document_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def _create_document_files() -> None:
    op.create_table(
        "document_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('original', 'attachment', 'draft_pdf', 'signing_pdf', 'signed_pdf', 'issued_pdf')",
            name="ck_document_files_role",
        ),
        sa.CheckConstraint("size >= 0", name="ck_document_files_size"),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name="fk_document_files_created_by_id"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_document_files_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document_files"),
    )
    op.create_index("ix_document_files_document", "document_files", ["document_id", "role"], unique=False)
    op.create_index("ix_document_files_sha256", "document_files", ["organization_id", "sha256"], unique=False)
    op.create_index(
        "uq_document_files_version",
        "document_files",
        ["document_id", "version", "role"],
        unique=True,
        postgresql_where=sa.text("role IN ('draft_pdf', 'signing_pdf', 'signed_pdf', 'issued_pdf')"),
    )


def _create_document_numbers() -> None:
    op.create_table(
        "document_numbers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("number_symbol", sa.Text(), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("state = 'used' OR reason <> ''", name="ck_document_numbers_reason_given"),
        sa.CheckConstraint("state IN ('used', 'void', 'reserved')", name="ck_document_numbers_state"),
        sa.CheckConstraint("number > 0", name="ck_document_numbers_number_positive"),
        sa.ForeignKeyConstraint(["book_id"], ["register_books.id"], name="fk_document_numbers_book_id"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_document_numbers_by_id"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_document_numbers_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document_numbers"),
        sa.UniqueConstraint(
            "book_id", "year", "number", "suffix", name="uq_document_numbers_book_id_year_number_suffix"
        ),
    )
    op.create_index("ix_document_numbers_document", "document_numbers", ["document_id"], unique=False)
    op.create_index(
        "uq_document_numbers_number_symbol",
        "document_numbers",
        ["organization_id", "year", "number_symbol"],
        unique=True,
        postgresql_where=sa.text("number_symbol IS NOT NULL"),
    )


def _create_document_relations() -> None:
    op.create_table(
        "document_relations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('REPLIES_TO', 'ENCLOSES', 'REPLACES', 'CORRECTS', 'RELATES_TO')",
            name="ck_document_relations_kind",
        ),
        sa.CheckConstraint("from_id <> to_id", name="ck_document_relations_not_itself"),
        sa.ForeignKeyConstraint(["from_id"], ["documents.id"], name="fk_document_relations_from_id"),
        sa.ForeignKeyConstraint(["to_id"], ["documents.id"], name="fk_document_relations_to_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document_relations"),
        sa.UniqueConstraint("from_id", "to_id", "kind", name="uq_document_relations_from_id_to_id_kind"),
    )
    op.create_index("ix_document_relations_to", "document_relations", ["to_id"], unique=False)


def _create_document_versions() -> None:
    op.create_table(
        "document_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name="fk_document_versions_created_by_id"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_document_versions_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document_versions"),
        sa.UniqueConstraint("document_id", "number", name="uq_document_versions_document_id_number"),
    )


def _create_opinions() -> None:
    op.create_table(
        "opinions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("author_title", sa.Text(), nullable=False),
        sa.Column("author_unit", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("version_hash", sa.String(length=64), nullable=True),
        sa.CheckConstraint(f"kind IN ({OPINIONS})", name="ck_opinions_kind"),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name="fk_opinions_author_id"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_opinions_document_id"),
        sa.ForeignKeyConstraint(["task_id"], ["engine_tasks.id"], name="fk_opinions_task_id"),
        sa.PrimaryKeyConstraint("id", name="pk_opinions"),
    )
    op.create_index("ix_opinions_document", "opinions", ["document_id", "at"], unique=False)
    op.create_index(
        "uq_opinions_task", "opinions", ["task_id"], unique=True, postgresql_where=sa.text("task_id IS NOT NULL")
    )


def _create_recipients() -> None:
    op.create_table(
        "recipients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organ_id", sa.String(length=35), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('axis', 'internal', 'email', 'paper')", name="ck_recipients_channel"),
        sa.CheckConstraint("state IN ('to_send', 'sent', 'received', 'returned')", name="ck_recipients_state"),
        sa.CheckConstraint("copies >= 0", name="ck_recipients_copies"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_recipients_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recipients"),
        sa.UniqueConstraint("document_id", "ordinal", "channel", name="uq_recipients_document_id_ordinal_channel"),
    )


def _create_document_signatures() -> None:
    op.create_table(
        "document_signatures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("timestamped", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("changed", postgresql.JSONB(), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict IN ('VALID', 'INVALID', 'INDETERMINATE')", name="ck_document_signatures_verdict"),
        sa.ForeignKeyConstraint(["file_id"], ["document_files.id"], name="fk_document_signatures_file_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document_signatures"),
        sa.UniqueConstraint("file_id", "field", "checked_at", name="uq_document_signatures_file_id_field_checked_at"),
    )


def _create_receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("directive_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('lead', 'support', 'inform')", name="ck_receipts_role"),
        sa.CheckConstraint("state IN ('waiting', 'in_progress', 'done', 'read')", name="ck_receipts_state"),
        sa.ForeignKeyConstraint(["directive_id"], ["directives.id"], name="fk_receipts_directive_id"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_receipts_document_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_receipts_person_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["org_units.id"], name="fk_receipts_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_receipts"),
        sa.UniqueConstraint("directive_id", "unit_id", name="uq_receipts_directive_id_unit_id"),
    )
    op.create_index("ix_receipts_document", "receipts", ["document_id"], unique=False)
    op.create_index("ix_receipts_unit", "receipts", ["organization_id", "unit_id", "state"], unique=False)
    op.create_index(
        "uq_receipts_lead", "receipts", ["directive_id"], unique=True, postgresql_where=sa.text("role = 'lead'")
    )


def downgrade() -> None:
    op.drop_table("receipts")
    op.drop_table("document_signatures")
    op.drop_table("recipients")
    op.drop_table("opinions")
    op.drop_table("document_versions")
    op.drop_table("document_relations")
    op.drop_table("document_numbers")
    op.drop_table("document_files")
    op.drop_table("directives")
    op.drop_table("case_file_documents")
    op.drop_table("documents")
    op.drop_table("case_files")
    op.drop_table("register_books")
    op.drop_table("exchange_rules")
    op.drop_table("document_kinds")
    op.execute("DROP FUNCTION keep_number()")
