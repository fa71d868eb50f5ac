"""Trình, chỉ đạo, phân công, giải quyết văn bản đến (NĐ 30/2020 Điều 23, 24)."""

import datetime as dt
import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from directory import queries as directory_queries
from directory.actors import Actor
from directory.models import OrgUnit
from directory.working_time import calendar_of
from documents import states
from documents.errors import NotLeader
from documents.events import DocumentInformed
from documents.models import Directive, Document, DocumentRelation, Receipt
from documents.operations import moving
from kernel import audit, clock, db, events
from kernel.errors import Invalid, NotFound

LEADER = "lanh-dao"
DAYS = 10  #: working days, when neither text nor leader names a date


def present(document: Document) -> None:
    """The proposal is made, the document waits for direction."""
    moving.move(document, "PRESENTED")


def direct(
    document_id: uuid.UUID,
    *,
    lead_unit: str,
    support_units: Sequence[str] = (),
    inform_units: Sequence[str] = (),
    due_date: dt.date | None = None,
    opinion: str = "",
    actor: Actor,
) -> Directive:
    """One unit leads, others support or are informed, by a working day. A new direction supersedes the earlier one.

    Raises Invalid naming the field, NotLeader, WrongState.
    """
    if not actor.has_role(LEADER):
        raise NotLeader
    document = moving.lock(document_id, actor)
    moving.move(document, "DIRECTED")
    day = _check_due_date(due_date or document.due_date, actor.organization_id)
    units = _check_units(actor.organization_id, lead_unit, support_units, inform_units)
    _supersede(document)
    directive = _new_directive(document, day, opinion, actor)
    _add_receipts(directive, units)
    document.due_date = day
    document.to_places = "; ".join(unit.name for _, unit in units)[:1000]
    moving.add_opinion(document, "direction", opinion, actor=actor)
    audit.record(actor, "document:direct", "document", document.id, lead=lead_unit, due_date=day)
    informed = [unit.code for role, unit in units if role == "inform"]
    if informed:
        events.emit(
            DocumentInformed(document_id=document.id, directive_id=directive.id, unit_codes=informed, actor=actor)
        )
    return directive


def assign_person(document_id: uuid.UUID, *, lead_person: str, opinion: str = "", actor: Actor) -> Receipt:
    """The head of the lead unit names who settles the document. Raises Invalid for a person of another unit."""
    document = moving.lock(document_id, actor)
    moving.move(document, "ASSIGNED")
    receipt = lead_receipt(document)
    if receipt is None:
        raise NotFound
    person = directory_queries.find_person(lead_person)
    offices = directory_queries.list_appointments(person.id) if person else []
    if person is None or receipt.unit_id not in {office.unit_id for office in offices}:
        raise Invalid({"lead_person": f"Chọn người của {receipt.unit.name}."})
    receipt.person_id, receipt.state = person.id, "in_progress"
    moving.add_opinion(document, "assignment", opinion or f"Giao {person.full_name} giải quyết.", actor=actor)
    audit.record(actor, "document:assign_person", "document", document.id, person=lead_person)
    return receipt


def withdraw_direction(document_id: uuid.UUID, *, actor: Actor) -> Document:
    """The leader takes a direction back that nobody has begun with: it is in force no more, and stays on record."""
    document = moving.lock(document_id, actor)
    moving.move(document, "PRESENTED")
    _supersede(document)
    audit.record(actor, "document:withdraw_direction", "document", document.id)
    return document


def withdraw_assignment(document_id: uuid.UUID, *, actor: Actor) -> Document:
    """The head of the unit takes the person back who was named."""
    document = moving.lock(document_id, actor)
    moving.move(document, "DIRECTED")
    receipt = lead_receipt(document)
    if receipt is not None:
        receipt.person_id, receipt.state = None, "waiting"
    audit.record(actor, "document:withdraw_assignment", "document", document.id)
    return document


def step_back(document: Document, form_key: str) -> None:
    """A step of its process is open again: the document stands where it stood before that step."""
    state = states.BEFORE.get(form_key)
    if state is not None and states.may_follow(document.direction, document.state, state):
        moving.move(document, state)


def finish_support(document: Document, unit_code: str) -> None:
    """A supporting unit gave its opinion: its part is done, not the document."""
    receipt = next((r for r in receipts_of(document) if r.role == "support" and r.unit.code == unit_code), None)
    if receipt is not None:
        receipt.state, receipt.done_at = "done", clock.now()


def complete_incoming(document_id: uuid.UUID, *, result: str = "", actor: Actor) -> Document:
    """Settled by a reply that was issued, or by a result in words; Invalid without both (NĐ 30/2020 Điều 24)."""
    document = moving.lock(document_id, actor)
    replies = issued_replies(document)
    if not replies and not result.strip():
        raise Invalid({"result": "Ghi kết quả giải quyết hoặc lý do không cần trả lời."})
    moving.move(document, "COMPLETED")
    document.result = "; ".join([*filter(None, [result.strip()]), *map(_told_reply, replies)])
    document.completed_at = clock.now()
    receipt = lead_receipt(document)
    if receipt is not None:
        receipt.state, receipt.done_at = "done", clock.now()
    moving.add_opinion(document, "result", document.result, actor=actor)
    audit.record(
        actor, "document:complete_incoming", "document", document.id, replies=[r.number_symbol for r in replies]
    )
    return document


def receipts_of(document: Document) -> Sequence[Receipt]:
    """Of the direction in force."""
    query = sa.select(Receipt).join(Receipt.directive)
    query = query.where(Receipt.document_id == document.id, Directive.superseded_at.is_(None))
    return db.session().scalars(query.order_by(Receipt.ordinal)).all()


def lead_receipt(document: Document) -> Receipt | None:
    return next((receipt for receipt in receipts_of(document) if receipt.role == "lead"), None)


def issued_replies(document: Document) -> Sequence[Document]:
    query = sa.select(Document).join(DocumentRelation, DocumentRelation.from_id == Document.id)
    query = query.where(DocumentRelation.to_id == document.id, DocumentRelation.kind == "REPLIES_TO")
    return db.session().scalars(query.where(Document.issued_at.is_not(None)).order_by(Document.issued_at)).all()


def _told_reply(reply: Document) -> str:
    return f"Đã trả lời bằng văn bản số {reply.number_symbol} ngày {reply.issued_date:%d/%m/%Y}"


def _check_due_date(day: dt.date | None, organization_id: uuid.UUID) -> dt.date:
    calendar, today = calendar_of(organization_id), clock.today()
    if day is None:
        return calendar.nth_working_day(today, DAYS)
    if day < today:
        raise Invalid({"due_date": "Thời hạn đã qua. Chọn từ hôm nay trở đi."})
    if not calendar.is_working_day(day):
        after = calendar.next_working_day(day)
        raise Invalid({"due_date": f"{day:%d/%m/%Y} là ngày nghỉ. Ngày làm việc tiếp theo là {after:%d/%m/%Y}."})
    return day


def _check_units(
    organization_id: uuid.UUID, lead: str, support: Sequence[str], inform: Sequence[str]
) -> list[tuple[str, OrgUnit]]:
    """(role, unit) in order; every unit exists today and has one role."""
    known = {unit.code: unit for unit in directory_queries.list_units(organization_id)}
    if lead not in known:
        raise Invalid({"lead_unit": "Chọn một đơn vị chủ trì."})
    if lead in support:
        raise Invalid({"support_units": "Đơn vị chủ trì không đồng thời phối hợp. Bỏ chọn đơn vị chủ trì."})
    if set(inform) & {lead, *support}:
        raise Invalid({"inform_units": "Đơn vị chủ trì, phối hợp đã nhận văn bản. Bỏ chọn ở mục để biết."})
    roles = dict.fromkeys(support, "support") | dict.fromkeys(inform, "inform")
    unknown = set(roles) - set(known)
    if unknown:
        raise Invalid({"support_units": f"Không có đơn vị {', '.join(sorted(unknown))}."})
    return [("lead", known[lead]), *((role, known[code]) for code, role in roles.items())]


def _supersede(document: Document) -> None:
    db.session().execute(
        sa.update(Directive)
        .where(Directive.document_id == document.id, Directive.superseded_at.is_(None))
        .values(superseded_at=clock.now())
    )


def _new_directive(document: Document, day: dt.date, opinion: str, actor: Actor) -> Directive:
    directive = Directive(
        organization_id=document.organization_id,
        document_id=document.id,
        author_id=actor.person_id,
        author_name=actor.name,
        author_title=actor.title,
        text=opinion.strip(),
        due_date=day,
    )
    db.session().add(directive)
    db.session().flush()
    return directive


def _add_receipts(directive: Directive, units: Sequence[tuple[str, OrgUnit]]) -> None:
    for ordinal, (role, unit) in enumerate(units):
        db.session().add(
            Receipt(
                organization_id=directive.organization_id,
                directive_id=directive.id,
                document_id=directive.document_id,
                ordinal=ordinal,
                role=role,
                unit_id=unit.id,
                deadline=None if role == "inform" else directive.due_date,
            )
        )
    db.session().flush()
