"""All tables of the product, for comparing the models with the database."""

import deadlines.models
import directory.models
import documents.models
import engine.action_models
import engine.deployed_models
import engine.draft_models
import engine.job_models
import engine.migration_models
import engine.models
import kernel.audit
import notices.models

__all__ = ["deadlines", "directory", "documents", "engine", "kernel", "notices"]

FOREIGN = "procrastinate_"  #: the job queue's own tables, made by its own schema


def is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """Alembic's question whether to compare something."""
    return not (kind == "table" and (name or "").startswith(FOREIGN))
