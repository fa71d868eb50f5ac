"""Who read what."""

from directory.actors import Actor
from documents.models import Document
from kernel import audit


def record_view(document: Document, *, actor: Actor) -> None:
    """One line in the audit trail, in a unit of work of its own: reading writes nothing else."""
    audit.record_view(actor, "document:view", "document", document.id, state=document.state)
