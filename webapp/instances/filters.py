"""What the address of the list of instances says."""

import dataclasses
import datetime as dt
from typing import Any

from flask import url_for

from kernel import text
from webapp.addresses import page_number
from webapp.incoming.reading import day_of

PAGE = 50

#: tab -> its label; the states of the engine, and what stands across them
TABS = {
    "active": "Đang chạy",
    "incidents": "Có sự cố",
    "suspended": "Tạm dừng",
    "completed": "Đã xong",
    "cancelled": "Đã hủy",
    "all": "Tất cả",
}

#: order -> its label
SORTS = {"newest": "mới bắt đầu trước", "oldest": "bắt đầu lâu nhất trước"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Filter:
    """Unknown values are as if they were not there, so that an old link still opens."""

    tab: str = "active"
    words: str = ""
    key: str = ""
    version: int | None = None
    element: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    sort: str = "newest"
    page: int = 1

    @classmethod
    def read(cls, arguments: Any) -> "Filter":
        tab, sort, key = arguments.get("tab", ""), arguments.get("sort", ""), arguments.get("process", "")[:100]
        return cls(
            tab=tab if tab in TABS else "active",
            words=text.tidy(arguments.get("q", ""))[:200],
            key=key,
            version=arguments.get("version", type=int) if key else None,
            element=arguments.get("element", "")[:200] if key else "",
            since=day_of(arguments.get("from", "")),
            until=day_of(arguments.get("to", "")),
            sort=sort if sort in SORTS else "newest",
            page=page_number("page"),
        )

    @property
    def narrowed(self) -> bool:
        """By anything but the tab?"""
        return bool(self.words or self.key or self.since or self.until)

    @property
    def state(self) -> str | None:
        return self.tab if self.tab not in ("all", "incidents") else None

    @property
    def with_incident(self) -> bool:
        return self.tab == "incidents"

    def arguments(self, **changes: Any) -> dict[str, Any]:
        """For url_for: what differs from the usual; the first page unless `page` is among the changes."""
        told = dataclasses.replace(self, **{"page": 1, **changes})
        values = {
            "tab": told.tab if told.tab != "active" else None,
            "q": told.words,
            "process": told.key,
            "version": told.version,
            "element": told.element,
            "from": told.since.isoformat() if told.since else None,
            "to": told.until.isoformat() if told.until else None,
            "sort": told.sort if told.sort != "newest" else None,
            "page": told.page if told.page > 1 else None,
        }
        return {name: value for name, value in values.items() if value}

    @property
    def cleared(self) -> str:
        """The same tab without any condition."""
        return url_for("instances.show_list", **Filter(tab=self.tab).arguments())

    def url(self, **changes: Any) -> str:
        return url_for("instances.show_list", **self.arguments(**changes))
