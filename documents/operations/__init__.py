"""The verbs of documents; nothing else writes."""

from documents.operations.approving import approve_content, check_layout
from documents.operations.books import begin_book, lock_book, open_book, set_book_start, void_number
from documents.operations.directing import (
    assign_person,
    complete_incoming,
    direct,
    withdraw_assignment,
    withdraw_direction,
)
from documents.operations.drafting import (
    add_attachment,
    open_draft,
    remove_attachment,
    return_draft,
    save_draft,
    start_draft,
    submit_draft,
)
from documents.operations.filing import close_case_file, file_document, open_case_file
from documents.operations.issuing_acts import issue
from documents.operations.numbering_acts import assign_number
from documents.operations.receiving import receive_incoming, return_to_sender
from documents.operations.registering import register_incoming
from documents.operations.relations import relate_documents
from documents.operations.signing_acts import prepare_signing, sign_document
from documents.operations.viewing import record_view

__all__ = [
    "add_attachment",
    "approve_content",
    "assign_number",
    "assign_person",
    "begin_book",
    "check_layout",
    "close_case_file",
    "complete_incoming",
    "direct",
    "file_document",
    "issue",
    "lock_book",
    "open_book",
    "open_case_file",
    "open_draft",
    "prepare_signing",
    "receive_incoming",
    "record_view",
    "register_incoming",
    "relate_documents",
    "remove_attachment",
    "return_draft",
    "return_to_sender",
    "save_draft",
    "set_book_start",
    "sign_document",
    "start_draft",
    "submit_draft",
    "void_number",
    "withdraw_assignment",
    "withdraw_direction",
]
