"""The audit trail: one line for every operation, written in its transaction, never changed, sealed into a hash chain.

A line is written without a lock, so that no two people wait for one another because of it. Within seconds
`seal_pending` puts the committed lines of each organisation into one chain: every seal holds the SHA-256 of the line
and of the seal before it, so a line that was altered, removed or slipped in later shows (`verify_chain`).
"""

import dataclasses
import datetime as dt
import hashlib
import json
import uuid
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg

from kernel import clock, db
from kernel.ids import new_id
from kernel.statements import Statement

_json = json.JSONEncoder(default=str, ensure_ascii=False).encode
FIRST = "0" * 64  #: what the first seal of a chain follows
BATCH = 5_000


class Actor(Protocol):
    """Who acts: the person, the office held while acting, the organisation."""

    @property
    def person_id(self) -> uuid.UUID | None: ...
    @property
    def appointment_id(self) -> uuid.UUID | None: ...
    @property
    def organization_id(self) -> uuid.UUID: ...
    @property
    def name(self) -> str: ...


class AuditEntry(db.IdMixin, db.Base):
    """One line: who did what to which thing, when, with what values. A trigger refuses any change."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        sa.Index("ix_audit_entries_subject", "organization_id", "subject_type", "subject_id"),
        sa.Index("ix_audit_entries_written", "written_at"),
        sa.Index("ix_audit_entries_at", "organization_id", "at"),
    )

    organization_id: orm.Mapped[uuid.UUID]
    at: orm.Mapped[dt.datetime] = orm.mapped_column(sa.DateTime(timezone=True))
    written_at: orm.Mapped[dt.datetime] = orm.mapped_column(
        sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()")
    )
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: 'done', 'refused' or 'viewed'
    person_id: orm.Mapped[uuid.UUID | None]
    appointment_id: orm.Mapped[uuid.UUID | None]
    actor_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    tag: orm.Mapped[str] = orm.mapped_column(sa.Text)
    subject_type: orm.Mapped[str] = orm.mapped_column(sa.Text)
    subject_id: orm.Mapped[str] = orm.mapped_column(sa.Text)
    data: orm.Mapped[dict[str, Any]] = orm.mapped_column(pg.JSONB)


class AuditSeal(db.Base):
    """The place of one line in its organisation's chain."""

    __tablename__ = "audit_seals"

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(primary_key=True)
    number: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    entry_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("audit_entries.id"), unique=True)
    previous: orm.Mapped[str] = orm.mapped_column(sa.Text)
    seal: orm.Mapped[str] = orm.mapped_column(sa.Text)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChainReport:
    """What `verify_chain` found. `broken_at` is the number of the first seal that does not hold."""

    sealed: int
    pending: int
    broken_at: int | None

    @property
    def intact(self) -> bool:
        return self.broken_at is None


def record(actor: Actor, tag: str, subject_type: str, subject_id: object, **data: Any) -> None:
    """One line in the caller's transaction. `tag` is "subject:verb", e.g. "task:complete"."""
    _write("done", actor, tag, (subject_type, subject_id), data)


def record_refusal(actor: Actor, tag: str, subject_type: str, subject_id: object, **data: Any) -> None:
    """A line that outlives the refusal it tells of: in a unit of work of its own."""
    with db.apart(), db.unit_of_work():
        _write("refused", actor, tag, (subject_type, subject_id), data)


def record_view(actor: Actor, tag: str, subject_type: str, subject_id: object, **data: Any) -> None:
    """Who looked at what, written beside a read-only request."""
    with db.apart(), db.unit_of_work():
        _write("viewed", actor, tag, (subject_type, subject_id), data)


def count_refusals(actor: Actor, tag: str, *, since: dt.datetime) -> int:
    """How often this person was refused this act since then."""
    query = sa.select(sa.func.count()).where(
        AuditEntry.organization_id == actor.organization_id,
        AuditEntry.at > since,
        AuditEntry.kind == "refused",
        AuditEntry.person_id == actor.person_id,
        AuditEntry.tag == tag,
    )
    return db.connection().scalar(query) or 0


def line(actor: Actor, tag: str, subject_type: str, subject_id: object, **data: Any) -> dict[str, Any]:
    """The parameters of INSERT, for a hot path that writes its line in the statement that does the thing."""
    return _parameters("done", actor, tag, (subject_type, subject_id), data)


def _write(kind: str, actor: Actor, tag: str, subject: tuple[str, object], data: dict[str, Any]) -> None:
    db.run(_INSERT, _parameters(kind, actor, tag, subject, data))


def _parameters(kind: str, actor: Actor, tag: str, subject: tuple[str, object], data: dict[str, Any]) -> dict[str, Any]:
    return {
        "audit_id": new_id(),
        "audit_organization_id": actor.organization_id,
        "audit_at": clock.now(),
        "audit_kind": kind,
        "audit_person_id": actor.person_id,
        "audit_appointment_id": actor.appointment_id,
        "audit_actor_name": actor.name,
        "audit_tag": tag,
        "audit_subject_type": subject[0],
        "audit_subject_id": str(subject[1]),
        "audit_data": _json(data),
    }


INSERT = """
INSERT INTO audit_entries (id, organization_id, at, kind, person_id, appointment_id, actor_name, tag, subject_type,
    subject_id, data)
SELECT %(audit_id)s::uuid, %(audit_organization_id)s::uuid, %(audit_at)s::timestamptz, %(audit_kind)s::text,
    %(audit_person_id)s::uuid, %(audit_appointment_id)s::uuid, %(audit_actor_name)s::text, %(audit_tag)s::text,
    %(audit_subject_type)s::text, %(audit_subject_id)s::text, %(audit_data)s::jsonb"""
_INSERT = Statement(INSERT)


# ---------------------------------------------------------------------------------------------------------- the chain
def seal_pending(*, everything: bool = False) -> int:
    """Seals committed lines; returns how many. One sealer at a time. Looks back a day, or (`everything`) at all."""
    with db.unit_of_work():
        connection = db.connection()
        if not connection.scalar(sa.text("SELECT pg_try_advisory_xact_lock(hashtext('moc.audit.seal'))")):
            return 0
        entries = connection.execute(_unsealed(everything)).all()
        heads: dict[uuid.UUID, tuple[int, str]] = {}
        rows = []
        for entry in entries:
            number, previous = heads.get(entry.organization_id) or _head(entry.organization_id)
            seal = _seal(previous, entry)
            rows.append(
                {
                    "organization_id": entry.organization_id,
                    "number": number + 1,
                    "entry_id": entry.id,
                    "previous": previous,
                    "seal": seal,
                }
            )
            heads[entry.organization_id] = (number + 1, seal)
        if rows:
            connection.execute(sa.insert(AuditSeal), rows)
        return len(rows)


def verify_chain(organization_id: uuid.UUID) -> ChainReport:
    """Recomputes every seal of an organisation from its lines. Needs an open session."""
    connection = db.connection()
    query = (
        sa.select(AuditSeal.number, AuditSeal.previous, AuditSeal.seal, *AuditEntry.__table__.c)
        .join(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
        .where(AuditSeal.organization_id == organization_id)
        .order_by(AuditSeal.number)
        .execution_options(yield_per=BATCH)
    )
    previous, count = FIRST, 0
    with connection.execute(query) as rows:  # a server-side cursor: closed also when the chain is broken
        for row in rows:
            count += 1
            if row.number != count or row.previous != previous or row.seal != _seal(previous, row):
                return ChainReport(sealed=count, pending=0, broken_at=count)
            previous = row.seal
    total = connection.scalar(
        sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.organization_id == organization_id)
    )
    return ChainReport(sealed=count, pending=(total or 0) - count, broken_at=None)


def _unsealed(everything: bool) -> "sa.Select[Any]":
    sealed = sa.select(AuditSeal.entry_id).where(AuditSeal.entry_id == AuditEntry.id).exists()
    query = sa.select(*AuditEntry.__table__.c).where(~sealed).order_by(AuditEntry.id).limit(BATCH)
    if everything:
        return query
    return query.where(AuditEntry.written_at > sa.text("clock_timestamp() - interval '1 day'"))


def _head(organization_id: uuid.UUID) -> tuple[int, str]:
    row = (
        db.connection()
        .execute(
            sa.select(AuditSeal.number, AuditSeal.seal)
            .where(AuditSeal.organization_id == organization_id)
            .order_by(AuditSeal.number.desc())
            .limit(1)
        )
        .first()
    )
    return (row.number, row.seal) if row else (0, FIRST)


def _seal(previous: str, entry: "sa.Row[Any]") -> str:
    told = [
        str(entry.id),
        str(entry.organization_id),
        entry.at.astimezone(dt.UTC).isoformat(),
        entry.kind,
        str(entry.person_id),
        str(entry.appointment_id),
        entry.actor_name,
        entry.tag,
        entry.subject_type,
        entry.subject_id,
        entry.data,
    ]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(previous.encode() + text.encode()).hexdigest()
