"""The tables of official documents."""

from documents.models.books import DocumentKind, DocumentNumber, RegisterBook
from documents.models.case_files import CaseFile, CaseFileDocument
from documents.models.core import Document, DocumentFile, DocumentRelation, DocumentSignature, DocumentVersion
from documents.models.exchange import ExchangeRule, Recipient
from documents.models.routing import Directive, Opinion, Receipt

__all__ = [
    "CaseFile",
    "CaseFileDocument",
    "Directive",
    "Document",
    "DocumentFile",
    "DocumentKind",
    "DocumentNumber",
    "DocumentRelation",
    "DocumentSignature",
    "DocumentVersion",
    "ExchangeRule",
    "Opinion",
    "Receipt",
    "Recipient",
    "RegisterBook",
]
