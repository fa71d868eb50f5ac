"""What stands in the navigation: for each office only what exists and what it may use."""

import dataclasses
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, request, url_for

from directory import queries as directory
from directory.actors import Actor
from directory.models import Organization
from webapp import auth, counts
from webapp.amounts import Amount
from webapp.roles import DESIGNERS, MANAGERS, WATCHERS


@dataclasses.dataclass(frozen=True)
class Item:
    """One line: where it leads, for which roles (none: everybody), what number stands beside it."""

    endpoint: str
    label: str
    icon: str
    roles: tuple[str, ...] = ()
    count: Callable[[Actor], "counts.Count"] | None = None
    arguments: tuple[tuple[str, str], ...] = ()

    def may_be_used_by(self, actor: Actor) -> bool:
        return self.endpoint in current_app.view_functions and (not self.roles or actor.has_role(*self.roles))


#: Group → items, in the order of the screen; each owner of a part keeps its own lines.
GROUPS: list[tuple[str, list[Item]]] = [
    (
        "Công việc",
        [
            Item("tasks.show_list", "Việc của tôi", "inbox", count=counts.my_tasks),
            Item("tasks.show_to_sign", "Chờ ký", "pen", ("lanh-dao",), count=counts.to_sign),
            Item("notices.show_list", "Thông báo", "bell", count=counts.unread),
        ],
    ),
    (
        "Văn bản",
        [
            Item("incoming.receive", "Vào sổ", "box-arrow-in-down", ("van-thu",)),
            Item("incoming.show_list", "Văn bản đến", "file-earmark-text"),
            Item("outgoing.show_list", "Văn bản đi", "box-arrow-up"),
            Item("registers.show_list", "Sổ văn bản", "journal-text", ("van-thu", "lanh-dao", "chanh-van-phong")),
            Item("case_files.show_list", "Hồ sơ công việc", "folder2"),
        ],
    ),
    (
        "Điều hành",
        [
            Item("monitoring.show_board", "Theo dõi", "graph-up", MANAGERS, count=counts.overdue),
            Item("instances.show_list", "Hồ sơ quy trình", "signpost-split", WATCHERS),
            Item("incidents.show_list", "Sự cố", "exclamation-triangle", WATCHERS, count=counts.incidents),
            Item("versions.show_list", "Phiên bản", "layers", WATCHERS),
        ],
    ),
    (
        "Thiết kế",
        [
            Item("studio.show_list", "Quy trình", "diagram-3", DESIGNERS),
            Item("decisions.show_list", "Bảng quyết định", "table", WATCHERS),
        ],
    ),
]

#: Endpoints of the bottom bar on a phone, the most used first; the first three a person may use are shown.
TABS = [
    "tasks.show_to_sign",
    "incoming.receive",
    "tasks.show_list",
    "monitoring.show_board",
    "incoming.show_list",
    "outgoing.show_list",
    "notices.show_list",
]


#: Where the box at the top searches: the first of these that exists.
SEARCHES = ["documents.search", "incoming.show_list", "tasks.show_list"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Link:
    """An item as it is shown to one person now."""

    endpoint: str
    label: str
    icon: str
    href: str
    current: bool
    count: "counts.Count"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shell:
    """What base.html draws around every page."""

    actor: Actor
    organization: Organization
    groups: list[tuple[str, list[Link]]]
    tabs: list[Link]
    unread: Amount
    place: tuple[str, str]  #: the agency's short name in two lines
    search_endpoint: str

    @property
    def search_url(self) -> str:
        return url_for(self.search_endpoint)


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(shell=shell, theme=theme, density=density, single_keys=single_keys)


def shell() -> Shell | None:
    """None when nobody is signed in (sign-in page, errors before it)."""
    known = auth.signed_in()
    if known is None:
        return None
    if "shell" not in g:
        g.shell = _build(known.actor)
    built: Shell = g.shell
    return built


def theme() -> str:
    return "dark" if request.cookies.get("moc_theme") == "dark" else "light"


def density() -> str:
    return "gon" if request.cookies.get("moc_density") == "gon" else "thoang"


def single_keys() -> bool:
    """Shortcuts of one key can be switched off (WCAG 2.1.4)."""
    return request.cookies.get("moc_keys") != "off"


def _build(actor: Actor) -> Shell:
    groups = [(name, [_link(item, actor) for item in items if item.may_be_used_by(actor)]) for name, items in GROUPS]
    links = {link.endpoint: link for _, group in groups for link in group}
    organization = directory.get_organization(actor.organization_id)
    return Shell(
        actor=actor,
        organization=organization,
        groups=[(name, group) for name, group in groups if group],
        tabs=[links[endpoint] for endpoint in TABS if endpoint in links][:3],
        unread=links["notices.show_list"].count.number,
        place=_two_lines(organization),
        search_endpoint=next(name for name in SEARCHES if name in current_app.view_functions),
    )


def _two_lines(organization: Organization) -> tuple[str, str]:
    """UBND huyện Mộc Châu → UBND huyện, Mộc Châu."""
    kind = organization.short_name.removesuffix(organization.place_name).strip()
    return kind or organization.short_name, organization.place_name if kind else ""


def _link(item: Item, actor: Actor) -> Link:
    arguments: dict[str, Any] = dict(item.arguments)
    return Link(
        endpoint=item.endpoint,
        label=item.label,
        icon=item.icon,
        href=url_for(item.endpoint, **arguments),
        current=_is_current(item.endpoint),
        count=item.count(actor) if item.count else counts.NONE,
    )


def _is_current(endpoint: str) -> bool:
    """The page itself, or (g.section set by a view) the section it belongs to."""
    section: str | None = g.get("section", request.endpoint)
    return endpoint == section
