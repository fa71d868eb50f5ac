"""Bảng quyết định: the newest version of every decision, narrowed by words, a page at a time."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import url_for

from directory.actors import Actor
from engine import deployed_decisions, deployments
from engine.decisions.graph import Decision
from engine.decisions.model import Table
from engine.deployed_models import DecisionDefinition
from kernel import text
from webapp.addresses import page_number
from webapp.decisions import words
from webapp.documents.listing import Paging

PAGE = 50


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """One decision of the list."""

    decision: DecisionDefinition
    logic: str
    policy: str
    asked_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Listing:
    """What templates/decisions/list.html asks for."""

    text: str
    rows: Sequence[Row]
    total: int
    page: int

    @property
    def words(self) -> str:
        first = (self.page - 1) * PAGE + 1
        if self.total <= PAGE or not self.rows:
            return f"{self.total} bảng quyết định"
        return f"{first} đến {first + len(self.rows) - 1} trong {self.total} bảng quyết định"

    @property
    def paging(self) -> Paging:
        return Paging(
            before=self._url(self.page - 1) if self.page > 1 else None,
            after=self._url(self.page + 1) if self.page * PAGE < self.total else None,
        )

    def _url(self, page: int) -> str:
        return url_for("decisions.show_list", q=self.text or None, page=page)


def listing_of(actor: Actor, arguments: Any) -> Listing:
    wanted = text.tidy(arguments.get("q", ""))[:200]
    page = page_number("page")
    found = [row for row in deployments.list_decisions(actor.organization_id) if _says(row, text.fold(wanted))]
    shown = found[(page - 1) * PAGE : page * PAGE]
    asked = deployed_decisions.last_asked(actor.organization_id, [row.key for row in shown])
    rows = [_row(row, asked.get(row.key)) for row in shown]
    return Listing(text=wanted, rows=rows, total=len(found), page=page)


def _says(row: DecisionDefinition, wanted: str) -> bool:
    """Typed without diacritics it is found, too."""
    return wanted in text.fold(row.name) or wanted in text.fold(row.key)


def _row(row: DecisionDefinition, asked_at: dt.datetime | None) -> Row:
    _, decision = deployed_decisions.read(row)
    return Row(decision=row, logic=logic_of(decision), policy=_policy(decision), asked_at=asked_at)


def logic_of(decision: Decision) -> str:
    """What kind of logic: "Bảng 12 dòng"."""
    if isinstance(decision.logic, Table):
        return f"Bảng {len(decision.logic.rules)} dòng"
    return words.logic(decision.logic)


def _policy(decision: Decision) -> str:
    return words.policy(decision.logic.hit_policy) if isinstance(decision.logic, Table) else ""
