"""Điều 6: which documents go without paper, which need both; data with dates, in exchange_rules."""

import datetime as dt

import sqlalchemy as sa

from directory import queries as directory_queries
from documents import draft_values
from documents.models import Document, ExchangeRule
from kernel import clock, db
from kernel.text import fold

ELECTRONIC_ONLY, HYBRID = "ELECTRONIC_ONLY", "HYBRID"
INTERNAL, BETWEEN = "INTERNAL", "BETWEEN"
NO_PAPER = "Loại này trao đổi hoàn toàn bằng bản điện tử (Điều 6 khoản 1 Quy chế); số bản giấy phải là 0."
NEEDS_ELECTRONIC = (
    "Loại này gửi cả bản giấy và bản điện tử (Điều 6 khoản 2 Quy chế): ghi ít nhất một nơi nhận bản điện tử."
)


def mode_of(document: Document, *, on: dt.date | None = None) -> str:
    """By kind, purpose and where it goes, on the day (today)."""
    day = on or clock.today()
    scope = INTERNAL if _stays_inside(document) else BETWEEN
    query = sa.select(ExchangeRule.id).where(
        ExchangeRule.scope == scope,
        ExchangeRule.valid_from <= day,
        sa.or_(ExchangeRule.valid_until.is_(None), ExchangeRule.valid_until >= day),
        sa.or_(
            ExchangeRule.kind_code == document.kind_code,
            sa.and_(ExchangeRule.purpose != "", ExchangeRule.purpose == document.purpose),
        ),
    )
    return ELECTRONIC_ONLY if db.session().scalars(query.limit(1)).first() else HYBRID


def _stays_inside(document: Document) -> bool:
    names = draft_values.lines(document.to_places.replace(";", "\n"))
    inside = {fold(unit.name) for unit in directory_queries.list_units(document.organization_id)}
    return bool(names) and all(fold(name) in inside for name in names)
