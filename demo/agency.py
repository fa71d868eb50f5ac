"""The demo agency: the office of the regulation's district, peopled by invented names. It lives today."""

import datetime as dt
import uuid
from collections.abc import Iterable

from demo.accounts import ACCOUNTS, PASSWORD
from directory.holidays_vn import fill_calendar
from directory.models import Appointment, Organization, OrgUnit, Person, Position, RoleGrant
from directory.operations import hash_password
from kernel import clock, db

FOUNDED = dt.date(2011, 1, 1)

UNITS = [
    ("LD", "Lãnh đạo Ủy ban nhân dân huyện", "UBND"),
    ("VP", "Văn phòng HĐND và UBND", "VP"),
    ("P-VHTT", "Phòng Văn hóa - Thông tin", "VHTT"),
    ("P-TP", "Phòng Tư pháp", "TP"),
]

# code, name, title in the signature block, authority prefix, rank
POSITIONS = [
    ("chu-tich", "Chủ tịch UBND huyện", "CHỦ TỊCH", "TM.", 1),
    ("pho-chu-tich", "Phó Chủ tịch UBND huyện", "PHÓ CHỦ TỊCH", "KT.", 2),
    ("chanh-van-phong", "Chánh Văn phòng", "CHÁNH VĂN PHÒNG", "", 3),
    ("truong-phong", "Trưởng phòng", "TRƯỞNG PHÒNG", "", 4),
    ("van-thu", "Văn thư", "", "", 10),
    ("chuyen-vien", "Chuyên viên", "", "", 11),
    ("quan-tri", "Quản trị hệ thống", "", "", 12),
    ("phan-tich", "Cán bộ thiết kế quy trình", "", "", 13),
]


def load_agency(*, years: Iterable[int] | None = None) -> Organization:
    """The organisation with its units, positions, people, roles and calendar (by default three years around today)."""
    session = db.session()
    organization = Organization(
        code="UBND-MC",
        identifier="H52.18",
        name="Ủy ban nhân dân huyện Mộc Châu",
        short_name="UBND huyện Mộc Châu",
        header_name="ỦY BAN NHÂN DÂN\nHUYỆN MỘC CHÂU",
        header_parent="",
        symbol="UBND",
        place_name="Mộc Châu",
        working_hours=[["07:30", "11:30"], ["13:30", "17:00"]],
        valid_from=FOUNDED,
    )
    session.add(organization)
    session.flush()
    _add_people(organization.id)
    this_year = clock.today().year
    fill_calendar(organization.id, years or range(this_year - 1, this_year + 2))
    return organization


def _add_people(organization_id: uuid.UUID) -> None:
    session = db.session()
    units = {
        code: OrgUnit(organization_id=organization_id, code=code, name=name, symbol=symbol, valid_from=FOUNDED)
        for code, name, symbol in UNITS
    }
    positions = {
        code: Position(
            organization_id=organization_id,
            code=code,
            name=name,
            signing_title=title,
            authority_prefix=prefix,
            rank=rank,
        )
        for code, name, title, prefix, rank in POSITIONS
    }
    session.add_all([*units.values(), *positions.values()])
    secret = hash_password(PASSWORD)
    for account in ACCOUNTS:
        person = Person(
            organization_id=organization_id,
            username=account.username,
            full_name=account.full_name,
            password_hash=secret,
        )
        office = Appointment(
            person=person, unit=units[account.unit], position=positions[account.position], valid_from=FOUNDED
        )
        office.roles = [RoleGrant(role=role) for role in account.roles]
        session.add_all([person, office])
    session.flush()
