"""What a search without diacritics reads: one folded line a document."""

from documents.models import Document
from kernel.text import fold


def search_text(document: Document) -> str:
    """Arrival number, number and symbol, kind, subject, issuer, signer."""
    parts = (
        f"#{document.arrival_number}" if document.arrival_number else "",
        document.number_symbol,
        document.type_name,
        document.subject,
        document.issuing_organ,
        document.signer_name,
    )
    return fold(" ".join(filter(None, parts)))


def pattern(text: str) -> str:
    """A LIKE pattern (escape character backslash) for the words of a query, in their order."""
    escaped = fold(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{'%'.join(escaped.split())}%"
