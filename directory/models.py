"""Who works here: organisation, units, positions, people, the offices they hold, their roles, sessions, calendar."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg

from kernel import clock, db

Instant = sa.DateTime(timezone=True)


class Organization(db.IdMixin, db.Base):
    """An agency with its own books, seal and records office; valid from, until, and who succeeds it."""

    __tablename__ = "organizations"
    __table_args__ = (sa.UniqueConstraint("code"),)

    code: orm.Mapped[str] = orm.mapped_column(sa.Text)
    identifier: orm.Mapped[str] = orm.mapped_column(sa.String(35), default="")  #: mã định danh, QĐ 20/2020/QĐ-TTg
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: "Ủy ban nhân dân huyện Mộc Châu"
    short_name: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: "UBND huyện Mộc Châu"
    header_name: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: as at the head of its documents
    header_parent: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")  #: the line above it there, or empty
    symbol: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: in document symbols: "UBND"
    place_name: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: địa danh, before the date
    working_hours: orm.Mapped[list[list[str]]] = orm.mapped_column(pg.JSONB)  #: [["07:30", "11:30"], …] of a day
    valid_from: orm.Mapped[dt.date]
    valid_until: orm.Mapped[dt.date | None]
    successor_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("organizations.id"))


class OrgUnit(db.IdMixin, db.Base):
    """Phòng, ban, văn phòng."""

    __tablename__ = "org_units"
    __table_args__ = (sa.UniqueConstraint("organization_id", "code"),)

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    code: orm.Mapped[str] = orm.mapped_column(sa.Text)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    symbol: orm.Mapped[str] = orm.mapped_column(sa.Text)
    parent_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("org_units.id"))
    valid_from: orm.Mapped[dt.date]
    valid_until: orm.Mapped[dt.date | None]


class Position(db.IdMixin, db.Base):
    """Chức vụ: the title a person acts and signs under."""

    __tablename__ = "positions"
    __table_args__ = (sa.UniqueConstraint("organization_id", "code"),)

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    code: orm.Mapped[str] = orm.mapped_column(sa.Text)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    signing_title: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")  #: as in the signature block: "CHỦ TỊCH"
    authority_prefix: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")  #: TM., KT., TL. …; NĐ 30/2020 Đ13
    rank: orm.Mapped[int] = orm.mapped_column(default=100)  #: order in lists, smallest first


class Person(db.IdMixin, db.Base):
    """One account, one person (Điều 2 khoản 4: personal accounts only)."""

    __tablename__ = "people"
    __table_args__ = (sa.UniqueConstraint("username"),)

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"), index=True)
    username: orm.Mapped[str] = orm.mapped_column(sa.Text)
    full_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    email: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")
    password_hash: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: Argon2id
    must_change_password: orm.Mapped[bool] = orm.mapped_column(default=False)
    active: orm.Mapped[bool] = orm.mapped_column(default=True)

    appointments: orm.Mapped[list["Appointment"]] = orm.relationship(back_populates="person")


class Appointment(db.IdMixin, db.Base):
    """A person in a position of a unit, for a time. One person may hold several; each action names one."""

    __tablename__ = "appointments"
    __table_args__ = (sa.Index("ix_appointments_unit", "unit_id", "position_id"),)

    person_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("people.id"), index=True)
    unit_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("org_units.id"))
    position_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("positions.id"))
    primary: orm.Mapped[bool] = orm.mapped_column("is_primary", default=True)
    valid_from: orm.Mapped[dt.date]
    valid_until: orm.Mapped[dt.date | None]

    person: orm.Mapped[Person] = orm.relationship(back_populates="appointments")
    unit: orm.Mapped[OrgUnit] = orm.relationship()
    position: orm.Mapped[Position] = orm.relationship()
    roles: orm.Mapped[list["RoleGrant"]] = orm.relationship()


class RoleGrant(db.Base):
    """What an office may do: 'van-thu', 'lanh-dao', 'truong-don-vi' …"""

    __tablename__ = "role_grants"

    appointment_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("appointments.id"), primary_key=True)
    role: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)


class DirectoryStamp(db.Base):
    """One row. A trigger renews the stamp whenever people, offices, units or roles change: what was read under the same
    stamp still holds."""

    __tablename__ = "directory_stamp"
    __table_args__ = (sa.CheckConstraint("one", name="one"),)

    one: orm.Mapped[bool] = orm.mapped_column(primary_key=True)
    stamp: orm.Mapped[uuid.UUID]


class SignInAttempt(db.IdMixin, db.Base):
    """Each try, right or wrong, so that guessing can be slowed down and seen."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (sa.Index("ix_sign_in_attempts_username", "username", "at"),)

    username: orm.Mapped[str] = orm.mapped_column(sa.Text)
    at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant, default=clock.now)
    address: orm.Mapped[str] = orm.mapped_column(sa.Text)
    succeeded: orm.Mapped[bool]


class UserSession(db.IdMixin, db.Base):
    """A signed-in browser. The cookie holds a random token, the row only its hash."""

    __tablename__ = "user_sessions"
    __table_args__ = (sa.UniqueConstraint("token_hash"),)

    person_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("people.id"), index=True)
    appointment_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("appointments.id"))
    token_hash: orm.Mapped[str] = orm.mapped_column(sa.Text)
    started_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant, default=clock.now)
    expires_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
    ended_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
    address: orm.Mapped[str] = orm.mapped_column(sa.Text)
    agent: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")


class CalendarDay(db.Base):
    """A day that differs from the week: a holiday, a compensatory day, a Saturday made a working day."""

    __tablename__ = "calendar_days"

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"), primary_key=True)
    day: orm.Mapped[dt.date] = orm.mapped_column(primary_key=True)
    working: orm.Mapped[bool]
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    legal_ref: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")
