"""Decisions as DMN draws them: tables, expressions, and what they require of one another. No database in here."""
