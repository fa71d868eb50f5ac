"""An agency as its administrator writes it down (TOML): units, positions, people with their offices and roles. Pure.

[agency]
code = "UBND-X"
name = "Ủy ban nhân dân xã X"
…
[[unit]]
code = "VP"
…
[[position]]
code = "chu-tich"
…
[[person]]
username = "nguyen.van.a"
unit = "VP"
position = "chu-tich"
roles = ["lanh-dao"]
"""

import dataclasses
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from kernel.errors import Invalid
from kernel.text import nfc

HOURS = [["07:30", "11:30"], ["13:30", "17:00"]]
_WORD = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")  #: user names and roles; both stand in candidate groups and in paths
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")  #: stands in candidate groups; the agency's names its seal
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
Entry = TypeVar("Entry")


class RosterUnreadable(Invalid):
    """A roster that says something that cannot be; the sentence names the place."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Agency:
    code: str
    name: str
    short_name: str
    header_name: str  #: lines of the head of its documents
    symbol: str
    place_name: str
    header_parent: str = ""
    identifier: str = ""
    working_hours: list[list[str]] = dataclasses.field(default_factory=lambda: HOURS)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Unit:
    code: str
    name: str
    symbol: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Post:
    """A position."""

    code: str
    name: str
    signing_title: str = ""
    authority_prefix: str = ""
    rank: int = 100


@dataclasses.dataclass(frozen=True, kw_only=True)
class Office:
    """One person in one position of one unit; a person with two offices stands in two entries."""

    username: str
    full_name: str
    unit: str
    position: str
    roles: Sequence[str] = ()
    email: str = ""
    active: bool = True


@dataclasses.dataclass(frozen=True, kw_only=True)
class Roster:
    agency: Agency
    units: Sequence[Unit]
    posts: Sequence[Post]
    offices: Sequence[Office]


def read(text: str) -> Roster:
    """Raises RosterUnreadable."""
    try:
        told = tomllib.loads(nfc(text))
    except tomllib.TOMLDecodeError as wrong:
        raise _refusal(f"tệp không phải TOML ({wrong})") from wrong
    roster = Roster(
        agency=_entry(Agency, told.get("agency"), "[agency]"),
        units=_entries(Unit, told, "unit"),
        posts=_entries(Post, told, "position"),
        offices=_entries(Office, told, "person"),
    )
    _check(roster)
    return roster


def _entries(kind: type[Entry], told: Mapping[str, Any], name: str) -> list[Entry]:
    found = told.get(name, [])
    if not isinstance(found, list):
        raise _refusal(f"{name} phải viết là [[{name}]]")
    return [_entry(kind, one, f"[[{name}]] thứ {number}") for number, one in enumerate(found, start=1)]


def _entry(kind: type[Entry], told: Any, place: str) -> Entry:
    if not isinstance(told, dict):
        raise _refusal(f"thiếu {place}")
    try:
        return kind(**told)
    except TypeError as wrong:  # a word that is missing, or one too many
        raise _refusal(f"{place}: {wrong}") from wrong


def _check(roster: Roster) -> None:
    for code in (roster.agency.code, *(u.code for u in roster.units), *(p.code for p in roster.posts)):
        if not _CODE.fullmatch(str(code)):
            raise _refusal(f"mã “{code}” chỉ gồm chữ không dấu, số, dấu chấm, gạch")
    if not all(_TIME.fullmatch(str(time)) for stretch in roster.agency.working_hours for time in stretch):
        raise _refusal('working_hours viết như [["07:30", "11:30"], ["13:30", "17:00"]]')
    units, posts = {unit.code for unit in roster.units}, {post.code for post in roster.posts}
    for office in roster.offices:
        for word in (office.username, *office.roles):
            if not _WORD.fullmatch(str(word)):
                raise _refusal(f"“{word}” của {office.username} chỉ gồm chữ thường không dấu, số, dấu chấm, gạch")
        if office.unit not in units or office.position not in posts:
            raise _refusal(f"{office.username}: không có đơn vị {office.unit} hoặc chức vụ {office.position}")


def _refusal(reason: str) -> RosterUnreadable:
    sentence = f"Chưa nhận được danh sách: {reason}."
    return RosterUnreadable({"roster": sentence}, sentence)
