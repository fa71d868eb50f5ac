"""What documents tell packages above, in the same transaction."""

import dataclasses
import uuid
from collections.abc import Sequence

from directory.actors import Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class DocumentInformed:
    """A direction sends a document to units for their information; it asks nothing of them."""

    document_id: uuid.UUID
    directive_id: uuid.UUID
    unit_codes: Sequence[str]
    actor: Actor
