"""An agency by its roster: added, changed, never deleted."""

import dataclasses
import datetime as dt
import re
from pathlib import Path

import pytest

from directory import enrolling, queries, roster
from directory.roster import Office, RosterUnreadable
from kernel import clock, db
from kernel.errors import Conflict

AGENCY = """
[agency]
code = "A"
name = "Cơ quan A"
short_name = "A"
header_name = "CƠ QUAN A"
symbol = "A"
place_name = "Hà Nội"
[[unit]]
code = "VP"
name = "Văn phòng"
symbol = "VP"
[[unit]]
code = "P-1"
name = "Phòng Một"
symbol = "P1"
[[position]]
code = "cv"
name = "Chuyên viên"
"""
IN_VP = Office(username="a", full_name="Nguyễn A", unit="VP", position="cv", roles=("chuyen-vien",))


def load(*offices):
    with db.unit_of_work():
        return enrolling.enroll(dataclasses.replace(roster.read(AGENCY), offices=offices))


def offices_of(username):
    with db.reading():
        found = queries.list_appointments(queries.find_person(username).id)
        return [(office.unit.code, sorted(grant.role for grant in office.roles)) for office in found]


def test_a_second_loading_adds_nobody_and_changes_what_differs(database):
    first = load(IN_VP)
    again = load(dataclasses.replace(IN_VP, full_name="Nguyễn Văn A", roles=("chuyen-vien", "van-thu")))

    with db.reading():
        assert queries.find_person("a").full_name == "Nguyễn Văn A"
    assert ([account.username for account in first], again) == (["a"], [])
    assert offices_of("a") == [("VP", ["chuyen-vien", "van-thu"])]


def test_a_person_may_hold_two_offices_and_leaves_one(database):
    load(IN_VP, dataclasses.replace(IN_VP, unit="P-1"))
    assert {unit for unit, _ in offices_of("a")} == {"VP", "P-1"}

    with clock.set_to(clock.now() + dt.timedelta(days=1)):
        load(dataclasses.replace(IN_VP, unit="P-1"))
        assert offices_of("a") == [("P-1", ["chuyen-vien"])]


def test_a_name_of_another_agency_is_not_taken(agency):
    with pytest.raises(Conflict, match="van-thu"):
        load(dataclasses.replace(IN_VP, username="van-thu"))


def test_the_roster_of_the_handbook_can_be_loaded(database):
    (example,) = re.findall(r"```toml\n(.*?)```", Path("docs/handbook.md").read_text(encoding="utf-8"), re.DOTALL)

    with db.unit_of_work():
        assert [account.username for account in enrolling.enroll(roster.read(example))] == ["nguyen.a"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "A"', "code = ", "TOML"),
        ('code = "A"', 'code = "A/B"', "A/B"),
        ('symbol = "A"', 'colour = "A"', "colour"),
        ("[agency]", "[office]", "agency"),
        ('place_name = "Hà Nội"', 'place_name = "Hà Nội"\nworking_hours = [["7h", "11h"]]', "working_hours"),
    ],
)
def test_what_cannot_be_is_refused_naming_the_place(old, new, said):
    with pytest.raises(RosterUnreadable, match=said):
        roster.read(AGENCY.replace(old, new, 1))
