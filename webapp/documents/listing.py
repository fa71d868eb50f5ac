"""Lists of documents: tabs by state, filters as an address, search without diacritics, pages, export."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for

from directory import queries as directory
from directory.actors import Actor
from directory.models import OrgUnit
from documents import queries, states
from documents.models import Document, DocumentKind
from documents.queries import Filters
from kernel import clock
from webapp.addresses import carried, page_number
from webapp.documents import holders, words
from webapp.due import Due, due_of_document

PAGE = 50
EXPORT_LIMIT = 10_000  #: rows of one workbook
ALL = "tat-ca"


@dataclasses.dataclass(frozen=True)
class Tab:
    """States shown together, under one name in the address."""

    key: str
    label: str
    states: tuple[str, ...]
    order: str = "newest"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ShownTab:
    """A tab as drawn."""

    label: str
    url: str
    count: int
    current: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """One document in a list."""

    document: Document
    url: str
    title: str
    state: words.Tag
    due: Due | None
    holder: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Paging:
    """Links of the kit's pager."""

    before: str | None
    after: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str
    chosen: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Listing:
    """Everything templates/documents/_list.html asks for."""

    tabs: Sequence[ShownTab]
    rows: Sequence[Row]
    total: int
    words: str
    paging: Paging
    text: str
    kinds: Sequence[Choice]
    years: Sequence[Choice]
    units: Sequence[Choice]
    urgencies: Sequence[Choice]
    filtered: bool
    clear_url: str
    export_url: str
    tab_key: str


def listing_of(actor: Actor, direction: str, tabs: Sequence[Tab]) -> Listing:
    """The list that the address asks for."""
    counts = queries.count_by_state(actor, direction)
    tab = chosen_tab(tabs, counts)
    filters = filters_of(tab)
    number = page_number("trang")
    page = queries.list_documents(actor, direction, filters=filters, limit=PAGE, offset=(number - 1) * PAGE)
    return Listing(
        tabs=_tabs(tabs, tab, counts),
        rows=rows_of(page.rows, actor),
        total=page.total,
        words=_words(page.total, number, len(page.rows)),
        paging=_paging(number, page.total),
        text=filters.text,
        kinds=_kinds(filters.kind),
        years=_years(filters.year),
        units=_units(actor, filters.unit),
        urgencies=_urgencies(filters.urgency),
        filtered=bool(filters.text or filters.kind or filters.year or filters.unit or filters.urgency is not None),
        clear_url=_here(keep=("tab",)),
        export_url=url_for(f"{request.blueprint}.export", **_arguments(("trang",))),
        tab_key=tab.key,
    )


def rows_of(documents: Sequence[Document], actor: Actor) -> list[Row]:
    tasks = holders.open_tasks_of(documents)
    names = holders.Names(actor.organization_id, [task for found in tasks.values() for task in found])
    return [
        Row(
            document=document,
            url=url_for("documents.show", document_id=document.id),
            title=document.subject or "Chưa có trích yếu",
            state=words.state_tag(document.state),
            due=due_of_document(document),
            holder=names.holders(tasks[document.id]),
        )
        for document in documents
    ]


def chosen_tab(tabs: Sequence[Tab], counts: Mapping[str, int]) -> Tab:
    """`tab` of the address; a search from the top bar looks everywhere; else the first that holds something."""
    asked = request.args.get("tab") or (ALL if request.args.get("q") else "")
    filled = next((tab for tab in tabs if any(counts.get(state) for state in tab.states)), tabs[0])
    return next((tab for tab in tabs if tab.key == asked), filled)


def filters_of(tab: Tab) -> Filters:
    """From the address; what is no value of a filter is left out."""
    urgency = request.args.get("do-khan", type=int)
    return Filters(
        text=request.args.get("q", "").strip()[:200],
        state=",".join(tab.states),
        kind=request.args.get("loai", ""),
        year=request.args.get("nam", type=int),
        urgency=urgency if urgency in range(len(states.URGENCIES)) else None,
        unit=request.args.get("don-vi", ""),
        order=tab.order,
    )


def all_of(actor: Actor, direction: str, tabs: Sequence[Tab]) -> list[Row]:
    """What the address asks for, without pages, for a workbook."""
    tab = chosen_tab(tabs, queries.count_by_state(actor, direction))
    page = queries.list_documents(actor, direction, filters=filters_of(tab), limit=EXPORT_LIMIT, offset=0)
    return rows_of(page.rows, actor)


def _tabs(tabs: Sequence[Tab], current: Tab, counts: Mapping[str, int]) -> list[ShownTab]:
    return [
        ShownTab(
            label=tab.label,
            url=_here(tab=tab.key, keep=("q", "loai", "nam", "don-vi", "do-khan")),
            count=sum(counts.get(state, 0) for state in tab.states) if tab.states else sum(counts.values()),
            current=tab is current,
        )
        for tab in tabs
    ]


def _words(total: int, number: int, shown: int) -> str:
    if total <= PAGE:
        return f"{total} văn bản"
    first = (number - 1) * PAGE + 1
    return f"{first} đến {first + shown - 1} trong {total} văn bản" if shown else f"{total} văn bản"


def _paging(number: int, total: int) -> Paging:
    return Paging(
        before=_here(trang=number - 1, keep=()) if number > 1 else None,
        after=_here(trang=number + 1, keep=()) if number * PAGE < total else None,
    )


def _kinds(chosen: str) -> list[Choice]:
    kinds: Sequence[DocumentKind] = queries.list_kinds()
    return [Choice(value=kind.code, label=kind.name, chosen=kind.code == chosen) for kind in kinds]


def _years(chosen: int | None) -> list[Choice]:
    this_year = clock.today().year
    years = sorted({*range(this_year - 3, this_year + 1), *([chosen] if chosen else [])}, reverse=True)
    return [Choice(value=str(year), label=str(year), chosen=year == chosen) for year in years]


def _units(actor: Actor, chosen: str) -> list[Choice]:
    units: Sequence[OrgUnit] = directory.list_units(actor.organization_id)
    return [Choice(value=unit.code, label=unit.name, chosen=unit.code == chosen) for unit in units]


def _urgencies(chosen: int | None) -> list[Choice]:
    return [Choice(value=str(level), label=name, chosen=level == chosen) for level, name in enumerate(states.URGENCIES)]


def _arguments(without: Sequence[str]) -> dict[str, Any]:
    return {key: value for key, value in carried().items() if value and key not in without}


def _here(*, keep: Sequence[str], **changed: Any) -> str:
    """This list with other arguments; `keep`: only these of the present ones (none: all)."""
    present = _arguments(("trang",))
    kept = {key: value for key, value in present.items() if key in keep} if keep else present
    target: str = url_for(request.endpoint or "tasks.show_list", **{**kept, **changed})
    return target
