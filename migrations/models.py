"""All tables of the product, for comparing the models with the database."""

import deadlines.models
import directory.models
import documents.models
import engine.draft_models
import engine.models
import kernel.audit
import notices.models

__all__ = ["deadlines", "directory", "documents", "engine", "kernel", "notices"]
