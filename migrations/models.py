"""All tables of the product, for comparing the models with the database."""

import directory.models
import documents.models
import engine.draft_models
import engine.models
import kernel.audit

__all__ = ["directory", "documents", "engine", "kernel"]
